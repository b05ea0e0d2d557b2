"""The calls of numpy_calls.txt: functions of one array, and what they give.

In:  the text.   Out: `CALLS`, `function_of`, `keywords_of`.
Not here: what is checked (test_keywords.py).
"""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import numpy as np

TEXT = (Path(__file__).parent / "numpy_calls.txt").read_text()
X = np.random.default_rng(5).permutation(np.linspace(0.12, 0.93, 12)).reshape(2, 3, 2)

BEFORE = """import numpy as np

rng = np.random.default_rng(1)
m = rng.random((2, 3, 2)) > 0.4
m1 = np.ones((2, 3, 2), bool)
m1[0, 0, 0] = False
wt = rng.random((2, 3, 2)) + 0.5
w2 = rng.random((2, 2))


def f(x):
"""
MADE_OF_X = {
    "A": "x[:, :2] + 2 * np.eye(2)",
    "S": "x[0].T @ x[0] + 0.5 * np.eye(2)",
    "c": "x + 0.5j * x * x",
}
SINCE = {"descending": "2.5.0"}
"""Keywords that came with a version of NumPy."""


def _is_there(keywords):
    return all(
        word not in keywords or np.lib.NumpyVersion(np.__version__) >= since for word, since in SINCE.items()
    )


def _calls():
    base = ""
    for line in TEXT.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            base = line.removeprefix("! ")
            if base == line:
                yield base
            continue
        for keyword in line.strip().split(" | "):
            if _is_there(keyword):
                yield f"{base[:-1]}{'' if base.endswith('()') else ', '}{keyword})"


CALLS = list(_calls())


def function_of(call, path):
    """The function `x -> call`, in a file of its own."""
    made = [f"    {name} = {text}\n" for name, text in MADE_OF_X.items() if re.search(rf"\b{name}\b", call)]
    path.write_text(f"{BEFORE}{''.join(made)}    return {call}\n")
    spec = importlib.util.spec_from_file_location("numpy_call", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.f


def keywords_of(call):
    """The function or method that is called, and the keywords with which it is."""
    node = ast.parse(call, mode="eval").body
    if not isinstance(node, ast.Call):
        return "", set()
    return ast.unparse(node.func), {keyword.arg for keyword in node.keywords}
