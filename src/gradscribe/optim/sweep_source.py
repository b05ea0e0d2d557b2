"""The text of a sweep: what a chain of update rules does to one piece of all arrays, call by call.

In:  the graph of a rule, traced.   Out: a Python function of NumPy calls with `out` arrays, and its numbers.
Not here: tracing (trace.py), running it over all pieces (sweep.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.optim.native_source import native_text
from gradscribe.optim.trace import Call, unindexed

PREDICATES = (
    np.less,
    np.greater,
    np.less_equal,
    np.greater_equal,
    np.equal,
    np.isfinite,
    np.isnan,
    np.logical_not,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One NumPy call, whose result has a name.

    Attributes:
        name: of the result.
        filling: the statement that writes it into an array that exists.
        making: the statement that makes an array of the same dtype; empty if there is none.
    """

    name: str
    filling: str
    making: str = ""


@dataclass(frozen=True, slots=True)
class SweepSource:
    """Text of a function `sweep(pieces, slots..., outputs..., scratch..., numbers...)`.

    A piece is a cut of the flat arrays, the room that it takes in scratch arrays, and the cuts of the vectors.

    Attributes:
        text: its source.
        numbers: the expression behind each number, in order.
        scratch: how many scratch arrays it asks for.
        functions: what it calls, by name.
        written: outputs and scratch arrays, which it fills.
        lines: what it does to one piece.
        native: the same as one loop over the numbers of a piece; None if that would not be exact.
    """

    text: str
    numbers: tuple[str, ...]
    scratch: int
    functions: dict[str, Callable[..., Any]]
    written: tuple[str, ...]
    lines: tuple[Line, ...]
    native: str | None


def write(vectors: Sequence[str], slots: Sequence[str], outputs: Mapping[str, Call]) -> SweepSource:
    """The function that computes each output, named by its key, from vectors and slots, piece by piece."""
    order = _ordered(list(outputs.values()))
    writer, lines = _written(order, outputs, {})
    scratch = [f"s{k}" for k in range(writer.scratch)]
    numbers = [f"k{k}" for k in range(len(writer.numbers))]
    flat = [*slots, *outputs]
    parameters = ", ".join(["pieces", *(f"all_{name}" for name in [*flat, *scratch]), *numbers])
    meanings = [f"# k{k} = {unindexed(number)}" for k, number in enumerate(writer.numbers)]
    cuts = [f"{name} = all_{name}[cut]" for name in flat] + [f"{name} = all_{name}[room]" for name in scratch]
    loop = f"for {', '.join(['cut', 'room', *vectors])} in pieces:"
    body = [*meanings, loop, *(f"    {line}" for line in [*cuts, *(line.filling for line in lines)])]
    text = "\n".join([f"def sweep({parameters}):", *(f"    {line}" for line in body), ""])
    functions = {call.function.__name__: call.function for call in order if call.function is not None}
    functions["copyto"] = np.copyto
    written = (*outputs, *scratch)
    native = native_text(order, [*vectors, *slots], outputs, writer.numbers)
    return SweepSource(text, tuple(writer.numbers), writer.scratch, functions, written, tuple(lines), native)


def lines_of(outputs: Mapping[str, Call], numbers: dict[str, str]) -> tuple[list[Line], list[str]]:
    """The calls that compute each output, named by its key, and the arrays that they fill.

    Args:
        outputs: by name.
        numbers: names of expressions of numbers; new ones are added.
    """
    writer, lines = _written(_ordered(list(outputs.values())), outputs, numbers)
    return lines, [*outputs, *(f"s{k}" for k in range(writer.scratch))]


def _written(
    order: Sequence[Call], outputs: Mapping[str, Call], numbers: dict[str, str]
) -> tuple[_Writer, list[Line]]:
    uses = Counter(id(operand) for call in order for operand in call.operands if isinstance(operand, Call))
    uses.update(id(call) for call in outputs.values())
    writer = _Writer(order, uses, _places(order, uses, outputs), numbers)
    lines = [writer.line(call) for call in order if call.function is not None]
    for name, call in outputs.items():
        if writer.names[id(call)] != name:
            lines.append(Line(name, f"copyto({name}, {writer.names[id(call)]})"))
    return writer, lines


def _ordered(results: Sequence[Call]) -> list[Call]:
    """Calls, each after its operands."""
    seen: set[int] = set()
    order: list[Call] = []

    def visit(call: Call) -> None:
        if id(call) not in seen:
            seen.add(id(call))
            for operand in call.operands:
                if isinstance(operand, Call):
                    visit(operand)
            order.append(call)

    for call in results:
        visit(call)
    return order


def _places(order: Sequence[Call], uses: Counter[int], outputs: Mapping[str, Call]) -> dict[int, str]:
    """The output that a call writes: its own, or that of the one call that reads it.

    In `new_mu = b1 * mu + (1 - b1) * g` the first product is written to `new_mu`, and the sum goes on in place.
    """
    places: dict[int, str] = {}
    for name, call in outputs.items():
        if call.function is not None and id(call) not in places:
            places[id(call)] = name
    for call in reversed(order):
        if id(call) not in places:
            continue
        for operand in call.operands:
            if isinstance(operand, Call) and operand.function is not None and id(operand) not in places:
                if uses[id(operand)] == 1 and _fills(operand):
                    places[id(operand)] = places[id(call)]
                break
    return places


def _fills(call: Call) -> bool:
    """It writes numbers into an array that is given, as no predicate does."""
    return isinstance(call.function, np.ufunc) and call.function not in PREDICATES


def _is_float(call: Call) -> bool:
    """Its result has the dtype of the vectors; that of a predicate is bool."""
    return call.function is None or _fills(call)


class _Writer:
    """Gives names and writes lines, in order."""

    def __init__(
        self, order: Sequence[Call], uses: Counter[int], places: dict[int, str], numbers: dict[str, str]
    ) -> None:
        self.left = Counter(uses)
        self.places = places
        self.names = {id(call): call.name for call in order if call.function is None}
        self.free: list[str] = []
        self.scratch = 0
        self.made = 0
        self.numbers = numbers

    def line(self, call: Call) -> Line:
        assert call.function is not None
        operands = ", ".join(self._operand(operand) for operand in call.operands)
        self._release(call)
        made = f"{call.function.__name__}({operands})"
        place = self.places.get(id(call))
        if _fills(call):
            name = self.names[id(call)] = place or self._scratch()
            # NumPy wants the output of these two by name.
            out = "out=" if call.function in (np.maximum, np.minimum) else ""
            keeps_dtype = any(isinstance(operand, Call) and _is_float(operand) for operand in call.operands)
            return Line(name, f"{made[:-1]}, {out}{name})", f"{name} = {made}" if keeps_dtype else "")
        if place is not None:
            self.names[id(call)] = place
            return Line(place, f"copyto({place}, {made})")
        self.made += 1
        name = self.names[id(call)] = f"t{self.made}"
        return Line(name, f"{name} = {made}", f"{name} = {made}")

    def _operand(self, operand: Call | str) -> str:
        if isinstance(operand, Call):
            return self.names[id(operand)]
        return self.numbers.setdefault(operand, f"k{len(self.numbers)}")

    def _release(self, call: Call) -> None:
        for operand in call.operands:
            if isinstance(operand, Call):
                self.left[id(operand)] -= 1
                name = self.names[id(operand)]
                if not self.left[id(operand)] and name.startswith("s") and name not in self.free:
                    if name[1:].isdigit():
                        self.free.append(name)

    def _scratch(self) -> str:
        if self.free:
            return self.free.pop()
        self.scratch += 1
        return f"s{self.scratch - 1}"
