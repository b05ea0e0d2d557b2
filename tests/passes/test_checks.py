"""What follows a check that raises stands beside it."""

import pytest

from gradscribe.ir.control import IF, IfView
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Value
from gradscribe.ir.types import BOOL
from gradscribe.ir.verify import verify
from gradscribe.ops.execute import execute
from gradscribe.passes.checks import unnest_checks
from tests.graphs import NUMBER, as_program, block_of


def raising(b, x, exception=ValueError):
    b.apply("raise_", [], {"exception": exception, "args": ()})
    return [b.absent(NUMBER), b.absent(BOOL)]


def checks(depth):
    """`if x < 0: raise ... elif x < 1: raise ...`, the rest of the function in the last branch."""

    def following(b, x):
        if depth == 0:
            return [b.op("sin", x), b.constant(True)]
        outputs = [Value(NUMBER, "y"), Value(BOOL)]
        blocks = [block_of([Value(NUMBER)], raising), block_of([Value(NUMBER)], checks(depth - 1))]
        bad = b.op("lt" if depth % 2 else "ge", x, float(-depth))
        if depth % 2 == 0:
            blocks.reverse()
        b.append(IfView.make(bad, [x], *blocks, outputs))
        return outputs

    return following


@pytest.mark.parametrize("depth", [1, 2, 5, 300])
def test_checks_one_after_the_other(depth):
    before = as_program(block_of([Value(NUMBER, "x")], checks(depth)))
    after = unnest_checks(before)
    verify(after)
    assert evaluate(after, (1.5,), execute) == evaluate(before, (1.5,), execute)
    body = after.entry.body
    assert sum(node.op is IF for node in body.nodes) == depth
    assert all(not node.outputs for node in body.nodes if node.op is IF)
    for program in (before, after):
        with pytest.raises(ValueError):
            evaluate(program, (-depth - 0.5,), execute)
    assert unnest_checks(after) is after
