"""`cmath`: functions of one complex number, polar coordinates.

In:  nothing.   Out: `OPERATIONS`.
Not here: the same functions of NumPy (elementwise.py), parts of complex numbers (complex_numbers.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.types import COMPLEX, ArrayType, Type
from gradscribe.ops.accuracy import USUAL, Accuracy
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import derived, elementwise
from gradscribe.ops.spec import OpSpec, Spelling, Unsupported
from gradscribe.ops.written import complex_math as model

FORMULAS = {
    **{name: f"{name}(z)" for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{name: f"{name}(z)" for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    "log10": "log(z) / log(10)",
}
# Near zeros, poles, branch points and far out.
HARD_POINTS = {
    **dict.fromkeys(
        ("exp", "sin", "cos", "sinh", "cosh"),
        (1e-300 + 1e-9j, 1.5707963267948966 + 1e-9j, 3.0 - 4.0j, -20.0 + 300.0j),
    ),
    **dict.fromkeys(
        ("log", "log10", "sqrt"), (1e-150 + 1e-150j, -1.0 + 1e-12j, 1.0 - 1e-9j, 3.0 - 4.0j, 1e100 + 1e100j)
    ),
    **dict.fromkeys(("tan", "tanh"), (1e-300 + 1e-9j, 1.0 - 2.0j, 1.5707 + 1e-3j, 0.3 + 20.0j, 20.0 + 0.3j)),
    **dict.fromkeys(
        ("asin", "acos", "asinh", "acosh", "atan", "atanh"),
        (1e-300 + 1e-9j, 0.9999999 + 1e-9j, 1e-9 + 0.9999999j, 2.0 - 3.0j, 1e100 + 1e90j),
    ),
}
ACCURACY = {
    **dict.fromkeys(
        ("tan", "tanh"), Accuracy(absolute_from=1, why="the squared output is added to 1 or taken from it")
    ),
    **dict.fromkeys(
        ("asin", "acos", "asinh", "acosh", "atan", "atanh"),
        Accuracy(absolute_from=2, why="(1 - z) - (1 + z) cancels near 0"),
    ),
}
WHY = "its formula"
# The others are those that SymPy derives.
PARTIALS = {
    "asin": "1.0 / sqrt((1.0 - z) * (1.0 + z))",
    "acos": "-1.0 / sqrt((1.0 - z) * (1.0 + z))",
    "atan": "1.0 / ((1.0 - 1j * z) * (1.0 + 1j * z))",
    "asinh": "1.0 / sqrt((1.0 - 1j * z) * (1.0 + 1j * z))",
    "acosh": "1.0 / (sqrt(z - 1.0) * sqrt(z + 1.0))",
    "atanh": "1.0 / ((1.0 - z) * (1.0 + z))",
}


def _types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    if isinstance(types[0], ArrayType):
        raise Unsupported("a function of cmath takes one number", "use the NumPy function")
    return (COMPLEX,)


def _complex_function(name: str) -> OpSpec:
    return elementwise(
        f"cmath_{name}",
        f"cmath.{name}",
        {"z": PARTIALS[name]} if name in PARTIALS else derived("z"),
        f"{name} of a complex number.",
        types=_types,
        singular=True,
        refused_keywords={"base": "divide by cmath.log(base)"} if name == "log" else {},
        samples=("cs()",),
        domain={"z": (0.2, 0.7)},
        formula=FORMULAS[name],
        accuracy=ACCURACY.get(name, USUAL),
        hard_points={"z": HARD_POINTS[name]},
    )


OPERATIONS = (
    *map(_complex_function, FORMULAS),
    *(
        modelled(f"cmath_{function.__name__}", f"cmath.{function.__name__}", signature, function, doc, why=WHY,
                 samples=samples)
        for function, signature, doc, samples in (
            (model.phase, "z", "Angle of a complex number.", ("cs()",)),
            (model.polar, "z", "Modulus and angle of a complex number.", ("cs()",)),
            (model.rect, "r, phi", "Complex number of a modulus and an angle.", ("f(), f()",)),
        )
    ),
)  # fmt: skip
