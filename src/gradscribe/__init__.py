"""Source-transforming differentiation of NumPy functions.

`import gradscribe as gs`, then `gs.grad(f)`. NumPy and little else is loaded here; the compiler, with LibCST,
loads when the first function is compiled.
"""

from gradscribe import errors
from gradscribe.api.derivative import Derivative
from gradscribe.api.grad import grad, value_and_grad
from gradscribe.api.jacobian import hessian, hvp, jacfwd, jacobian, jacrev
from gradscribe.api.jvp import jvp
from gradscribe.api.vjp import Pullback, vjp
from gradscribe.compiler.cache import RecompilationWarning
from gradscribe.errors import GradscribeError
from gradscribe.frontend.structure import ShapeDtype

__version__ = "0.1.0"
__all__ = [
    "Derivative",
    "GradscribeError",
    "Pullback",
    "RecompilationWarning",
    "ShapeDtype",
    "errors",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "value_and_grad",
    "vjp",
]
