"""Rosenbrock's function of scipy.optimize.

In:  nothing.   Out: `OPERATIONS`.
Not here: its model (written/rosenbrock.py), what searches for minima (roots.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradscribe.ops.composite import modelled
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import rosenbrock as model


def _entry(function: Callable[..., Any], signature: str, doc: str, *samples: str, **fields: Any) -> OpSpec:
    return modelled(
        function.__name__,
        f"scipy.optimize.{function.__name__}",
        signature,
        function,
        doc,
        why="a polynomial",
        real_only=True,
        samples=samples,
        **fields,
    )


OPERATIONS = (
    _entry(model.rosen, "x", "Rosenbrock's function.", "a(4)", "a(2)", "a(3, 2)"),
    _entry(model.rosen_der, "x", "Its gradient.", "a(4)", "a(3)"),
    _entry(model.rosen_hess, "x", "Its Hessian.", "a(4)", "a(3)", double_only=True),
    _entry(model.rosen_hess_prod, "x, p", "Its Hessian times a vector.", "a(4), a(4)", double_only=True),
)
