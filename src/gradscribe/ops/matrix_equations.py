"""scipy.linalg: equations of Lyapunov in discrete time, and of Riccati.

With K the gain and F = A - B K the closed loop, the derivative of a Riccati equation is a Lyapunov equation of F,
whose right side collects what A, B, Q and R move; its transpose is the same equation of Fᵀ.

In:  nothing.   Out: `OPERATIONS`.
Not here: Sylvester's equation and Lyapunov's in continuous time (matrix_functions.py).
References: Kao & Hennequin, Automatic differentiation of Sylvester, Lyapunov, and algebraic Riccati equations,
2020.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom
from gradscribe.ops.linalg import inexact_dtype, matrix
from gradscribe.ops.spec import Contributions, OpSpec, Spelling, Unsupported

Attrs = Mapping[str, object]
LINALG = "scipy.linalg."
GENERAL = {
    "e": "only equations without a matrix E are supported: multiply by its inverse",
    "s": "only equations without a mixed cost are supported: move it into A and Q",
}


def _doubles(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """A real matrix like the first operand, in double precision."""
    if any(len(shape_of(matrix(type_))) != 2 for type_ in types):
        raise Unsupported("stacks of matrices", "loop over them")
    if inexact_dtype(*types).kind == "c":
        raise Unsupported("an equation of complex matrices", "use real matrices")
    return (ArrayType(np.dtype(np.float64), shape_of(types[0])),)


def _symmetric(b: OpBuilder, value: Value) -> Value:
    """(x + xᵀ) / 2."""
    return b.op("mul", 0.5, b.op("add", value, transposed(b, value)))


def _product(b: OpBuilder, *factors: Value) -> Value:
    found = factors[0]
    for factor in factors[1:]:
        found = b.op("matmul", found, factor)
    return found


def _sum(b: OpBuilder, terms: Sequence[Value]) -> Value | None:
    total: Value | None = None
    for term in terms:
        total = term if total is None else b.op("add", total, term)
    return total


# Lyapunov: x = a x aᵀ + q


def _lyapunov_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    a, x = node.inputs[0], node.output
    ct_q = b.apply("solve_discrete_lyapunov", (transposed(b, a), ct), node.attrs)[0]
    left = _product(b, ct_q, a, transposed(b, x))
    right = _product(b, transposed(b, ct_q), a, x)
    return [b.op("add", left, right), ct_q]


def _lyapunov_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    a_dot, q_dot = tangents
    a, x = node.inputs[0], node.output
    terms = [] if q_dot is None else [q_dot]
    if a_dot is not None:
        terms += [_product(b, a_dot, x, transposed(b, a)), _product(b, a, x, transposed(b, a_dot))]
    right = _sum(b, terms)
    return [None if right is None else b.apply("solve_discrete_lyapunov", (a, right), node.attrs)[0]]


# Riccati


@dataclass(frozen=True)
class _Riccati:
    """What the derivative of a Riccati equation is made of.

    Attributes:
        gain: K.
        loop: F = A - B K.
        weight: what a move of A or B is multiplied by: X in continuous time, X F in discrete time.
    """

    gain: Value
    loop: Value
    weight: Value
    is_discrete: bool

    @staticmethod
    def of(b: OpBuilder, node: Node) -> _Riccati:
        """Of a node, whose output is X."""
        a, inputs, _, r = node.inputs
        x, discrete = node.output, node.op.name == "solve_discrete_are"
        back = _product(b, transposed(b, inputs), x)
        if discrete:
            gain = b.op("solve", b.op("add", r, _product(b, back, inputs)), _product(b, back, a))
        else:
            gain = b.op("solve", r, back)
        loop = b.op("sub", a, _product(b, inputs, gain))
        return _Riccati(gain, loop, _product(b, x, loop) if discrete else x, discrete)

    def solved(self, b: OpBuilder, loop: Value, right: Value) -> Value:
        """The Lyapunov equation of a matrix."""
        if self.is_discrete:
            return b.op("solve_discrete_lyapunov", loop, right)
        return b.op("solve_continuous_lyapunov", loop, b.op("neg", right))


def _riccati_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None] * 4
    parts = _Riccati.of(b, node)
    ct_q = parts.solved(b, parts.loop, _symmetric(b, ct))
    ct_a = b.op("mul", 2.0, _product(b, parts.weight, ct_q))
    turned = transposed(b, parts.gain)
    ct_b = b.op("neg", _product(b, ct_a, turned))
    return [ct_a, ct_b, ct_q, _product(b, parts.gain, ct_q, turned)]


def _riccati_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    if all(tangent is None for tangent in tangents):
        return [None]
    a_dot, b_dot, q_dot, r_dot = tangents
    parts = _Riccati.of(b, node)
    moves = [] if a_dot is None else [a_dot]
    if b_dot is not None:
        moves.append(b.op("neg", _product(b, b_dot, parts.gain)))
    moved = _sum(b, moves)
    terms = [] if q_dot is None else [_symmetric(b, q_dot)]
    if moved is not None:
        half = _product(b, transposed(b, parts.weight), moved)
        terms += [half, transposed(b, half)]
    if r_dot is not None:
        terms.append(_product(b, transposed(b, parts.gain), _symmetric(b, r_dot), parts.gain))
    right = _sum(b, terms)
    assert right is not None
    return [parts.solved(b, transposed(b, parts.loop), right)]


def _riccati(time: str, doc: str) -> OpSpec:
    return custom(
        f"solve_{time}_are",
        f"{LINALG}solve_{time}_are",
        "a, b, q, r, *, balanced=True",
        _riccati_vjp,
        _riccati_jvp,
        _doubles,
        doc,
        why="implicit differentiation: a Lyapunov equation of the closed loop",
        operands=("a", "b", "q", "r"),
        refused_keywords=GENERAL,
        samples=("a(3, 3), a(3, 2), spd(3), spd(2)", "a(2, 2), a(2, 2), spd(2), spd(2), balanced=False"),
        note="Q and R are symmetric; the derivative is.",
    )


OPERATIONS = (
    custom(
        "solve_discrete_lyapunov",
        LINALG + "solve_discrete_lyapunov",
        "a, q, method=None",
        _lyapunov_vjp,
        _lyapunov_jvp,
        _doubles,
        "The solution of x = a @ x @ a.T + q.",
        why="implicit differentiation",
        operands=("a", "q"),
        samples=("0.3 * a(3, 3), a(3, 3)", "0.3 * a(2, 2), a(2, 2), method='bilinear'"),
    ),
    _riccati("continuous", "The solution of aᵀx + xa - xb r⁻¹bᵀx + q = 0 that stabilises a."),
    _riccati("discrete", "The solution of x = aᵀxa - aᵀxb (r + bᵀxb)⁻¹ bᵀxa + q that stabilises a."),
)
