"""Reverse mode on one block: forward nodes, extended by what the reverse sweep reads, and the reverse sweep.

The nodes of a block are visited from the last to the first; each turns the cotangents of its outputs into
contributions to its inputs. Ordinary nodes do so by their rule, control nodes by their own reversal, which may add
outputs (residuals) to the node: the block's forward nodes are therefore returned anew.

In:  a block, which parameters are varied, cotangents of its results, accumulators of its parameters.
Out: `BlockPullback`.   Not here: control flow (branches.py, loops.py, calls.py), what is saved (residuals.py),
sums (accumulate.py), whole functions (transforms.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gradscribe.ad import branches, calls, elementwise, loops
from gradscribe.ad.accumulate import Cotangents
from gradscribe.ad.custom_rules import reverse_by_rule
from gradscribe.ad.forms import pull_form
from gradscribe.ad.in_place import pulled
from gradscribe.ad.integrals import reverse_integral
from gradscribe.ad.refusal import blamed_on, no_derivative
from gradscribe.ad.roots import reverse_root
from gradscribe.ad.stable import stable_forms
from gradscribe.ad.state import BlockPullback, Sweep, Transformation
from gradscribe.ad.trajectories import reverse_trajectory
from gradscribe.ad.undo import undo_store
from gradscribe.analysis.absence import read_in
from gradscribe.ir.control import CALL, FOR, IF, WHILE
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import is_inexact, same_shape
from gradscribe.ops.build import OpBuilder, literals_of
from gradscribe.ops.composite import body_of
from gradscribe.ops.custom_rules import is_ruled
from gradscribe.ops.integrals import is_integral
from gradscribe.ops.roots import is_root
from gradscribe.ops.slice_lengths import SliceLengths
from gradscribe.ops.spec import (
    Bilinear,
    Composite,
    ConstantAlmostEverywhere,
    Custom,
    Domain,
    Elementwise,
    Linear,
    OpSpec,
    Refused,
)
from gradscribe.ops.trajectories import is_trajectory

PICKING = elementwise.TAKING | {
    *("max", "min", "max_where", "min_where", "nanmax", "nanmin", "ptp"),
    *("median", "nanmedian", "quantile", "percentile", "nanquantile", "nanpercentile"),
}
"""Operations whose result is made of some elements of their operands."""


def reverse_block(
    run: Transformation,
    block: Block,
    varied_params: Sequence[bool],
    result_cts: Sequence[Value | None],
    accumulators: Mapping[Value, Value],
    absent_params: Sequence[bool] | None = None,
    restored: Mapping[Value, Value] | None = None,
    overwritten: frozenset[Value] = frozenset(),
) -> BlockPullback:
    """The adjoint of a block.

    Args:
        run: the transformation.
        block: what to differentiate.
        varied_params: which parameters a cotangent is wanted for.
        result_cts: cotangent of each result, None for zero.
        accumulators: parameters whose cotangent exists outside already, with its value: it is updated.
        absent_params: which parameters may be absent.
        restored: results that are storages to carry backwards, with the values they come in as.
        overwritten: values of the block whose storage is written later, and not carried backwards.
    """
    lengths = SliceLengths(block.nodes)
    b = OpBuilder(derivative=True, literals=literals_of(block.nodes), lengths=lengths)
    varied = run.activity.varied(block, varied_params)
    absent = run.absence.of(block, absent_params or [False] * len(block.params))
    cotangents = Cotangents(b, varied, absent - read_in(block))
    sweep = Sweep(run, block, b, cotangents, varied, absent, dict(restored or {}), overwritten)
    sweep.forms = stable_forms(block)
    sweep.steep = elementwise.steep_results(block.nodes, PICKING)
    for param, accumulator in accumulators.items():
        sweep.cts.replace(param, accumulator)
    for result, ct in zip(block.results, result_cts, strict=True):
        sweep.cts.add(result, ct)
    forward: list[Node] = []
    # From the last to the first: a cotangent is complete only when every later use has been visited.
    for node in reversed(block.nodes):
        with b.at(node.location), blamed_on(node):
            before = undo_store(sweep, node)
            forward += reversed([*before, *reverse_node(sweep, node)])
    forward.reverse()
    doubtful = cotangents.absent
    incoming = [*zip(block.results, result_cts, strict=True), *accumulators.items()]
    theirs = {ct for value, ct in incoming if ct is not None and value in doubtful}
    return BlockPullback(forward, b, sweep.cts, sweep.restored, doubtful | theirs)


def reverse_node(sweep: Sweep, node: Node) -> Sequence[Node]:
    """Emit the reversal of one node; return what the forward sweep must execute in its place."""
    reached = any(sweep.cts.has(output) for output in node.outputs)
    restores = bool(node.blocks) and any(output in sweep.restored for output in node.outputs)
    if not restores and (not reached or not any(value in sweep.varied for value in node.inputs)):
        return [node]
    if is_ruled(node):
        return reverse_by_rule(sweep, node)
    if node.op is IF:
        return [branches.reverse_if(sweep, node)]
    if node.op is FOR:
        return [loops.reverse_for(sweep, node)]
    if node.op is WHILE:
        return [loops.reverse_while(sweep, node)]
    if node.op is CALL:
        return [calls.reverse_call(sweep, node)]
    if is_integral(node):
        reverse_integral(sweep, node)
        return [node]
    if is_trajectory(node):
        reverse_trajectory(sweep, node)
        return [node]
    if is_root(node):
        reverse_root(sweep, node)
        return [node]
    if node in sweep.forms:
        _reverse_form(sweep, node)
        return [node]
    _reverse_operation(sweep, node)
    if node.op.name in PICKING:
        # What was not taken has a cotangent of zero, which an infinite partial must not undo.
        sweep.cts.selected.update(sweep.steep.intersection(node.inputs))
    if not sweep.cts.selected.isdisjoint(node.outputs):
        sweep.cts.selected.update(node.inputs)
    if not sweep.cts.unbounded.isdisjoint(node.outputs):
        sweep.cts.unbounded.update(node.inputs)
    return [node]


def _reverse_form(sweep: Sweep, node: Node) -> None:
    """The cotangent of a form passes its parts by."""
    ct = sweep.cts.lazy(node.output)
    assert ct is not None
    selected = node.output in sweep.cts.selected
    for operand, found in pull_form(sweep.b, node, sweep.forms[node], ct, sweep.varied, selected=selected):
        sweep.cts.add(operand, found)
        if selected:
            sweep.cts.selected.add(operand)


def _reverse_operation(sweep: Sweep, node: Node) -> None:
    spec = node.op
    assert isinstance(spec, OpSpec), spec
    b, cts = sweep.b, sweep.cts
    match spec.form:
        case Elementwise():
            ct = cts.lazy(node.output)
            assert ct is not None
            wanted = [value in sweep.varied and is_inexact(value.type) for value in node.inputs]
            selected = node.output in cts.selected
            unbounded = node.output in cts.unbounded
            contributions = elementwise.pull_back(b, node, ct, wanted, selected=selected, unbounded=unbounded)
            for value, contribution in zip(node.inputs, contributions, strict=True):
                cts.add(value, contribution)
            if elementwise.is_steep(b, node):
                cts.unbounded.update(node.inputs)
        case Linear(transpose=transpose):
            (ct_value,) = _dense(sweep, node)
            assert ct_value is not None
            cts.add(node.inputs[0], transpose(b, node, ct_value))
        case Bilinear(left=left, right=right):
            (ct_value,) = _dense(sweep, node)
            assert ct_value is not None
            for value, transpose in zip(node.inputs, (left, right), strict=False):
                if value in sweep.varied:
                    cts.add(value, transpose(b, node, ct_value))
        case Custom(vjp=vjp):
            _add_all(sweep, node, vjp(b, node, _dense(sweep, node)))
        case Composite(model=None):
            _reverse_body(sweep, node)
        case Composite():
            _reverse_model(sweep, node)
        case Refused() as form:
            raise no_derivative(node, form)
        case ConstantAlmostEverywhere():
            return


def _reverse_body(sweep: Sweep, node: Node) -> None:
    """Build the body of an operation that is made of others, and reverse it."""
    body = body_of(sweep.b, node)
    for made in body.nodes:
        sweep.b.append(made)
    varied = sweep.run.activity.varied(body, [value in sweep.varied for value in node.inputs])
    inner = Sweep(sweep.run, body, sweep.b, Cotangents(sweep.b, varied), varied, frozenset())
    if not sweep.cts.selected.isdisjoint(node.outputs):
        inner.cts.selected.update(body.results)
    assert isinstance(node.op, OpSpec)
    elementwise = node.op.backend is Domain.ELEMENTWISE
    for output, result in zip(node.outputs, body.results, strict=True):
        inner.cts.add(result, sweep.cts.plain(output) if elementwise else sweep.cts.dense(output))
    for made in reversed(body.nodes):
        reverse_node(inner, made)
    for value in dict.fromkeys(node.inputs):
        inner.cts.hand_on(value, sweep.cts)


def _reverse_model(sweep: Sweep, node: Node) -> None:
    """Reverse what the model of an operation computes, loops and branches included."""
    # One array may be several of the inputs: what reaches it by way of any of them arrives once.
    inputs = tuple(dict.fromkeys(node.inputs))
    body = replace(body_of(sweep.b, node), params=inputs)
    varied = [value in sweep.varied for value in inputs]
    cts = [sweep.cts.dense(output) for output in node.outputs]
    for value, ct in zip(inputs, pulled(sweep.run, sweep.b, body, inputs, varied, *cts), strict=True):
        if ct is not None:
            sweep.cts.add(value, ct)


def _dense(sweep: Sweep, node: Node) -> list[Value | None]:
    """Cotangents of the outputs, with the full shape unless the rule does without it.

    It does so if it says so, or if the node works element by element on equal shapes.
    """
    spec = node.op
    assert isinstance(spec, OpSpec)
    lenient = isinstance(spec.form, Linear) and spec.form.broadcasts
    if lenient or (spec.backend is Domain.ELEMENTWISE and _broadcasts_nothing(sweep, node)):
        return [sweep.cts.plain(output) for output in node.outputs]
    return [sweep.cts.dense(output) for output in node.outputs]


def _broadcasts_nothing(sweep: Sweep, node: Node) -> bool:
    return all(
        same_shape(value.type, output.type)
        for output in node.outputs
        for value in node.inputs
        if value in sweep.varied
    )


def _add_all(sweep: Sweep, node: Node, contributions: Sequence[object]) -> None:
    for value, contribution in zip(node.inputs, contributions, strict=False):
        sweep.cts.add(value, contribution)  # type: ignore[arg-type]
