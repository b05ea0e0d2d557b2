"""Reductions of scipy.special: logsumexp, softmax, log_softmax; multigammaln.

In:  nothing.   Out: `OPERATIONS`.
Not here: other reductions (reductions.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite, modelled
from gradscribe.ops.declare import custom
from gradscribe.ops.promotion import inexact, number_type, promote
from gradscribe.ops.reductions import reduce_like, reduction_types, restore_axes
from gradscribe.ops.scipy_types import double_types, float_types
from gradscribe.ops.spec import Contributions, Spelling, Unsupported
from gradscribe.ops.written import special as model

Attrs = Mapping[str, object]


def _shares(b: OpBuilder, node: Node) -> Value:
    """exp(a - out); 0 where the sum is infinite in its logarithm."""
    shift = b.op("where", b.op("isfinite", node.output), node.output, 0.0)
    return b.op("exp", b.op("sub", node.inputs[0], restore_axes(b, node, shift)))


def _logsumexp_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None] * len(node.inputs)
    shares = b.op("mul", restore_axes(b, node, ct), _shares(b, node))
    if len(node.inputs) == 1:
        return [shares]
    return [b.op("mul", shares, node.inputs[1]), shares]


def _logsumexp_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    shares, total = _shares(b, node), None
    for position, tangent in enumerate(tangents):
        if tangent is None:
            continue
        term = b.op("mul", shares, tangent)
        if position == 0 and len(node.inputs) == 2:
            term = b.op("mul", term, node.inputs[1])
        total = term if total is None else b.op("add", total, term)
    return [None if total is None else reduce_like(b, node, "sum", total)]


def _sum_over(b: OpBuilder, node: Node, value: Value) -> Value:
    axis = node.attrs.get("axis")
    if axis is None:
        return b.op("sum", value)
    return b.op("sum", value, axis=axis, keepdims=True)


def _softmax(b: OpBuilder, node: Node, moved: Sequence[Value | None]) -> list[Value | None]:
    """out * (v - sum(out * v)): the Jacobian is symmetric."""
    value = moved[0]
    if value is None:
        return [None]
    inner = _sum_over(b, node, b.op("mul", node.output, value))
    return [b.op("mul", node.output, b.op("sub", value, inner))]


def _logsumexp_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """Those of a sum, in the precision of numbers and weights together."""
    if len(types) > 1 and len(shape_of(types[1])) > len(shape_of(types[0])):
        raise Unsupported("weights of more dimensions than the numbers", "pass np.broadcast_to(a, b.shape)")
    (reduced,) = reduction_types(inexact=True)(types[:1], attrs, spelling)
    return (number_type(inexact(promote(types)), shape_of(reduced)),)


def _log_softmax_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None]
    return [b.op("sub", ct, b.op("mul", b.op("exp", node.output), _sum_over(b, node, ct)))]


def _log_softmax_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    return [b.op("sub", tangent, _sum_over(b, node, b.op("mul", b.op("exp", node.output), tangent)))]


def _multigammaln(b: OpBuilder, /, a: Value, d: object) -> Value:
    if not isinstance(d, int):
        raise Unsupported("the dimension of multigammaln is computed at run time", "pass a literal")
    total = b.constant(0.25 * d * (d - 1) * 1.1447298858494002)
    for k in range(d):
        total = b.op("add", total, b.op("lgamma", b.op("sub", a, 0.5 * k)))
    return total


AXES = ("a(3, 4)", "a(3, 4), axis=0", "a(3, 4), axis=-1", "a(3)")

OPERATIONS = (
    custom(
        "logsumexp",
        "scipy.special.logsumexp",
        "a, axis=None, b=None, keepdims=False",
        _logsumexp_vjp,
        _logsumexp_jvp,
        _logsumexp_types,
        "log(sum(b exp(a))), without overflow.",
        why="b exp(a - out), and exp(a - out) by b",
        operands=("a", "b"),
        otherwise="signed_logsumexp",
        samples=(*AXES, "a(2, 3), axis=1, keepdims=True", "a(2, 3, 2), axis=(0, 2)", "a(3), b=a(3)",
                 "a(2, 3), axis=0, b=a(2, 3)"),
        domain={"a": (0.2, 2.0)},
        note="Where all of a is -inf, the derivative is stated as 0.",
    ),
    modelled(
        "signed_logsumexp",
        "scipy.special.logsumexp",
        "a, axis=None, b=None, keepdims=False, return_sign=False",
        model.logsumexp,
        "log|sum(b exp(a))| and the sign of the sum.",
        why="its formula, without overflow",
        real_only=True,
        precise_as={0: "a b", 1: "a b"},
        samples=("a(3), b=a(3), return_sign=True", "a(2, 3), 1, a(2, 3), keepdims=True, return_sign=True",
                 "a(2, 3), 0, return_sign=True"),
    ),
    custom(
        "softmax",
        "scipy.special.softmax",
        "x, axis=None",
        _softmax,
        _softmax,
        float_types,
        "exp(x) / sum(exp(x)), without overflow.",
        why="out * (v - sum(out * v))",
        operands=("x",),
        samples=AXES,
    ),
    custom(
        "log_softmax",
        "scipy.special.log_softmax",
        "x, axis=None",
        _log_softmax_vjp,
        _log_softmax_jvp,
        float_types,
        "x - logsumexp(x).",
        why="v - softmax(x) * sum(v)",
        operands=("x",),
        samples=AXES,
    ),
    composite(
        "multigammaln",
        "scipy.special.multigammaln",
        "a, d",
        _multigammaln,
        "Logarithm of the multivariate gamma function.",
        why="a sum of gammaln",
        operands=("a",),
        types=double_types,
        samples=("a(3), 2", "s(), 3"),
        domain={"a": (2.0, 4.0)},
    ),
)  # fmt: skip
