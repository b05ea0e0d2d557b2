"""The reversal of `for` and `while`.

The forward loop collects what the reverse body reads, one list per residual; the reverse loop is a `for` over the
executed iterations with the direction flipped, whose per-iteration inputs are those lists. Cotangents of carried
values are carried backwards; cotangents of captured values are accumulators, carried and updated in place;
cotangents of per-iteration inputs are collected, and those of collected outputs are per-iteration inputs.

In:  a loop node and its cotangents.   Out: the extended forward node; a `for` node in the reverse sweep.
Not here: what is saved (residuals.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradscribe.ad.blocks import grown_type, plan_for, stays_python, zero_if_any
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.residuals import ResidualPlan
from gradscribe.ad.state import BlockPullback, Sweep
from gradscribe.analysis.overwriting import same_storage
from gradscribe.ir.control import ForView, WhileView, collected_value
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import (
    INT,
    ArrayType,
    ScalarType,
    SequenceType,
    dtype_of,
    is_inexact,
    is_number,
    loosened,
    shape_of,
)


@dataclass(frozen=True)
class _Loop:
    """A `for` or `while` seen in one way.

    Attributes:
        index: the body's parameter for the value of the range, None for `while`.
        elements, carried, captured: groups of body parameters.
        sequences, initial, outside: the inputs they stand for.
        carried_results, collected_results: groups of body results.
        final, collected: the outputs they become.
    """

    node: Node
    body: Block
    index: Value | None
    elements: Sequence[Value]
    carried: Sequence[Value]
    captured: Sequence[Value]
    sequences: Sequence[Value]
    initial: Sequence[Value]
    outside: Sequence[Value]
    carried_results: Sequence[Value]
    collected_results: Sequence[Value]
    leave: Value | None
    final: Sequence[Value]
    collected: Sequence[Value]

    @property
    def first_carried(self) -> int:
        """Position of the first carried parameter of the body."""
        return (self.index is not None) + len(self.elements)


@dataclass(frozen=True)
class _Active:
    """Which parts take part in the derivative, as positions in their groups.

    Attributes:
        restored: carried storages that the reverse loop carries backwards.
        requested: whether the reverse sweep outside wants one of them as it was before the loop.
    """

    varied_params: tuple[bool, ...]
    carried: list[int]
    captured: list[int]
    elements: list[int]
    collected: list[int]
    restored: list[int]
    requested: bool


def reverse_for(sweep: Sweep, node: Node) -> Node:
    """Emit the reverse loop; return the forward one, collecting residuals."""
    view = ForView.of(node)
    loop = _Loop(
        node,
        view.body,
        view.index,
        view.elements,
        view.carried_params,
        view.captured_params,
        view.sequences,
        view.initial,
        view.captured,
        view.carried_results,
        view.collected_results,
        view.leave,
        view.final,
        view.collected,
    )

    def extend(body: Block, saved: Sequence[Value]) -> Node:
        lists = [collected_value(value) for value in saved]
        return ForView.make(
            (view.start, view.stop, view.step),
            body,
            sequences=view.sequences,
            initial=view.initial,
            captured=view.captured,
            outputs=_insert(view.outputs, lists, last=view.leaves),
            backwards=view.backwards,
            leaves=view.leaves,
            location=node.location,
            derivative=node.derivative,
        )

    bounds = (view.start, view.stop, view.step)
    if view.trips is not None:
        bounds = _executed_range(sweep, view, view.trips)
    return _reverse_loop(sweep, loop, bounds, not view.backwards, extend)


def reverse_while(sweep: Sweep, node: Node) -> Node:
    """Emit the reverse loop, a `for` over the trips that were made; return the forward one."""
    view = WhileView.of(node)
    loop = _Loop(
        node,
        view.body,
        None,
        (),
        view.carried_params,
        view.captured_params,
        (),
        view.initial,
        view.captured,
        view.carried_results,
        view.collected_results,
        view.leave,
        view.final,
        view.collected,
    )

    def extend(body: Block, saved: Sequence[Value]) -> Node:
        lists = [collected_value(value) for value in saved]
        return WhileView.make(
            view.condition,
            body,
            initial=view.initial,
            captured=view.captured,
            outputs=_insert(view.outputs, lists, last=True),
            leaves=view.leaves,
            location=node.location,
            derivative=node.derivative,
        )

    b = sweep.b
    return _reverse_loop(sweep, loop, (b.constant(0), view.trips, b.constant(1)), True, extend)


def _executed_range(sweep: Sweep, view: ForView, trips: Value) -> tuple[Value, Value, Value]:
    """start, stop and step of the iterations that ran before the loop was left."""
    b = sweep.b
    covered = trips if b.literal(view.step) == 1 else b.op("mul", trips, view.step)
    stop = covered if b.literal(view.start) == 0 else b.op("add", view.start, covered)
    return view.start, stop, view.step


def _insert(outputs: Sequence[Value], lists: Sequence[Value], *, last: bool) -> list[Value]:
    """Outputs with further collected lists; the trip count, if any, stays last."""
    end = len(outputs) - last
    return [*outputs[:end], *lists, *outputs[end:]]


def _reverse_loop(
    sweep: Sweep,
    loop: _Loop,
    bounds: tuple[Value, Value, Value],
    backwards: bool,
    extend: Callable[[Block, Sequence[Value]], Node],
) -> Node:
    active = _active_parts(sweep, loop)
    if not (active.carried or active.captured or active.elements or active.requested):
        return loop.node
    reversal = _Reversal(sweep, loop, active)
    plan = reversal.plan
    body = Block(
        loop.body.params,
        tuple(plan.forward),
        (*loop.carried_results, *loop.collected_results, *plan.saved, *_optional(loop.leave)),
    )
    forward = extend(body, plan.saved)
    first = len(loop.initial) + len(loop.collected_results)
    lists = forward.outputs[first : first + len(plan.saved)]
    reversal.emit(bounds, backwards, lists)
    return forward if plan.saved or plan.forward != list(loop.body.nodes) else loop.node


def _optional(value: Value | None) -> tuple[Value, ...]:
    return () if value is None else (value,)


def _active_parts(sweep: Sweep, loop: _Loop) -> _Active:
    activity = sweep.run.activity
    inputs = [*loop.sequences, *loop.initial, *loop.outside]
    flags = [False] * (loop.index is not None) + [value in sweep.varied for value in inputs]
    carried_range = range(loop.first_carried, loop.first_carried + len(loop.carried))
    varied_params = activity.loop_varied(loop.body, flags, carried_range)
    outputs = [sweep.cts.has(value) for value in (*loop.final, *loop.collected)]
    results = outputs + [False] * (loop.leave is not None)
    useful_results = activity.loop_useful(loop.body, results, carried_range)
    useful = activity.useful(loop.body, useful_results)
    varied = {p for p, flag in zip(loop.body.params, varied_params, strict=True) if flag}

    def both(values: Sequence[Value]) -> list[int]:
        return [k for k, v in enumerate(values) if v in varied and v in useful and is_inexact(v.type)]

    # A carried value that later iterations do not read still has its final cotangent to hand back.
    carried = [
        k
        for k, value in enumerate(loop.carried)
        if value in varied and useful_results[k] and is_inexact(value.type)
    ]
    collected = [k for k, value in enumerate(loop.collected) if sweep.cts.has(value)]
    restored = [k for k in range(len(loop.carried)) if _is_restored(sweep, loop, k)]
    requested = any(loop.final[k] in sweep.restored for k in restored)
    return _Active(
        varied_params, carried, both(loop.captured), both(loop.elements), collected, restored, requested
    )


def _is_restored(sweep: Sweep, loop: _Loop, k: int) -> bool:
    """Whether the reverse loop carries this storage backwards: it is asked to, or it pays."""
    if loop.final[k] in sweep.restored:
        return True
    initial, param, result = loop.initial[k], loop.carried[k], loop.carried_results[k]
    if initial in sweep.absent or not same_storage(initial.type, param.type):
        return False
    return sweep.run.overwriting.to_undo(loop.body, param, result)


class _Reversal:
    """The reverse loop of one loop, while it is made."""

    def __init__(self, sweep: Sweep, loop: _Loop, active: _Active) -> None:
        self.sweep = sweep
        self.loop = loop
        self.active = active
        self.entry = self._entry_values()
        self.carried_params = [self._param(slot) for slot in range(len(self.entry))]
        self.storages = [Value(loop.carried[k].type, loop.carried[k].hint) for k in active.restored]
        self.collected_cts = [sweep.cts.dense(loop.collected[k]) for k in active.collected]
        self.collected_params = [Value(loosened(loop.collected_results[k].type)) for k in active.collected]
        self.pull, self.results, self.element_cts = self._reverse_body()
        self.plan = self._plan()

    def _entry_values(self) -> list[Value]:
        """Cotangents of carried values, then accumulators, as they enter the reverse loop."""
        cts, b, loop = self.sweep.cts, self.sweep.b, self.loop
        values: list[Value] = []
        for k in self.active.carried:
            final, initial = loop.final[k], loop.initial[k]
            always = initial not in self.sweep.absent and final not in self.sweep.absent
            like = initial if self._keeps_type(k) and always else final
            ct = cts.dense(final, like)
            absent = self.sweep.absent
            values.append(handed_on(b, ct, like, absent) if ct is not None else zero_if_any(b, like, absent))
        for k in self.active.captured:
            outside = loop.outside[k]
            ct = cts.dense(outside) if self._is_first(k) else None
            absent = self.sweep.absent
            values.append(
                handed_on(b, ct, outside, absent) if ct is not None else zero_if_any(b, outside, absent)
            )
        return values

    def _param(self, slot: int) -> Value:
        """The reverse body's parameter for a cotangent, called after what it belongs to."""
        primal, entry = self._slot_primal(slot), self.entry[slot]
        hint = f"d_{primal.hint}" if primal.hint else entry.hint
        accumulates = slot >= len(self.active.carried)
        # What comes in is the cotangent of the value after the iteration.
        after = primal if accumulates else self.loop.carried_results[self.active.carried[slot]]
        type_ = after.type if isinstance(after.type, ArrayType) else grown_type([entry, primal])
        if accumulates and isinstance(type_, ScalarType) and not stays_python(self.loop.body, primal):
            # What arrays contribute is a NumPy scalar; it is converted once, after the loop.
            type_ = ScalarType(type_.dtype, loose=True)
        return Value(type_, hint)

    def _keeps_type(self, k: int) -> bool:
        """A carried value has the same shape and dtype before and after: zeros for one serve for the other."""
        loop = self.loop
        types = (loop.initial[k].type, loop.carried[k].type, loop.carried_results[k].type)
        if isinstance(types[1], SequenceType):
            return False
        if len({dtype_of(type_) for type_ in types if is_number(type_)}) > 1:
            return False
        return all(shape_of(type_) == shape_of(types[1]) for type_ in types)

    def _slot_primal(self, slot: int) -> Value:
        n = len(self.active.carried)
        if slot < n:
            return self.loop.carried[self.active.carried[slot]]
        return self.loop.captured[self.active.captured[slot - n]]

    def _is_first(self, k: int) -> bool:
        return list(self.loop.outside).index(self.loop.outside[k]) == k

    def _reverse_body(self) -> tuple[BlockPullback, list[Value], list[Value]]:
        loop, active = self.loop, self.active
        n = len(active.carried)
        result_cts: list[Value | None] = [None] * len(loop.body.results)
        for k, param in zip(active.carried, self.carried_params, strict=False):
            result_cts[k] = param
        for k, param in zip(active.collected, self.collected_params, strict=True):
            result_cts[len(loop.carried) + k] = param
        incoming = {
            loop.captured[k]: param for k, param in zip(active.captured, self.carried_params[n:], strict=True)
        }
        first = [value in self.sweep.absent for value in (*loop.sequences, *loop.initial, *loop.outside)]
        before = (loop.index is not None) + len(loop.sequences)
        absence = self.sweep.run.absence
        absent_params = absence.in_loop(
            loop.body, before, len(loop.initial), [*[False] * (loop.index is not None), *first]
        )
        inside = absence.of(loop.body, absent_params)
        pull = self.sweep.run.reverse_block(
            self.sweep.run,
            loop.body,
            active.varied_params,
            result_cts,
            incoming,
            absent_params,
            {
                loop.carried_results[k]: storage
                for k, storage in zip(active.restored, self.storages, strict=True)
            },
            self._overwritten(),
        )
        results: list[Value] = []
        for slot, param in enumerate(self.carried_params):
            primal = self._slot_primal(slot)
            # What may be absent before an iteration need not be so after it.
            keeps = slot >= n or (self._keeps_type(active.carried[slot]) and primal not in inside)
            like = param if keeps else primal
            ct = pull.cotangents.dense(primal, like)
            absent = {primal, like} if primal in inside else ()
            results.append(
                handed_on(pull.b, ct, like, absent) if ct is not None else zero_if_any(pull.b, like, absent)
            )
        results += [pull.restored[loop.carried[k]] for k in active.restored]
        elements: list[Value] = []
        for k in active.elements:
            ct = pull.cotangents.dense(loop.elements[k])
            elements.append(ct if ct is not None else zero_if_any(pull.b, loop.elements[k], inside))
        return pull, results, elements

    def _overwritten(self) -> frozenset[Value]:
        """Versions of storages that are written and not carried backwards."""
        loop, overwriting = self.loop, self.sweep.run.overwriting
        chains = [
            overwriting.carried_chain(loop.body, loop.carried[k], loop.carried_results[k])
            for k in range(len(loop.carried))
            if k not in self.active.restored
        ]
        return frozenset(value for chain in chains if chain is not None for value in chain.versions)

    def _plan(self) -> ResidualPlan:
        loop = self.loop
        stable = [*_optional(loop.index), *loop.elements, *loop.captured]
        own = [*self.carried_params, *self.storages, *self.collected_params]
        return plan_for(loop.body, self.pull, own, [*self.results, *self.element_cts], stable)

    def emit(self, bounds: tuple[Value, Value, Value], backwards: bool, lists: Sequence[Value]) -> None:
        """Append the reverse loop, and hand its outputs on as cotangents."""
        loop, plan, active = self.loop, self.plan, self.active
        index = Value(INT, loop.index.hint if loop.index is not None else "")
        element_reads = [value for value in plan.outer if value in loop.elements]
        captured_reads = [value for value in plan.outer if value in loop.captured]
        element_params = [Value(v.type, v.hint) for v in (*plan.saved, *element_reads)]
        captured_params = [Value(v.type, v.hint) for v in captured_reads]
        mapping = dict(zip((*plan.saved, *element_reads), element_params, strict=True))
        mapping.update(zip(captured_reads, captured_params, strict=True))
        if loop.index is not None:
            mapping[loop.index] = index
        nodes = plan.sweep(mapping)
        results = [mapping.get(value, value) for value in (*self.results, *self.element_cts)]
        carried = (*self.carried_params, *self.storages)
        params = (index, *element_params, *self.collected_params, *carried, *captured_params)
        body = Block(params, tuple(nodes), tuple(results))
        outputs = self._outputs()
        self.sweep.b.append(
            ForView.make(
                bounds,
                body,
                sequences=[
                    *lists,
                    *(loop.sequences[list(loop.elements).index(v)] for v in element_reads),
                    *(ct for ct in self.collected_cts if ct is not None),
                ],
                initial=[*self.entry, *self._storages_after_the_loop()],
                captured=[loop.outside[list(loop.captured).index(v)] for v in captured_reads],
                outputs=outputs,
                backwards=backwards,
                location=loop.node.location,
                derivative=True,
            )
        )
        self._hand_on(outputs, active)

    def _storages_after_the_loop(self) -> list[Value]:
        finals = [self.loop.final[k] for k in self.active.restored]
        return [self.sweep.restored.get(final, final) for final in finals]

    def _outputs(self) -> list[Value]:
        finals = [Value(param.type, param.hint) for param in (*self.carried_params, *self.storages)]
        for slot, k in enumerate(self.active.carried):
            before, type_ = self.loop.initial[k].type, finals[slot].type
            if isinstance(before, ArrayType) and isinstance(type_, ArrayType) and before.ndim == type_.ndim:
                # However the length changed on the way, a cotangent is as long as what it belongs to.
                finals[slot] = Value(ArrayType(type_.dtype, before.shape), finals[slot].hint)
        collected = [Value(SequenceType(value.type)) for value in self.element_cts]
        return [*finals, *collected]

    def _hand_on(self, outputs: Sequence[Value], active: _Active) -> None:
        loop, cts = self.loop, self.sweep.cts
        n, m, r = len(active.carried), len(active.captured), len(active.restored)
        for k, output in zip(active.captured, outputs[n : n + m], strict=True):
            if self._is_first(k):
                cts.replace(loop.outside[k], output)
            else:
                cts.add(loop.outside[k], output)
        for k, output in zip(active.carried, outputs[:n], strict=True):
            cts.add(loop.initial[k], output)
        for k, output in zip(active.restored, outputs[n + m : n + m + r], strict=True):
            if loop.final[k] in self.sweep.restored:
                self.sweep.restored[loop.initial[k]] = output
        for k, output in zip(active.elements, outputs[n + m + r :], strict=True):
            cts.add(loop.sequences[k], output)
