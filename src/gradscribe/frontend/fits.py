"""Calls of scipy.optimize.curve_fit: the residuals are a function of the parameters, whose squares are least.

In:  a curve and its data.   Out: the parameters, and their covariance.
Not here: the search for the least squares (roots.py), its derivative (ad/roots.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from types import FunctionType

import libcst as cst
import numpy as np

from gradscribe.frontend.operands import as_operand
from gradscribe.frontend.roots import call_root
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.syntax import parameters_of
from gradscribe.frontend.table_calls import bind_arguments
from gradscribe.frontend.values import Abstract, Closure, ListCell, PartialCall, Static, TupleValue, is_none
from gradscribe.ir.types import shape_of
from gradscribe.ops.spec import OpSpec, Spelling
from gradscribe.ops.table import find_callable
from gradscribe.ops.written.fits import residuals
from gradscribe.runtime.roots import covariance_of_fit, fitted_curve

PASSED_ON = ("absolute_sigma", "method", "ftol", "xtol", "gtol", "maxfev")


def call_curve_fit(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """The parameters and their covariance."""
    bound = bind_arguments(run, node, spec, spelling, args, kwargs)
    count = _count(run, node, bound)
    given = {
        "f": bound["f"],
        "n": Static(count),
        "xdata": _as_array(run, node, bound["xdata"]),
        "ydata": _as_array(run, node, bound["ydata"]),
        "sigma": _as_array(run, node, bound.get("sigma", Static(None))),
    }
    function = PartialCall(Static(residuals), (), given)
    begin = bound.get("p0", Static(None))
    if is_none(begin):
        begin = run.call(run, node, Static(np.ones), (Static(count),), {})
    options = {name: bound[name] for name in PASSED_ON if name in bound}
    search = find_callable(fitted_curve)
    assert search is not None
    found = call_root(run, node, search[0], spelling, (function, begin), options)
    assert isinstance(found, TupleValue)
    covariance = run.call(run, node, Static(covariance_of_fit), found.items, {})
    return TupleValue((found.items[0], covariance))


def _as_array(run: Lowering, node: cst.CSTNode, value: Abstract) -> Abstract:
    """What SciPy makes of lists and arrays: arrays of floats."""
    is_sequence = isinstance(value, ListCell | TupleValue)
    return run.wrap(as_operand(run, value, node)) if is_sequence else value


def _count(run: Lowering, node: cst.CSTNode, bound: Mapping[str, Abstract]) -> int:
    """How many parameters the curve has: as many as it is given, or as many as it names."""
    begin = bound.get("p0", Static(None))
    content = read_list(run, begin, node) if isinstance(begin, ListCell) else begin
    if isinstance(content, TupleValue):
        content = content.items
    if isinstance(content, tuple):
        return len(content)
    named = _named(bound["f"])
    if named is not None:
        return named - 1
    length = None if is_none(begin) else shape_of(as_operand(run, begin, node).type)[0].constant
    if length is not None:
        return length
    raise run.refusal(
        node,
        "GS204",
        "`scipy.optimize.curve_fit` has a number of parameters that is known at run time only",
        why="the curve is called with one argument for each",
        fix="name the parameters of the curve, or pass p0 as a list",
    )


def _named(function: Abstract) -> int | None:
    """How many arguments a function takes; None where that is open."""
    if isinstance(function, Closure):
        stars = (function.function.params.star_arg, function.function.params.star_kwarg)
        plain = all(not isinstance(star, cst.Param) for star in stars)
        return len(parameters_of(function.function)) if plain else None
    target = function.value if isinstance(function, Static) else None
    if not isinstance(target, FunctionType):
        return None
    parameters = inspect.signature(target).parameters.values()
    if any(p.kind in (p.VAR_POSITIONAL, p.KEYWORD_ONLY) for p in parameters):
        return None
    return len(parameters)
