"""Memory layout of arrays, as far as it is known while lowering.

In:  arrays.   Out: whether elements surely lie one after another; whether a reshaped array is a view.
Not here: what views do (storage.py).
"""

from __future__ import annotations

from gradscribe.frontend.contiguity import ask_contiguous
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import ArrayCell
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, dtype_of, shape_of
from gradscribe.ops.spec import Aliasing, Domain, OpSpec, SpellingKind, spelling_of

MADE_IN_C_ORDER = frozenset({"zeros", "ones", "empty", "full", "eye", "identity", "outer"})
KEEPS_CONTIGUOUS = frozenset(
    {"reshape", "ravel", "expand_dims", "squeeze", "atleast_1d", "atleast_2d", "atleast_3d"}
)
FLIPPING = frozenset({"flip", "fliplr", "flipud"})
REARRANGING = frozenset(
    {
        *(
            "transpose",
            "matrix_transpose",
            "swapaxes",
            "moveaxis",
            "expand_dims",
            "squeeze",
            "reshape",
            "ravel",
        ),
        *("atleast_1d", "atleast_2d", "atleast_3d", "flip", "fliplr", "flipud", "rot90"),
    }
)
"""Operations that put each element in another place: the transpose puts it back."""


def sharing_of(run: Lowering, base: ArrayCell, node: Node, aliasing: Aliasing) -> Aliasing:
    """What an operation shares with this very array, where its entry leaves that open."""
    if aliasing is not Aliasing.MAYBE_VIEW or not isinstance(node.op, OpSpec):
        return aliasing
    ndim = len(shape_of(node.inputs[0].type))
    match node.op.name:
        case "reshape" if ndim <= 1 or is_contiguous(run, base):
            return Aliasing.VIEW
        case "ravel" if is_contiguous(run, base):
            return Aliasing.VIEW
        case "ravel" if ask_contiguous(run, base.initial) is False and base.view is None:
            return Aliasing.FRESH
        case "ravel" if _goes_in_steps(run, base):
            return Aliasing.FRESH
        case "reshape" | "ravel" if len(shape_of(node.output.type)) == 1 and _is_transposed(run, base):
            return Aliasing.FRESH
        case "asarray" if dtype_of(node.output.type) == dtype_of(node.inputs[0].type):
            name = spelling_of(node).name
            same = {"numpy.ascontiguousarray": is_contiguous(run, base), "numpy.asfortranarray": False}
            return Aliasing.SAME if same.get(name, True) else aliasing
        case _:
            return aliasing


def is_contiguous(run: Lowering, array: ArrayCell) -> bool:
    """The array is surely C-contiguous; False says that it may be otherwise."""
    view = array.view
    if view is None:
        return array.roots == frozenset([array]) and _made_contiguous(run, array.initial)
    if not is_contiguous(run, view.base):
        return False
    if view.index is not None:
        return _keeps_order(view.index[0], len(shape_of(view.source.type)))
    maker = run.makers.get(array.initial)
    return maker is not None and maker.op.name in KEEPS_CONTIGUOUS


def is_dense(run: Lowering, array: ArrayCell) -> bool:
    """The elements surely lie side by side, in whatever order: it was made by an operation, and is no part."""
    return array.view is None and array.roots == frozenset([array]) and _made_dense(run, array.initial)


def _made_dense(run: Lowering, value: Value) -> bool:
    node = run.makers.get(value)
    if node is None or not isinstance(node.op, OpSpec):
        return False
    if node.op.name in ("set_item", "accumulate_at"):
        return _made_dense(run, node.inputs[0])
    types = [part.type for part in node.inputs]
    return node.op.sharing(types, node.attrs, spelling_of(node)) is Aliasing.FRESH


def _keeps_order(template: tuple[object, ...], ndim: int) -> bool:
    """Ints, then at most one slice in steps of 1, then everything of the remaining axes."""
    ints = 0
    while ints < len(template) and not isinstance(template[ints], slice | type(Ellipsis) | type(None)):
        ints += 1
    rest = template[ints:]
    if not rest:
        return True
    first, *others = rest
    if not isinstance(first, slice) or first.step is not None or len(template) > ndim:
        return False
    return all(part == slice(None) for part in others)


def _is_transposed(run: Lowering, array: ArrayCell) -> bool:
    """A contiguous matrix with its two dimensions swapped, neither of which is 1: no longer contiguous."""
    maker = run.makers.get(array.initial)
    if array.view is None or maker is None or maker.op.name != "transpose":
        return False
    shape = shape_of(array.initial.type)
    swapped = maker.attrs.get("axes") in (None, (1, 0))
    whole = len(shape) == 2 and all(length.is_not_one for length in shape)
    return swapped and whole and is_contiguous(run, array.view.base)


def _goes_in_steps(run: Lowering, array: ArrayCell) -> bool:
    """A view of a contiguous array in steps, or backwards, no dimension being 1: no longer contiguous."""
    view = array.view
    if view is None or not all(length.is_not_one for length in shape_of(array.initial.type)):
        return False
    if not is_contiguous(run, view.base):
        return False
    maker = run.makers.get(array.initial)
    if maker is not None and maker.op.name in FLIPPING:
        return True
    parts = view.index[0] if view.index is not None else ()
    return any(isinstance(part, slice) and isinstance(part.step, int) and part.step != 1 for part in parts)


def _made_contiguous(run: Lowering, value: Value) -> bool:
    if value in run.params:
        return ask_contiguous(run, value) is True
    node = run.makers.get(value)
    if node is None or not isinstance(node.op, OpSpec) or not isinstance(value.type, ArrayType):
        return False
    if node.op.name in ("set_item", "accumulate_at"):
        return _made_contiguous(run, node.inputs[0])
    if node.op.name in ("reshape", "ravel"):
        return _made_contiguous(run, node.inputs[0])
    types = [part.type for part in node.inputs]
    fresh = node.op.sharing(types, node.attrs, spelling_of(node)) is Aliasing.FRESH
    if not fresh or node.attrs.get("order") not in (None, "C"):
        return False
    if len(shape_of(value.type)) <= 1 or node.op.name in MADE_IN_C_ORDER:
        return True
    if node.op.name == "copy":
        return spelling_of(node).kind is SpellingKind.METHOD
    if node.op.backend is not Domain.ELEMENTWISE:
        return False
    return all(isinstance(part.type, ScalarType) or _made_contiguous(run, part) for part in node.inputs)
