"""`np.vectorize` of user functions: a loop over the elements, lowered like any other.

In:  the vectorised function, its options and abstract arguments.   Out: the array of what it returns.
Not here: the loop itself (written_out.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import libcst as cst
import numpy as np

from gradscribe.frontend.operands import type_of
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.type_queries import class_of, is_mixed_class
from gradscribe.frontend.values import Abstract, PartialCall, Static, TupleValue
from gradscribe.frontend.written_out import element_by_element
from gradscribe.ir.types import ArrayType, ScalarType

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
# What Python numbers are in arrays.
PYTHON_PRECISION = frozenset({"float64", "int64", "complex128", "bool"})


def make_vectorized(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`np.vectorize(function, otypes=..., excluded=...)`; documentation and caching change nothing."""
    names = ("pyfunc", "otypes", "doc", "excluded", "cache", "signature")
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    function = given.pop("pyfunc", None)
    options = {name: _known(run, node, name, value) for name, value in given.items()}
    if function is None:
        return None
    excluded: Any = options.get("excluded") or ()
    return vectorized(run, node, function, options.get("otypes"), excluded, options.get("signature"))


def _known(run: Lowering, node: cst.CSTNode, name: str, value: Abstract) -> object:
    if isinstance(value, Static):
        return value.value
    if name == "cache":
        return None
    items = run.call(run, node, Static(tuple), (value,), {})
    assert isinstance(items, TupleValue)
    return tuple(item.value if isinstance(item, Static) else None for item in items.items)


def vectorized_object(run: Lowering, node: cst.CSTNode, target: np.vectorize) -> Abstract:
    """What a global or decorated `np.vectorize` object is while lowering."""
    return vectorized(
        run, node, Static(target.pyfunc), target.otypes, target.excluded, target.signature
    )  # fmt: skip


def vectorized(
    run: Lowering, node: cst.CSTNode, function: Abstract, otypes: Any, excluded: Any, signature: object
) -> Abstract:
    """A function of arrays that calls `function` for each element."""
    if signature is not None:
        raise run.refusal(
            node,
            "GS204",
            "`signature` of `np.vectorize`",
            why="core dimensions are not followed",
            fix="loop over the first axis and stack the results: `np.stack([f(row) for row in x])`",
        )
    types = _output_types(otypes)
    if types is not None and len(types) != 1:
        raise _several_results(run, node)
    return PartialCall(Static(call_vectorized), (function, Static(types), Static(frozenset(excluded))), {})


def _output_types(otypes: Any) -> tuple[np.dtype, ...] | None:
    return tuple(np.dtype(otype) for otype in otypes) if otypes else None


def _several_results(run: Lowering, node: cst.CSTNode) -> Refusal:
    return run.refusal(
        node,
        "GS204",
        "`np.vectorize` of a function with several results",
        why="the results would be gathered in one array each",
        fix="vectorise one function for each result",
    )


def call_vectorized(function: object, otypes: object, excluded: object) -> None:
    """Marks a call of a vectorised function; only its name is used."""


def call_element(function: object, options: object, kept: object) -> None:
    """Marks a call for one element; only its name is used."""


def on_arrays(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """The call with arrays."""
    function, types, excluded, *positional = args
    assert isinstance(types, Static)
    assert isinstance(excluded, Static)
    left_out: Any = excluded.value
    given: dict[int | str, Abstract] = dict(enumerate(positional))
    given.update(kwargs)
    swept = tuple(key for key in given if key not in left_out)
    if not swept:
        raise run.refusal(
            node,
            "GS204",
            "`np.vectorize` without an array to go through",
            why="all arguments are excluded",
            fix="call the function itself",
        )
    kept = {key: value for key, value in given.items() if key in left_out}
    places = Static((swept, tuple(kept), types.value is None, run.location(node)))
    one = PartialCall(Static(call_element), (function, places, TupleValue(tuple(kept.values()))), {})
    arrays = TupleValue(tuple(given[key] for key in swept))
    if types.value is None:
        _check_precision(run, node, arrays)
    found = run.call(run, node, Static(element_by_element), (one, arrays), {})
    if types.value is None:
        return found
    wanted: Any = types.value
    return run.call(run, node, Static(np.asarray), (found, Static(wanted[0])), {})


def _check_precision(run: Lowering, node: cst.CSTNode, arrays: TupleValue) -> None:
    for item in arrays.items:
        type_ = type_of(run, item)
        if isinstance(type_, ArrayType | ScalarType) and type_.dtype.name not in PYTHON_PRECISION:
            raise run.refusal(
                node,
                "GS204",
                f"`np.vectorize` over {type_.dtype.name} without `otypes`",
                why="the first element decides the precision of all, the others are computed as Python numbers",
                fix=f"say `otypes=[np.{type_.dtype.name}]`",
            )


def on_element(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """The call for one element of each array."""
    function, places, kept, *elements = args
    assert isinstance(places, Static)
    assert isinstance(kept, TupleValue)
    keys: Any = places.value
    swept, held, decides, call_place = keys
    given = {**dict(zip(swept, elements, strict=True)), **dict(zip(held, kept.items, strict=True))}
    positional = [given[key] for key in sorted(key for key in given if isinstance(key, int))]
    named = {key: value for key, value in given.items() if isinstance(key, str)}
    result = run.call(run, node, function, positional, named)
    refusal: Refusal | None = None
    if decides and is_mixed_class(run, result):
        refusal = run.refusal(
            node,
            "GS204",
            "`np.vectorize` of a function that returns an int for some elements and a float for others",
            why="NumPy makes all results what the first one is, and cuts off their digits where that is an int",
            fix="return floats, as in `0.0`, or say `otypes=[float]`",
        )
    elif not issubclass(class_of(run, result), bool | int | float | complex | np.generic):
        refusal = _several_results(run, node)
    if refusal is not None:
        # The loop is ours: what is wrong is the call.
        raise Refusal(refusal.error, replace(refusal.diagnostic, location=call_place))
    return result
