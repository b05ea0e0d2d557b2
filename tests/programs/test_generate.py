"""The generator makes the same sound programs for the same seed, and they use all that they should."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.programs.dependence import values_without_effect
from tests.programs.generate import generate
from tests.programs.load import load_module
from tests.references import leaves

SEEDS = range(150)
# Constants whose change is lost in rounding or cancels; each was looked at.
MAY_CANCEL = 3


def test_programs_run_and_stay_bounded():
    for seed in SEEDS:
        program = generate(seed)
        with np.errstate(all="raise", under="ignore"):
            value = load_module(program.source).program(*program.arguments())
        assert all(np.all(np.abs(leaf) < 1e4) for leaf in leaves(value)), seed


def test_results_depend_on_every_value_computed():
    lost = {seed: values_without_effect(generate(seed)) for seed in SEEDS}
    assert sum(map(bool, lost.values())) <= MAY_CANCEL, {seed: texts for seed, texts in lost.items() if texts}


def test_a_value_that_is_dropped_is_noticed():
    program = generate(3).with_source(
        "import numpy as np\n\ndef program(x, y=0, z=0):\n    a = 2.0 * np.sum(x)\n    b = 3.0 * a\n    return a\n"
    )
    assert values_without_effect(program) == ["b = 3.0 * a"]


def test_programs_use_every_construct():
    trees = [ast.parse(generate(seed).source) for seed in SEEDS]
    kinds = {type(node) for tree in trees for node in ast.walk(tree)}
    text = "\n".join(generate(seed).source for seed in SEEDS)
    expected = {
        ast.If,
        ast.For,
        ast.While,
        ast.IfExp,
        ast.BoolOp,
        ast.AugAssign,
        ast.Lambda,
        ast.Slice,
        ast.Tuple,
    }
    assert expected <= kinds
    words = (
        "enumerate(",
        "zip(",
        "reversed(",
        ".append(",
        "np.stack(",
        "elif",
        "else:",
        "descend(",
        "range(0)",
    )
    assert all(word in text for word in words), [word for word in words if word not in text]
    lengths = {length for seed in SEEDS for shape in generate(seed).shapes for length in shape}
    assert {0, 1, 2, 3} <= lengths
    assert {"float32", "float64"} == {generate(seed).dtype for seed in SEEDS}


def test_the_same_text_in_another_process():
    code = "from tests.programs.generate import generate; print(generate(7).source, end='')"
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == generate(7).source
