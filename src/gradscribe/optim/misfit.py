"""Trees that should be like the parameters and are not exactly: converted, or refused by the name of the part.

In:  the structure of the parameters and a tree.   Out: its leaves in the dtypes of the parameters, or an error.
Not here: the fast way, for trees that fit exactly (reading.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import part_of, part_path
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf, Structure

if TYPE_CHECKING:
    from gradscribe.optim.layout import Part


PLURALS = {
    "mask": "masks",
    "labels": "labels",
    "lower": "bounds",
    "upper": "bounds",
    "updates": "updates",
    "tree": "further trees",
    "result": "results of the function",
}
FIT = "differentiate with respect to exactly the parameters that are optimised"
FIXES = {
    "grads": "the order is `step(params, grads, state)` and `update(grads, state, params)`; "
    "`value_and_grad` returns the value and the gradients",
    "mask": "give every parameter, or a whole container of them, True or False",
    "labels": "label every parameter, or a whole container of them",
    "lower": "bound parts of the parameters by their names; what is left out is unbounded",
    "upper": "bound parts of the parameters by their names; what is left out is unbounded",
    "tree": "pass trees of the structure of the parameters",
    "result": "return a leaf in the shape of the one that is given",
}


def fitted(structure: Structure, parts: Sequence[Part], value: Any, path: str, leaves: list[Any]) -> None:
    """Append the leaves of `value`, in the dtypes of the parameters.

    Raises:
        GS350: a part is missing, is one too many, or has another shape.
        GS351: a part is not a float.
    """
    match structure:
        case Fixed():
            return
        case Leaf(index):
            leaves.append(_leaf(parts[index], value, path))
        case Container(kind, type_, keys, children):
            compare(kind, type_, keys, value, path)
            for position, (key, child) in enumerate(zip(keys, children, strict=True)):
                part = part_of(kind, value, position, key)
                fitted(child, parts, part, part_path(kind, path, key), leaves)


def compare(kind: ContainerKind, type_: type[Any], keys: tuple[Any, ...], value: Any, path: str) -> None:
    """Demand that a value is a container of this kind with these keys.

    Raises:
        GS350: it is not.
    """
    if not isinstance(value, type_) or type(value) is not type_:
        whole = path.isidentifier()
        wanted = f"the parameters are a {type_.__name__}" if whole else f"the parameter is a {type_.__name__}"
        raise misfit(path, f"is a {shown(value)}, but {wanted}")
    if kind is ContainerKind.DICT:
        missing = [key for key in keys if key not in value]
        if missing:
            raise misfit(part_path(kind, path, missing[0]), "is missing")
        extra = [key for key in value if key not in keys]
        if extra:
            raise misfit(part_path(kind, path, extra[0]), "belongs to no parameter")
    elif kind in (ContainerKind.TUPLE, ContainerKind.LIST) and len(value) != len(keys):
        raise misfit(path, f"has {len(value)} parts, but the parameter has {len(keys)}")
    elif kind in (ContainerKind.DATACLASS, ContainerKind.OBJECT):
        missing = [key for key in keys if not hasattr(value, str(key))]
        if missing:
            raise misfit(part_path(kind, path, missing[0]), "is missing")


def _leaf(part: Part, value: Any, path: str) -> np.ndarray:
    if value is None:
        raise misfit(path, "is None, but the parameter is " + _array(part.dtype, part.shape))
    try:
        array = np.asarray(value)
    except ValueError:
        raise misfit(path, "is ragged, but the parameter is " + _array(part.dtype, part.shape)) from None
    if isinstance(value, dict | list | tuple) or array.shape != part.shape:
        raise misfit(path, f"is {shown(value)}, but the parameter is {_array(part.dtype, part.shape)}")
    if array.dtype.kind != "f":
        raise UsageError(
            Diagnostic(
                "GS351",
                f"`{path}` is {array.dtype.name}, but the parameter is {part.dtype.name}",
                why="an update is a number of the kind of the parameter that it moves",
                fix=f"pass it as {part.dtype.name}",
            )
        )
    return array.astype(part.dtype, copy=False)


def misfit(path: str, what: str) -> UsageError:
    """The error of a part that does not fit."""
    tree = re.split(r"\W", path, maxsplit=1)[0]
    why = f"{PLURALS.get(tree, 'gradients')} have the structure and the shapes of the parameters"
    # A part that does not fit comes of another function; gradients that are none at all, of another order.
    fix = FIXES.get(path if tree == "grads" else tree, FIT)
    return UsageError(Diagnostic("GS350", f"`{path}` {what}", why=why, fix=fix))


def shown(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, np.ndarray | np.generic):
        return _array(value.dtype, value.shape)
    if isinstance(value, tuple | list | dict):
        return f"{type(value).__name__} of {len(value)}"
    return type(value).__name__


def _array(dtype: np.dtype[Any], shape: tuple[int, ...]) -> str:
    return f"{dtype.name}{list(shape)}"
