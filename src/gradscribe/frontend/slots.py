"""What a loop carries: variables and contents of objects as parameters of the body.

A *slot* is a carried variable or cell. Its value is taken apart into leaves; each leaf is a parameter of the body,
an initial value and a result. Types of parameters are bounds: where an iteration leaves a wider one, it is widened
in place if nothing read so far minds, else the loop is lowered again with the wider type remembered.

In:  abstract values before the loop and after an iteration.   Out: leaves; abstract values inside and after.
Not here: lowering the body (loops.py), aliasing around the loop (loop_aliases.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.alternatives import carried_site, like
from gradscribe.frontend.carried_choices import (
    choice_after,
    choice_inside,
    held_after,
    held_before,
    match_choice,
    match_unbound,
    may_choose,
    opened,
)
from gradscribe.frontend.carried_optionals import is_optional, match_optional, optional_inside
from gradscribe.frontend.chosen_parts import Way
from gradscribe.frontend.entries import note_handed_on
from gradscribe.frontend.followed import follow_after, follow_inside, is_followed, match_followed, may_follow
from gradscribe.frontend.joins import instantiate, join_types, symbol_mark
from gradscribe.frontend.labels import as_choice, is_choosable, is_same, joined_options
from gradscribe.frontend.learnt import LoopMemory
from gradscribe.frontend.leaves import Again, Carried, Key, Leaf, Mismatch, note_result, varying
from gradscribe.frontend.made_functions import are_made_alike, holds_data, match_function, with_each
from gradscribe.frontend.operands import as_value, describe, list_value, present
from gradscribe.frontend.paths import Path
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.sharers import hold_converted, read_only_roots, share
from gradscribe.frontend.standing import match_place, may_stand, stand_after, stand_inside
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    Choice,
    Closure,
    Conflict,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    MaybeUnbound,
    Number,
    Object,
    Order,
    Static,
    Tainted,
    Text,
    TupleValue,
    Unknown,
    is_literal,
    is_text,
    serial_mark,
)
from gradscribe.frontend.varying import bounds_of
from gradscribe.frontend.widening import changes_of, minds_not, readers_of, same_bound
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import Length
from gradscribe.ir.types import NONE, TEXT, ArrayType, SequenceType, type_text


class Slots:
    """All leaves of one attempt at a loop."""

    def __init__(self, run: Lowering, node: cst.CSTNode, memory: LoopMemory) -> None:
        self.run = run
        self.node = node
        self.memory = memory
        self.leaves: list[Leaf] = []
        self.by_param: dict[Value, Leaf] = {}
        self.made: set[Cell] = set()
        self.open: set[Cell] = set()
        self.standing: dict[Cell, Value] = {}
        self.following: dict[Cell, Path] = {}
        self.choosing: dict[Cell, Key] = {}
        self.parts: dict[Cell, Way] = {}
        self.handed_out: dict[Cell, Value] = {}
        self.mark = serial_mark()
        self.symbols = symbol_mark()
        self.carried: dict[Key, Carried] = {}
        self.together: dict[Length, Length] = {}
        self.renamed: dict[Value, Value] = {}

    # Before the body

    def inside(self, value: Abstract, key: Key, hint: str, *, absent: bool = False) -> Abstract:
        """The value as the body sees it: each number, array and run-time list in it a parameter."""
        if may_stand(self, value, key):
            return stand_inside(self, value, key, absent=absent)  # type: ignore[arg-type]
        optional = self.memory.optional.get(key)
        if optional is None and may_choose(self, value, key, absent=absent):
            return choice_inside(self, value, key, absent=absent)  # type: ignore[arg-type]
        if may_follow(self, value, key):
            return follow_inside(self, value, key, hint, absent=absent)  # type: ignore[arg-type, return-value]
        if isinstance(value, MaybeNone) or (optional is not None and not isinstance(value, MaybeUnbound)):
            return optional_inside(self, value, optional, key, hint, absent)
        return self._inside(value, key, hint, absent=absent)

    def _inside(self, value: Abstract, key: Key, hint: str, *, absent: bool) -> Abstract:
        options = self.memory.options.get(key)
        if options is None and holds_data(value):
            return with_each(value, lambda place, part: self.inside(part, (*key, place), "", absent=absent))
        if isinstance(value, Choice) or (options is not None and is_choosable(value)):
            return self._choice(value, options or {}, key, hint, absent)
        match value:
            case Number() | ArrayCell():
                leaf = self._leaf(key, self._value(value, absent), hint, absent)
                return self._wrapped(key, leaf, value if isinstance(value, ArrayCell) else None)
            case Text() | Static() if is_literal(value) or self._is_text_of_run_time(value, key):
                return self._wrapped(key, self._leaf(key, self._value(value, absent), hint, absent))
            case TupleValue(items=items):
                parts = tuple(self.inside(item, (*key, k), "", absent=absent) for k, item in enumerate(items))
                return replace(value, items=parts)
            case ListCell():
                before = held_before(self, value, absent)
                content = self.content(before, key, hint, absent=absent)
                hold_converted(self.run, value, before, content)
                return self._same_object(ListCell(content, frozen=len(key) > 2), value, key)  # type: ignore[arg-type]
            case DictCell() | InstanceCell():
                with opened(self, value, key):
                    content = self.content(held_before(self, value, absent), key, "", absent=absent)
                return self._same_object(like(value, content, frozen=len(key) > 2), value, key)
            case MaybeUnbound(value=inner, defined=defined):
                flag = self._leaf((*key, "defined"), defined, "", False)
                return MaybeUnbound(self.inside(inner, key, hint, absent=absent), flag.param)
            case _:
                return value

    def _is_text_of_run_time(self, value: Abstract, key: Key) -> bool:
        return isinstance(value, Text) or (is_text(value) and self.memory.types.get(key) == TEXT)

    def _choice(
        self, value: Abstract, options: Mapping[str, Abstract], key: Key, hint: str, absent: bool
    ) -> Choice:
        before = as_choice(self.run, value)
        leaf = self._leaf(key, before.label, hint, absent)
        return Choice(leaf.param, {**before.options, **options})

    def _same_object(self, inner: Object, outer: Object, key: Key | None = None) -> Object:
        """In the first iteration the inner object is the outer one: writes are seen there too."""
        inner.roots = frozenset([inner, *outer.roots])
        if key is not None:
            inner.sites = outer.sites | {carried_site(self.run, self.node, key)}
        share(self.run, inner)
        self.made.add(inner)
        return inner

    def kept_content(self, content: object, key: Key, hint: str, holder: Cell | None = None) -> object:
        """The content of a cell that the loop does not replace: objects in it stay what they are.

        Where an iteration puts another object in its place, the next attempt hands it on by value.
        """
        match content:
            case tuple() if not isinstance(self.memory.types.get(key), SequenceType):
                return tuple(self._kept(item, (*key, k)) for k, item in enumerate(content))
            case Mapping():
                kept = {name: self._kept(item, (*key, name)) for name, item in content.items()}
                new = self.memory.appearing.get(holder, {}).items()
                return kept | {n: self.unbound(v, (*key, n), n) for n, v in new if n not in kept}
            case Order():
                return Order()
            case _:
                return self.content(content, key, hint, holder=holder)

    def unbound(self, value: Abstract, key: Key, hint: str) -> Abstract:
        """A variable without a value before the loop, of which an earlier attempt found what it is after it."""
        flag = self._leaf((*key, "defined"), self.run.constant(False), "", False)
        return MaybeUnbound(self.inside(value, key, hint, absent=True), flag.param)

    def _kept(self, item: Abstract, key: Key) -> Abstract:
        if isinstance(item, Cell) and key not in self.memory.by_value and key not in self.memory.optional:
            return item
        return self.inside(item, key, "")

    def content(
        self, content: object, key: Key, hint: str, *, absent: bool = False, holder: Cell | None = None
    ) -> object:
        """The content of a cell as the body sees it."""
        match content:
            case Value():
                return self._leaf(key, content, hint or content.hint, absent).param
            case tuple():
                known = self.memory.types.get(key)
                if isinstance(known, SequenceType):
                    return self._run_time_list(content, key, hint, known, absent, holder)
                return tuple(
                    self.inside(item, (*key, k), "", absent=absent) for k, item in enumerate(content)
                )
            case Mapping():
                return {
                    name: self.inside(item, (*key, name), "", absent=absent) for name, item in content.items()
                }
            case _:
                return content

    def _run_time_list(
        self,
        items: Sequence[Abstract],
        key: Key,
        hint: str,
        known: SequenceType,
        absent: bool,
        holder: Cell | None,
    ) -> Value:
        if absent:
            # The items are those of an earlier attempt; only their kind is known here.
            return self._leaf(key, Value(known), hint, True).param
        wanted = known.element if known.element != NONE else None
        around = holder if isinstance(holder, ListCell) else None
        value = list_value(self.run, items, self.node, wanted if not items else None, around)
        return self._leaf(key, value, hint, False).param

    def _value(self, value: Abstract, absent: bool) -> Value:
        if absent and isinstance(value, Number):
            return value.value
        if absent and isinstance(value, ArrayCell):
            return value.initial
        return as_value(self.run, value, self.node)

    def _leaf(self, key: Key, value: Value, hint: str, absent: bool) -> Leaf:
        pattern = varying(value.type)
        known = self.memory.types.get(key)
        if known is not None:
            pattern = join_types(pattern, known) or pattern
        param = Value(instantiate(pattern, together=self.together), hint or value.hint)
        leaf = Leaf(key, pattern, None if absent else value, param)
        self.leaves.append(leaf)
        self.by_param[param] = leaf
        return leaf

    def _wrapped(self, key: Key, leaf: Leaf, value: ArrayCell | None = None) -> Abstract:
        if isinstance(leaf.param.type, ArrayType):
            cell = ArrayCell(leaf.param)
            cell.roots |= read_only_roots(value)
            self.made.add(cell)
            self.carried[key] = Carried(cell, value if leaf.entry is not None else None)
            return cell
        return Number(leaf.param)

    def late(self, key: Key, entry: Value | None, result: Value, hint: str) -> Leaf:
        """A leaf that the body never reads: its type comes from the result."""
        result = self.renamed.get(result, result)
        pattern = varying(result.type) if entry is None else join_types(varying(entry.type), result.type)
        assert pattern is not None
        # What an iteration finds is what the one before left, whose lengths were others.
        leaf = Leaf(key, pattern, entry, Value(instantiate(pattern, self.symbols), hint), result)
        self.leaves.append(leaf)
        self.by_param[leaf.param] = leaf
        return leaf

    # After the body

    def match(self, shape: Abstract, end: Abstract | None, key: Key) -> None:
        """Note the results of one slot; the builder and heap are those of the end of the body."""
        if end is None or isinstance(end, Unknown):
            return
        is_given = not is_optional(shape, end)
        if isinstance(shape, Cell) and is_given and (shape in self.choosing or is_followed(self, shape, key)):
            match = match_choice if shape in self.choosing else match_followed
            match(self, shape, end, key)
            return
        if isinstance(end, Conflict) and shape is not end:
            present(self.run, end, self.node)
        if shape is end and not isinstance(shape, TupleValue) and not self._is_param(shape):
            return
        if not is_given:
            match_optional(self, shape, end, key)
            return
        if isinstance(shape, Cell) and shape in self.standing:
            match_place(self, shape, end, key)
            return
        if isinstance(end, ArrayCell | ListCell) and shape is not end and self._is_param(shape):
            note_handed_on(self.run, end, self.node)
        if isinstance(shape, Cell) and key[0] == "cell" and not self._is_param(shape):
            if shape is not end:
                self.memory.by_value.add(key)
                raise Again
            return
        match shape:
            case _ if are_made_alike(shape, end):
                match_function(self.match, shape, end, key)
            case Number(value=param):
                self._match_leaf(param, end, key)
            case Choice():
                self._match_choice(shape, end, key)
            case ArrayCell(initial=param) if param in self.by_param:
                self._match_leaf(param, end, key)
                if isinstance(end, ArrayCell) and key in self.carried:
                    self.carried[key].end, self.carried[key].last = end.roots, end
            case TupleValue(items=items):
                if not isinstance(end, TupleValue) or len(end.items) != len(items):
                    raise Mismatch(key, describe(self.run, shape), describe(self.run, end))
                for k, (inner, last) in enumerate(zip(items, end.items, strict=True)):
                    self.match(inner, last, (*key, k))
            case ListCell() | DictCell() | InstanceCell():
                self._match_object(shape, end, key)
            case MaybeUnbound():
                match_unbound(self, shape, end, key)
            case Static() | Closure() if is_same(shape, end):
                return
            case Static(value=found) if self.run.learnt.ask_set_at_run_time(found):
                raise Restart(None)
            case Static() if is_text(shape) and is_text(end) and not isinstance(end, Static):
                self.memory.types[key] = TEXT
                raise Again
            case _:
                raise self._mismatch(key, shape, end)

    def _match_object(self, shape: ListCell | DictCell | InstanceCell, end: Abstract, key: Key) -> None:
        if not isinstance(end, ListCell | DictCell | InstanceCell) or type(end) is not type(shape):
            raise Mismatch(key, describe(self.run, shape), describe(self.run, end))
        content = held_after(self, end)
        self.match_content(shape.initial, content, key)
        hold_converted(self.run, shape, content, shape.initial)

    def _mismatch(self, key: Key, shape: Abstract, end: Abstract) -> Mismatch:
        options: dict[str, Abstract] | None = None
        if is_choosable(shape) and is_choosable(end):
            options = joined_options(as_choice(self.run, shape), as_choice(self.run, end))
        return Mismatch(key, describe(self.run, shape), describe(self.run, end), options)

    def _match_choice(self, shape: Choice, end: Abstract, key: Key) -> None:
        if not is_choosable(end):
            raise self._mismatch(key, shape, end)
        last = as_choice(self.run, end)
        if last.options.keys() - shape.options.keys():
            options = joined_options(shape, last)
            if options is None:
                raise self._mismatch(key, shape, end)
            self.memory.options[key] = options
            raise Again
        self._note(self.by_param[shape.label], last.label, key)

    def _is_param(self, shape: Abstract) -> bool:
        """Made by `inside`, and not an object from outside that stayed what it is."""
        return isinstance(shape, Cell) and shape in self.made

    def match_content(self, shape: object, end: object, key: Key) -> None:
        """Note the results of the content of one cell."""
        if end is None or isinstance(end, Tainted) or (shape is end and isinstance(shape, Value)):
            return
        if isinstance(end, Conflict):
            present(self.run, end, self.node)
        if isinstance(shape, Value):
            assert isinstance(end, tuple | Value)
            value = end if isinstance(end, Value) else list_value(self.run, end, self.node)
            self._note(self.by_param[shape], value, key)
        elif isinstance(shape, tuple):
            assert isinstance(end, tuple | Value)
            if isinstance(end, Value) or len(end) != len(shape):
                raise Mismatch(key, f"a list of {len(shape)}", "a list of another length")
            for k, (inner, last) in enumerate(zip(shape, end, strict=True)):
                self.match(inner, last, (*key, k))
        elif isinstance(shape, Mapping):
            assert isinstance(end, Mapping)
            if list(shape) != list(end):
                raise Mismatch(key, f"the keys {list(shape)}", f"the keys {list(end)}")
            for name, inner in shape.items():
                self.match(inner, end[name], (*key, name))

    def _match_leaf(self, param: Value, end: Abstract, key: Key) -> None:
        if not isinstance(end, Number | ArrayCell) and not is_literal(end) and not is_text(end):
            raise Mismatch(key, type_text(param.type), describe(self.run, end))
        self._note(self.by_param[param], as_value(self.run, end, self.node), key)

    def _note(self, leaf: Leaf, value: Value, key: Key) -> None:
        if value is not leaf.param:
            note_result(self.run, self.memory.mixed, leaf, value, key)

    def after(self, shape: Abstract, outputs: Mapping[Value, Value]) -> Abstract:
        """The value after the loop: outputs in place of parameters, objects that were not replaced as they are."""
        if isinstance(shape, Cell) and shape in self.choosing:
            return choice_after(self, shape, outputs)  # type: ignore[return-value]
        if isinstance(shape, Cell) and shape in self.following:
            return follow_after(self, shape, outputs)  # type: ignore[return-value]
        if isinstance(shape, Cell) and shape not in self.made:
            return shape
        if isinstance(shape, Cell) and shape in self.standing:
            return stand_after(self, shape, outputs)
        if holds_data(shape):
            return with_each(shape, lambda place, part: self.after(part, outputs))
        match shape:
            case Number(value=param) if param in outputs:
                return self.run.wrap(outputs[param])
            case ArrayCell(initial=param):
                return ArrayCell(outputs.get(param, param))
            case Choice(label=param, options=options):
                return Choice(outputs.get(param, param), options)
            case TupleValue(items=items):
                return replace(shape, items=tuple(self.after(item, outputs) for item in items))
            case ListCell(initial=content) | DictCell(initial=content) | InstanceCell(initial=content):
                made = like(shape, self.content_after(content, outputs), frozen=shape.frozen)
                return self._same_object(made, shape)
            case MaybeNone(value=inner, given=flag, otherwise=other):
                there, instead = self.after(inner, outputs), self.after(other, outputs)
                return self.run.optional(there, outputs.get(flag, flag), instead)
            case MaybeUnbound(value=inner, defined=flag):
                return MaybeUnbound(self.after(inner, outputs), outputs.get(flag, flag))
            case _:
                return shape

    def content_after(self, content: object, outputs: Mapping[Value, Value]) -> object:
        """The content of a cell after the loop."""
        match content:
            case Value():
                return outputs.get(content, content)
            case tuple():
                return tuple(self.after(item, outputs) for item in content)
            case Mapping():
                return {name: self.after(item, outputs) for name, item in content.items()}
            case Order():
                return Order()
            case _:
                return content

    # Types

    def widen(self, nodes: Sequence[Node], first_local: int) -> dict[Value, Value] | None:
        """Parameters to be replaced by wider ones, which are remembered; None to lower the body again."""
        readers = readers_of(nodes, [leaf.param for leaf in self.leaves])
        again = False
        for leaf in self.leaves:
            if leaf.result is not None and leaf.result is not leaf.param:
                self.run.lengths.ask_of_types(leaf.pattern, leaf.result.type)
        changes = changes_of(self.leaves, first_local)
        for leaf, wide in zip(self.leaves, bounds_of(changes, self.memory), strict=True):
            if same_bound(wide, leaf.pattern):
                continue
            self.memory.types[leaf.key] = wide
            leaf.pattern = wide
            wider = Value(instantiate(wide, together=self.together), leaf.param.hint)
            if all(minds_not(node, leaf.param, wider.type) for node in readers.get(leaf.param, ())):
                self.renamed[leaf.param] = wider
            else:
                again = True
        return None if again else self.renamed
