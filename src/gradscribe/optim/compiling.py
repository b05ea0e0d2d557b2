"""`compiled`: the same optimiser, whose generated sweeps are machine code.

In:  a transformation.   Out: a transformation of the same states and the same numbers.
Not here: the compilation of a sweep (native.py).
"""

from __future__ import annotations

from gradscribe.optim.extras import load
from gradscribe.optim.transformation import GradientTransformation, core_of


def compiled(transformation: GradientTransformation) -> GradientTransformation:
    """The same transformation, with its elementwise sweeps compiled by Numba.

    Parameters, updates and states are the same, bit for bit, so that a run may go on with the one where the other
    stopped. A sweep reads and writes memory once, where the NumPy calls do so a dozen times: worth it for large
    parameters, and for very many steps. The first step compiles, which takes about a second. Rules whose
    operations are not correctly rounded, such as powers, and dtypes other than float64 and float32, stay with
    NumPy; NumPy's warnings of overflow are not raised by machine code.

    Raises:
        GS331: Numba is not installed.
        GS354: it is not a transformation.

    Example:
        ```py
        opt = gs.optim.compiled(gs.optim.adamw(1e-3))  # pip install "gradscribe[numba]"
        state = opt.init(params)
        params, state = opt.step(params, grads, state)
        print(opt.source)  # the loop that is compiled
        ```
    """
    core = core_of(transformation)
    load("numba", "`compiled`")
    return GradientTransformation.of(core.compiled())
