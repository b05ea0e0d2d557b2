"""The call that a node is written as: which arguments stand by position, and which by name.

In:  a node of an operation of the table.   Out: `Call`.
Not here: how it is spelled (`spelling_of` in spec.py), the text (codegen/expressions.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass

from gradscribe.ir.graph import Input, Node
from gradscribe.ops.spec import Elementwise, OpSpec


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of the call that a node is written as; `Input(k)` stands for input k of the node."""

    positional: tuple[object, ...]
    keywords: Mapping[str, object]


BOUNDS = frozenset({"start", "stop", "step"})
"""Nobody names these: `np.arange(1.0, 5.0)`."""


def call_of(node: Node) -> Call:
    """How the node is called in its spelling as a function; a method has its first argument before the dot.

    Operands stand by position. After one that was left out the others are named, but in elementwise functions,
    where None stands for it: `np.clip(x, None, hi)`.
    """
    spec = node.op
    assert isinstance(spec, OpSpec), spec
    positional: list[object] = []
    keywords: dict[str, object] = {}
    position = 0
    named = False
    for parameter in spec.parameters.parameters.values():
        name = parameter.name
        if name in spec.operands and name not in node.attrs:
            if named or parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                keywords[name] = Input(position)
            else:
                positional.append(Input(position))
            position += 1
        elif parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            positional.extend(Input(k) for k in range(position, len(node.inputs)))
        elif name not in node.attrs:
            # An operand after a keyword that was left out, `b` in logsumexp(a, b=b), is named.
            named = named or (name not in spec.operands and parameter.default is not inspect.Parameter.empty)
        elif name in spec.operands and not isinstance(spec.form, Elementwise):
            named = True
        elif parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            keywords[name] = node.attrs[name]
        elif (
            name in (*spec.operands, spec.packed)
            or parameter.default is inspect.Parameter.empty
            or (name in BOUNDS and not named)
        ):
            positional.append(node.attrs[name])
        else:
            keywords[name] = node.attrs[name]
            named = True
    return Call(tuple(positional), keywords)
