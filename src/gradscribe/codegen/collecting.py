"""Where in a loop body a value is appended to the list that saves it.

As late as all saved values are there, so that appends stand together, but before the variable of a saved value is
given its next value or its memory is written.

In:  the nodes of an opened body.   Out: the nodes with `list_append` among them.
Not here: whether what is saved must be copied (storage.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.codegen.writes import accumulates, aliasing_of, stores
from gradscribe.ir.control import IF, caught_by
from gradscribe.ir.graph import Node, Value
from gradscribe.ops.spec import Aliasing
from gradscribe.ops.table import lookup


def place_appends(
    body: list[Node], lists: Sequence[Value], saved: Sequence[Value], carried: Mapping[Value, Value]
) -> tuple[list[Node], list[Value]]:
    """The body with one append for each list, and the lists afterwards.

    Args:
        body: nodes in order.
        lists: parameters of the body.
        saved: what is appended to each.
        carried: parameter -> result, of the other slots.
    """
    if not lists:
        return body, []
    defined = {output: place + 1 for place, node in enumerate(body) for output in node.outputs}
    together = max(defined.get(value, 0) for value in saved)
    latest = _latest_places(body, saved, carried, defined)
    after: dict[int, list[Node]] = {}
    grown: list[Value] = []
    for target, value in zip(lists, saved, strict=True):
        place = max(defined.get(value, 0), min(together, latest[value]))
        if _asks_completion(body, place) and place < latest[value]:
            place += 1
        result = Value(target.type, target.hint)
        location = body[place - 1].location if place else None
        append = Node(lookup("list_append"), (target, value), (result,), location=location, derivative=True)
        after.setdefault(place, []).append(append)
        grown.append(result)
    nodes: list[Node] = list(after.get(0, []))
    for place, node in enumerate(body):
        nodes.append(node)
        nodes += after.get(place + 1, [])
    return nodes, grown


def _asks_completion(body: Sequence[Node], place: int) -> bool:
    """Whether the node at this place asks whether the `try` before it completed: it becomes its `else`."""
    if not 0 < place < len(body) or body[place].op is not IF:
        return False
    return bool(caught_by(body[place - 1])) and body[place].inputs[0] in body[place - 1].outputs


def _latest_places(
    body: list[Node],
    saved: Sequence[Value],
    carried: Mapping[Value, Value],
    defined: Mapping[Value, int],
) -> dict[Value, int]:
    """For each saved value, how many nodes may run before it must be appended."""
    wanted = set(saved)
    latest = dict.fromkeys(saved, len(body))

    def bound(value: Value, place: int) -> None:
        if place >= defined.get(value, 0):
            latest[value] = min(latest[value], place)

    for param, result in carried.items():
        if param in wanted and result in defined:
            bound(param, defined[result] - 1)
    hints = {value.hint: value for value in saved if value.hint}
    base: dict[Value, Value] = {}
    for place, node in enumerate(body):
        for output in node.outputs:
            same_name = hints.get(output.hint)
            if same_name is not None and same_name is not output:
                bound(same_name, place)
        if aliasing_of(node) is not Aliasing.FRESH:
            base.update((output, base.get(node.inputs[0], node.inputs[0])) for output in node.outputs)
        written = (0,) if stores(node) else accumulates(node)
        for position in written:
            target = base.get(node.inputs[position], node.inputs[position])
            for value in saved:
                if base.get(value, value) is target:
                    bound(value, place)
    return latest
