"""Sweeps: neighbouring elementwise rules of a chain, fused into one pass over the parameters, piece by piece.

Each piece, with its state, outputs and scratch, stays in the cache while all rules are applied to it. The function
that does so is generated once for a chain of rules (trace.py, sweep_source.py).

In:  elementwise transformations and vectors.   Out: the updates, or the parameters after them, and new states.
Not here: which transformations may be fused (chain.py).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gradscribe.optim.core import Extra, Step, check_buffers, foreign_state, needs_params
from gradscribe.optim.layout import Layout
from gradscribe.optim.memory import Memory
from gradscribe.optim.native import COMPILED, native_function, native_pieces
from gradscribe.optim.native_run import run_natively
from gradscribe.optim.sweep_source import SweepSource, write
from gradscribe.optim.trace import Call, Scalar, Symbol
from gradscribe.optim.vector import Buffers, Vector

if TYPE_CHECKING:
    from gradscribe.optim.elementwise import Elementwise

MAX_CONSTANTS = 512


class Constants(dict[float, np.ndarray]):
    """Numbers as 0-d arrays of one dtype, which NumPy takes faster than Python's."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self.largest = float(np.finfo(dtype).max)
        self.smallest = float(np.finfo(dtype).smallest_subnormal)

    def __missing__(self, number: float) -> np.ndarray:
        if len(self) >= MAX_CONSTANTS:
            self.clear()
        value = float(number)
        # Beyond the range of the dtype a number is infinite, without a warning; below, the smallest that there is:
        # an ε that became 0 would divide 0 by 0.
        if abs(value) > self.largest:
            value = math.copysign(math.inf, value)
        elif 0.0 < abs(value) < self.smallest:
            value = math.copysign(self.smallest, value)
        made = self[number] = np.array(value, self.dtype)
        return made


@functools.cache
def constants(dtype: np.dtype[Any]) -> Constants:
    """The numbers of one dtype."""
    return Constants(dtype)


class Sweep:
    """Elementwise transformations that are done together."""

    def __init__(self, stages: tuple[Elementwise, ...]) -> None:
        self.stages = stages
        self.key = tuple((stage.rule, stage.slots, stage.static) for stage in stages)
        self.name = stages[0].name
        self.threads = min(stage.threads for stage in stages)
        self.memory = Memory(1 + sum(len(stage.slots) for stage in stages))

    @functools.cached_property
    def updating(self) -> Kernel:
        """The kernel whose first output is the updates."""
        return kernel_of(self.key, apply=False)

    @functools.cached_property
    def stepping(self) -> Kernel:
        """The kernel whose first output is the parameters after the updates."""
        return kernel_of(self.key, apply=True)

    def text(self, *, apply: bool) -> str:
        """The source of what runs, with the parameters as first output if `apply`."""
        kernel = self.stepping if apply else self.updating
        return (self.threads and kernel.source.native) or kernel.source.text

    def run(
        self, g: Vector, states: Sequence[Any], params: Vector | None, extra: Extra, *, apply: bool
    ) -> tuple[Vector, list[Any]]:
        """The updates, or the parameters after them if `apply`, and the new states."""
        kernel = self.stepping if apply else self.updating
        if kernel.reads_params and params is None:
            raise needs_params(next((s.name for s in self.stages if s.reads_params), self.name))
        counts: list[int] = []
        numbers: list[Mapping[str, float]] = []
        slots: list[Buffers] = []
        for stage, state in zip(self.stages, states, strict=True):
            if type(state) is not stage.state_type:
                raise foreign_state(stage.name, f"is a {type(state).__name__}")
            count = state.count + 1 if stage.counts else 0
            counts.append(count)
            numbers.append(stage.numbers_at(Step(count, g, params, extra, state)))
            slots += state[1:] if stage.counts else state
        layout = g.layout
        for buffers in slots:
            check_buffers(layout, buffers, self.name)
        outputs = self.memory.empty(layout)
        vectors = [g] if params is None or not kernel.reads_params else [g, params]
        _sweep(kernel, layout, vectors, [*slots, *outputs], kernel.numbers(numbers), self.threads)
        return Vector(layout, buffers=outputs[0]), self._states(counts, outputs)

    def _states(self, counts: list[int], outputs: list[Buffers]) -> list[Any]:
        """New states; their vectors stand in the outputs from the second on."""
        found, start = [], 1
        for stage, count in zip(self.stages, counts, strict=True):
            stop = start + len(stage.slots)
            made = outputs[start:stop]
            found.append(stage.state_type(count, *made) if stage.counts else stage.state_type(*made))
            start = stop
        return found


def _sweep(
    kernel: Kernel,
    layout: Layout,
    vectors: Sequence[Vector],
    buffers: Sequence[Buffers],
    values: tuple[float, ...],
    threads: int,
) -> None:
    """The kernel on every piece of vectors that are read, and of buffers, of which the last are filled."""
    for group, dtype in enumerate(layout.dtypes):
        flat = [one[group] for one in buffers]
        native = kernel.native_pieces(dtype) if threads else None
        if native is not None:
            run_natively(native, layout, group, vectors, flat, values, threads)
            continue
        cuts = [map(vector.cut, layout.pieces[group]) for vector in vectors]
        known = constants(dtype)
        scratch = [np.empty(layout.longest[group], dtype) for _ in range(kernel.scratch)]
        kernel.function(
            zip(layout.places[group], layout.rooms[group], *cuts, strict=True),
            *flat,
            *scratch,
            *[known[value] for value in values],
        )


class Kernel:
    """The generated function of one chain of rules.

    Attributes:
        function: `sweep(pieces, slots..., outputs..., scratch..., numbers...)` on flat arrays.
        numbers: from the numbers of each transformation to those of the function.
        scratch: how many scratch arrays it takes.
        reads_params: it takes the parameters.
        vectors: how many vectors it reads piece by piece.
        inputs: the names of the vectors of the states.
        outputs: how many vectors it makes.
        source: its text and what belongs to it.
        graph: the calls behind each output, by name.
    """

    def __init__(
        self, source: SweepSource, names: Sequence[str], graph: Mapping[str, Call], *, reads_params: bool
    ) -> None:
        namespace: dict[str, Any] = dict(source.functions)
        exec(compile(source.text, "<gradscribe sweep>", "exec"), namespace)
        self.function: Callable[..., None] = namespace["sweep"]
        self.scratch = source.scratch
        self.reads_params = reads_params
        self.vectors = 1 + reads_params
        self.inputs = tuple(names)
        self.outputs = len(source.written) - source.scratch
        self.source = source
        self.graph = graph
        tuple_of = f"({', '.join(source.numbers)}{',' * (len(source.numbers) == 1)})"
        self.numbers: Callable[[Sequence[Mapping[str, float]]], tuple[float, ...]] = eval(
            f"lambda numbers: {tuple_of}"
        )

    def native(self, dtype: np.dtype[Any]) -> Callable[..., None] | None:
        """`sweep(vectors..., slots..., outputs..., numbers...)` in machine code; None where that is not exact."""
        if self.source.native is None or dtype not in COMPILED:
            return None
        return native_function(
            self.source.native, dtype, self.vectors + len(self.inputs), self.outputs, len(self.source.numbers)
        )

    def native_pieces(self, dtype: np.dtype[Any]) -> Callable[..., None] | None:
        """The same for many pieces in one call, as `native_pieces` of native.py has it."""
        if self.source.native is None or dtype not in COMPILED:
            return None
        return native_pieces(
            self.source.native,
            dtype,
            self.vectors,
            len(self.inputs),
            self.outputs,
            len(self.source.numbers),
        )


@functools.lru_cache(maxsize=256)
def kernel_of(
    key: tuple[tuple[Callable[..., Any], tuple[str, ...], tuple[tuple[str, Any], ...]], ...], apply: bool
) -> Kernel:
    """The kernel for these rules; with `apply`, its first output is the parameters after the update."""
    g, p = Call(None, name="g"), Call(None, name="p")
    update = Symbol(g)
    inputs: list[str] = []
    reads_params = apply
    outputs: dict[str, Call] = {"u": g}
    for number, (rule, slots, static) in enumerate(key):
        suffix = "" if number == 0 else f"_{number + 1}"
        # A rule that squares must see the update itself: g² of a gradient that is yet to be clipped overflows.
        update = Symbol(update.plain()) if slots else update
        arguments: dict[str, Any] = {"g": update, "p": Symbol(p), **dict(static)}
        for slot in slots:
            inputs.append(slot + suffix)
            arguments[slot] = Symbol(Call(None, name=slot + suffix))
        wanted = rule.__code__.co_varnames[: rule.__code__.co_argcount + rule.__code__.co_kwonlyargcount]
        reads_params |= "p" in wanted
        passed = {
            name: arguments[name] if name in arguments else Scalar(f"numbers[{number}][{name!r}]")
            for name in wanted
        }
        found = rule(**passed)
        update, *changed = found if isinstance(found, tuple) else (found,)
        for slot, value in zip(slots, changed, strict=True):
            outputs[f"new_{slot}{suffix}"] = value.plain()
    outputs["u"] = (Symbol(p) + update if apply else update).plain()
    if apply:
        outputs = {"new_p" if name == "u" else name: call for name, call in outputs.items()}
    source = write(["g", "p"][: 1 + reads_params], inputs, outputs)
    return Kernel(source, inputs, outputs, reads_params=reads_params)
