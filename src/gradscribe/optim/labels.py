"""Labels of parameters: a tree like theirs, or the top of one.

In:  a layout and labels.   Out: the label of each leaf, or an error that names the part.
Not here: what is done with them (masking.py, chain.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import part_of, part_path
from gradscribe.ir.signature import Container, Fixed, Leaf, Structure
from gradscribe.optim.layout import Layout
from gradscribe.optim.misfit import compare

# What messages call the tree of labels; that of most is a mask.
TREES = {
    "partition": "labels",
    "galore": "weight_dimension_numbers",
    "muon": "muon_weight_dimension_numbers",
    "scale_by_muon": "weight_dimension_numbers",
}


def labels_of(layout: Layout, labels: Any, allowed: tuple[Any, ...] | type, name: str) -> list[Any]:
    """The label of each leaf: one of those allowed, or, where that is a type, one of that type or None.

    Raises:
        GS350: the tree of labels does not fit the parameters.
        GS355: a label is not one of those allowed.
    """
    found: list[Any] = []
    _collect(layout.structure, labels, TREES.get(name, "mask"), allowed, found)
    return found


def _collect(
    structure: Structure, labels: Any, path: str, allowed: tuple[Any, ...] | type, found: list[Any]
) -> None:
    match structure:
        case Fixed():
            return
        case Container(kind, type_, keys, children) if isinstance(labels, type_) and not _is_label(
            labels, allowed
        ):
            compare(kind, type_, keys, labels, path)
            for position, (key, child) in enumerate(zip(keys, children, strict=True)):
                part = part_of(kind, labels, position, key)
                _collect(child, part, part_path(kind, path, key), allowed, found)
        case Leaf() | Container():
            label = bool(labels) if isinstance(labels, np.bool_) else labels
            if not _is_label(label, allowed) or not (isinstance(allowed, type) or label in allowed):
                raise _unknown(label, path, allowed)
            found += [label] * _leaves(structure)


def _is_label(value: Any, allowed: tuple[Any, ...] | type) -> bool:
    return value is None or isinstance(value, allowed if isinstance(allowed, type) else str | int | bool)


def _leaves(structure: Structure) -> int:
    match structure:
        case Leaf():
            return 1
        case Fixed():
            return 0
        case Container(children=children):
            return sum(map(_leaves, children))


def _unknown(label: Any, path: str, allowed: tuple[Any, ...] | type) -> UsageError:
    if isinstance(allowed, type):
        known, why = (
            f"a {allowed.__name__} or None",
            "it says which axes of a leaf are rows and which columns",
        )
    else:
        known, why = f"one of {', '.join(map(repr, allowed))}", "each label has a transformation"
    return UsageError(
        Diagnostic(
            "GS355",
            f"`{path}` is {label!r}, which is not {known}",
            why=why,
            fix="label every parameter, or a whole container of them, with one of these",
        )
    )


def repeated_name(names: tuple[str, ...]) -> UsageError:
    """The error of names that are not distinct."""
    twice = next(name for name in names if names.count(name) > 1)
    return UsageError(
        Diagnostic(
            "GS355",
            f"the name {twice!r} stands twice",
            why="states are found by these names",
            fix="give each transformation a name of its own",
        )
    )
