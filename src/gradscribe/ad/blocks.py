"""Closing reverse blocks: what they read of the primal becomes parameters.

In:  a reverse sweep written with free reads of primal values.   Out: closed blocks and what must be supplied.
Not here: which control node they belong to (branches.py, loops.py, calls.py).
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from gradscribe.ad.residuals import ResidualPlan, live_nodes, plan_residuals
from gradscribe.ad.restored import read_restored
from gradscribe.ad.state import BlockPullback
from gradscribe.ir.graph import Block, Value
from gradscribe.ir.types import ArrayType, ScalarType, Type, loosened, one_of_scalars
from gradscribe.ops.build import OpBuilder


@dataclass(frozen=True)
class BranchPart:
    """One branch of an `if` after reversal.

    Attributes:
        block: the primal branch.
        plan: what the reverse branch reads of the forward one, and both as nodes.
        params: parameters for the values handed in (cotangents and accumulators).
        results: what the reverse branch yields.
        residuals: outputs of the forward `if` that carry the saved values of the plan.
        captured_positions: positions of captured values that the reverse branch reads.
    """

    block: Block
    plan: ResidualPlan
    params: list[Value]
    results: list[Value]
    residuals: list[Value]
    captured_positions: list[int]

    def finish(self, inputs: Sequence[Value], passed: Sequence[Value], captured: Sequence[Value]) -> Block:
        """The closed reverse branch, with one parameter for each of `inputs`."""
        given = [*self.params, *inputs[len(passed) :]]
        params = [Value(value.type, value.hint) for value in given]
        mapping: dict[Value, Value] = {}
        for param, own in zip(self.params, params[: len(passed)], strict=True):
            mapping[param] = own
        by_input = dict(zip(inputs[len(passed) :], params[len(passed) :], strict=True))
        for value, residual in zip(self.plan.saved, self.residuals, strict=True):
            mapping[value] = by_input[residual]
        for position in self.captured_positions:
            mapping[self.block.params[position]] = by_input[captured[position]]
        nodes = self.plan.sweep(mapping)
        return Block(tuple(params), tuple(nodes), tuple(mapping.get(v, v) for v in self.results))


def close_branch(
    block: Block,
    pull: BlockPullback,
    params: list[Value],
    results: list[Value],
    stable: Sequence[Value],
    yielded: Mapping[Value, Value],
) -> BranchPart:
    """Decide what the reverse branch reads and how; of the parameters it can read the stable ones.

    What the branch yields anyway is read where that arrives: `yielded` has the outputs of the `if` by the results.
    """
    plan = plan_for(block, pull, params, results, stable)
    residuals = [yielded.get(value) or Value(value.type, value.hint) for value in plan.saved]
    positions = [block.params.index(value) for value in plan.outer]
    return BranchPart(block, plan, params, results, residuals, positions)


def plan_for(
    block: Block,
    pull: BlockPullback,
    params: Sequence[Value],
    results: Sequence[Value],
    stable: Sequence[Value],
) -> ResidualPlan:
    """The residual plan of a reverse sweep."""
    own = frozenset(params)
    reverse = read_restored(block, pull, live_nodes(pull.b.nodes, results), own)
    return plan_residuals(block, pull.forward, reverse, results, params, stable, pull.absent)


def zero_if_any(b: OpBuilder, value: Value, absent: Container[Value]) -> Value:
    """A zero cotangent for a value; what may be absent has none where it is."""
    if value in absent and not isinstance(value.type, ScalarType):
        return b.op("zeros_like", value, optional=True)
    return zero_like(b, value)


def zero_like(b: OpBuilder, value: Value) -> Value:
    """A zero cotangent for this value; a plain 0.0 for numbers (it is weak, so float32 stays float32)."""
    if isinstance(value.type, ScalarType):
        return b.constant(0j if value.type.dtype.kind == "c" else 0.0)
    return b.op("zeros_like", value)


def grown_type(values: Sequence[Value]) -> Type:
    """The type of a value that is one of these at run time: for numbers the least upper bound."""
    types = [value.type for value in values]
    first = next((type_ for type_ in types if isinstance(type_, ArrayType)), None)
    if first is not None:
        return first
    scalars = [type_ for type_ in types if isinstance(type_, ScalarType)]
    if len(scalars) == len(types):
        return loosened(reduce(one_of_scalars, scalars))
    return types[0]


def stays_python(block: Block, value: Value) -> bool:
    """Whether all that is computed from this number is Python numbers, so that its cotangent is one too."""
    for node in block.nodes:
        for position, operand in enumerate(node.inputs):
            if operand is not value:
                continue
            if not node.blocks and not all(map(_is_python, node.outputs)):
                return False
            for inner in node.blocks:
                param = inner.params[position - (len(node.inputs) - len(inner.params))]
                if not stays_python(inner, param):
                    return False
    return True


def _is_python(value: Value) -> bool:
    return isinstance(value.type, ScalarType) and value.type.python
