"""What is known of keys that were looked up: a dict that has a key still has it later, in the same place.

Entries stay in the dicts of a program in which none is taken out, so that `d[k] += v` looks `k` up once, and
`if k in d: d[k] = ...` asks once.

In:  dicts that are asked at run time, and keys.   Out: places and answers that are known already.
Not here: asking (keyed.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gradscribe.frontend.values import Abstract, Number, Static, TupleValue
from gradscribe.ir.graph import Node, Value

if TYPE_CHECKING:
    from gradscribe.frontend.state import Lowering

MAX_DEPTH = 4
SAME_AGAIN = frozenset(
    {"get_item", "astype", "convert", "add", "sub", "mul", "neg", "mod", "floordiv", "constant"}
)
"""Operations that give an equal key for equal operands."""

Question = tuple[Value, Hashable]


@dataclass(frozen=True)
class KnownKeys:
    """What is known at a point of a block.

    Attributes:
        there: the keys that a dict has, with their places where these are known.
        asked: what said whether a dict has a key, unless a dict got another key since.
        missing: the keys that a dict has not, likewise.
        whole: all the keys that a dict has, likewise.
        entered: how many keys dicts have got on the way.
        entering: the call that looks up what is about to be stored.
    """

    there: Mapping[Question, Value | None] = field(default_factory=dict)
    asked: Mapping[Question, Value] = field(default_factory=dict)
    missing: frozenset[Question] = frozenset()
    whole: Mapping[Value, frozenset[Hashable]] = field(default_factory=dict)
    entered: int = 0
    entering: object = None

    def lasting(self) -> KnownKeys:
        """What still holds in a later iteration of a loop around there, or after one."""
        return KnownKeys(self.there, entered=self.entered)

    def after(self, inside: KnownKeys) -> KnownKeys:
        """What holds after a block, whose end is given."""
        return self if inside.entered == self.entered else KnownKeys(self.there, entered=inside.entered)

    def after_call(self) -> KnownKeys:
        """What holds after a call of another graph, which may have made entries."""
        return KnownKeys(self.there, entered=self.entered + 1)

    def everywhere(self, run: Lowering) -> KnownKeys:
        """What holds in a function that is called from other points, too: the keys that dicts were made with."""
        made = {
            question: place
            for question, place in self.there.items()
            if place is not None and run.makers[place].op.name == "constant"
        }
        return KnownKeys(made, entered=self.entered)

    def with_key(self, question: Question, place: Value | None) -> KnownKeys:
        """The dict has this key."""
        return replace(self, there={**self.there, question: place})

    def with_new_key(self, question: Question) -> KnownKeys:
        """The dict got this key: another key may be equal to it, and another name may be that of this dict."""
        places, key = question
        whole = {places: self.whole[places] | {key}} if places in self.whole else {}
        return KnownKeys({**self.there, question: None}, whole=whole, entered=self.entered + 1)

    def with_dict(self, places: Value, keys: Mapping[Hashable, Value]) -> KnownKeys:
        """A dict was made, which has these keys at these places."""
        there = {(places, key): place for key, place in keys.items()}
        return replace(self, there={**self.there, **there}, whole={**self.whole, places: frozenset(keys)})

    def lacks(self, question: Question) -> bool:
        """Whether a dict surely has no such key."""
        places, key = question
        whole = self.whole.get(places)
        return question in self.missing or (whole is not None and all(_differ(key, other) for other in whole))

    def with_answer(self, question: Question, answer: Value) -> KnownKeys:
        """Whether the dict has this key was asked."""
        return replace(self, asked={**self.asked, question: answer})

    def where(self, run: Lowering, condition: Value, holds: bool) -> KnownKeys:
        """Where this condition holds, or does not: it may be an answer, or its opposite."""
        made = run.makers.get(condition)
        if made is not None and made.op.name == "bool_not":
            return self.where(run, made.inputs[0], not holds)
        about = [question for question, answer in self.asked.items() if answer is condition]
        if not about:
            return self
        if not holds:
            return replace(self, missing=self.missing | frozenset(about))
        return replace(self, there={**dict.fromkeys(about), **self.there})

    def met(self, other: KnownKeys) -> KnownKeys:
        """Where two ways meet."""
        there = {
            question: place if place is other.there[question] else None
            for question, place in self.there.items()
            if question in other.there
        }
        asked = {
            question: answer for question, answer in self.asked.items() if other.asked.get(question) is answer
        }
        whole = {places: keys for places, keys in self.whole.items() if other.whole.get(places) == keys}
        entered = max(self.entered, other.entered)
        return KnownKeys(there, asked, self.missing & other.missing, whole, entered)


def _differ(key: Hashable, other: Hashable) -> bool:
    """Whether two keys are surely not equal: literals of one kind."""
    match key, other:
        case (type() as kind, _), (type() as other_kind, _):
            return kind is other_kind and kind in (int, str) and key != other
    return False


def question_of(run: Lowering, places: Value, key: Abstract) -> Question:
    """What tells apart lookups: equal for keys that are computed alike."""
    return places, _form(run, key)


def _form(run: Lowering, key: Abstract) -> Hashable:
    match key:
        case Static(value=found):
            return type(found), found
        case TupleValue(items=items):
            return tuple(_form(run, item) for item in items)
        case Number(value=found):
            return _form_of_value(run, found, MAX_DEPTH)
        case _:
            return id(key), key


def _form_of_value(run: Lowering, value: Value, depth: int) -> Hashable:
    made = run.makers.get(value)
    if made is None or depth == 0 or made.op.name not in SAME_AGAIN:
        return value
    operands = tuple(_form_of_value(run, operand, depth - 1) for operand in made.inputs)
    if made.op.name == "constant":
        return type(made.attrs["value"]), made.attrs["value"]
    return made.op.name, operands, _attrs(made)


def _attrs(node: Node) -> Hashable:
    return tuple(sorted((name, repr(value)) for name, value in node.attrs.items()))
