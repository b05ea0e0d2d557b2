"""What the project promises about itself: small files with a header, light imports, one fact in one place."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "gradscribe").rglob("*.py"))
VAGUE = {"utils", "helpers", "common", "misc", "util", "helper"}


def relative(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_module_opens_with_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "a module says what it is"
    assert path.stem not in VAGUE


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_module_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 450


def test_import_loads_no_heavy_library():
    program = (
        "import sys, gradscribe; print(*sorted({'libcst', 'sympy', 'scipy', 'pytest'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_installed_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert version("gradscribe") == project["version"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
