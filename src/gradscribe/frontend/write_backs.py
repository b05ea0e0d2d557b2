"""What an array is when a view of it, which an operation made, is given other elements.

In:  the node that made the view.   Out: functions that write back; what to write instead where NumPy refuses.
Not here: views by an index (views.py), which operations make views (layout.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import libcst as cst
import numpy as np

from gradscribe.frontend.indexing import array_index, dimension
from gradscribe.frontend.iteration import ZERO, arithmetic
from gradscribe.frontend.layout import REARRANGING
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Static, TupleValue
from gradscribe.frontend.views import Index, set_item
from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.types import dtype_of, shape_of
from gradscribe.ops.einsum import node_plan
from gradscribe.ops.spec import Linear
from gradscribe.ops.splitting import SPLITTING

WriteBack = Callable[[Lowering, Value, Value], Value]

DIAGONAL = "write at an index, `x[np.arange(n), np.arange(n)] = value`, or use np.fill_diagonal"
COPY = "copy it first, or write to the array itself at an index"
READ_ONLY: Mapping[str, str] = {
    **dict.fromkeys(("diag", "diagonal", "last_diagonal"), DIAGONAL),
    **dict.fromkeys(("broadcast_to", "sliding_window_view"), COPY),
}
"""Operations whose views NumPy makes read-only, with what to write instead."""


def read_only(maker: Node) -> str:
    """What to write instead of a store into this view, if NumPy refuses that; nothing if not."""
    if maker.op.name == "imag" and dtype_of(maker.inputs[0].type).kind != "c":
        return "make the array complex: `x = x.astype(complex)`"
    return READ_ONLY.get(maker.op.name, "")


def write_back_of(run: Lowering, node: cst.CSTNode, maker: Node, place: int) -> WriteBack | None:
    """What the operand is when its elements, put in other places, are these; None where that is not known."""
    name = maker.op.name
    if name in SPLITTING:
        return _part(run, node, maker, place)
    if name in ("real", "imag"):
        return lambda run, base, part: run.apply(None, f"with_{name}", (base, part))[0]
    if name == "einsum":
        return _einsum(node, maker)
    if name == "rollaxis":
        return _rollaxis(node, maker)
    if name in REARRANGING:
        return _rearranged(maker)
    return None


def _part(run: Lowering, node: cst.CSTNode, maker: Node, place: int) -> WriteBack:
    """What an array is when one of the parts that it was split into is this."""
    ndim = len(shape_of(maker.inputs[0].type))
    axis = SPLITTING[maker.op.name](maker.attrs, ndim)
    bounds: list[Abstract] = [ZERO]
    for part in maker.outputs[: place + 1]:
        bounds.append(arithmetic(run, node, "add", bounds[-1], dimension(run, node, part, axis)))
    inputs = tuple(as_value(run, bound, node) for bound in bounds[-2:])
    template = (*(slice(None),) * axis, slice(Input(0), Input(1)))
    index = Index(template, inputs)
    return lambda run, base, part: set_item(run, node, base, part, index)


def _rearranged(maker: Node) -> WriteBack:
    form = maker.op.form  # type: ignore[attr-defined]
    assert isinstance(form, Linear)

    def write_back(run: Lowering, base: Value, part: Value) -> Value:
        # The transpose of a permutation is its inverse (Golub and Van Loan, Matrix Computations, section 1.2.8).
        made = form.transpose(run.builder, replace(maker, inputs=(base, *maker.inputs[1:])), part)
        assert isinstance(made, Value), made
        run.makers[made] = run.builder.nodes[-1]
        return made

    return write_back


def _rollaxis(node: cst.CSTNode, maker: Node) -> WriteBack:
    axis, start = maker.attrs["axis"], maker.attrs.get("start", 0)
    assert isinstance(axis, int) and isinstance(start, int)
    # Lengths that tell the axes apart.
    moved = np.rollaxis(np.empty(tuple(range(len(shape_of(maker.inputs[0].type))))), axis, start)
    return _transposed(node, moved.shape)


def _transposed(node: cst.CSTNode, axes: tuple[int, ...]) -> WriteBack:
    """The axes of the view are these of the array."""
    places = tuple(int(place) for place in np.argsort(axes))
    return lambda run, base, part: run.op(node, "transpose", part, axes=places)


def _einsum(node: cst.CSTNode, maker: Node) -> WriteBack:
    """Axes in another order; of a letter that stands twice, the diagonal."""
    plan = node_plan(maker)
    letters, output = plan.operands[0], plan.output
    if len(letters) == len(output):
        return _transposed(node, tuple(letters.index(letter) for letter in output))

    def write_back(run: Lowering, base: Value, part: Value) -> Value:
        index = TupleValue(
            tuple(_along(run, node, base, axis, letters, output) for axis in range(len(letters)))
        )
        return set_item(run, node, base, part, array_index(run, node, index))

    return write_back


def _along(run: Lowering, node: cst.CSTNode, base: Value, axis: int, letters: str, output: str) -> Abstract:
    """All positions along an axis, as an array that spreads along the axis of the view with its letter."""
    order = run.call(run, node, Static(np.arange), (dimension(run, node, base, axis),), {})
    if len(output) == 1:
        return order
    place = output.index(letters[axis])
    shape = TupleValue(tuple(Static(-1 if k == place else 1) for k in range(len(output))))
    return run.call(run, node, Static(np.reshape), (order, shape), {})
