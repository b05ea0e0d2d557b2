"""Interpolators of scipy.interpolate: objects that are made of arrays and then called.

The object exists while lowering: it is its coefficients and knots, bound to the function that evaluates them.

In:  abstract arguments, or an object that was made outside.   Out: a callable.
Not here: the operations (ops/splines.py, ops/grids.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import libcst as cst
import numpy as np

from gradscribe.frontend.iteration import items_of
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.scope import outside
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.table_calls import apply_operation, bind_arguments
from gradscribe.frontend.values import Abstract, ListCell, Number, PartialCall, Static, TupleValue
from gradscribe.ops.interpolants import EVALUATED
from gradscribe.ops.spec import OpSpec, Spelling
from gradscribe.ops.table import lookup
from gradscribe.runtime.splines import evaluate_pieces, grid_interpolation

CUBICS = frozenset({"CubicSpline", "PchipInterpolator", "Akima1DInterpolator", "CubicHermiteSpline", "PPoly"})
WORDS = {"x": "t"}
COEFFICIENTS = {"CubicSpline": "cubic_spline", "PchipInterpolator": "pchip"}


def make_spline(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:  # fmt: skip
    """A spline, made of knots and values."""
    named = {**dict(zip(("x", "y", "axis", "bc_type", "extrapolate"), args, strict=False)), **kwargs}
    if spec.name == "PchipInterpolator" and len(args) > 3:
        named["extrapolate"] = named.pop("bc_type")
    extrapolate, axis = named.pop("extrapolate", Static(None)), named.pop("axis", Static(0))
    if not isinstance(extrapolate, Static) or not isinstance(axis, Static) or axis.value != 0:
        raise run.refusal(
            node,
            "GS204",
            f"`{spelling.name}` along another axis than the first, or with an option known at run time only",
            why="the coefficients of a spline are followed along the first axis",
            fix="pass y with that axis in front: `np.moveaxis(y, axis, 0)`, and `extrapolate` as a literal",
        )
    given = {WORDS.get(name, name): value for name, value in named.items()}
    spec = lookup(COEFFICIENTS[spec.name])
    bound = bind_arguments(run, node, spec, spelling, (), given)
    t = run.wrap(as_value(run, bound["t"], node))
    attrs = {"bc_type": _known(run, node, bound["bc_type"])} if "bc_type" in bound else {}
    inputs = [as_value(run, t, node), as_value(run, bound["y"], node)]
    c = run.wrap(run.apply(node, spec, inputs, attrs)[0])
    beyond = extrapolate.value
    if beyond is None:
        beyond = "periodic" if attrs.get("bc_type") == "periodic" else True
    return _evaluator(c, t, beyond)


def make_interpolant(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:  # fmt: skip
    """What an interpolant is made of, bound to the function that makes and evaluates it."""
    bound = bind_arguments(run, node, spec, spelling, args, kwargs)
    required = [name for name, p in spec.parameters.parameters.items() if p.default is p.empty]
    options = {name: value for name, value in bound.items() if name not in required}
    return PartialCall(Static(EVALUATED[spec.name]), tuple(bound[name] for name in required), options)


def spline_made_outside(run: Lowering, node: cst.CSTNode, target: Any) -> PartialCall | None:
    """What stands for a cubic of SciPy that was made outside of the function: its arrays are read at each call."""
    is_cubic = type(target).__module__.startswith("scipy.interpolate.") and type(target).__name__ in CUBICS
    if not is_cubic or len(target.c) != 4 or target.axis != 0:
        return None
    c, t = (outside(run, getattr(target, name), target, name, f"spline_{name}", node) for name in "cx")
    return _evaluator(c, t, target.extrapolate)


def _evaluator(c: Abstract, t: Abstract, extrapolate: object) -> PartialCall:
    beyond = extrapolate if isinstance(extrapolate, str) else bool(extrapolate)
    return PartialCall(
        Static(evaluate_pieces), (c, t), {} if beyond is True else {"extrapolate": Static(beyond)}
    )


def _known(run: Lowering, node: cst.CSTNode, value: Abstract) -> object:
    """Text, numbers and tuples of them."""
    match value:
        case Static(value=found):
            return found
        case TupleValue(items=items):
            return tuple(_known(run, node, item) for item in items)
        case ListCell() if isinstance(content := read_list(run, value, node), tuple):
            return tuple(_known(run, node, item) for item in content)
    raise run.refusal(
        node,
        "GS204",
        "a boundary condition of a spline is known at run time only",
        why="its derivative by that is not known",
        fix="pass text, or numbers as literals",
    )


def make_grid(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:  # fmt: skip
    """`RegularGridInterpolator(points, values)`."""
    names = ("points", "values", "method", "bounds_error", "fill_value")
    named = {**dict(zip(names, args, strict=False)), **kwargs}
    further = sorted(set(named) - set(names))
    if further or not {"points", "values"} <= set(named):
        raise run.refusal(
            node,
            "GS204",
            f"`{spelling.name}` is called with {', '.join(further) or 'too few arguments'}",
            why=f"it takes {', '.join(names)}",
            fix="leave the others at their defaults",
        )
    points, values = named.pop("points"), named.pop("values")
    return PartialCall(Static(grid_interpolation), (values, *items_of(run, node, points)), named)


def call_grid(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:  # fmt: skip
    """The values on a grid at an array of places, or at a tuple of coordinates."""
    *before, places = args
    if isinstance(places, TupleValue) and not all(isinstance(item, Static | Number) for item in places.items):
        places = run.call(run, node, Static(np.stack), (places,), {"axis": Static(-1)})
    return apply_operation(run, node, spec, spelling, [*before, places], kwargs)


def grid_made_outside(run: Lowering, node: cst.CSTNode, target: Any) -> PartialCall | None:
    """What stands for a RegularGridInterpolator that was made outside of the function."""
    if type(target).__module__ != "scipy.interpolate._rgi":
        return None
    grid, values = (
        outside(run, getattr(target, name), target, name, name, node) for name in ("grid", "values")
    )
    options = {name: Static(getattr(target, name)) for name in ("method", "bounds_error", "fill_value")}
    return PartialCall(Static(grid_interpolation), (values, *items_of(run, node, grid)), options)


def made_outside(run: Lowering, node: cst.CSTNode, target: object) -> PartialCall | None:
    """What stands for an interpolator that was made outside of the function; None for others."""
    return spline_made_outside(run, node, target) or grid_made_outside(run, node, target)
