"""scipy.integrate: integrals of functions of the user's.

The function is a graph, which SciPy calls; what it reads besides its variable are inputs of the node, handed on as
`args`. Leibniz' rule makes the derivative an integral again, and values of the function at the limits.

In:  nothing.   Out: `OPERATIONS`, `IntegralParts`.
Not here: making the graph (frontend/function_arguments.py), the derivative (ad/integrals.py).
References: Piessens et al., QUADPACK, 1983.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import FLOAT, ArrayType, Type
from gradscribe.ops.declare import custom
from gradscribe.ops.spec import OpSpec, Spelling

Attrs = Mapping[str, object]
WHY = "the integral of the derivative of the function, and its values at limits that move"
NOTE = "The tolerances given hold for the derivative too; the estimate of the error counts as constant."
REPEATED = "the derivative is an integral of its own"


@dataclass(frozen=True)
class IntegralParts:
    """The parts of a node.

    Attributes:
        function: the graph that is integrated.
        limits: from where to where.
        reads: what the function reads besides its variable.
        options: every other argument, as templates over the inputs after those.
    """

    function: str
    limits: tuple[Value, Value]
    reads: tuple[Value, ...]
    options: Attrs

    @staticmethod
    def of(node: Node) -> IntegralParts:
        """Read them off the node."""
        function, args = node.attrs[FUNCTION[node.op.name]], node.attrs["args"]
        assert isinstance(function, GraphReference) and isinstance(args, tuple)
        options = {key: node.attrs[key] for key in OPTIONS if key in node.attrs}
        lower, upper = node.inputs[:2]
        return IntegralParts(function.name, (lower, upper), node.inputs[2 : 2 + len(args)], options)


def is_integral(node: Node) -> bool:
    """Whether the node integrates a graph."""
    return node.op.name in FUNCTION


OPTIONS = ("epsabs", "epsrel", "limit", "points")
# Operation -> the parameter that takes the function.
FUNCTION: Mapping[str, str] = {"quad": "func", "quad_vec": "f"}


def _number_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (FLOAT, FLOAT)


def _vector_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    result = attrs["result"]
    assert isinstance(result, ArrayType)
    return (result, FLOAT)


def _applied_elsewhere(*_: object) -> NoReturn:
    raise AssertionError("ad/integrals.py differentiates integrals")


def _integral(name: str, signature: str, types: object, doc: str, refused: Mapping[str, str]) -> OpSpec:
    return custom(
        name,
        f"scipy.integrate.{name}",
        signature,
        _applied_elsewhere,
        _applied_elsewhere,
        types,  # type: ignore[arg-type]
        doc,
        why=WHY,
        operands=("a", "b"),
        variadic="args",
        returns_tuple=True,
        refused_keywords=refused,
        note=NOTE,
        source="Leibniz' rule",
    )


OPERATIONS = (
    _integral(
        "quad",
        "func, a, b, args=(), *, epsabs=1.49e-08, epsrel=1.49e-08, limit=50, points=None",
        _number_types,
        "Integral of a function of one variable, and an estimate of its error.",
        {
            "full_output": "the record of the subdivision has no derivative",
            "weight": "multiply the function by the weight",
            "wvar": "multiply the function by the weight",
            "wopts": "multiply the function by the weight",
            "maxp1": "it belongs to a weight",
            "limlst": "it belongs to a weight",
            "complex_func": "integrate the real and the imaginary part",
        },
    ),
    _integral(
        "quad_vec",
        "f, a, b, *, epsabs=1e-200, epsrel=1e-08, limit=10000, points=None, args=()",
        _vector_types,
        "Integral of a function of one variable whose values are arrays, and an estimate of its error.",
        {
            "norm": REPEATED,
            "cache_size": REPEATED,
            "workers": "functions in other processes are not followed",
            "quadrature": REPEATED,
            "full_output": "the record of the subdivision has no derivative",
        },
    ),
)
