"""scipy.integrate: initial value problems whose right-hand side is a function of the user's.

The right-hand side is a graph, which SciPy calls; what it reads besides time and state are inputs of the node,
handed on as `args`. Forward mode solves the sensitivity equation along with the problem, reverse mode the adjoint
equation backwards.

In:  nothing.   Out: `OPERATIONS`, `TrajectoryParts`.
Not here: making the graph (frontend/trajectories.py), the derivative (ad/trajectories.py).
References: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, 1993, section I.14.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import BOOL, INT, ArrayType, Type
from gradscribe.ops.declare import custom
from gradscribe.ops.promotion import stated_results
from gradscribe.ops.spec import Spelling

Attrs = Mapping[str, object]
RUNTIME = "gradscribe.runtime.trajectories."
DOUBLE = np.dtype(np.float64)
OPTIONS = ("method", "rtol", "atol", "max_step", "first_step", "min_step")
NOTE = (
    "Forward mode: the sensitivity equation; reverse mode: the adjoint equation, backwards along the solution. "
    "Both are solved by `solve_ivp` with the method and tolerances given (`odeint`: LSODA): the derivative is as "
    "accurate as they say, and no more, so ask for `rtol=1e-8`. The times are held fixed. Second derivatives "
    "are those of the equation of y and its derivative together, to the same tolerances."
)


@dataclass(frozen=True)
class TrajectoryParts:
    """The parts of a node.

    Attributes:
        function: the graph of the right-hand side.
        state: the state at the beginning.
        times: everything that says when: no derivative passes through it.
        reads: what the right-hand side reads besides time and state.
    """

    function: str
    state: Value
    times: tuple[Value, ...]
    reads: tuple[Value, ...]

    @staticmethod
    def of(node: Node) -> TrajectoryParts:
        """Read them off the node: inputs are the state, the times, what is read, and options."""
        function, args = node.attrs["func" if node.op.name == "odeint" else "fun"], node.attrs["args"]
        assert isinstance(function, GraphReference) and isinstance(args, tuple)
        start = args[0].position if args else len(node.inputs)
        count = node.attrs["times"]
        assert isinstance(count, int)
        return TrajectoryParts(
            function.name, node.inputs[0], node.inputs[1 : 1 + count], node.inputs[start : start + len(args)]
        )


def is_trajectory(node: Node) -> bool:
    """Whether the node solves an initial value problem for a graph, or its adjoint."""
    return node.op.name in ("trajectory", "odeint", "adjoint_trajectory")


def is_adjoint(node: Node) -> bool:
    """Whether the node computes the cotangents of a trajectory."""
    return node.op.name == "adjoint_trajectory"


def _trajectory_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    state = types[0]
    assert isinstance(state, ArrayType)
    given = types[3] if "t_eval" in attrs else None
    count = given.shape[0] if isinstance(given, ArrayType) else fresh()
    return (ArrayType(DOUBLE, (count,)), ArrayType(DOUBLE, (state.shape[0], count)), BOOL, INT)


def _odeint_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    state, times = types[:2]
    assert isinstance(state, ArrayType) and isinstance(times, ArrayType)
    return (ArrayType(DOUBLE, (times.shape[0], state.shape[0])),)


def _applied_elsewhere(*_: object) -> NoReturn:
    raise AssertionError("ad/trajectories.py differentiates trajectories")


WHY = "the sensitivity equation forwards, the adjoint equation backwards"
NOT_FOLLOWED = "what it adds to the result is not followed"
REFUSED = {
    "dense_output": "evaluate at `t_eval` instead",
    "events": "when an event happens is not differentiated; integrate to a fixed time",
    "vectorized": "the function is called with one state at a time",
    "jac": "it is the derivative that is computed here; leave it out, or use an explicit method",
    "jac_sparsity": NOT_FOLLOWED,
    "lband": NOT_FOLLOWED,
    "uband": NOT_FOLLOWED,
}

STEPS = "the steps are chosen by the tolerances"

OPERATIONS = (
    custom(
        "trajectory",
        f"{RUNTIME}trajectory scipy.integrate.solve_ivp",
        "fun, t_span, y0, *, method='RK45', t_eval=None, args=(), rtol=0.001, atol=1e-06, max_step=None, "
        "first_step=None, min_step=0.0, strict=False",
        _applied_elsewhere,
        _applied_elsewhere,
        _trajectory_types,
        "Solution of an initial value problem: `t`, `y`, `success` and `status` of the result.",
        why=WHY,
        operands=(),
        variadic="args",
        refused_keywords=REFUSED,
        note=NOTE,
    ),
    custom(
        "odeint",
        "scipy.integrate.odeint",
        "func, y0, t, args=(), *, rtol=None, atol=None, tfirst=False",
        _applied_elsewhere,
        _applied_elsewhere,
        _odeint_types,
        "Solution of an initial value problem at given times.",
        why=WHY,
        operands=(),
        variadic="args",
        refused_keywords={
            "Dfun": "it is the derivative that is computed here",
            "full_output": "the record of the steps has no derivative",
            "tcrit": "use solve_ivp, piece by piece",
            "printmessg": "it prints",
            **dict.fromkeys(("col_deriv", "ml", "mu"), "it says how to read `Dfun`"),
            **dict.fromkeys(("h0", "hmax", "hmin", "mxstep", "mxhnil", "mxordn", "mxords", "ixpr"), STEPS),
        },
        note=NOTE,
    ),
    custom(
        "adjoint_trajectory",
        f"{RUNTIME}adjoint",
        "pull, fun, t_span, y0, t, d_y, *, args=(), method='RK45', rtol=0.001, atol=1e-06, max_step=None, "
        "first_step=None, min_step=0.0",
        _applied_elsewhere,
        _applied_elsewhere,
        stated_results,
        "Cotangents of a trajectory.",
        why=WHY,
        operands=(),
        variadic="args",
        returns_tuple=True,
    ),
)
