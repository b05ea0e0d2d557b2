"""What a generated step does to flat arrays: calls of NumPy, or one of machine code.

In:  a sweep, size and dtype of its arrays, the names of the gradients.   Out: lines, and what they refer to.
Not here: reading trees and states (direct.py), decaying means in the graph (means.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from gradscribe.optim.elementwise import ByCount, Elementwise
from gradscribe.optim.means import Mean, means_of, reads_input, without
from gradscribe.optim.sweep import Kernel, Sweep, constants
from gradscribe.optim.sweep_source import Line, lines_of

# How the kernel writes a number of a stage.
NUMBER = re.compile(r"numbers\[(\d+)\]\['(\w+)'\]")
# Beyond so many numbers, arithmetic costs more than calls, and constants are better not read from memory.
TOGETHER = 512


@dataclass(frozen=True)
class Arithmetic:
    """What is done to flat arrays: lines, and values that they refer to by name."""

    lines: list[str]
    namespace: dict[str, Any]


def arithmetic_of(sweep: Sweep, size: int, dtype: np.dtype[Any], slopes: Sequence[str]) -> Arithmetic:
    """Lines from `p`, the state and the gradients to `new_p` and the new vectors of the state."""
    kernel = sweep.stepping
    native = kernel.native(dtype) if sweep.threads else None
    if native is not None:
        named = dict(zip(kernel.source.numbers, _names(kernel), strict=True))
        numbers, values = _named(sweep, named, dtype)
        lines = [f"g = {_gradient(slopes)}", *numbers, *_in_machine_code(kernel, size)]
        return Arithmetic(lines, {"sweep": native, **values})
    known = constants(dtype)
    means = {
        name: mean
        for name, mean in means_of(kernel.graph).items()
        if not _varies(sweep, mean.decay) and not _varies(sweep, mean.share)
    }
    if len(means) < 2 or size > TOGETHER or len(slopes) == 1:
        named = dict(zip(kernel.source.numbers, _names(kernel), strict=True))
        numbers, values = _named(sweep, named, dtype)
        lines = [f"g = {_gradient(slopes)}", *numbers]
        lines += _filled(kernel.source.lines, kernel.source.written, size)
        values_of = {name: known[value] for name, value in values.items()}
        return Arithmetic(lines, {"known": known, **values_of})
    return _together(sweep, means, size, dtype, slopes)


def _together(
    sweep: Sweep, means: Mapping[str, Mean], size: int, dtype: np.dtype[Any], slopes: Sequence[str]
) -> Arithmetic:
    """The arithmetic with one call for all decaying means."""
    known = constants(dtype)
    rest = without(sweep.stepping.graph, means)
    named: dict[str, str] = {}
    terms = {f"term{k}": mean.term for k, mean in enumerate(means.values())}
    lines = [f"terms = empty({len(means) * size}, dtype)"]
    lines += [f"{name} = terms[cut{k}]" for k, name in enumerate(terms)]
    place = next((name for name, term in terms.items() if term.name == "g"), "")
    if place and not reads_input(rest, "g"):
        # The gradient is written to where it is averaged, and is gone afterwards.
        del terms[place]
        lines.append(f"g = {_gradient(slopes, out=place)}")
    else:
        lines.append(f"g = {_gradient(slopes)}")
    first, written = lines_of(terms, named)
    body = _filled(first, [name for name in written if name not in terms], size)
    body += ["multiply(terms, shares, terms)", "held = multiply(held, decays)", "add(held, terms, held)"]
    body += [f"{name} = held[cut{k}]" for k, name in enumerate(means)]
    second, written = lines_of(rest, named)
    body += _filled(second, written, size)
    numbers, values = _named(sweep, named, dtype)
    slots = ", ".join(mean.slot for mean in means.values())
    lines = [f"if state is not made: held = concatenate(({slots}))", *numbers, *lines, *body]

    def repeated(expressions: Iterator[str]) -> np.ndarray:
        return np.concatenate([np.full(size, known[_value(sweep, one)]) for one in expressions])

    return Arithmetic(
        lines,
        {"known": known, **{name: known[value] for name, value in values.items()}}
        | {f"cut{k}": slice(k * size, (k + 1) * size) for k in range(len(means))}
        | {"decays": repeated(mean.decay for mean in means.values())}
        | {"shares": repeated(mean.share for mean in means.values())},
    )


def _gradient(slopes: Sequence[str], out: str = "") -> str:
    """An expression for the flat array of the gradients."""
    if len(slopes) == 1:
        return f"contiguous({slopes[0]}).reshape(-1)"
    return f"concatenate(({', '.join(slopes)}), axis=None{', out=' * bool(out)}{out})"


def _filled(lines: Sequence[Line], written: Sequence[str], size: int) -> list[str]:
    """The lines of a sweep; an array is made where it is first written to."""
    found: list[str] = []
    unmade = set(written)
    for line in lines:
        if line.name in unmade:
            unmade.remove(line.name)
            found += [line.making] if line.making else [f"{line.name} = empty({size}, dtype)", line.filling]
        else:
            found.append(line.filling)
    return found


def _in_machine_code(kernel: Kernel, size: int) -> list[str]:
    """The lines that make the outputs, and the one that fills them."""
    outputs = kernel.source.written[: kernel.outputs]
    arrays = ["g", "p", *kernel.inputs, *outputs]
    numbers = _names(kernel)
    made = [f"{name} = empty({size}, dtype)" for name in outputs]
    return [*made, f"sweep({', '.join([*arrays, *numbers])})"]


def numbers_of(stage: Elementwise, number: int, leaves: Sequence[str], slopes: Sequence[str]) -> list[str]:
    """The line that finds the numbers of this step, if there are others than in each step."""
    if not callable(stage.numbers):
        return []
    count = f"count{number}" if stage.counts else "0"
    if isinstance(stage.numbers, ByCount):
        names = "".join(f"{_counted(number, name)}, " for name in stage.numbers.names)
        return [f"{names}= make{number}({count})"]
    g, p = (f"Vector(layout, leaves=[{', '.join(names)}])" for names in (slopes, leaves))
    vectors = f"{g}, {p}" if stage.whole else "None, None"
    return [f"numbers{number} = make{number}(new(Step, ({count}, {vectors}, extra, state{number})))"]


def makes_numbers(stage: Elementwise) -> Any:
    """What the lines of `numbers_of` call."""
    return stage.numbers.at if isinstance(stage.numbers, ByCount) else stage.numbers


def _named(
    sweep: Sweep, named: Mapping[str, str], dtype: np.dtype[Any]
) -> tuple[list[str], dict[str, float]]:
    """Lines that compute the numbers of these expressions, and the values of those that are always the same."""
    lines, values = [], {}
    # Half precision has no room for an ε, which must not become 0.
    number = "known[{}]" if dtype.itemsize < 4 else "{}"
    for expression, name in named.items():
        changing = NUMBER.sub(partial(_changing, sweep.stages), expression)
        if "numbers" in changing:
            # A float of Python: one of NumPy would decide the dtype.
            lines.append(f"{name} = {number.format(f'float({changing})')}")
        elif "counted" in changing:
            lines.append(f"{name} = {number.format(changing)}")
        else:
            values[name] = _value(sweep, expression)
    return lines, values


def _names(kernel: Kernel) -> list[str]:
    return [f"k{k}" for k in range(len(kernel.source.numbers))]


def _varies(sweep: Sweep, expression: str) -> bool:
    changing = NUMBER.sub(partial(_changing, sweep.stages), expression)
    return "numbers" in changing or "counted" in changing


def _value(sweep: Sweep, expression: str) -> float:
    return float(eval(expression, {"numbers": [stage.constants for stage in sweep.stages]}))


def _counted(number: int, name: str) -> str:
    """What the step calls a number of a stage that depends on the count alone."""
    return f"counted{number}_{name}"


def _changing(stages: Sequence[Elementwise], found: re.Match[str]) -> str:
    """A number of a stage, written out if it is always the same."""
    number, name = int(found[1]), found[2]
    stage = stages[number]
    if name in stage.constants:
        return repr(float(stage.constants[name]))
    if isinstance(stage.numbers, ByCount):
        return _counted(number, name)
    return f"numbers{number}[{name!r}]"
