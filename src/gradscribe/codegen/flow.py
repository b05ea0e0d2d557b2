"""How values flow through the control nodes of an opened block, and which of them may be absent.

In:  opened blocks.   Out: `carried_params`, `moves_of`, `may_be_absent`.
Not here: absence in closed blocks (analysis/absence.py), where `None` is stored (absence.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.ir.control import FOR, IF, WHILE
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.walk import walk


def carried_params(node: Node) -> Sequence[Value]:
    """Parameters of the body of an opened loop that change from iteration to iteration."""
    body = node.blocks[-1]
    return body.params[len(body.params) - len(node.outputs) :] if node.outputs else ()


TAKES_OUT = ("list_get", "list_pop", "list_delete")
PUTS_IN = ("list_append", "list_insert", "list_set")


def may_be_absent(body: Block) -> frozenset[Value]:
    """Values of an opened block that may hold `None` at run time.

    What a pullback is given was saved where it may not have been there: so may a parameter that is handed on to
    something that may be absent.
    """
    start, sources = _absence_flow(body)
    users: dict[_Place, list[_Place]] = {}
    for target, given in sources:
        users.setdefault(given, []).append(target)
    found: set[_Place] = set()
    places = [(param, inside) for param in body.params for inside in (False, True)]
    waiting = start
    while waiting:
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                waiting += users.get(place, ())
        waiting = [
            place for place in places if place not in found and found.intersection(users.get(place, ()))
        ]
    return frozenset(value for value, inside in found if not inside)


# A value (False) or the entries of a list (True).
_Place = tuple[Value, bool]


def _absence_flow(body: Block) -> tuple[list[_Place], list[tuple[_Place, _Place]]]:
    """What is absent to begin with, and (target, source) of everything that hands it on."""
    start: list[_Place] = []
    flow: list[tuple[_Place, _Place]] = []
    for node in walk(body):
        name = node.op.name
        if name == "absent" or name in ("unpack", *TAKES_OUT):
            # What a pack or list holds may be absent, unless it is read.
            start += [(output, False) for output in node.outputs]
        if node.attrs.get("optional"):
            start += [(value, False) for value in (*node.inputs, *node.outputs)]
        if name in ("identity", *TAKES_OUT):
            flow.append(((node.outputs[0], False), (node.inputs[0], False)))
        if name in (*PUTS_IN, "list_new"):
            # Entries of an entry count as entries: lists may hold lists.
            flow += [((node.outputs[0], True), (v, inside)) for v in node.inputs for inside in (False, True)]
        if node.op is FOR:
            sequences = node.inputs[3 : 3 + len(node.blocks[0].params) - 1 - len(node.outputs)]
            elements = node.blocks[0].params[1:]
            pairs = list(zip(elements, sequences, strict=False))
            flow += [((e, inside), (s, True)) for e, s in pairs for inside in (False, True)]
        moves = moves_of(node)
        if name in ("identity", *PUTS_IN, *TAKES_OUT):
            moves = [*moves, (node.outputs[0], node.inputs[0])]
        flow += [((target, inside), (source, inside)) for target, source in moves for inside in (False, True)]
    return start, flow


def moves_of(node: Node) -> list[tuple[Value, Value]]:
    """Which values a control node moves: (target, source)."""
    if node.op is IF:
        return [pair for block in node.blocks for pair in zip(node.outputs, block.results, strict=True)]
    if node.op in (FOR, WHILE):
        params = carried_params(node)
        initial = node.inputs[len(node.inputs) - len(params) :]
        return [
            *zip(params, initial, strict=True),
            *zip(params, node.blocks[-1].results, strict=False),
            *zip(node.outputs, params, strict=True),
        ]
    return []
