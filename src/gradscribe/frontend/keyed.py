"""Dicts whose keys are known at run time only: which they are, and how they are made and asked.

A dict is taken apart into variables until it meets a key that only the run knows. Then lowering starts again, and
makes it an object that holds its values in a list (ops/written/keyed.py).

In:  the places where dicts are made, and keys.   Out: dicts of either kind; `CALLS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.operands import as_item, describe, list_value, present
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import ActiveLoop, Lowering
from gradscribe.frontend.values import (
    NOTHING,
    PYTHON_NUMBERS,
    Abstract,
    DictCell,
    InstanceCell,
    ListCell,
    Number,
    Static,
    TupleValue,
)
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Value
from gradscribe.ops.written import keyed
from gradscribe.ops.written.keyed import KeyedDict

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
MAX_SPELT_OUT = 12
Handler = Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract]


def made_at(run: Lowering, node: cst.CSTNode) -> object:
    """What tells apart the dicts that different places make."""
    return run.context, id(node)


def is_keyed(run: Lowering, node: cst.CSTNode) -> bool:
    """The dict that is made here has met a key that only the run knows."""
    return made_at(run, node) in run.learnt.keyed


def new_dict(run: Lowering, node: cst.CSTNode, entries: Iterable[tuple[object, Abstract]]) -> Abstract:
    """The dict that is made here, of entries whose keys are known."""
    if not is_keyed(run, node):
        return DictCell(dict(entries), made_at=made_at(run, node))
    made = empty(run, node)
    for key, value in entries:
        store(run, node, made, _abstract(key), value)
    return made


def _abstract(key: object) -> Abstract:
    return TupleValue(tuple(map(_abstract, key))) if type(key) is tuple else Static(key)


def empty(run: Lowering, node: cst.CSTNode) -> InstanceCell:
    """A dict that is asked at run time, without entries."""
    made = run.call(run, node, Static(KeyedDict), (), {})
    assert isinstance(made, InstanceCell)
    return made


def store(run: Lowering, node: cst.CSTNode, owner: Abstract, key: Abstract, value: Abstract) -> None:
    """`owner[key] = value`."""
    run.call(run, node, Static(KeyedDict.__setitem__), (owner, key, value), {})


def learn_keyed(run: Lowering, site: object) -> None:
    """Start again, with the dict that is made there asked for its keys at run time."""
    if site is not None and site not in run.learnt.keyed:
        run.learnt.keyed.add(site)
        raise Restart(None)


def root_of_site(site: object) -> object:
    """The argument, or the variable outside of the function, that holds what a site tells apart."""
    while isinstance(site, tuple) and len(site) == 2 and isinstance(site[0], tuple):
        site = site[0]
    return site


def given_dict(run: Lowering, site: object, entries: dict[object, Abstract]) -> Abstract:
    """A dict that the function is given. Asked at run time, it is made of its entries when the function starts."""
    if site not in run.learnt.keyed:
        known = all(map(_is_number, entries))
        return DictCell(entries, made_at=site if known else None)
    places = run.apply(None, "new_places", (), {"keys": tuple(entries)})[0]
    name_value(places, "places")
    keys = [as_item(run, _abstract(key), None) for key in entries]
    held = list_value(run, tuple(entries.values()), None)
    content: dict[str, Abstract] = {
        "places": Number(places),
        "entered": ListCell(run.apply(None, "list_new", keys)[0]),
        "held": ListCell(held),
    }
    return InstanceCell(KeyedDict, content)


def _is_number(key: object) -> bool:
    return all(map(_is_number, key)) if type(key) is tuple else type(key) in PYTHON_NUMBERS


def prefer_keyed(run: Lowering, owner: DictCell, key: Abstract) -> None:
    """A dict that long loops fill is asked at run time: its keys would only be known if they were written out."""
    learnt, site = run.learnt, owner.made_at
    if site is None or site in learnt.spelt_out or not any(map(_is_long, _deciding(run, key))):
        return
    learnt.tried.add(site)
    learn_keyed(run, site)


def _deciding(run: Lowering, key: Abstract) -> list[ActiveLoop]:
    """The loops whose index a key is computed from."""
    parts = key.items if isinstance(key, TupleValue) else (key,)
    origins = [run.origins.get(part.value, frozenset()) for part in parts if isinstance(part, Number)]
    return [loop for loop in run.loops if any(loop.key in origin for origin in origins)]


def _is_long(loop: ActiveLoop) -> bool:
    return loop.trips is None or loop.trips > MAX_SPELT_OUT


def spell_out(run: Lowering) -> None:
    """If a dict was asked at run time where it need not be, and that is refused, start again."""
    learnt = run.learnt
    if learnt.tried:
        learnt.spelt_out |= learnt.tried
        learnt.keyed -= learnt.tried
        learnt.tried.clear()
        raise Restart(None)


def _key(run: Lowering, node: cst.CSTNode, key: Abstract) -> Value:
    """A key as a value of the generated code."""
    parts = [key]
    while parts:
        part = present(run, parts.pop(), node)
        if isinstance(part, TupleValue):
            parts.extend(part.items)
        elif not isinstance(part, Number) and not (isinstance(part, Static) and _is_number(part.value)):
            raise run.refusal(
                node,
                "GS125",
                f"{describe(run, part)} is a key of a dict that has keys known at run time only",
                why="such keys are numbers, and tuples of numbers",
                fix="number what the keys name, and use two dicts for two kinds of keys",
            )
    return as_item(run, key, node)


def _new(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    (made,) = run.apply(node, "new_places", ())
    name_value(made, "places")
    return Number(made)


def _asks(operation: str) -> Handler:
    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
        places, key = args
        assert isinstance(places, Number)
        found = run.apply(node, operation, (places.value, _key(run, node, key)))
        return Number(found[0]) if found else NOTHING

    return handler


def _refuse_to_take_out(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    raise run.refusal(
        node,
        "GS125",
        "an entry is taken out of a dict whose keys are known at run time only",
        why="its values are a list, in which those of the other keys would move",
        fix="keep the entry and skip it, or build another dict without it",
    )


def _is_gone_over(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    items = args[0]
    assert isinstance(items, ListCell)
    return Static(any(items.roots & around.roots for around in run.iterated))


CALLS: Mapping[object, Handler] = {
    keyed.is_gone_over: _is_gone_over,
    keyed.take_out: _refuse_to_take_out,
    keyed.new_places: _new,
    keyed.put_place: _asks("put_place"),
    keyed.has_place: _asks("has_place"),
    keyed.place: _asks("place"),
}
