"""Text of values that are known at run time: it reaches messages, not results.

In:  nothing.   Out: `PROGRAMS`; `RAISING`, whose messages are compared.
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
RAISING: list[Idiom] = []
at = collecting(PROGRAMS)
raising = collecting(RAISING)
x4 = np.array([0.7, 1.3, -0.4, 2.1])


@at(x4)
def text_that_is_not_used(x):
    label = "%g" % x[0] + f"{x[1]:.3f}" + str(x) + repr(x[2]) + format(x[3], ".2e")
    name = "{:>10} {k}".format(x[0], k=label).strip().upper()
    lines = [f"{value:.2f}" for value in x]
    print(", ".join([name, *lines])) if x[0] > 100 else None
    return np.sum(x * x)


def _shown(condition, message, *values):
    if not condition:
        print(message, *values)


def _checked(value, message):
    if value > 100.0:
        raise ValueError(message)
    return value


class _Log:
    def __init__(self):
        self.lines = []

    def add(self, line):
        self.lines.append(line)


@at(x4, 3)
def text_given_to_helpers(x, n):
    log, total = _Log(), 0.0
    for i in range(n):
        total += _checked(x[i], f"{x[i]} is too large") ** 2
        _shown(total < 100.0, f"step {i}: {total:.3f}")
        _shown(total < 100.0, "step %d" % i, total)
        log.add(f"{i}: {total}")
    return total * len(log.lines)


@at(x4, 3)
def log_that_grows(x, n):
    log, text, last = [], "", "none"
    s = 0.0
    for i in range(n):
        s = s + x[i] ** 2
        log.append(f"iteration {i}: {s:.3f}")
        text += "%3d|" % i
        if x[i] < 0:
            last = log[-1]
    assert s < 100, last + text
    return s * x[3]


@at(x4, 1.0)
@at(x4, -1.0)
def text_that_a_branch_chooses(x, c):
    if c > 0:
        message = f"above {x[0]}"
    else:
        message = "below"
    if x[0] > 10:
        raise ValueError(message)
    return np.sum(x**2) * c


@raising(x4, 3)
def places_of_every_kind(x, n):
    if x[0] < 100:
        text = "%g %5.2f|%-8.3e|%+d|%05.1f|%%|%s|%r|% g|%-6d|%6s|"
        raise ValueError(text % (x[0], x[1], x[2], n, x[3], x, x[0], x[1], x[3], n))
    return x[0]


@raising(x4)
def places_by_name(x):
    if x[0] < 100:
        raise ValueError("%(a)g and %(b)s" % {"a": x[0], "b": "b"}, 2 * f"{x[1]:.1f}")
    return x[0]


@raising(x4)
def list_that_is_joined(x):
    parts = [f"{value:.2f}" for value in x]
    if x[0] < 100:
        raise ValueError(", ".join(parts) + ";".join(f"{value:.0f}" for value in x[:2]))
    return x[0]


@raising(x4, 3)
@raising(x4, 0)
def lines_of_a_loop(x, n):
    log, text = [], ""
    s = 0.0
    for i in range(n):
        s = s + x[i] ** 2
        log.append(f"{i}: {s:.3f}")
        text += "%d: %g\n" % (i, s)
    if s < 100:
        raise ValueError("\n".join(log), text.strip().replace(":", " ="), str(s).rjust(20))
    return s * x[0]


@raising(x4)
def text_before_a_write(x):
    a = x * 1.0
    before = f"{a} {[a, 1]} {a[0]!r:>30} {{}}"
    a[0] = 5.0
    if a[0] > 0:
        raise ValueError(f"{before}, {a}")
    return np.sum(a)


@raising(x4, 7)
def fields_of_format(x, n):
    text = "{0:>8.2f} {1!r} {name} {{}} {n:04d}".format(x[0], x, name=x[1], n=n)
    if x[0] < 100:
        raise ValueError("=" * 5 + text, "{} {}".format(n, x[3]), str(n) + repr(x[1]))
    return x[0]


@raising(x4, 4)
def last_text_of_a_loop(x, n):
    best = "none"
    for i in range(n):
        if x[i] > 1:
            best = f"i={i}"
    assert x[0] > 100, best
    return x[0]


@raising(x4)
def text_in_a_container(x):
    word = f"{x[0]:.1f}" if x[0] > 0 else "negative"
    if x[0] < 100:
        raise ValueError(f"{[word]} {word:>8}", (word, 3))
    return x[0]


@at(np.array([0.5, 0.25, 0.75]))
def length_of_a_text(x):
    joined = " ".join(f"{v:.2f}" for v in x)
    shown = f"{x[0]:.3f}"
    for v in x:
        shown += f", {v:.1f}"
    return x[0] * len(joined) + x[1] * len(shown) + x[2] * len(f"{x[0]:.1f}".upper())
