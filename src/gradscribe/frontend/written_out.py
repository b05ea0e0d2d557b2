"""Functions and classes of libraries that are written out in Python and lowered as the user's are.

In:  nothing.   Out: `WRITTEN_OUT`, `CLASSES`.
Not here: the lowering of functions (functions.py), containers and lists in Python (ops/written/).
"""

from __future__ import annotations

import bisect
import collections
import functools
import heapq
import itertools
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

import numpy as np
import numpy.polynomial

from gradscribe.ops.written import arrays, decorators, lists, searching, series_classes
from gradscribe.ops.written.containers import Counter, DefaultDict, Deque, OrderedDict, fromkeys
from gradscribe.ops.written.counting import Counting
from gradscribe.ops.written.histograms import histogram2d
from gradscribe.ops.written.keyed import KeyedDict, ShrinkingDict
from gradscribe.ops.written.partly_filled import PartlyFilled
from gradscribe.ops.written.poly1d import Poly1d
from gradscribe.ops.written.sets import RunTimeSet

BASES = (
    (np.polynomial.polynomial, "poly"),
    (np.polynomial.chebyshev, "cheb"),
    (np.polynomial.legendre, "leg"),
    (np.polynomial.laguerre, "lag"),
    (np.polynomial.hermite, "herm"),
    (np.polynomial.hermite_e, "herme"),
)
BISECTIONS = ("bisect_left", "bisect_right", "insort_left", "insort_right")
HEAPS = ("heappush", "heappop", "heapreplace", "heappushpop", "heapify", "merge", "nsmallest", "nlargest")


def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """Where a condition holds, its function of those elements; a number stands for itself."""
    if len(funclist) == len(condlist) + 1:
        condlist = [*condlist, ~np.any(condlist, axis=0)]
    y = np.zeros_like(x)
    for condition, function in zip(condlist, funclist, strict=True):
        if callable(function):
            values = x[condition]
            if values.size > 0:
                y[condition] = function(values, *args, **kw)
        else:
            y[condition] = function
    return y


def apply_along_axis(func1d: Any, axis: Any, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """The function of each vector along an axis, put together again."""

    def along_last(a: Any) -> Any:
        if a.ndim == 1:
            return np.array(func1d(a, *args, **kwargs))
        return np.stack([along_last(part) for part in a])

    found = along_last(np.moveaxis(arr, axis, -1))
    return np.moveaxis(found, -1, axis) if found.ndim == arr.ndim else found


def element_by_element(function: Any, arrays: Any) -> Any:
    """What `np.vectorize` does: Python numbers go in, one number comes out."""
    arrays = np.broadcast_arrays(*arrays)
    columns = [array.ravel() for array in arrays]
    results = [function(*[column[i].item() for column in columns]) for i in range(columns[0].size)]
    return np.array(results).reshape(arrays[0].shape)


WRITTEN_OUT: Mapping[Callable[..., Any], FunctionType] = {
    function: written
    for function, written in (
        (dict.fromkeys, fromkeys),
        (functools.wraps, decorators.wraps),
        (functools.update_wrapper, decorators.update_wrapper),
        (np.piecewise, piecewise),
        (np.apply_along_axis, apply_along_axis),
        (element_by_element, element_by_element),
        *((getattr(heapq, name), getattr(lists, name)) for name in HEAPS),
        *((getattr(bisect, name), getattr(searching, name)) for name in BISECTIONS),
        (np.histogram2d, histogram2d),
        (np.fromfunction, arrays.fromfunction),
        (np.fromiter, arrays.fromiter),
        *((getattr(basis, f"{name}add"), series_classes.added) for basis, name in BASES),
        *((getattr(basis, f"{name}sub"), series_classes.subtracted) for basis, name in BASES),
        (np.polynomial.polynomial.polymul, series_classes.power_product),
        (np.polynomial.chebyshev.chebmul, series_classes.chebyshev_product),
    )
    if isinstance(written, FunctionType)
}

SERIES: Mapping[type, type] = {
    getattr(np.polynomial, written.__name__): written
    for written in (
        series_classes.Polynomial,
        series_classes.Chebyshev,
        series_classes.Legendre,
        series_classes.Laguerre,
        series_classes.Hermite,
        series_classes.HermiteE,
    )
}
"""Those of numpy.polynomial."""

PARTS: Mapping[type, tuple[str, ...]] = {
    **dict.fromkeys(SERIES, ("coef", "domain", "window", "symbol")),
    np.poly1d: ("coeffs",),
}
"""Polynomials, which may have been made outside of the function, by the attributes that they consist of."""

CLASSES: Mapping[type, type] = {
    collections.deque: Deque,
    collections.defaultdict: DefaultDict,
    collections.Counter: Counter,
    collections.OrderedDict: OrderedDict,
    np.poly1d: Poly1d,
    **SERIES,
}
"""Classes by what is made in their place."""

STANDS_FOR: Mapping[type, type] = {
    **{written: cls for cls, written in CLASSES.items()},
    KeyedDict: dict,
    Counting: itertools.count,
    PartlyFilled: list,
    RunTimeSet: set,
    ShrinkingDict: dict,
}
