"""The recipes of CONTRIBUTING.md do what they say, on a copy of the sources."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r'^```py title="([^"]+)"\n(.*?)^```$', flags=re.MULTILINE | re.DOTALL)
BLOCKS = dict(BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))


@pytest.fixture
def sources(tmp_path):
    """A copy of the sources that may be edited."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def edit(root, path, before, after):
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert text.count(before) >= 1, f"{path} has no {before!r}"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def run(root, program):
    """What the program prints with the edited sources."""
    file = root / "program.py"
    file.write_text(program, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run([sys.executable, str(file)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_recipes_are_short():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipes = text.split("\n### ")[1:]
    assert len(recipes) == 3
    for recipe in recipes:
        steps = re.search(r"\n1\. .*?\n\n", recipe, flags=re.DOTALL)[0].strip().splitlines()
        assert len(steps) < 10


ENTRY = "src/gradscribe/ops/special.py"


def add_operation(root, text):
    """Put an entry where the recipe says."""
    group = re.search(r"^[A-Z_]+ = \(\n(?=    elementwise\()", (root / ENTRY).read_text(), flags=re.MULTILINE)
    edit(root, ENTRY, group[0], group[0] + text)


def test_an_operation_is_one_entry(sources):
    program = (
        "import scipy.special, gradscribe as gs\n"
        "def f(x):\n"
        "    return scipy.special.cosdg(x)\n"
        "print(round(float(gs.grad(f)(90.0)) * 180, 9))\n"
    )
    with pytest.raises(AssertionError, match="GS2"):
        run(sources, program)
    add_operation(sources, BLOCKS[ENTRY])
    assert run(sources, program) == ["-3.141592654"]


def derived_tests(root):
    """Run what the table derives for the new entry."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "cosdg"]
    return subprocess.run(
        [*command, "tests/rules"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_entry_brings_its_tests_its_row_in_the_docs_and_its_lowering(sources):
    assert len(BLOCKS[ENTRY].splitlines()) <= 10
    add_operation(sources, BLOCKS[ENTRY])
    done = derived_tests(sources)
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 4
    program = (
        f"import sys; sys.path.append({str(ROOT)!r})\n"
        "import scipy.special, gradscribe as gs\n"
        "from tools.tables import operations\n"
        "print('cosdg' in operations())\n"
        "g = gs.grad(lambda x: scipy.special.cosdg(x) ** 2).compile(1.0)\n"
        "print('scipy.special.cosdg(x)' in g.source)\n"
    )
    assert run(sources, program) == ["True", "True"]


def test_a_wrong_partial_is_noticed(sources):
    add_operation(sources, BLOCKS[ENTRY].replace("-0.01745", "-0.01755"))
    assert derived_tests(sources).returncode == 1


def test_a_pass_is_one_function(sources):
    path, pipelines = "src/gradscribe/passes/asserts.py", "src/gradscribe/passes/pipelines.py"
    imports = (
        "from gradscribe.ir.graph import Block, Program\n"
        "from gradscribe.ir.walk import map_blocks, map_graphs, with_body\n"
        "from gradscribe.passes.rebuild import same_block\n\n\n"
    )
    program = (
        "import gradscribe as gs\n"
        "def f(x):\n"
        "    for _ in range(2):\n"
        "        assert x > 0.0\n"
        "    return x * x\n"
        "try:\n"
        "    print(gs.grad(f)(-2.0))\n"
        "except AssertionError:\n"
        "    print('refused')\n"
    )
    assert run(sources, program) == ["refused"]
    (sources / path).write_text(imports + BLOCKS[path], encoding="utf-8")
    edit(
        sources,
        pipelines,
        "from gradscribe.passes.common",
        "from gradscribe.passes.asserts import eliminate_asserts\nfrom gradscribe.passes.common",
    )
    edit(sources, pipelines, "] = (\n", "] = (\n    eliminate_asserts,\n")
    assert run(sources, program) == ["-4.0"]


def test_a_construct_is_a_row_and_a_handler(sources):
    path, subset = "src/gradscribe/frontend/statements.py", "src/gradscribe/frontend/subset.py"
    row = re.search(r"    cst\.Global: _no\(.*?\n    \),\n", (sources / subset).read_text(), flags=re.DOTALL)[
        0
    ]
    reading = "K = 3.0\ndef f(x):\n    global K\n    return K * x\n"
    writing = reading.replace("    return K", "    K = x\n    return K")
    program = "import gradscribe as gs\n{}print(gs.grad(f)(2.0))\n"
    with pytest.raises(AssertionError, match="GS110"):
        run(sources, program.format(reading))
    edit(sources, subset, row, '    cst.Global: _yes("`global`", "of names that are only read"),\n')
    edit(sources, path, "\n\nHANDLERS", f"\n\n{BLOCKS[path]}\n\nHANDLERS")
    edit(sources, path, "    cst.With: _with,\n", "    cst.With: _with,\n    cst.Global: _global,\n")
    assert run(sources, program.format(reading)) == ["3.0"]
    with pytest.raises(AssertionError, match="GS110"):
        run(sources, program.format(writing))
