"""Options of a call: the entry lists the values for which its derivative is known; the others are refused by name.

In:  an argument, its entry.   Out: the same argument; known now where it decides what is computed.
Not here: the values (ops/), binding arguments (table_calls.py).
"""

from __future__ import annotations

import libcst as cst
import numpy as np

from gradscribe.frontend.operands import describe, present
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Number, Static
from gradscribe.ops.options import Kind, Values, in_words, is_listed
from gradscribe.ops.spec import OpSpec, Spelling, written


def settled(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, name: str, value: Abstract
) -> Abstract:
    """The value of an option, which the entry lists."""
    values = spec.options[name]
    value = present(run, value, node)
    if isinstance(value, Number) and Kind.NUMBER not in values and Kind.NUMBERS not in values:
        value = _known(run, node, spec, spelling, name, value, values)
    if isinstance(value, Static):
        if is_listed(_plain(value.value), values):
            return value
    elif Kind.NUMBERS in values or (Kind.NUMBER in values and isinstance(value, Number)):
        return value
    shown = _shown(value.value) if isinstance(value, Static) else describe(run, value)
    raise _refusal(
        run, node, f"`{name}={shown}` of `{written(spec, spelling)}` has no derivative rule", values
    )


def _known(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    name: str,
    value: Number,
    values: Values,
) -> Static:
    """A whole number becomes known by a fact."""
    what = f"`{name}` of `{written(spec, spelling)}`"
    if any(type(listed) is int for listed in values):
        return Static(run.static_int(node, value, what))
    raise _refusal(run, node, f"{what} is known at run time only", values)


def _refusal(run: Lowering, node: cst.CSTNode, title: str, values: Values) -> Exception:
    return run.refusal(
        node,
        "GS204",
        title,
        why="the derivative is known for some of its values only",
        fix=f"these work: {in_words(values)}; for others, state the derivative of the call with `gs.primitive`",
    )


def _plain(value: object) -> object:
    """A scalar of NumPy as the number of Python that it is."""
    return value.item() if isinstance(value, np.generic) else value


def _shown(value: object) -> str:
    return getattr(value, "__name__", None) or repr(value)
