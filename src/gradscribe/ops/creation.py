"""Making arrays that depend on no float operand.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Input
from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.template import fill
from gradscribe.ir.types import ArrayType, ScalarType, Type
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.spec import Domain, Spelling, Unsupported

Attrs = Mapping[str, object]


def shape_lengths(template: object, types: Sequence[Type]) -> tuple[Length, ...]:
    """The shape that a `shape` argument means: an int or a tuple of ints."""
    items = template if isinstance(template, tuple | list) else (template,)
    return tuple(_length(item, types) for item in items)


def _length(item: object, types: Sequence[Type]) -> Length:
    if isinstance(item, Input):
        type_ = types[item.position]
        if not isinstance(type_, ScalarType) or type_.dtype.kind not in "iu":
            raise Unsupported(f"a {type_} is used as a length", "convert it with int(...)")
        return type_.length if type_.length is not None else fresh()
    if isinstance(item, int | np.integer) and not isinstance(item, bool):
        return as_length(int(item))
    raise Unsupported(f"{item!r} is used as a length", "pass an int")


def _filled_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    dtype = np.dtype(attrs.get("dtype") or float)  # type: ignore[call-overload]
    return (ArrayType(dtype, shape_lengths(attrs["shape"], types)),)


def _filled(name: str) -> object:
    function = getattr(np, name)
    return lambda inputs, attrs: function(fill(attrs["shape"], inputs), attrs.get("dtype") or float)


OPERATIONS = tuple(
    constant_almost_everywhere(
        name, f"numpy.{name}", "it has no float operand", f"An array of {what}.", signature="shape, dtype=None",
        operands=(), types=_filled_types, evaluate=_filled(name), backend=Domain.OPAQUE,
        refused_keywords={"order": "it changes only the memory layout", "like": "only NumPy arrays are supported"},
    )
    for name, what in (("zeros", "zeros"), ("ones", "ones"), ("empty", "elements to be written"))
)
