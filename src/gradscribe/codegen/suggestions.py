"""Names for values that the user did not name, when they need a variable after all.

In:  nodes.   Out: what a person might call the result: `x_i` for `x[i]`, `exp_x` for `np.exp(x)`, `test` for
`x > 0`.
Not here: making names unique (variables.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.naming import ALWAYS_TAKEN
from gradscribe.ops.spec import OpSpec, SpellingKind

TEMPORARY = "t"
FIXED: Mapping[str, str] = {
    **dict.fromkeys(("lt", "le", "gt", "ge", "eq", "ne", "bool_not", "bool_and", "bool_or"), "test"),
    "dimension": "n",
    "is_caught": "is_first",
    "size": "size",
    "list_length": "n",
    "list_new": "items",
    "transpose": TEMPORARY,
}
KEEPS_NAME = frozenset({"convert", "astype", "copy", "identity", "reference", "row"})
MAX_LENGTH = 16


def suggest(node: Node, known: Mapping[Value, str]) -> str:
    """A name for the output of an ordinary node.

    Args:
        node: what computes it.
        known: names suggested so far, for values without a name of their own.
    """
    name = _suggestion(node, known)
    if not name:
        return ""
    return name if name.isidentifier() and len(name) <= MAX_LENGTH and name not in ALWAYS_TAKEN else TEMPORARY


def _suggestion(node: Node, known: Mapping[Value, str]) -> str:
    if node.op.name == "list_new" and node.derivative:
        return ""
    if node.op.name in FIXED:
        return FIXED[node.op.name]
    if not node.inputs or not isinstance(node.op, OpSpec):
        return TEMPORARY
    first = node.inputs[0].hint or known.get(node.inputs[0], "")
    if node.op.name in KEEPS_NAME:
        return first
    if node.op.name == "get_item":
        return _element(first, node)
    if node.op.name == "checked":
        argument = node.inputs[1].hint if len(node.inputs) > 1 else ""
        return f"{node.attrs['name']}_{argument or 'value'}"
    called = node.op.spellings[0].kind is SpellingKind.FUNCTION
    if called and node.op.name.isalpha():
        return f"{node.op.name}_{first}" if first and first != TEMPORARY else node.op.name
    return TEMPORARY


def _element(array: str, node: Node) -> str:
    index = node.attrs["index"]
    if not array or not isinstance(index, tuple) or len(index) != 1:
        return TEMPORARY
    match index[0]:
        case Input(position):
            hint = node.inputs[position].hint
            return f"{array}_{hint}" if hint else TEMPORARY
        case int() as number if number >= 0:
            return f"{array}_{number}"
        case _:
            return TEMPORARY
