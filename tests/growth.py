"""How cost grows with size, counted by the reference evaluator: no clock, no noise.

In:  a maker of (program, values) for a size n.   Out: elements touched and bytes kept at n, 2n and 4n.
Not here: what counts as touched and kept (gradscribe/ir/cost.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradscribe.ir.cost import Cost
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Program
from gradscribe.ops.execute import execute

Maker = Callable[[int], tuple[Program, Sequence[object]]]

# Twice the size may cost a little more than twice as much where loops have a fixed part.
LINEAR = 2.2


@dataclass(frozen=True)
class Growth:
    """Counts at n, 2n and 4n."""

    touched: tuple[int, int, int]
    kept: tuple[int, int, int]

    @property
    def touched_ratio(self) -> float:
        """Elements at 4n over elements at 2n: 2 is linear, 4 quadratic."""
        return self.touched[2] / max(1, self.touched[1])

    @property
    def kept_ratio(self) -> float:
        """Bytes at 4n over bytes at 2n."""
        return self.kept[2] / max(1, self.kept[1])


def measure(make: Maker, n: int = 20) -> Growth:
    """The growth of a program: `make(n)` gives it and values of size n."""
    costs = []
    for size in (n, 2 * n, 4 * n):
        program, values = make(size)
        cost = Cost()
        evaluate(program, values, execute, cost=cost)
        costs.append(cost)
    first, second, third = costs
    return Growth(
        (first.touched, second.touched, third.touched),
        (first.peak, second.peak, third.peak),
    )


def assert_grows_alike(make: Maker, primal: Maker, n: int = 20, slack: float = 1.15) -> None:
    """The program's cost and memory grow by no more than the primal's do, but for `slack`."""
    growth, reference = measure(make, n), measure(primal, n)
    assert growth.touched_ratio <= reference.touched_ratio * slack, (growth, reference)
    assert growth.kept_ratio <= max(reference.kept_ratio, 2.0) * slack, (growth, reference)


def assert_linear(make: Maker, n: int = 20) -> None:
    """Cost and memory double with the size."""
    growth = measure(make, n)
    assert growth.touched_ratio <= LINEAR, growth
    assert growth.kept_ratio <= LINEAR, growth
