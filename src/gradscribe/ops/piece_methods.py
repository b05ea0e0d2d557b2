"""Methods of cubic splines: derivatives and integrals that are evaluated as SciPy does.

In:  nothing.   Out: `OPERATIONS`, `METHODS`.
Not here: the splines and their values (splines.py), the models (written/pieces.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradscribe.ir.graph import Value
from gradscribe.ir.types import Type
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite, modelled
from gradscribe.ops.spec import Domain, Spelling, Unsupported
from gradscribe.ops.splines import KNOTS, RUNTIME, value_types, values
from gradscribe.ops.written import pieces as model
from gradscribe.runtime import splines as runtime

METHODS: Mapping[Callable[..., Any], Mapping[str, Callable[..., Any]]] = {
    runtime.evaluate_pieces: {
        "derivative": model.derivative,
        "antiderivative": model.antiderivative,
        "integrate": runtime.integrate_pieces,
    },
    runtime.derived_pieces: {},
}
"""Methods of what stands for a spline: functions of the same arguments, and of those of the method."""


def _order(attrs: Mapping[str, object]) -> int:
    found = [attrs.get("order", 1), attrs.get("nu", 0)]
    if not all(isinstance(item, int) for item in found) or sum(found) not in range(4):  # type: ignore[arg-type]
        raise Unsupported("a derivative of a cubic beyond the third", "it is 0; pass a literal from 0 to 3")
    return sum(found)  # type: ignore[arg-type]


def _derived_types(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    return value_types(types, {**attrs, "nu": _order(attrs)}, spelling)


def _derived(
    b: OpBuilder, /, c: Value, t: Value, x: Value, nu: int = 0, order: int = 1, extrapolate: object = True
) -> Value:
    return values(b, c, t, x, order + nu, extrapolate)


INTEGRAL: dict[str, Any] = {
    "why": "sums of the integrals of the pieces",
    "real_only": True,
    "options": {"extrapolate": (True,)},
}
OPERATIONS = (
    composite(
        "derived_pieces",
        f"{RUNTIME}derived_pieces",
        "c, t, x, nu=0, order=1, extrapolate=True",
        _derived,
        "Value of the derivative of a piecewise cubic.",
        why="a polynomial of the distance to the knot before",
        types=_derived_types,
        backend=Domain.OPAQUE,
        samples=(
            f"a(4, 4), {KNOTS}, array([0.3, 1.4, 2.9])",
            f"a(4, 4, 2), {KNOTS}, array([0.3, 1.4]), order=2, nu=1",
        ),
    ),
    modelled(
        "integrate_pieces",
        f"{RUNTIME}integrate_pieces",
        "c, t, a, b, extrapolate=True",
        model.integrate_pieces,
        "Integral of a piecewise cubic.",
        samples=(f"a(4, 4), {KNOTS}, 0.2, 2.1", f"a(4, 4, 2), {KNOTS}, 2.9, 0.3 + 0.1 * f().value"),
        **INTEGRAL,
    ),
    modelled(
        "antiderived_pieces",
        f"{RUNTIME}antiderived_pieces",
        "c, t, x, extrapolate=True",
        model.antiderived_pieces,
        "Integral of a piecewise cubic from its first knot on.",
        samples=(f"a(4, 4), {KNOTS}, array([0.3, 1.4, 2.9])", f"a(4, 4, 2), {KNOTS}, array([0.3, 1.4])"),
        **INTEGRAL,
    ),
)
