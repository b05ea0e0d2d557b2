"""`cmath`: functions of one complex number; and the mean of `statistics`.

In:  nothing.   Out: `OPERATIONS`.
Not here: the same functions of NumPy (elementwise.py), parts of complex numbers (complex_numbers.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.graph import Value
from gradscribe.ir.types import COMPLEX, FLOAT, ArrayType, Type
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import elementwise
from gradscribe.ops.promotion import always
from gradscribe.ops.spec import OpSpec, Spelling, Unsupported

PARTIALS = {
    "exp": "out",
    "log": "1.0 / z",
    "log10": "0.4342944819032518 / z",
    "sqrt": "0.5 / out",
    "sin": "cos(z)",
    "cos": "-sin(z)",
    "tan": "1.0 + out * out",
    "sinh": "cosh(z)",
    "cosh": "sinh(z)",
    "tanh": "1.0 - out * out",
    "asin": "1.0 / sqrt(1.0 - z * z)",
    "acos": "-1.0 / sqrt(1.0 - z * z)",
    "atan": "1.0 / (1.0 + z * z)",
    "asinh": "1.0 / sqrt(1.0 + z * z)",
    "atanh": "1.0 / (1.0 - z * z)",
}


def _types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    if isinstance(types[0], ArrayType):
        raise Unsupported("a function of cmath takes one number", "use the NumPy function")
    return (COMPLEX,)


def _complex_function(name: str, partial: str) -> OpSpec:
    return elementwise(
        f"cmath_{name}",
        f"cmath.{name}",
        {"z": partial},
        f"{name} of a complex number.",
        types=_types,
        singular=True,
        refused_keywords={"base": "divide by cmath.log(base)"} if name == "log" else {},
        samples=("cs()",),
        domain={"z": (0.2, 0.7)},
    )


def _fmean(b: OpBuilder, /, data: Value) -> Value:
    return b.op("mean", data)


OPERATIONS = (
    *(_complex_function(name, partial) for name, partial in PARTIALS.items()),
    composite(
        "fmean",
        "statistics.fmean",
        "data",
        _fmean,
        "Mean of numbers, as a float.",
        why="the sum over the count",
        types=always(FLOAT),
        refused_keywords={"weights": "use np.average"},
        samples=("a(4)",),
    ),
)
