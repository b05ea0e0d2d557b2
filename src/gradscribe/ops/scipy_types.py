"""Entries for functions of SciPy, which is imported only once the user's code refers to it.

In:  names.   Out: type rules that ask SciPy's ufuncs; short forms of entries.
Not here: the entries (special.py, bessel.py, distributions.py ...).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import FLOAT, Type, broadcast_shapes, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import UFUNC_KEYWORDS, Derived, custom, elementwise
from gradscribe.ops.promotion import number_type, numbers, only_numbers, promote, ufunc_types
from gradscribe.ops.spec import (
    Contributions,
    Domain,
    OpSpec,
    Partial,
    Spelling,
    TypeRule,
    Unsupported,
)


def special_types(name: str) -> TypeRule:
    """The type rule of a ufunc of scipy.special."""

    def rule(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
        if spelling.is_math:
            return (only_numbers(types, FLOAT),)
        ufunc = getattr(importlib.import_module("scipy.special"), name)
        return ufunc_types(ufunc)(types, attrs, spelling)

    return rule


def float_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    """Broadcast and promoted; ints become float64, half precision single."""
    dtype = promote(types)
    if dtype.kind not in "fc":
        dtype = np.dtype(np.float64)
    if dtype == np.float16:
        dtype = np.dtype(np.float32)
    return (number_type(dtype, broadcast_shapes(*map(shape_of, numbers(types)))),)


def real_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    """Broadcast and promoted real numbers."""
    _refuse_complex(types)
    return float_types(types, attrs, spelling)


def double_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    """Broadcast real numbers, in double precision."""
    _refuse_complex(types)
    return (number_type(np.dtype(np.float64), broadcast_shapes(*map(shape_of, numbers(types)))),)


def _refuse_complex(types: Sequence[Type]) -> None:
    if any(type_.dtype.kind == "c" for type_ in numbers(types)):
        raise Unsupported("a function of real numbers of complex ones", "apply it to x.real")


@dataclass(frozen=True, slots=True)
class NoPartial:
    """refused: nobody knows it in closed form."""

    operand: str
    instead: str = ""

    def __call__(self, b: OpBuilder, node: Node) -> str | None:
        """Asking for it is an error."""
        raise Unsupported(
            f"the derivative with respect to `{self.operand}` has no closed form",
            self.instead
            or f"keep `{self.operand}` constant, or state a rule for the function with gs.primitive",
        )


def special(
    name: str, partials: Mapping[str, Partial] | Derived, doc: str, *, as_: str = "", **fields: Any
) -> OpSpec:
    """A ufunc of scipy.special, under its own name or the one that other entries use for it."""
    fields.setdefault("types", special_types(name))
    return elementwise(as_ or name, f"scipy.special.{name}", partials, doc, **fields)


def several(name: str, partials: Sequence[str], doc: str, **fields: Any) -> OpSpec:
    """A ufunc of scipy.special with several results, and the derivative of each by its only operand `x`.

    The partials may use the results as `out0`, `out1` ...
    """

    def partial(b: OpBuilder, node: Node, k: int) -> Value:
        outputs = {f"out{j}": output for j, output in enumerate(node.outputs)}
        return b.expression(partials[k], {"x": node.inputs[0], **outputs})

    def vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
        total: Value | None = None
        for k, ct in enumerate(cts):
            if ct is not None:
                term = b.op("mul", ct, partial(b, node, k))
                total = term if total is None else b.op("add", total, term)
        return [total]

    def jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
        (tangent,) = tangents
        if tangent is None:
            return [None] * len(node.outputs)
        return [b.op("mul", partial(b, node, k), tangent) for k in range(len(node.outputs))]

    return custom(
        name,
        f"scipy.special.{name}",
        "x",
        vjp,
        jvp,
        special_types(name),
        doc,
        why="; ".join(f"∂{k}: `{text}`" for k, text in enumerate(partials)),
        backend=Domain.OPAQUE,
        refused_keywords=UFUNC_KEYWORDS,
        **fields,
    )
