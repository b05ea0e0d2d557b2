"""Dicts whose keys are known at run time only: which they are, and how they are made and asked.

A dict is taken apart into variables until it meets a key that only the run knows. Then lowering starts again, and
makes it an object that holds its values in a list (ops/written/keyed.py).

In:  the places where dicts are made, and keys.   Out: dicts of either kind; `CALLS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.interleaving import gone_over
from gradscribe.frontend.joins import join_items
from gradscribe.frontend.known_keys import KnownKeys, question_of
from gradscribe.frontend.lists import at_run_time
from gradscribe.frontend.operands import as_item, as_value, describe, present, raise_if
from gradscribe.frontend.references import require_hashable
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.run_time_changes import CHANGING, note_change
from gradscribe.frontend.state import ActiveLoop, Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.values import (
    NOTHING,
    PYTHON_NUMBERS,
    Abstract,
    Choice,
    DictCell,
    InstanceCell,
    ListCell,
    Number,
    Static,
    TupleValue,
    is_text,
    item_by_item,
)
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Value
from gradscribe.ir.types import NONE, SequenceType, kind_of, type_text
from gradscribe.ops.written import keyed
from gradscribe.ops.written.keyed import KeyedDict, ShrinkingDict

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
    return filled(run, node, [(item_by_item(key), value) for key, value in entries])


def filled(run: Lowering, node: cst.CSTNode, entries: Sequence[tuple[Abstract, Abstract]]) -> Abstract:
    """A dict that is asked at run time, into which these entries are put one after another."""
    keys = [_known_literal(key) for key, _ in entries]
    if entries and None not in keys and len(set(map(_kind, keys))) == 1:
        return _dict_of(run, node, dict(zip(keys, (value for _, value in entries), strict=True)))
    made = empty(run, node)
    for key, value in entries:
        store(run, node, made, key, value)
    return made


def _known_literal(key: Abstract) -> object:
    """A number, text, or a tuple of such, that is known now; None for any other key."""
    if isinstance(key, TupleValue) and not key.names:
        parts = tuple(map(_known_literal, key.items))
        return None if None in parts else parts
    known = key.value if isinstance(key, Static) else None
    return known if type(known) is str or _is_number(known) else None


def _kind(key: object) -> object:
    return tuple(map(_kind, key)) if type(key) is tuple else type(key)


def empty(run: Lowering, node: cst.CSTNode) -> InstanceCell:
    """A dict that is asked at run time, without entries."""
    made = run.call(run, node, Static(kind_of_dict(run)), (), {})
    assert isinstance(made, InstanceCell)
    return made


def kind_of_dict(run: Lowering) -> type[KeyedDict]:
    """The class of the dicts that are asked at run time: entries stay in them, or are taken out."""
    return ShrinkingDict if run.learnt.takes_out else KeyedDict


def store(run: Lowering, node: cst.CSTNode, owner: Abstract, key: Abstract, value: Abstract) -> None:
    """`owner[key] = value`."""
    run.call(run, node, Static(KeyedDict.__setitem__), (owner, key, value), {})


def place_of(run: Lowering, node: cst.CSTNode, keys: Sequence[object], key: Abstract) -> Value | None:
    """Which of the keys of a dict this one is, if they are numbers. A key that is none of them raises."""
    if not all(map(_is_number, keys)) or len(set(map(_kind, keys))) != 1:
        return None
    (places,) = run.apply(node, "new_places", (), {"keys": tuple(keys)})
    name_value(places, "places")
    return run.apply(node, "place", (places, _key(run, node, key)))[0]


def learn_keyed(run: Lowering, site: object) -> None:
    """Start again, with the dict that is made there asked for its keys at run time."""
    if run.learnt.ask_at_run_time(site):
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
    return _dict_of(run, None, entries)


def _dict_of(run: Lowering, node: cst.CSTNode | None, entries: Mapping[object, Abstract]) -> InstanceCell:
    """A dict that is asked at run time, which holds these entries at first."""
    places = run.apply(node, "new_places", (), {"keys": tuple(entries)})[0]
    name_value(places, "places")
    known = {
        question_of(run, places, item_by_item(key))[1]: run.constant(place, node)
        for place, key in enumerate(entries)
    }
    _learn_key(run, run.known_keys.with_dict(places, known))
    keys = [as_item(run, item_by_item(key), node) for key in entries]
    held = ListCell(tuple(entries.values()))
    at_run_time(run, node, held)
    content: dict[str, Abstract] = {
        "places": Number(places),
        "entered": ListCell(run.apply(node, "list_new", keys)[0]),
        "held": held,
    }
    return InstanceCell(kind_of_dict(run), content)


def _is_number(key: object) -> bool:
    return all(map(_is_number, key)) if type(key) is tuple else type(key) in PYTHON_NUMBERS


def _is_static_key(key: Abstract) -> bool:
    return isinstance(key, Choice) or (isinstance(key, Static) and _is_number(key.value))


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
        elif not isinstance(part, Number) and not is_text(part) and not _is_static_key(part):
            raise run.refusal(
                node,
                "GS125",
                f"{describe(run, part)} is a key of a dict that has keys known at run time only",
                why="such keys are numbers, text, and tuples of them",
                fix="number what the keys name",
            )
    value = as_item(run, key, node)
    require_hashable(run, node, value.type)
    return value


def _refuse_nan(run: Lowering, node: cst.CSTNode, key: Abstract) -> None:
    """Raise at run time where a key is nan: Python finds it only if it is the very object that was stored."""
    for part in key.items if isinstance(key, TupleValue) else (key,):
        if isinstance(part, Number) and kind_of(part.value.type) in "fc":
            text = f"a key of the dict at {run.location(node).short} is nan: which nan it is, is not followed"
            is_nan = run.op(node, "ne", part.value, part.value)
            raise_if(run, node, is_nan, NotImplementedError, (text,), refuses=True)


def _new(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    (made,) = run.apply(node, "new_places", ())
    name_value(made, "places")
    return Number(made)


def _has(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    places, key = args
    assert isinstance(places, Number)
    question, known = question_of(run, places.value, key), run.known_keys
    if question in known.there:
        return Static(True)
    if known.lacks(question):
        return Static(False)
    if question in known.asked:
        return Number(known.asked[question])
    _refuse_nan(run, node, key)
    (found,) = run.apply(node, "has_place", (places.value, _key(run, node, key)))
    name_value(found, "found")
    _learn_key(run, known.with_answer(question, found))
    return Number(found)


def _place(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    places, key = args
    assert isinstance(places, Number)
    question, known = question_of(run, places.value, key), run.known_keys
    place = known.there.get(question)
    if place is None:
        _refuse_nan(run, node, key)
        (place,) = run.apply(node, "place", (places.value, _key(run, node, key)))
        name_value(place, "place")
        _learn_key(run, known.with_key(question, place))
    return Number(place)


def _require_one_kind(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    entered, key = args
    assert isinstance(entered, ListCell)
    content = read_list(run, entered, node)
    kinds = [
        as_item(run, item, node).type for item in ((*content, key) if isinstance(content, tuple) else (key,))
    ]
    if isinstance(content, Value) and isinstance(content.type, SequenceType) and content.type.element != NONE:
        kinds.insert(0, content.type.element)
    if join_items(kinds[0], kinds[-1]) is None:
        raise run.refusal(
            node,
            "GS125",
            f"keys of this dict are both {type_text(kinds[0])} and {type_text(kinds[-1])}",
            why="they are known at run time only, and then of one kind",
            fix="use one dict for each kind of keys",
        )
    return NOTHING


def _put(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    places, key = args
    assert isinstance(places, Number)
    run.apply(node, "put_place", (places.value, _key(run, node, key)))
    note_change(run, node, places.value)
    _learn_key(run, run.known_keys.with_new_key(question_of(run, places.value, key)))
    return NOTHING


def _learn_key(run: Lowering, known: KnownKeys) -> None:
    if not run.learnt.takes_out:
        run.known_keys = known


def _take(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    places, key = args
    assert isinstance(places, Number)
    note_change(run, node, places.value)
    return Number(run.apply(node, "take_place", (places.value, _key(run, node, key)))[0])


def _new_dict(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    return empty(run, node)


def _take_out(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    run.learnt.takes_out = True
    raise Restart(None)


def _refuse_gone_over(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    raise run.refusal(
        node,
        "GS127",
        "an entry is taken out of this dict while a loop goes over it",
        why="unless the loop is left at once, Python raises RuntimeError",
        fix="loop over a copy of its keys: `for key in list(d)`",
    )


def _all_places(operation: str) -> Handler:
    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
        (places,) = args
        assert isinstance(places, Number)
        if operation in CHANGING:
            note_change(run, node, places.value)
        found = run.apply(node, operation, (places.value,))
        return run.wrap(found[0]) if found else NOTHING

    return handler


def _put_at(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    places, key, place = args
    assert isinstance(places, Number)
    run.apply(node, "put_place_at", (places.value, _key(run, node, key), as_value(run, place, node)))
    note_change(run, node, places.value)
    return NOTHING


def _is_gone_over(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    items = args[0]
    assert isinstance(items, ListCell)
    return Static(bool(gone_over(run, items)))


CALLS: Mapping[object, Handler] = {
    keyed.is_gone_over: _is_gone_over,
    keyed.new_dict: _new_dict,
    keyed.start_taking_out: _take_out,
    keyed.refuse_gone_over: _refuse_gone_over,
    keyed.put_place_at: _put_at,
    keyed.take_place: _take,
    keyed.take_last_place: _all_places("take_last_place"),
    keyed.clear_places: _all_places("clear_places"),
    keyed.kept_places: _all_places("kept_places"),
    keyed.count_places: _all_places("count_places"),
    keyed.new_places: _new,
    keyed.require_one_kind: _require_one_kind,
    keyed.put_place: _put,
    keyed.has_place: _has,
    keyed.place: _place,
}
