"""Names in generated code: valid, free, the same on every run.

In:  names people chose and names that are taken.   Out: fresh identifiers.
Not here: which values share a variable (codegen/variables.py).
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable
from itertools import pairwise

ALWAYS_TAKEN = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "np", "math", "numpy", "scipy", "_"}
)

# What a value is called that is known by a keyword.
KEYWORDS = {"return": "result", "yield": "item", "lambda": "function"}

# What a forward function hands to its reverse function.
RESIDUALS = "residuals"

# The list of what one loop saves, of what a loop around it saves of these lists, and one more around.
SAVED = ("_saved", "_saved_rows", "_saved_tables")


def saved_name(value: str) -> str:
    """The list in which a value of this name is saved, once an iteration.

    >>> saved_name("x"), saved_name("x_saved"), saved_name("x_saved_rows")
    ('x_saved', 'x_saved_rows', 'x_saved_tables')
    """
    for inner, outer in pairwise(SAVED):
        if value.endswith(inner):
            return value.removesuffix(inner) + outer
    return value + SAVED[0]


def entry_name(saved: str) -> str:
    """An entry of a list of this name; empty for a list that is not one of saved values.

    >>> entry_name("x_saved_rows"), entry_name("x_saved"), entry_name("x")
    ('x_saved', 'x', '')
    """
    for inner, outer in zip(("", *SAVED), SAVED, strict=False):
        if saved.endswith(outer):
            return saved.removesuffix(outer) + inner
    return ""


def identifier(text: str, default: str) -> str:
    """`text` as a Python identifier: '<lambda>_grad' gives 'lambda_grad'.

    >>> identifier("<lambda>_grad", "f"), identifier("2nd", "f"), identifier("", "t")
    ('lambda_grad', '_2nd', 't')
    """
    name = re.sub(r"_*\W[\W_]*", "_", text).strip("_") if not text.isidentifier() else text
    if not name:
        return default
    if keyword.iskeyword(name):
        return KEYWORDS.get(name, f"{name}_")
    return f"_{name}" if name[0].isdigit() else name


class Names:
    """Hands out names that nobody else has.

    Attributes:
        taken: names that are in use or must not be used.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {*ALWAYS_TAKEN, *taken}

    def fresh(self, wanted: str) -> str:
        """`wanted` if it is free, else `wanted_1`, `wanted_2` ... The result is taken from now on."""
        name = next(name for name in numbered(wanted) if name not in self.taken)
        self.taken.add(name)
        return name


def numbered(wanted: str) -> Iterable[str]:
    """`wanted`, `wanted_1`, `wanted_2` ..."""
    yield wanted
    number = 0
    while True:
        number += 1
        yield f"{wanted}_{number}"
