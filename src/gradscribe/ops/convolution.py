"""Convolution and correlation of vectors.

The derivative of a convolution is a convolution again, with the other vector reversed: of the full one the valid
part, of the valid one the full. The mode `same` is a slice of the full result.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.types import ArrayType, Type, dtype_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import bilinear
from gradscribe.ops.promotion import numbers, promote
from gradscribe.ops.slices import along, length
from gradscribe.ops.spec import Domain, Spelling, TypeRule, Unsupported

Attrs = Mapping[str, object]
MODES = ("full", "same", "valid")


def _vectors(types: Sequence[Type]) -> tuple[Length, Length]:
    shapes = [operand.shape if isinstance(operand, ArrayType) else () for operand in numbers(types)]
    if any(len(shape) != 1 for shape in shapes):
        raise Unsupported("a convolution of anything but two vectors", "convolve along one axis in a loop")
    return shapes[0][0], shapes[1][0]


def _length(n: Length, m: Length, mode: object) -> Length:
    if mode == "full":
        return n + m - 1
    if n.constant is None or m.constant is None:
        return fresh()
    longer, shorter = max(n.constant, m.constant), min(n.constant, m.constant)
    return as_length(longer if mode == "same" else longer - shorter + 1)


def _types(default: str) -> TypeRule:
    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        mode = attrs.get("mode", default)
        if mode not in MODES:
            raise Unsupported(f"mode={mode!r}", "write 'full', 'same' or 'valid'")
        return (ArrayType(promote(numbers(types)), (_length(*_vectors(types), mode),)),)

    return rule


def _is_full(node: Node) -> bool:
    return node.attrs.get("mode", "full") == "full"


def _ordered_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    n, m = _vectors(types)
    found = n + m - 1 if attrs.get("mode", "full") == "full" else n - m + 1
    return (ArrayType(promote(numbers(types)), (found,)),)


def _ordered(b: OpBuilder, a: Value, v: Value, mode: str) -> Value:
    attrs = {} if mode == "full" else {"mode": mode}
    return b.apply("ordered_convolution", (a, v), attrs)[0]


def _left(b: OpBuilder, node: Node, ct: Value) -> Value:
    flipped = b.op("flip", node.inputs[1])
    return _ordered(b, ct, flipped, "valid" if _is_full(node) else "full")


def _right(b: OpBuilder, node: Node, ct: Value) -> Value:
    a = node.inputs[0]
    if _is_full(node):
        return _ordered(b, ct, b.op("flip", a), "valid")
    return b.op("flip", _ordered(b, a, b.op("flip", ct), "valid"))


def _convolve(b: OpBuilder, a: Value, v: Value, mode: str = "full") -> Value:
    whole = _ordered(b, a, v, "full")
    if mode == "full":
        return whole
    n, m = length(b, a, 0), length(b, v, 0)
    longer, shorter = b.op("maximum", n, m), b.op("minimum", n, m)
    start = b.op("sub", shorter, 1)
    if mode == "valid":
        return along(b, whole, 0, start, longer)
    start = b.op("floordiv", start, 2)
    return along(b, whole, 0, start, b.op("add", start, longer))


def _correlate(b: OpBuilder, a: Value, v: Value, mode: str = "valid") -> Value:
    """The convolution with the reversed conjugate."""
    flipped = b.op("flip", b.op("conj", v) if dtype_of(v.type).kind == "c" else v)
    if mode != "same":
        return _convolve(b, a, flipped, mode)
    n, m = length(b, a, 0), length(b, v, 0)
    # NumPy exchanges the vectors when the second is longer, which moves the middle of an even number by one.
    shorter = b.op("minimum", n, m)
    start = b.op("floordiv", b.op("sub", shorter, b.op("astype", b.op("ge", n, m), dtype=int)), 2)
    stop = b.op("add", start, b.op("maximum", n, m))
    return along(b, _ordered(b, a, flipped, "full"), 0, start, stop)


SAMPLES = tuple(
    f"a({n}), a({m}), mode='{mode}'" for mode in MODES for n, m in ((5, 3), (4, 4), (2, 3), (4, 5), (5, 2))
)
PAIR = {"operands": ("a", "v"), "backend": Domain.CONTRACTION}

OPERATIONS = (
    composite(
        "convolve",
        "numpy.convolve",
        "a, v, mode='full'",
        _convolve,
        "Convolution of two vectors.",
        why="a convolution with the other vector reversed",
        types=_types("full"),
        otherwise="ordered_convolution",
        samples=("a(4), a(3)", *SAMPLES, "c(3), c(2)"),
        **PAIR,
    ),
    composite(
        "correlate",
        "numpy.correlate",
        "a, v, mode='valid'",
        _correlate,
        "Correlation of two vectors.",
        why="the convolution with the reversed conjugate",
        types=_types("valid"),
        samples=("a(4), a(3)", *SAMPLES, "c(3), c(2)"),
        **PAIR,
    ),
    bilinear(
        "ordered_convolution",
        "numpy.convolve",
        "a, v, mode='full'",
        _left,
        _right,
        _ordered_types,
        "Convolution; in the mode `valid`, the first vector is not the shorter one.",
        samples=("a(4), a(3)", "a(4), a(3), mode='valid'", "a(3), a(4)"),
        **PAIR,
    ),
)
