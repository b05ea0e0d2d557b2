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


def labels_of(layout: Layout, labels: Any, allowed: tuple[Any, ...], name: str) -> list[Any]:
    """The label of each leaf.

    Raises:
        GS350: the tree of labels does not fit the parameters.
        GS355: a label is not one of those allowed.
    """
    found: list[Any] = []
    _collect(layout.structure, labels, "labels" if name == "partition" else "mask", allowed, found)
    return found


def _collect(
    structure: Structure, labels: Any, path: str, allowed: tuple[Any, ...], found: list[Any]
) -> None:
    match structure:
        case Fixed():
            return
        case Container(kind, type_, keys, children) if isinstance(labels, type_) and not _is_label(labels):
            compare(kind, type_, keys, labels, path)
            for position, (key, child) in enumerate(zip(keys, children, strict=True)):
                part = part_of(kind, labels, position, key)
                _collect(child, part, part_path(kind, path, key), allowed, found)
        case Leaf() | Container():
            label = bool(labels) if isinstance(labels, np.bool_) else labels
            if not _is_label(label) or label not in allowed:
                raise _unknown(label, path, allowed)
            found += [label] * _leaves(structure)


def _is_label(value: Any) -> bool:
    return value is None or isinstance(value, str | int | bool)


def _leaves(structure: Structure) -> int:
    match structure:
        case Leaf():
            return 1
        case Fixed():
            return 0
        case Container(children=children):
            return sum(map(_leaves, children))


def _unknown(label: Any, path: str, allowed: tuple[Any, ...]) -> UsageError:
    return UsageError(
        Diagnostic(
            "GS355",
            f"`{path}` is {label!r}, which is not one of {', '.join(map(repr, allowed))}",
            why="each label has a transformation",
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
