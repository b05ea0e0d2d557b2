"""One generated function for a whole step of small parameters, where calls cost more than arithmetic.

It reads the trees, checks the state, sweeps and rebuilds, without a layer between. For anything that is not as
expected it returns None; then the general way is gone, which says what is wrong.

In:  a chain of elementwise rules and a layout of one piece.   Out: that function, or None if there is none.
Not here: parameters of several pieces or dtypes (sweep.py).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from gradscribe.optim.core import Core, Step
from gradscribe.optim.elementwise import Elementwise
from gradscribe.optim.layout import Layout
from gradscribe.optim.links import Chain
from gradscribe.optim.sweep import Kernel, Sweep, constants
from gradscribe.optim.vector import Vector

# How the kernel writes a number of a stage.
NUMBER = re.compile(r"numbers\[(\d+)\]\['(\w+)'\]")
DirectStep = Callable[[Any, Any, Any, Mapping[str, Any]], tuple[Any, Any] | None]


def direct_step(core: Core, layout: Layout) -> DirectStep | None:
    """`step(params, grads, state, extra)` for parameters of this layout; None where they are large or mixed."""
    if layout.only is None or len(layout.pieces[0]) != 1 or not layout.pieces[0][0].is_everything:
        return None
    if isinstance(core, Elementwise):
        return _generate(core.sweep, layout, core)
    if isinstance(core, Chain) and len(core.runs) == 1 and isinstance(core.runs[0], Sweep):
        return None if any(chain.names for chain in _chains(core)) else _generate(core.runs[0], layout, core)
    return None


def _chains(core: Chain) -> Iterator[Chain]:
    yield core
    for inner in core.cores:
        if isinstance(inner, Chain):
            yield from _chains(inner)


def _generate(sweep: Sweep, layout: Layout, core: Core) -> DirectStep:
    kernel = sweep.stepping
    assert layout.only is not None
    size, dtype = layout.only
    namespace: dict[str, Any] = {
        **kernel.source.functions, "empty": np.empty, "concatenate": np.concatenate,
        "contiguous": np.ascontiguousarray, "layout": layout, "dtype": dtype, "read_again": layout.read_again,
        "read_like": layout.read_like, "cut": layout.cut, "nest": layout.nest, "Vector": Vector, "Step": Step,
        "new": tuple.__new__, "inf": math.inf, "nan": math.nan,
        "last": [(None, [object()] * len(layout.parts))],
    }  # fmt: skip
    lines = [
        "p, leaves = last[0]",
        "at = read_again(params, leaves)",
        "slope = read_like(grads)",
        "if at is None or slope is None: return None",
    ]
    lines += _taken_apart(core, "state", iter(range(len(sweep.stages))))
    states = iter(kernel.inputs)
    made = []
    for number, stage in enumerate(sweep.stages):
        namespace[f"type{number}"], namespace[f"make{number}"] = stage.state_type, stage.numbers
        slots = [next(states) for _ in stage.slots]
        lines.append(f"if type(state{number}) is not type{number}: return None")
        lines += _slots(stage, number, slots, size, native=sweep.native)
        new = [f"count{number}"] * stage.counts + [f"(new_{slot},)" for slot in slots]
        made.append(f"new(type{number}, ({''.join(f'{field}, ' for field in new)}))")
        lines += _numbers(stage, number)
    lines += _joined(len(layout.parts))
    constants_of = [stage.constants for stage in sweep.stages]
    native = kernel.native(dtype) if sweep.native else None
    for k, expression in enumerate(kernel.source.numbers):
        changing = NUMBER.sub(partial(_changing, constants_of), expression)
        if "numbers" in changing:
            # A float of Python: one of NumPy would decide the dtype.
            lines.append(f"k{k} = float({changing})")
        else:
            value = float(eval(expression, {"numbers": constants_of}))
            namespace[f"k{k}"] = constants(dtype)[value] if native is None else value
    if native is None:
        lines += _arithmetic(kernel, size)
    else:
        namespace["sweep"] = native
        lines += _in_machine_code(kernel, size)
    lines += ["leaves = cut((new_p,))", "last[0] = new_p, leaves"]
    lines.append(f"return nest(leaves), {_put_together(core, iter(made))}")
    text = "\n".join(["def step(params, grads, state, extra):", *(f"    {line}" for line in lines), ""])
    exec(compile(text, "<gradscribe step>", "exec"), namespace)
    function: DirectStep = namespace["step"]
    return function


def _joined(count: int) -> list[str]:
    """Lines that make flat arrays of parameters and gradients.

    Leaves that the step before cut out of a flat array are not joined again.
    """
    if count == 1:
        return ["p = contiguous(at[0]).reshape(-1)", "g = contiguous(slope[0]).reshape(-1)"]
    same = " and ".join(f"at[{k}] is leaves[{k}]" for k in range(count))
    return [
        f"if not ({same}): p = concatenate(at, axis=None)",
        "g = concatenate(slope, axis=None)",
    ]


def _arithmetic(kernel: Kernel, size: int) -> list[str]:
    """The lines of the sweep; an array is made where it is first written to."""
    lines: list[str] = []
    unmade = set(kernel.source.written)
    for line in kernel.source.lines:
        if line.name in unmade:
            unmade.remove(line.name)
            lines += [line.making] if line.making else [f"{line.name} = empty({size}, dtype)", line.filling]
        else:
            lines.append(line.filling)
    return lines


def _in_machine_code(kernel: Kernel, size: int) -> list[str]:
    """The lines that make the outputs, and the one that fills them."""
    outputs = kernel.source.written[: kernel.outputs]
    arrays = ["g", "p", *kernel.inputs, *outputs]
    numbers = [f"k{k}" for k in range(len(kernel.source.numbers))]
    made = [f"{name} = empty({size}, dtype)" for name in outputs]
    return [*made, f"sweep({', '.join([*arrays, *numbers])})"]


def _taken_apart(core: Core, name: str, numbers: Iterator[int]) -> list[str]:
    """Lines that name the states of the rules `state0`, `state1`, ..."""
    if not isinstance(core, Chain):
        return [f"state{next(numbers)} = {name}"]
    lines = [f"if type({name}) is not tuple or len({name}) != {len(core.cores)}: return None"]
    for position, inner in enumerate(core.cores):
        lines += _taken_apart(inner, f"{name}[{position}]", numbers)
    return lines


def _put_together(core: Core, made: Iterator[str]) -> str:
    if not isinstance(core, Chain):
        return next(made)
    return f"({''.join(_put_together(inner, made) + ', ' for inner in core.cores)})"


def _slots(stage: Elementwise, number: int, slots: list[str], size: int, *, native: bool) -> list[str]:
    lines = [f"count{number} = state{number}[0] + 1"] if stage.counts else []
    for position, slot in enumerate(slots):
        place = f"state{number}[{position + stage.counts}]"
        lines += [
            f"if len({place}) != 1: return None",
            f"{slot} = {place}[0]",
            f"if {slot}.size != {size}: return None",
        ]
        if native:
            lines.append(f"if {slot}.dtype != dtype or not {slot}.flags.c_contiguous: return None")
    return lines


def _numbers(stage: Elementwise, number: int) -> list[str]:
    """The line that finds the numbers of this step, if there are others than in each step."""
    if not callable(stage.numbers):
        return []
    count = f"count{number}" if stage.counts else "0"
    vectors = "Vector(layout, leaves=slope), Vector(layout, leaves=at)" if stage.whole else "None, None"
    return [f"numbers{number} = make{number}(new(Step, ({count}, {vectors}, extra, state{number})))"]


def _changing(constants_of: Sequence[Mapping[str, float]], found: re.Match[str]) -> str:
    """A number of a stage, written out if it is always the same."""
    number, name = int(found[1]), found[2]
    if name in constants_of[number]:
        return repr(float(constants_of[number][name]))
    return f"numbers{number}[{name!r}]"
