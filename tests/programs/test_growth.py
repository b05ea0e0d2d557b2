"""The cost of a derivative grows as that of the primal, at orders 1 and 2; compiling is linear in nesting."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import gradscribe as gs
from tests.programs.load import load_module
from tests.programs.measure import calls_while, counts, peak_memory

CASES = {}


def case(make, slack=1.12):
    """Add a function whose cost at size n is that of arguments make(n)."""

    def add(function):
        CASES[function.__name__] = (function, make, slack)
        return function

    return add


def vector(n):
    return (np.linspace(0.2, 0.9, n),)


def vector_and_count(n):
    return (np.linspace(0.2, 0.9, n), n)


def two_vectors(n):
    return (np.linspace(0.2, 0.9, n), np.linspace(0.5, 1.4, n))


def number_and_count(n):
    return (0.7, n)


@case(vector)
def element_store(x):
    y = np.zeros_like(x)
    for i in range(len(x)):
        y[i] = np.sin(x[i]) * x[i]
    return np.sum(y)


@case(vector)
def element_recurrence(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] = y[i] + np.sin(y[i - 1]) * y[i]
    return np.sum(y * y)


@case(vector)
def element_update(x):
    y = x * 1.0
    for i in range(1, len(y)):
        y[i] += 0.3 * np.cos(y[i - 1]) * y[i - 1]
    return np.sum(y)


@case(vector)
def element_reads(x):
    s = 0.0
    for i in range(len(x)):
        s = s + np.sin(x[i]) * s
    return s + x[0]


@case(vector)
def windows(x):
    s = 0.0
    for i in range(len(x) - 2):
        s = s + np.sum(x[i : i + 3] ** 2) * s + x[0]
    return s


@case(vector)
def window_updates(x):
    y = x.copy()
    for i in range(len(x) - 2):
        y[i : i + 3] *= np.cos(y[i : i + 3])
    return np.sum(y)


@case(vector)
def two_windows_of_one_array(x):
    y = x.copy()
    for i in range(1, len(x) - 1):
        y[i] = y[i] * np.sum(y[i - 1 : i + 2]) * 0.3
    return np.sum(y)


@case(two_vectors)
def captured_under_if(x, w):
    s = x[0]
    for i in range(len(x)):
        if s < 0.8:
            s = s + 0.1 * x[i] * x[i] * w[i]
        else:
            s = 0.9 * s * w[i]
    return s


@case(two_vectors)
def store_under_if(x, w):
    y = np.zeros_like(x)
    for i in range(len(x)):
        if w[i] > 1.0:
            y[i] = x[i] * x[i]
        elif i > 0:
            y[i] = np.sin(y[i - 1])
    return np.sum(y * w)


@case(vector_and_count)
def nested_element_loops(x, n):
    y = x.copy()
    for i in range(1, n):
        for j in range(3):
            y[i] = y[i] * np.cos(y[i - 1]) + 0.1 * x[j]
    return np.sum(y)


@case(lambda n: (np.linspace(0.2, 0.9, 4 * n).reshape(n, 4),))
def rows(x):
    s = np.zeros(4)
    for row in x:
        s = s * 0.5 + np.sin(row) * row
    return np.sum(s * s)


@case(lambda n: (np.linspace(0.2, 0.9, 4 * n).reshape(n, 4),))
def row_updates(x):
    y = x.copy()
    for i in range(1, len(x)):
        y[i] += 0.3 * np.sin(y[i - 1]) * y[i]
    return np.sum(y)


@case(lambda n: (0.7, np.linspace(0.1, 0.5, n)))
def scalar_over_a_captured_array(x, w):
    s = x
    for i in range(len(w)):
        s = s + w[i] * np.sin(s)
    return s


@case(number_and_count)
def scalar_loop(x, n):
    for i in range(n):
        x = x + 0.01 * math.sin(x) * i
    return x


@case(number_and_count)
def while_loop(x, n):
    k = 0
    while k < n:
        x = x + 0.01 * math.sin(x)
        k += 1
    return x


@case(number_and_count)
def recursion(x, n):
    if n <= 0:
        return x * x
    return math.sin(x) * 0.5 + recursion(x * 0.99, n - 1)


def walk_down(x, i):
    if i < 0:
        return 0.0
    return np.sin(x[i]) * x[i] + walk_down(x, i - 1)


@case(lambda n: (np.linspace(0.2, 0.9, n), n - 1))
def recursion_over_an_array(x, i):
    return walk_down(x, i)


@case(vector)
def appended_numbers(x):
    items = []
    for i in range(len(x)):
        items.append(x[i] * np.sin(x[i]))
    return np.sum(np.array(items) ** 2)


@case(lambda n: (np.linspace(0.2, 0.9, 4 * n).reshape(n, 4),))
def appended_arrays(x):
    items = []
    for row in x:
        items.append(np.tanh(row) * row)
    return np.sum(np.stack(items) ** 2)


@case(vector)
def appended_and_read_back(x):
    items = [x[0]]
    for i in range(1, len(x)):
        items.append(items[i - 1] * 0.5 + np.sin(x[i]))
    s = 0.0
    for i in range(len(x)):
        s = s + items[i] * items[i]
    return s


@case(vector_and_count)
def table_of_long_rows(x, n):
    table = [[0.5] * n for _ in range(3)]
    for i in range(1, 3):
        for j in range(1, n):
            table[i][j] = 0.5 * table[i - 1][j] * table[i][j - 1] + x[j]
    return table[2][n - 1]


@case(vector_and_count)
def table_of_many_rows(x, n):
    table = [[0.5] * 3 for _ in range(n)]
    for i in range(1, n):
        for j in range(3):
            if j == 0:
                table[i][j] = table[i - 1][j] * x[i]
            else:
                table[i][j] = 0.5 * table[i - 1][j] * table[i][j - 1] + x[i]
    return table[n - 1][2]


@case(vector)
def buckets(x):
    rows = [[0.5] for _ in range(3)]
    for i in range(len(x)):
        rows[i % 3].append(x[i] * rows[i % 3][-1])
    return sum(rows[0]) * sum(rows[1])


@case(two_vectors)
def gauss_seidel(u, b):
    u = u.copy()
    for i in range(1, len(u) - 1):
        u[i] = (b[i] + u[i - 1] * u[i + 1]) / 2.5
    return np.sum(u * u)


@case(lambda n: (np.linspace(0.2, 0.9, n), 5))
def heat(u, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += 0.1 * np.sin(u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u**2)


@case(lambda n: (np.linspace(0.2, 0.9, n),))
def forward_substitution(b):
    x = np.zeros_like(b)
    for i in range(len(b)):
        s = b[i]
        for j in range(max(0, i - 2), i):
            s = s - 0.3 * x[j] * x[j]
        x[i] = s / 1.5
    return np.sum(x * x)


SIZES = (24, 48, 96)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", CASES)
def test_elements_touched_grow_as_the_primal_s(name, order):
    function, make, slack = CASES[name]
    primal = [counts(function, 0, make, n).touched for n in SIZES]
    derivative = [counts(function, order, make, n).touched for n in SIZES]
    for k in (1, 2):
        assert derivative[k] / derivative[k - 1] <= slack * primal[k] / primal[k - 1], (primal, derivative)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", CASES)
def test_bytes_kept_grow_no_faster_than_the_primal_s_work(name, order):
    function, make, slack = CASES[name]
    primal = [counts(function, 0, make, n).touched for n in SIZES]
    kept = [counts(function, order, make, n).kept for n in SIZES]
    for k in (1, 2):
        assert kept[k] / kept[k - 1] <= slack * primal[k] / primal[k - 1], (primal, kept)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", CASES)
def test_memory_of_emitted_code_grows_no_faster_than_the_primal_s_work(name, order):
    function, make, _ = CASES[name]
    sizes = (60, 120) if "recursion" in name else (150, 300)
    work = [counts(function, 0, make, n).touched for n in sizes]
    peak = [peak_memory(function, order, make, n) for n in sizes]
    assert peak[1] / peak[0] <= 1.2 * work[1] / work[0], (work, peak)


# --- nesting -------------------------------------------------------------------------------------------------


def nested_source(depth, kind, *, dense):
    """A function with loops, branches or both inside each other, a statement inside all, or at each level."""
    lines = ["import math", "", "", "def f(x, n=1):", "    s = x"]
    for level in range(depth):
        pad = "    " * (level + 1)
        use_loop = kind == "for" or (kind == "both" and level % 2 == 0)
        lines.append(pad + (f"for i{level} in range(n):" if use_loop else f"if s < {5 + level}.0:"))
        if dense or level == depth - 1:
            lines.append(f"{pad}    s = s + 0.1 * math.sin(s) * x")
    return "\n".join([*lines, "    return s", ""])


def work_at(depth, kind, *, dense, order=1):
    """Calls made while a derivative, which is checked, is compiled; words of source read and written."""
    source = nested_source(depth, kind, dense=dense)
    f = load_module(source).f
    inner = gs.grad(f, create_graph=True) if order == 2 else f
    derivative = gs.grad(inner)
    work = calls_while(lambda: derivative(0.3))
    step = 1e-6
    assert derivative(0.3) == pytest.approx((inner(0.3 + step) - inner(0.3 - step)) / (2.0 * step), rel=1e-6)
    return work, len(re.findall(r"\w+", source + derivative.source))


# What level k saves is a list of k dimensions, which k loops build: where each level saves something (here the
# conditions of `both`), the derivative is longer than linear in depth, and compiling takes a share for each word.
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("dense", [False, True], ids=["inside", "each level"])
@pytest.mark.parametrize("kind", ["for", "if", "both"])
def test_compiling_is_linear_in_what_is_written_at_any_depth_of_nesting(kind, dense, order):
    depths = (3, 6, 12) if order == 1 else (2, 4, 8)
    for _ in range(2):
        # The first one imports modules, which the next one looks through for the source.
        work_at(1, kind, dense=dense, order=order)
    found = [work_at(depth, kind, dense=dense, order=order) for depth in depths]
    (w0, l0), (w1, l1), (w2, l2) = found
    # Out of nested branches a saved value goes by one output a level, which are one variable of the text.
    slack = 1.4 if kind == "if" and dense else 1.15
    assert (w2 - w1) / (l2 - l1) <= slack * (w1 - w0) / (l1 - l0), found


CHANGED_INSIDE = {
    "array": ("kept = np.array([x, 0.3])", "kept[1] = 0.5 * kept[0] + kept[1]"),
    "list": ("kept = [x, 0.3]", "kept[1] = 0.5 * kept[0] + kept[1]"),
    "growing list": ("kept = [x, 0.3]", "kept.append(0.5 * kept[0])"),
    "dict": ("kept = {0: x, 1: 0.3}", "kept[1] = 0.5 * kept[0] + kept[1]"),
    "object": ("kept = Kept(x)", "kept.change()"),
    "variable": ("kept = [x, 0.3]", "change()"),
}
"""What stands before loops inside each other, and what their innermost body does to it."""

AROUND = """import numpy as np


class Kept:
    def __init__(self, v):
        self.v, self.w = v, 0.3

    def change(self):
        self.w = 0.5 * self.v + self.w

    def __getitem__(self, k):
        return self.w


def f(x, n=1):
    {start}

    def change():
        nonlocal kept
        kept = [kept[1], 0.5 * kept[0] + kept[1]]

"""


def changing_source(depth, kind):
    """Loops inside each other, with one change of an object from outside in the innermost one."""
    start, change = CHANGED_INSIDE[kind]
    loops = ["    " * (level + 1) + "for _ in range(n):" for level in range(depth)]
    lines = [*loops, "    " * (depth + 1) + change, "    return kept[1]", ""]
    return AROUND.format(start=start) + "\n".join(lines)


@pytest.mark.parametrize("kind", CHANGED_INSIDE)
def test_what_the_innermost_loop_changes_is_found_once_at_each_level(kind):
    # At each level the body is lowered once more than at the level around it: the square of the depth, no power.
    work = []
    for depth in (1, 3, 6, 12):
        derivative = gs.grad(load_module(changing_source(depth, kind)).f)
        work.append(calls_while(lambda derivative=derivative: derivative(0.3)))
    assert work[3] - work[2] <= 4.5 * (work[2] - work[1]), work


def straight_source(lines):
    body = "\n".join(f"    x{k + 1} = x{k} + 0.1 * math.sin(x{k})" for k in range(lines))
    return f"import math\n\n\ndef f(x0):\n{body}\n    return x{lines}\n"


def test_compiling_is_linear_in_lines():
    work = []
    for lines in (40, 80):
        derivative = gs.grad(load_module(straight_source(lines)).f)
        work.append(calls_while(lambda derivative=derivative: derivative(0.3)))
    assert work[1] <= 2.2 * work[0], work


def halving(x, step, tolerance):
    if step * x < tolerance:
        return np.sin(x * step)
    return 0.9 * halving(x, 0.5 * step, tolerance) + step


def test_levels_that_differ_in_a_known_float_are_one_graph():
    derivative = gs.grad(lambda x: halving(x, 1.0, 1e-3))
    assert derivative(0.7) == pytest.approx(0.9**10 * math.cos(0.7 * 2.0**-10) * 2.0**-10, rel=1e-12)
    assert len(derivative.source.splitlines()) < 60
