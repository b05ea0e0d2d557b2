"""How much a program does and keeps at orders 0, 1 and 2, counted, never timed.

In:  a function, arguments.   Out: elements touched and bytes kept, by the reference evaluator; peak memory of the
emitted code, by tracemalloc.
Not here: what is expected of the counts (test_growth.py).
"""

from __future__ import annotations

import gc
import inspect
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import FrameType
from typing import Any

import numpy as np

import gradscribe as gs
from gradscribe.ad.transforms import gradient
from gradscribe.compiler.pipeline import lower_function
from gradscribe.frontend.arguments import Arguments, read_arguments
from gradscribe.ir.cost import Cost
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Node, Program
from gradscribe.ops.execute import execute
from gradscribe.passes.pipelines import optimise
from tests.programs.load import load_module

Function = Callable[..., Any]


@dataclass(frozen=True)
class Counts:
    """What one evaluation cost.

    Attributes:
        touched: elements read or written.
        kept: the most bytes that were held at one time.
    """

    touched: int
    kept: int


def second_order_of(function: Function) -> Function:
    """A scalar function of the gradient with respect to the first argument, whose gradient is of second order."""
    inner = gs.grad(function, create_graph=True)
    names = ", ".join(inspect.signature(function).parameters)
    body = f"def squared_gradient({names}):\n    g = inner({names})\n    return np.sum(g * g)\n"
    module = load_module(f"import numpy as np\n\n\n{body}", inner=inner)
    return module.squared_gradient  # type: ignore[no-any-return]


@cache
def program_of(function: Function, order: int, make: Function) -> tuple[Program, Function]:
    """The program of this order, and the function it was lowered from."""
    primal = function if order < 2 else second_order_of(function)
    program = lower_function(primal, leaves_of(primal, make(4))).program
    if order > 0:
        program = optimise(gradient(program, (0,), name="derivative"))
    return program, primal


def leaves_of(function: Function, arguments: Sequence[Any]) -> Arguments:
    """The leaves of a call."""
    return read_arguments(function, arguments, {})


def counts(function: Function, order: int, make: Function, n: int) -> Counts:
    """Counts of the evaluator for arguments of size n.

    What is kept is counted with views copied: a value that is saved is copied by the schedule where its storage is
    written afterwards, and does not keep the whole storage.
    """
    program, primal = program_of(function, order, make)
    values = leaves_of(primal, make(n)).leaf_values
    assert values is not None
    touched, kept = Cost(), Cost()
    evaluate(program, values, execute, cost=touched)
    evaluate(program, values, _execute_without_views, cost=kept)
    return Counts(touched.touched, kept.peak)


def _execute_without_views(node: Node, inputs: Sequence[object]) -> tuple[object, ...]:
    return tuple(
        output.copy() if isinstance(output, np.ndarray) and output.base is not None else output
        for output in execute(node, inputs)
    )


def peak_memory(function: Function, order: int, make: Function, n: int) -> int:
    """Peak bytes allocated while the emitted code runs."""
    derivative = derivative_of(function, order)
    arguments = make(n)
    derivative(*arguments)
    gc.collect()
    tracemalloc.start()
    try:
        derivative(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@cache
def derivative_of(function: Function, order: int) -> Function:
    """The derivative object of this order."""
    if order == 0:
        return function
    return gs.grad(function if order == 1 else second_order_of(function))


def calls_while(action: Callable[[], object]) -> int:
    """Number of calls of Python functions of gradscribe while the action runs: work, without a clock."""
    found = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal found
        if event == "call" and "gradscribe" in frame.f_code.co_filename:
            found += 1

    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return found
