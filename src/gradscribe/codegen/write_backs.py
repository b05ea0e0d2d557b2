"""Writes through views, recognised: `row = a[i]; row[j] = v` is a store into a view and the view stored back.

    v = a[i];  y = set_item(v, ...);  a' = set_item(a, y, i)

If the store into the view happens in place, it has changed `a` already, and storing back is nothing. The store may
be several, and may stand in a loop that carries the view.

In:  an opened block.   Out: for each value that stands for the view, where it is stored back.
Not here: whether the stores may happen in place (storage.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from gradscribe.codegen.reads import read_inputs
from gradscribe.codegen.uses import Uses
from gradscribe.codegen.writes import stores
from gradscribe.ir.control import FOR, WHILE
from gradscribe.ir.graph import Block, Input, Node, Value
from gradscribe.ir.template import freeze, map_template


@dataclass(frozen=True, slots=True)
class WriteBack:
    """Where a view is stored back.

    Attributes:
        base: the array.
        result: the array afterwards.
        free_after: place of the last node before that uses the array in another way.
    """

    base: Value
    result: Value
    free_after: int


def write_backs(block: Block, uses: Uses) -> dict[Value, WriteBack]:
    """Views of this level, and their versions, that are stored back."""
    found: dict[Value, WriteBack] = {}
    defined: dict[Value, Node] = {}
    for place, node in enumerate(block.nodes):
        if node.op.name == "set_item":
            chain = _chain(node, defined)
            if chain:
                base = node.inputs[0]
                back = WriteBack(base, node.outputs[0], _last_use(block, place, base, uses))
                found.update(dict.fromkeys(chain, back))
        defined.update(dict.fromkeys(node.outputs, node))
    return found


def _last_use(block: Block, place: int, value: Value, uses: Uses) -> int:
    """Place of the last node before this place that uses a value, -1 if there is none."""
    for before in range(place - 1, -1, -1):
        node = block.nodes[before]
        if value in read_inputs(node) or uses.inside(node, value):
            return before
        if value in node.outputs:
            break
    return -1


def _chain(store: Node, defined: dict[Value, Node]) -> list[Value]:
    """The stored value and what it was before, down to the view; empty if it is not a view of the same part."""
    chain: list[Value] = []
    value = store.inputs[1]
    while value in defined:
        chain.append(value)
        node = defined[value]
        if node.op.name == "get_item":
            same = node.inputs[0] is store.inputs[0] and resolved_index(node) == resolved_index(store)
            return chain if same and len(chain) > 1 else []
        if node.op in (FOR, WHILE):
            slot = node.outputs.index(value)
            value = node.inputs[len(node.inputs) - len(node.outputs) + slot]
        elif stores(node) and value is node.outputs[0]:
            value = node.inputs[0]
        else:
            return []
    return []


def resolved_index(node: Node) -> object:
    """The index of a node in a form that is equal for equal indices of different nodes."""

    def name(item: Input) -> object:
        return ("value", id(node.inputs[item.position]))

    return freeze(map_template(node.attrs["index"], name))
