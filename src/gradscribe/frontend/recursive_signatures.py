"""What tells calls of a function apart: a second call of the same kind inside of the first one is recursion.

In:  a function and the arguments of a call.   Out: a key.
Not here: making a graph of a recursive function (recursion.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradscribe.frontend.joins import VARYING
from gradscribe.frontend.leaves import varying
from gradscribe.frontend.operands import resolved
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import PASSED_WHOLE, Abstract, Cell, Choice, MaybeNone, Number
from gradscribe.ir.lengths import ONE
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf, Structure
from gradscribe.ir.types import ArrayType, SequenceType, TupleType, Type


@dataclass(frozen=True, slots=True)
class Above:
    """Stands for an object inside of itself: it is that which is so many levels further out."""

    levels: int


class SignatureTaker(Taker):
    """Takes apart the arguments of a call, to tell it from others.

    What may be None is a flag and the value, what is chosen from things known now is a label and these.
    """

    takes_rows = True

    def take(self, value: Abstract) -> Structure:
        """The structure of a value."""
        value = resolved(self.run, value, self.node)
        if isinstance(value, Choice):
            keys, options = value.options.keys(), value.options.values()
            return self._container(ContainerKind.TUPLE, Choice, ("", *keys), (Number(value.label), *options))
        if not isinstance(value, MaybeNone) or not self.is_pair(value):
            return super().take(value)
        parts = (Number(value.given), value.value, value.otherwise)
        return self._container(ContainerKind.TUPLE, MaybeNone, ("has", "", "otherwise"), parts)

    def again(self, cell: Cell) -> Structure:
        """The structure of an object inside of itself."""
        return Fixed(Above(len(self.around) - self.around.index(cell)))

    def is_pair(self, optional: MaybeNone) -> bool:
        """Whether it is taken apart."""
        return True


def signature_of(run: Lowering, identity: object, bound: Mapping[str, Abstract]) -> object:
    """A key: equal for two calls of one function with arguments of the same kinds."""
    taker = SignatureTaker(run, None, keep_literals=True)
    with run.block():
        parts = tuple((name, _frozen(taker.take(value))) for name, value in bound.items())
    return identity, parts, tuple((_pattern(value.type), value in run.mixed) for value in taker.leaves)


def _frozen(structure: Structure) -> object:
    match structure:
        case Leaf():
            return "leaf"
        case Fixed(value=Above() as above):
            return above
        case Fixed(value=value):
            return _known(value)
        case Container(kind, type_, keys, children):
            return kind, type_, tuple(map(str, keys)), tuple(map(_frozen, children))


def _known(value: object) -> object:
    """Equal for two values of which a function makes the same; sets, and tuples in them, go by items in order."""
    if isinstance(value, bool | int | float | complex | str | bytes | type(None)):
        return type(value).__name__, repr(value)
    if isinstance(value, set | frozenset) and type(value) in (set, frozenset):
        return type(value).__name__, tuple(map(_known, value))
    if isinstance(value, tuple) and type(value) is tuple:
        return "tuple", tuple(map(_known, value))
    return "object", _identity(value)


def _identity(value: object) -> object:
    """Functions of this lowering stand for themselves: once one is gone, another may have its `id`."""
    return value if isinstance(value, PASSED_WHOLE) else id(value)


def _pattern(type_: Type) -> object:
    match type_:
        case ArrayType(dtype, shape):
            return str(dtype), tuple(length == ONE for length in shape)
        case SequenceType(element):
            return "list", _pattern(element)
        case TupleType(elements, label):
            return "tuple", label, tuple(map(_pattern, elements))
        case _:
            return str(type_)


def general(type_: Type) -> Type:
    """The bound of the types of an argument at all calls: no length is known but those that are 1."""
    match type_:
        case ArrayType(dtype, shape):
            return ArrayType(dtype, tuple(n if n == ONE else VARYING for n in shape))
        case SequenceType(element):
            return SequenceType(general(element))
        case TupleType(elements, label):
            return TupleType(tuple(map(general, elements)), label)
    return varying(type_)
