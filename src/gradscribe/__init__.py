"""Source-transforming differentiation of NumPy functions.

`import gradscribe as gs`, then `gs.grad(f)`. Names load when they are first used, the compiler, with LibCST, when
the first function is compiled: a program that imports gradscribe and does not use it pays nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradscribe import errors, optim, testing
    from gradscribe.api.derivative import Derivative
    from gradscribe.api.grad import grad, value_and_grad
    from gradscribe.api.jacobian import hessian, hvp, jacfwd, jacobian, jacrev
    from gradscribe.api.jvp import jvp
    from gradscribe.api.vjp import Pullback, vjp
    from gradscribe.compiler.cache import RecompilationWarning
    from gradscribe.compiler.pipeline import SideEffectWarning
    from gradscribe.errors import GradscribeError
    from gradscribe.extend import custom_jvp, custom_vjp, nondifferentiable, primitive
    from gradscribe.frontend.structure import ShapeDtype
    from gradscribe.runtime.constants import stop_gradient

__version__ = "0.1.0"
__all__ = [
    "Derivative",
    "GradscribeError",
    "Pullback",
    "RecompilationWarning",
    "ShapeDtype",
    "SideEffectWarning",
    "custom_jvp",
    "custom_vjp",
    "errors",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "nondifferentiable",
    "optim",
    "primitive",
    "stop_gradient",
    "testing",
    "value_and_grad",
    "vjp",
]

_HOME = {
    "Derivative": "api.derivative",
    "GradscribeError": "errors",
    "Pullback": "api.vjp",
    "RecompilationWarning": "compiler.cache",
    "ShapeDtype": "frontend.structure",
    "SideEffectWarning": "compiler.pipeline",
    "custom_jvp": "extend",
    "custom_vjp": "extend",
    "grad": "api.grad",
    "hessian": "api.jacobian",
    "hvp": "api.jacobian",
    "jacfwd": "api.jacobian",
    "jacobian": "api.jacobian",
    "jacrev": "api.jacobian",
    "jvp": "api.jvp",
    "nondifferentiable": "extend",
    "primitive": "extend",
    "stop_gradient": "runtime.constants",
    "value_and_grad": "api.grad",
    "vjp": "api.vjp",
}


def __getattr__(name: str) -> object:
    if name in ("errors", "optim", "testing"):
        return importlib.import_module(f"gradscribe.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'gradscribe' has no attribute {name!r}")
    found = getattr(importlib.import_module(f"gradscribe.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
