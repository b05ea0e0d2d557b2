"""What functions hold that the derivative's function makes: variables of functions that have returned.

    def scaled(a):                      after `f = scaled(x[i])` the function `f` holds `a`, as an object would;
        return lambda v: a * v          of two such functions, made alike, one is joined from what they hold

A function that reads variables of one that still runs holds nothing: it reads them when it is called.

In:  functions as abstract values.   Out: what they hold, by place; functions that hold something else.
Not here: joining after branches (merging.py), around loops (slots.py, late.py).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace

from gradscribe.frontend.labels import is_same
from gradscribe.frontend.state import Frame
from gradscribe.frontend.syntax import names_read
from gradscribe.frontend.values import Abstract, BoundMethod, Choice, Closure, PartialCall, Static

Parts = dict[Hashable, Abstract]


def parts_of_function(value: object) -> Parts:
    """What a function holds, by place; nothing for other values."""
    match value:
        case Closure(defaults=defaults):
            found: Parts = {("default", name): default for name, default in defaults.items()}
            for depth, frame in enumerate(_returned(value)):
                found.update({("name", depth, name): frame.names[name] for name in _names(value, frame)})
                if frame.box is not None:
                    found["box", depth] = frame.box
            return found
        case PartialCall(function=function, args=args, kwargs=kwargs):
            given: Parts = {("arg", place): arg for place, arg in enumerate(args)}
            return {"function": function, **given, **{("keyword", name): arg for name, arg in kwargs.items()}}
        case BoundMethod(owner=owner):
            return {"owner": owner}
    return {}


def _returned(closure: Closure) -> Iterator[Frame]:
    """The frames around a function, from the inside, that are not active any more."""
    frame: Frame | None = closure.frame
    while frame is not None and frame.has_returned:
        yield frame
        frame = frame.parent


def _names(closure: Closure, frame: Frame) -> list[str]:
    """The variables of a frame that a function reads, or functions made there that it reads."""
    found: dict[str, bool] = {}
    pending = [closure.function]
    while pending:
        for name in names_read(pending.pop()):
            if name in frame.names and name not in found:
                item = frame.names[name]
                found[name] = isinstance(item, Closure) and item.frame is frame
                pending += [item.function] if isinstance(item, Closure) and found[name] else []
    return sorted(name for name, is_made_there in found.items() if not is_made_there)


def are_made_alike(left: object, right: object) -> bool:
    """Two functions made in the same way, which differ in what they hold."""
    match left, right:
        case Closure(), Closure():
            return (
                left.function is right.function
                and not (left.scopes or right.scopes)
                and _origin(left) == _origin(right)
                and parts_of_function(left).keys() == parts_of_function(right).keys()
            )
        case PartialCall(last=one), PartialCall(last=two):
            return one is two and parts_of_function(left).keys() == parts_of_function(right).keys()
        case BoundMethod(function=one), BoundMethod(function=two):
            return is_same(one, two)
    return False


def _origin(closure: Closure) -> tuple[list[object], int]:
    """The functions that have returned around a function, and the frame around the outermost of them."""
    frames = list(_returned(closure))
    outside = frames[-1].parent if frames else closure.frame
    return [frame.captured.function for frame in frames], id(outside)


def holds_data(value: object) -> bool:
    """A function that holds what only the run knows; of others, the run chooses one by its label."""
    return any(not _is_known(part) for part in parts_of_function(value).values())


def _is_known(part: Abstract) -> bool:
    if isinstance(part, Closure | PartialCall):
        return not holds_data(part)
    return isinstance(part, Static)


def with_each(value: Abstract, change: Callable[[Hashable, Abstract], Abstract]) -> Abstract:
    """The function that holds, of each thing that this one holds, what it is changed to."""
    parts = parts_of_function(value)
    changed = {place: change(place, part) for place, part in parts.items()}
    return with_parts(value, changed) if any(changed[k] is not part for k, part in parts.items()) else value


def match_function(
    match: Callable[[Abstract, Abstract, tuple[Hashable, ...]], None],
    shape: Abstract,
    end: Abstract,
    key: tuple[Hashable, ...],
) -> None:
    """Match what a function holds with what one made alike holds."""
    last = parts_of_function(end)
    for place, part in parts_of_function(shape).items():
        match(part, last[place], (*key, place))


def with_parts(value: Abstract, parts: Mapping[Hashable, Abstract]) -> Abstract:
    """A function made in the same way that holds these."""
    match value:
        case Closure(defaults=defaults):
            given = {name: parts["default", name] for name in defaults}
            return replace(value, defaults=given, frame=_frame(list(_returned(value)), 0, parts, value.frame))
        case PartialCall(args=args, kwargs=kwargs):
            places = tuple(parts["arg", place] for place in range(len(args)))
            named = {name: parts["keyword", name] for name in kwargs}
            return replace(value, function=parts["function"], args=places, kwargs=named)
        case BoundMethod():
            return replace(value, owner=parts["owner"])
    return value


def _frame(frames: list[Frame], depth: int, parts: Mapping[Hashable, Abstract], outside: Frame) -> Frame:
    if depth == len(frames):
        return outside if not frames else frames[-1].parent  # type: ignore[return-value]
    before = frames[depth]
    made = copy.copy(before)
    made.parent = _frame(frames, depth + 1, parts, outside)
    made.names = {name: parts.get(("name", depth, name), item) for name, item in before.names.items()}
    for name, item in made.names.items():
        if isinstance(item, Closure) and item.frame is before:
            made.names[name] = replace(item, frame=made)
    if before.box is not None:
        made.box = parts["box", depth]  # type: ignore[assignment]
    return made


def joined_function(
    left: Abstract | None,
    right: Abstract | None,
    join: Callable[[Hashable, Abstract | None, Abstract | None], Abstract],
) -> Abstract | None:
    """One function made of two that were made alike, or of one alone; None where they hold nothing or differ."""
    known = left if left is not None else right
    parts = parts_of_function(known)
    if (
        known is None
        or not parts
        or (left is not None and right is not None and not are_made_alike(left, right))
    ):
        return None
    one, two = parts_of_function(left), parts_of_function(right)
    return with_parts(known, {key: join(key, one.get(key), two.get(key)) for key in parts})


def merged_function(
    merge: Callable[[Abstract | None, Abstract | None, str], Abstract],
    left: Abstract | None,
    right: Abstract | None,
) -> Abstract | None:
    """`joined_function` of one function of each branch, joined as all values are."""
    return joined_function(left, right, lambda _, one, two: merge(one, two, ""))


def functions_alone(
    merge: Callable[[Abstract | None, Abstract | None, str], Abstract],
    left: Abstract | None,
    right: Abstract | None,
) -> tuple[Abstract | None, Abstract | None]:
    """Two functions among which a condition chooses, with what they hold as it is after the branches."""
    return (
        _alone(left, lambda part: merged_function(merge, part, None)),
        _alone(right, lambda part: merged_function(merge, None, part)),
    )


def _alone(value: Abstract | None, merged: Callable[[Abstract], Abstract | None]) -> Abstract | None:
    """A function, or each of those of which one is chosen."""
    if isinstance(value, Choice):
        return replace(value, options={label: merged(part) or part for label, part in value.options.items()})
    return value if value is None else merged(value) or value
