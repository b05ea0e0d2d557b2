"""One generated function for a whole step of small parameters, where calls cost more than arithmetic.

It reads the trees, checks the state, sweeps and rebuilds, without a layer between. For anything that is not as
expected it returns None; then the general way is gone, which says what is wrong.

In:  a chain of elementwise rules and a layout of one piece.   Out: that function, or None if there is none.
Not here: what is done to flat arrays (arithmetic.py); parameters of several pieces or dtypes (sweep.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.optim.arithmetic import arithmetic_of, makes_numbers, numbers_of
from gradscribe.optim.core import Core, Step
from gradscribe.optim.elementwise import Elementwise
from gradscribe.optim.layout import Layout
from gradscribe.optim.links import Chain
from gradscribe.optim.reading import Source, guarded
from gradscribe.optim.sweep import Kernel, Sweep
from gradscribe.optim.vector import Vector

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
    count = len(layout.parts)
    source = Source(layout.parts)
    kept = [f"kept{k}" for k in range(count)]
    last = f"p, made, held, {', '.join(kept)}"
    reading, leaves = source.reading(layout.structure, "params", static=True, known=kept)
    gradient_reading, slopes = source.reading(layout.structure, "grads", static=False)
    parts = [source.view(part, "new_p") for part in layout.parts]
    nested = source.nested(layout.structure, kept)
    namespace = source.namespace | {
        **kernel.source.functions, "empty": np.empty, "concatenate": np.concatenate, "multiply": np.multiply,
        "add": np.add, "contiguous": np.ascontiguousarray, "layout": layout, "dtype": dtype, "Vector": Vector,
        "Step": Step, "new": tuple.__new__, "inf": math.inf, "nan": math.nan,
        # What the step before returned, so that it need not be looked at again.
        "last": [(None, object(), None, *(object() for _ in range(count)))],
    }  # fmt: skip
    lines = [f"{last} = last[0]", *guarded([*reading, *gradient_reading])]
    lines += _state(core, sweep, kernel, size)
    for number, stage in enumerate(sweep.stages):
        namespace[f"type{number}"], namespace[f"make{number}"] = stage.state_type, makes_numbers(stage)
        lines += numbers_of(stage, number, leaves, slopes)
    lines += _parameters(leaves, kept)
    arithmetic = arithmetic_of(sweep, size, dtype, slopes)
    namespace |= arithmetic.namespace
    lines += [*arithmetic.lines, *(f"{name} = {part}" for name, part in zip(kept, parts, strict=True))]
    lines.append(f"made = {_put_together(core, iter(_made(sweep, kernel)))}")
    lines += [f"last[0] = {last.replace('p, ', 'new_p, ', 1)}", f"return {nested}, made"]
    text = "\n".join(["def step(params, grads, state, extra):", *(f"    {line}" for line in lines), ""])
    exec(compile(text, "<gradscribe step>", "exec"), namespace)
    function: DirectStep = namespace["step"]
    return function


def _parameters(leaves: Sequence[str], kept: Sequence[str]) -> list[str]:
    """The line that makes a flat array of the parameters.

    Leaves that the step before cut out of a flat array are not joined again.
    """
    if len(leaves) == 1:
        return [f"p = contiguous({leaves[0]}).reshape(-1)"]
    same = " and ".join(f"{leaf} is {name}" for leaf, name in zip(leaves, kept, strict=True))
    return [f"if not ({same}): p = concatenate(({', '.join(leaves)}), axis=None)"]


def _put_together(core: Core, made: Iterator[str]) -> str:
    if not isinstance(core, Chain):
        return next(made)
    return f"({''.join(_put_together(inner, made) + ', ' for inner in core.cores)})"


def _state(core: Core, sweep: Sweep, kernel: Kernel, size: int) -> list[str]:
    """Lines that name the counts and vectors of the state; one that this step did not make is looked at first."""
    checks: list[str] = []
    reads: list[str] = []
    names = iter(kernel.inputs)
    places = _places(core, "state", checks)
    for number, (stage, place) in enumerate(zip(sweep.stages, places, strict=True)):
        reads.append(f"state{number} = {place}")
        checks.append(f"if type({place}) is not type{number}: return None")
        if stage.counts:
            reads.append(f"count{number} = state{number}[0] + 1")
        for position, _ in enumerate(stage.slots, stage.counts):
            name, slot = next(names), f"{place}[{position}]"
            reads.append(f"{name} = state{number}[{position}][0]")
            checks += [f"if len({slot}) != 1: return None", f"if {slot}[0].size != {size}: return None"]
            if sweep.threads:
                array = f"{slot}[0]"
                checks.append(f"if {array}.dtype != dtype or not {array}.flags.c_contiguous: return None")
    return ["if state is not made:", *(f"    {line}" for line in checks), *reads]


def _places(core: Core, place: str, checks: list[str]) -> list[str]:
    """Where the states of the rules are; lines that check the tuples around them are appended to `checks`."""
    if not isinstance(core, Chain):
        return [place]
    checks.append(f"if type({place}) is not tuple or len({place}) != {len(core.cores)}: return None")
    return [
        found
        for position, inner in enumerate(core.cores)
        for found in _places(inner, f"{place}[{position}]", checks)
    ]


def _made(sweep: Sweep, kernel: Kernel) -> list[str]:
    """Expressions for the new states of the rules; one without fields stays."""
    names = iter(kernel.inputs)
    found = []
    for number, stage in enumerate(sweep.stages):
        fields = [f"count{number}"] * stage.counts + [f"(new_{next(names)},)" for _ in stage.slots]
        made = f"new(type{number}, ({''.join(f'{field}, ' for field in fields)}))"
        found.append(made if fields else f"state{number}")
    return found
