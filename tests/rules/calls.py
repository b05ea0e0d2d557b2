"""The samples of the table as functions that users could have written, with arguments in every layout and kind.

In:  entries.   Out: `Call`, `VARIANTS`, `calls_of`.
Not here: what must hold (grid_checks.py), samples as nodes (samples.py).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.ops.spec import Elementwise, OpSpec, Spelling, SpellingKind
from gradscribe.ops.table import resolve
from tests.programs.load import load_module
from tests.rules.samples import Namespace, Run

Values = list[Any]

HEAD = """
import cmath, math, statistics
import numpy
import numpy.polynomial
import numpy as np
from numpy import array, inf, nan
import scipy.fft, scipy.integrate, scipy.interpolate, scipy.linalg, scipy.ndimage
import scipy.optimize, scipy.signal, scipy.spatial.distance, scipy.special, scipy.stats

"""
UNARY = {"-x", "+x", "~x"}


@dataclass
class Constant:
    """An array that is written into the call."""

    value: list[Any]


@dataclass
class Call:
    """A call as a function of the numbers and arrays in it, and these."""

    text: str
    values: Values

    @property
    def function(self) -> Callable[..., Any]:
        """The call in a module of its own."""
        parameters = ", ".join(f"x{k}" for k in range(len(self.values)))
        return load_module(f"{HEAD}def call({parameters}):\n    return {self.text}\n").call  # type: ignore[no-any-return]


def calls_of(spec: OpSpec) -> Iterator[Call]:
    """The samples of an entry, written in its first spelling; what no user can write has none."""
    spelling = next((found for found in spec.spellings if _is_written(found)), None)
    if spelling is None or not (spec.samples or isinstance(spec.form, Elementwise)):
        return
    for text in spec.samples or (", ".join(["a(2, 3)"] * len(spec.operands)),):
        made = _call(spec, spelling, text)
        if made is not None:
            yield made


def _is_written(spelling: Spelling) -> bool:
    if spelling.kind is not SpellingKind.FUNCTION:
        return True
    return not spelling.name.startswith("gradscribe.") and resolve(spelling.name) is not None


def _call(spec: OpSpec, spelling: Spelling, text: str) -> Call | None:
    rng = np.random.default_rng(zlib.crc32(f"{spec.name}{text}".encode()))
    names = Namespace(rng, *next(iter(spec.domain.values()), (-1.0, 1.0))).names()
    args, kwargs = eval(f"(lambda *args, **kwargs: (args, kwargs))({text})", {**names, "constant": Constant})
    values: Values = []
    written = [_text(item, values) for item in args]
    named = [f"{name}={_text(item, values)}" for name, item in kwargs.items()]
    name = spelling.name
    if spelling.kind is SpellingKind.FUNCTION:
        return Call(f"{name.removeprefix('builtins.')}({', '.join(written + named)})", values)
    if spelling.kind is SpellingKind.METHOD:
        return Call(f"{written[0]}.{name}({', '.join(written[1:] + named)})", values)
    if spelling.kind is SpellingKind.ATTRIBUTE:
        return Call(f"{written[0]}.{name}", values)
    if name in UNARY:
        return Call(f"{name[0]}{written[0]}", values)
    return (
        Call(f"{written[0]} {name} {written[1]}", values) if len(written) == 2 and "[" not in name else None
    )


def _text(item: Any, values: Values) -> str:
    """How an argument is written; what is known only at run time is a parameter."""
    match item:
        case Constant(value):
            return f"array({value!r})"
        case Run() | np.ndarray():
            values.append(item.value if isinstance(item, Run) else item)
            return f"x{len(values) - 1}"
        case tuple():
            return f"({', '.join(_text(part, values) for part in item)},)"
        case list():
            return f"[{', '.join(_text(part, values) for part in item)}]"
        case type():
            return f"np.{item.__name__}" if issubclass(item, np.generic) else item.__name__
    return repr(item)


# --- layouts and kinds ---------------------------------------------------------------------------------------


def _each(change: Callable[[np.ndarray], Any], kinds: str = "fciub") -> Callable[[Values], Values]:
    """Every array of these kinds, changed."""
    return lambda values: [
        change(value) if isinstance(value, np.ndarray) and value.dtype.kind in kinds else value
        for value in values
    ]


def _strided(value: np.ndarray) -> np.ndarray:
    return np.repeat(value, 2, axis=-1)[..., ::2] if value.ndim else value


def _read_only(value: np.ndarray) -> np.ndarray:
    value = value.copy()
    value.setflags(write=False)
    return value


def _first(value: np.ndarray) -> Any:
    return value.reshape(-1)[0] if value.size else value


def _single(values: Values) -> Values:
    wanted = {"f": np.float32, "c": np.complex64}
    return [
        value.astype(wanted[value.dtype.kind])
        if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in wanted
        else value
        for value in values
    ]


def _mixed(number: Callable[[Any], Any], place: int) -> Callable[[Values], Values]:
    """Single precision, but for a number in place of the first or the last array."""

    def change(values: Values) -> Values:
        made = _single(values)
        arrays = [
            k for k, value in enumerate(made) if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        ]
        if arrays and made[arrays[place]].size:
            made[arrays[place]] = number(_first(made[arrays[place]]))
        return made

    return change


VARIANTS: dict[str, Callable[[Values], Values]] = {
    "as sampled": list,
    "Fortran order": _each(np.asfortranarray),
    "strided": _each(_strided),
    "backwards": _each(lambda value: np.flip(np.flip(value).copy()) if value.ndim else value),
    "read-only": _each(_read_only),
    "foreign byte order": _each(lambda value: value.astype(value.dtype.newbyteorder()), "fc"),
    "single precision": _single,
    "complex": _each(lambda value: value + 0.1j * value, "f"),
    "no rows": _each(lambda value: value[:0] if value.ndim else value),
    "no columns": _each(lambda value: value[..., :0] if value.ndim else value),
    "no elements": _each(lambda value: value[(slice(0, 0),) * value.ndim]),
    "one element": _each(lambda value: value[(slice(0, 1),) * value.ndim]),
    "no dimensions": _each(lambda value: np.array(_first(value)), "fc"),
    "NumPy scalars": _each(_first, "fc"),
    "Python numbers": _each(lambda value: _first(value).item() if value.size else value, "fc"),
    "Python number first": _mixed(float, 0),
    "np.float64 first": _mixed(np.float64, 0),
    "Python number last": _mixed(float, -1),
    "np.float64 last": _mixed(np.float64, -1),
}
