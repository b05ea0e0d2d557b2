"""`compiled`: the same optimiser, whose generated sweeps are machine code.

In:  a transformation.   Out: a transformation of the same states and the same numbers.
Not here: the compilation of a sweep (native.py).
"""

from __future__ import annotations

from gradscribe.optim.extras import load
from gradscribe.optim.settings import check_counts
from gradscribe.optim.threads import cores
from gradscribe.optim.transformation import GradientTransformation, core_of


def compiled(transformation: GradientTransformation, *, threads: int | None = None) -> GradientTransformation:
    """The same transformation, with its elementwise sweeps compiled by Numba.

    Parameters, updates and states are the same, bit for bit, so that a run may go on with the one where the other
    stopped. A sweep reads and writes memory once, where the NumPy calls do so a dozen times: worth it for large
    parameters, and for very many steps. The first step compiles, which takes about a second. Rules whose
    operations are not correctly rounded, such as powers, and dtypes other than float64 and float32, stay with
    NumPy; NumPy's warnings of overflow are not raised by machine code.

    Args:
        transformation: what is compiled.
        threads: that may be used for parameters of some megabytes, from 1 on; None for one on each core that this
            process may use. What is computed does not depend on it.

    Raises:
        GS331: Numba is not installed.
        GS354: it is not a transformation.
        GS356: `threads` is no count.

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
    if threads is None:
        threads = cores()
    check_counts("compiled", threads=threads)
    return GradientTransformation.of(core.compiled(threads))
