"""Adding up cotangents: the only place where contributions are combined and un-broadcast.

A cotangent is kept in the cheapest form that is exact: nothing (zero), a value that may have fewer dimensions than
its primal (it then counts as repeated), a selection that is applied last (`Masked`), or an accumulator with the
full shape, to which indexed contributions are added in place.

In:  contributions of rules.   Out: one value per primal.
Not here: the order in which nodes are visited (reverse.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.ad.broadcasting import cast_to, full_shape, is_larger, is_smaller, reduce_to
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Value
from gradscribe.ir.template import shift
from gradscribe.ir.types import (
    ArrayType,
    ResidualsType,
    ScalarType,
    SequenceType,
    TupleType,
    as_python,
    dtype_of,
    is_inexact,
    is_number,
)
from gradscribe.location import Location
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.spec import At, Contribution, Dense, Masked, NoRule, Unsupported

ITEMS = frozenset({"list_get", "list_pop", "list_delete"})
"""Operations that give an item of a list."""


class Cotangents:
    """Cotangents of the values of one block, while its reverse sweep is being written.

    Attributes:
        b: builder of the reverse sweep.
        wanted: values whose cotangent somebody needs; contributions to others are dropped.
        absent: values that may be absent, and then have no cotangent.
        selected: values whose cotangent may be zero at some elements because a selection did not take them.
        unbounded: values whose cotangent may be infinite where they are finite, as that of the operand of `sqrt`.
    """

    def __init__(
        self, b: OpBuilder, wanted: frozenset[Value], absent: frozenset[Value] = frozenset()
    ) -> None:
        self.b = b
        self.wanted = wanted
        self.absent = absent
        self.selected: set[Value] = set()
        self.unbounded: set[Value] = set()
        self._found: dict[Value, Value | Masked] = {}
        self._parts: dict[Value, list[tuple[At, Location | None]]] = {}
        self._computed: set[Value] = set()
        self._items: set[Value] = set()
        self._nodes_seen = 0

    def add(self, primal: Value, contribution: Contribution | Value | None) -> None:
        """Add a contribution to the cotangent of `primal`."""
        if contribution is None or primal not in self.wanted or not is_inexact(primal.type):
            return
        if isinstance(contribution, NoRule):
            raise Unsupported(contribution.why, contribution.fix)
        if isinstance(contribution, At):
            self._parts.setdefault(primal, []).append((contribution, self.b.location))
            return
        new = self._fit(contribution, primal)
        old = self._found.get(primal)
        if old is not None:
            new = self._sum(primal, self._plain(primal, old), self._plain(primal, new))
        self._found[primal] = new

    def replace(self, primal: Value, accumulated: Value) -> None:
        """Set a cotangent that already contains what was there before (an accumulator that came back)."""
        self._found[primal] = accumulated

    def has(self, primal: Value) -> bool:
        """Whether a contribution has arrived."""
        return primal in self._found or primal in self._parts

    def lazy(self, primal: Value) -> Dense | Masked | None:
        """The cotangent in its cheapest form: for elementwise rules, which broadcast and keep selections."""
        if primal in self._parts:
            self.dense(primal)
        found = self._found.get(primal)
        if found is None or isinstance(found, Masked):
            return found
        self._name(primal, found)
        return Dense(found)

    def hand_on(self, primal: Value, to: Cotangents) -> None:
        """Add everything that has arrived at `primal` to its cotangent in another collection."""
        to.add(primal, self._found.get(primal))
        for part, location in self._parts.get(primal, ()):
            with to.b.at(location):
                to.add(primal, part)

    def plain(self, primal: Value) -> Value | None:
        """The cotangent with its selection applied; it may still broadcast to the shape of its primal."""
        if primal in self._parts:
            return self.dense(primal)
        found = self._found.get(primal)
        if found is None:
            return None
        self._found[primal] = value = self._plain(primal, found)
        self._name(primal, value)
        return value

    def dense(self, primal: Value, like: Value | None = None) -> Value | None:
        """The cotangent with the full shape of its primal, or None for zero.

        Args:
            primal: whose cotangent.
            like: a value of the same shape to take the shape from, when the primal itself should not be read.
        """
        found = self._found.get(primal)
        parts = self._parts.pop(primal, [])
        if found is None and not parts:
            return None
        if found is None:
            value = self.b.op("zeros_like", like or primal)
        else:
            value = self._plain(primal, found)
            if is_number(primal.type):
                shaped = like or primal
                value = full_shape(self.b, value, shaped, optional=shaped in self.absent)
        # The first read comes first: in `u[a:b] += v` it is that of the part which the store has just cleared.
        for part, location in reversed(parts):
            self._name(primal, value)
            with self.b.at(location):
                value = self._add_at(primal, value, part)
        self._found[primal] = value
        self._name(primal, value)
        return value

    def _name(self, primal: Value, value: Value) -> None:
        if primal.hint and not value.hint and self._is_computed_here(value):
            name_value(value, f"d_{primal.hint}")

    def _is_computed_here(self, value: Value) -> bool:
        """Not a literal, nor a primal value that happens to be the cotangent (of x in x * (a + b))."""
        self._see_nodes()
        return value in self._computed

    def _see_nodes(self) -> None:
        for node in self.b.nodes[self._nodes_seen :]:
            if node.op.name != "constant":
                self._computed.update(node.outputs)
            if node.op.name in ITEMS:
                self._items.update(node.outputs)
        self._nodes_seen = len(self.b.nodes)

    def _may_be_none(self, primal: Value, parts: Sequence[Value]) -> bool:
        """The cotangents of what may be absent; a number has 0.0 then, but as an item of a list."""
        if primal not in self.absent or isinstance(primal.type, ArrayType):
            return primal in self.absent
        self._see_nodes()
        return not self._items.isdisjoint(parts)

    def _fit(self, contribution: Value | Dense | Masked, primal: Value) -> Value | Masked:
        if isinstance(contribution, Masked):
            self.selected.add(primal)
            if not is_larger(contribution.condition.type, primal.type) and not is_larger(
                contribution.value.type, primal.type
            ):
                value = cast_to(self.b, contribution.value, primal.type)
                return Masked(value, contribution.condition, contribution.taken_if)
            contribution = select(self.b, contribution)
        value = contribution.value if isinstance(contribution, Dense) else contribution
        if is_number(primal.type) and is_larger(value.type, primal.type):
            value = reduce_to(self.b, value, value, primal, optional=primal in self.absent)
        return cast_to(self.b, value, primal.type)

    def _plain(self, primal: Value, found: Value | Masked) -> Value:
        """Apply a pending selection, in the dtype of the primal: two Python numbers would make one of float64."""
        if isinstance(found, Value):
            return found
        given, wanted = as_python(found.value.type), dtype_of(primal.type)
        if isinstance(given, ScalarType) and given.dtype != wanted and given.dtype.kind == wanted.kind:
            value = self.b.op("astype", found.value, dtype=wanted)
            found = Masked(value, found.condition, found.taken_if)
        return cast_to(self.b, select(self.b, found), primal.type)

    def _sum(self, primal: Value, old: Value, new: Value) -> Value:
        if isinstance(primal.type, SequenceType | TupleType | ResidualsType):
            return self.b.op("add_lists", old, new)
        # A contribution of fewer dimensions comes from reading the primal, which then is there.
        whole = not is_smaller(old.type, primal.type) and not is_smaller(new.type, primal.type)
        if whole and self._may_be_none(primal, (old, new)):
            return self.b.op("add_lists", old, new, optional=True)
        if is_smaller(old.type, primal.type) and not is_smaller(new.type, primal.type):
            old, new = new, old
        return self.b.op("add", old, new)

    def _add_at(self, primal: Value, accumulator: Value, part: At) -> Value:
        """Add to part of an accumulator.

        Indexed contributions wait until the cotangent is asked for: one that comes with the full shape may still
        arrive, and the others are then added to it in place, not to zeros of their own.
        """
        b = self.b
        if isinstance(primal.type, SequenceType):
            return b.op("list_accumulate", accumulator, *part.inputs, part.value)
        # Rules write their index over their own inputs; the node has the accumulator and the value before them.
        attrs = {"index": shift(part.index, 2), "repeats": part.repeats}
        value = cast_to(b, part.value, primal.type)
        return b.apply("accumulate_at", (accumulator, value, *part.inputs), attrs)[0]


def select(b: OpBuilder, masked: Masked) -> Value:
    """`where(condition, value, 0)`."""
    if masked.taken_if:
        return b.op("where", masked.condition, masked.value, 0.0)
    return b.op("where", masked.condition, 0.0, masked.value)
