"""What nested functions find around them when they are called: the variables they read and what those hold.

A function that becomes a graph of its own is lowered once. That serves another call only if it would find the
same things there.

In:  functions and arguments of a call.   Out: a list of what was found, and whether two such lists are the same.
Not here: making the graph (recursion.py), how a name is found (scope.py).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from gradscribe.frontend.liveness import local_names
from gradscribe.frontend.state import Frame, Lowering
from gradscribe.frontend.syntax import FunctionSyntax, body_of, names_read, parameters_of
from gradscribe.frontend.values import (
    PASSED_WHOLE,
    ArrayCell,
    BoundMethod,
    Cell,
    Choice,
    Closure,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    MaybeUnbound,
    Method,
    Object,
    PartialCall,
    SuperValue,
    TupleValue,
    bare,
)
from gradscribe.ir.graph import Value

Found = list[object]

WHOLE = object()
"""Stands for all of what an array or run-time list holds, where otherwise the key of an entry does."""


def surroundings(
    run: Lowering,
    syntax: FunctionSyntax,
    parent: Frame | None,
    given: Iterable[object],
    changed: Container[tuple[Cell, object]] = (),
) -> Found:
    """What a function reads from outside, and what the functions among its arguments do.

    What it changes there, all of an object or one entry, is passed at each call.
    """
    reader = _Reader(run, changed)
    reader.follow_names(syntax, parent)
    for table in run.tables.values():
        # Read and changed through any object that is a row.
        reader.follow_all(table.columns.values())
    for value in given:
        # Numbers and arrays are passed at each call.
        for function in _functions(run, value):
            reader.follow(function)
    outside = _Reader(run, changed)
    for value in run.hidden_values.values():
        outside.follow(value)
    # What lies outside of all functions counts where it was written to: it is met only when it is first read.
    for cell, content in outside.contents:
        if content is not cell.initial:  # type: ignore[attr-defined]
            reader.found += (cell, content)
    return reader.found


def objects_around(
    run: Lowering, syntax: FunctionSyntax, parent: Frame | None, changed: Container[tuple[Cell, object]]
) -> list[Cell]:
    """The objects outside of a function that it reaches by names, but for entries that are passed at each call."""
    reader = _Reader(run, changed)
    reader.follow_names(syntax, parent)
    for value in run.hidden_values.values():
        reader.follow(value)
    return [cell for cell, _ in reader.contents]


def contents_of(run: Lowering, value: object) -> tuple[tuple[Cell, object], ...]:
    """The objects that can be read through a value, and what each holds now."""
    reader = _Reader(run, ())
    reader.follow(value)
    return tuple(reader.contents)


def objects_in(run: Lowering, value: object) -> Iterator[Cell]:
    """The objects that a value is or holds, each as often as it is found."""
    match value:
        case TupleValue(items=items):
            parts: tuple[object, ...] = tuple(items)
        case MaybeNone(value=held, otherwise=otherwise):
            parts = (held, otherwise)
        case ListCell() | DictCell() | InstanceCell():
            parts = tuple(_items(run.heap.get(value, value.initial)))
        case _:
            parts = ()
    if isinstance(value, Object):
        yield value
    for part in parts:
        yield from objects_in(run, part)


def are_same(before: Found, now: Found) -> bool:
    """The same objects in the same order."""
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))


def _functions(run: Lowering, value: object) -> Iterator[object]:
    """The functions that an argument is or holds."""
    value = bare(value)
    if isinstance(value, PASSED_WHOLE):
        yield value
    elif isinstance(value, TupleValue):
        for item in value.items:
            yield from _functions(run, item)
    elif isinstance(value, Object) and value.chosen is not None:
        for one in value.chosen.cells:
            yield from _functions(run, one)
    elif isinstance(value, ListCell | DictCell | InstanceCell):
        content = run.heap.get(value, value.initial)
        for part in _items(content):
            yield from _functions(run, part)


def _items(content: object) -> Iterable[object]:
    """What a container holds, where that is known now."""
    if isinstance(content, Mapping):
        return content.values()
    return content if isinstance(content, tuple) else ()


class _Reader:
    def __init__(self, run: Lowering, changed: Container[tuple[Cell, object]]) -> None:
        self.run = run
        self.changed = changed
        self.found: Found = []
        self.contents: list[tuple[Cell, object]] = []
        self.seen: dict[int, object] = {}

    def follow(self, value: object) -> None:
        """Note a value, and all that can be read through it."""
        self.found.append(value)
        if id(value) in self.seen:
            return
        self.seen[id(value)] = value
        match value:
            case Cell():
                self._follow_cell(value)
            case Closure(function=function, frame=frame, defaults=defaults):
                self.follow_names(function, frame)
                self.follow_all(defaults.values())
            case BoundMethod(function=function, owner=owner):
                self.follow_all((function, owner))
            case PartialCall(function=function, args=args, kwargs=kwargs):
                self.follow_all((function, *args, *kwargs.values()))
            case Method(owner=owner) | SuperValue(owner=owner):
                self.follow(owner)
            case TupleValue(items=items):
                self.follow_all(items)
            case MaybeUnbound(value=held) | MaybeNone(value=held):
                self.follow(held)
            case Choice(options=options):
                self.follow_all(options.values())

    def follow_names(self, syntax: FunctionSyntax, frame: Frame | None) -> None:
        """The variables of the functions around that are read somewhere in a function."""
        own = local_names((parameter.name.value for parameter in parameters_of(syntax)), body_of(syntax))
        for name in sorted(set(names_read(syntax)) - own):
            around = frame
            while around is not None and name not in around.names and around.boxed(name) is None:
                around = around.parent
            if around is not None:
                self._follow_variable(around, name)

    def _follow_variable(self, frame: Frame, name: str) -> None:
        if name in frame.names:
            self.follow(frame.names[name])
            return
        box = frame.boxed(name)
        assert box is not None
        content = self.run.heap.get(box, box.initial)
        assert isinstance(content, Mapping)
        if name in content and (box, name) not in self.changed:
            self.follow(content[name])

    def _follow_cell(self, cell: Cell) -> None:
        if cell.place is not None:
            self.follow(cell.place.holder)
        if isinstance(cell, ArrayCell) and cell.view is not None:
            self.follow(cell.view.base)
            return
        if cell.chosen is not None:
            self.follow_all((*cell.chosen.cells, *cell.chosen.flags))
            return
        content = self.run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
        if (cell, WHOLE) in self.changed:
            return
        self.contents.append((cell, content))
        if isinstance(content, Value):
            self.found.append(content)
        items = content.items() if isinstance(content, Mapping) else enumerate(_items(content))
        self.follow_all(item for key, item in items if (cell, key) not in self.changed)

    def follow_all(self, values: Iterable[object]) -> None:
        """Note several values."""
        for value in values:
            self.follow(value)
