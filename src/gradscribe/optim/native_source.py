"""The text of a sweep as one loop over the numbers, for a compiler to machine code.

Only operations that IEEE 754 rounds correctly are written, each as it stands in the graph and in that order; so
the numbers are those of the NumPy calls, bit for bit, where no compiler may reassociate or contract.

In:  the graph of a rule, traced.   Out: a Python function of scalar arithmetic, or None if a rule needs more.
Not here: compiling it (native.py), the sweep of NumPy calls (sweep_source.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.optim.trace import Call, unindexed

# How tightly an operator binds, as in Python; what is not an operator binds tightest.
LOOSE, COMPARISON, SUM, PRODUCT, TIGHT = range(5)
INFIX: dict[Callable[..., Any], tuple[str, int]] = {
    np.add: ("+", SUM),
    np.subtract: ("-", SUM),
    np.multiply: ("*", PRODUCT),
    np.divide: ("/", PRODUCT),
    np.less: ("<", COMPARISON),
    np.greater: (">", COMPARISON),
    np.less_equal: ("<=", COMPARISON),
    np.greater_equal: (">=", COMPARISON),
    np.equal: ("==", COMPARISON),
}
CALLED = (np.abs, np.sqrt, np.sign, np.maximum, np.minimum, np.isnan, np.isfinite)
EXACT = (None, np.square, np.negative, np.where, np.logical_not, *INFIX, *CALLED)


def native_text(
    order: Sequence[Call], arrays: Sequence[str], outputs: Mapping[str, Call], numbers: Mapping[str, str]
) -> str | None:
    """The function `sweep(arrays..., outputs..., numbers...)`; None if a call is not exact.

    Args:
        order: calls, each after its operands.
        arrays: names of the inputs.
        outputs: the call that makes each output, by name.
        numbers: the name of each number, by its expression.
    """
    if any(call.function not in EXACT for call in order):
        return None
    uses = Counter(id(operand) for call in order for operand in call.operands if isinstance(operand, Call))
    # A square reads its operand twice.
    uses.update(id(call.operands[0]) for call in order if call.function is np.square)
    uses.update(id(call) for call in outputs.values())
    known: dict[object, Text] = {name_of: (name, TIGHT) for name_of, name in numbers.items()}
    lines: list[str] = []
    for call in order:
        text, level = (f"{call.name}[i]", TIGHT) if call.function is None else _expression(call, known)
        if call.function is not None and uses[id(call)] > 1:
            lines.append(f"t{len(lines) + 1} = {text}")
            text, level = f"t{len(lines)}", TIGHT
        known[id(call)] = text, level
    lines += [f"{name}[i] = {known[id(call)][0]}" for name, call in outputs.items()]
    casts = [f"    {name} = number({name})  # {unindexed(number)}" for number, name in numbers.items()]
    loop = [f"    for i in range({arrays[0]}.size):", *(f"        {line}" for line in lines)]
    head = f"def sweep({', '.join([*arrays, *outputs, *numbers.values()])}):"
    return "\n".join([head, *casts, *loop, ""])


# An expression, and how tightly it binds.
Text = tuple[str, int]


def _expression(call: Call, known: Mapping[object, Text]) -> Text:
    operands = [known[id(one) if isinstance(one, Call) else one] for one in call.operands]
    texts = [text for text, _ in operands]
    match call.function:
        case np.square:
            return f"{_within(operands[0], TIGHT)} * {_within(operands[0], TIGHT)}", PRODUCT
        case np.negative:
            return f"-{_within(operands[0], TIGHT)}", PRODUCT
        case np.where:
            chosen, yes, no = (_within(one, COMPARISON) for one in operands)
            return f"{yes} if {chosen} else {no}", LOOSE
        case np.logical_not:
            return f"not {_within(operands[0], TIGHT)}", LOOSE
        case np.abs:
            return f"abs({texts[0]})", TIGHT
    if call.function in INFIX:
        sign, level = INFIX[call.function]
        return f"{_within(operands[0], level)} {sign} {_within(operands[1], level + 1)}", level
    assert call.function is not None
    return f"{call.function.__name__}({', '.join(texts)})", TIGHT


def _within(operand: Text, level: int) -> str:
    """The operand, in parentheses where it binds less tightly than `level`."""
    text, own = operand
    return text if own >= level else f"({text})"
