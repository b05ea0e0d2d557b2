"""Parameters, gradients and updates as one vector: leaves or flat arrays, whichever is asked for.

In:  a layout and a tree of that structure.   Out: its leaves, its flat arrays, cuts of them, sums over them.
Not here: reading trees (layout.py, reading.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from gradscribe.optim.layout import Layout, Piece

Buffers = tuple[np.ndarray, ...]


class Vector:
    """Immutable numbers in the structure of the parameters.

    Made from leaves or from flat arrays; the other form is made when it is first asked for. The flat
    arrays of a vector never share memory with the leaves it was made from.
    """

    __slots__ = ("_buffers", "_leaves", "layout")

    def __init__(
        self, layout: Layout, *, leaves: list[Any] | None = None, buffers: Buffers | None = None
    ) -> None:
        self.layout = layout
        self._leaves = leaves
        self._buffers = buffers

    @property
    def buffers(self) -> Buffers:
        """One flat array for each dtype."""
        if self._buffers is None:
            assert self._leaves is not None
            self._buffers = self.layout.joined(self._leaves)
        return self._buffers

    @property
    def leaves(self) -> list[np.ndarray]:
        """The leaves as arrays; not to be written to."""
        if self._leaves is None:
            assert self._buffers is not None
            self._leaves = self.layout.views(self._buffers)
        return [np.asarray(leaf) for leaf in self._leaves]

    def at_work(self) -> Vector:
        """The same numbers in the layout in which steps are computed."""
        working = self.layout.working
        return self if working is self.layout else self.cast(working)

    def cast(self, layout: Layout) -> Vector:
        """The same numbers in a layout that differs in dtypes alone."""
        if layout is self.layout:
            return self
        pairs = zip(self.leaves, layout.parts, strict=True)
        return Vector(layout, leaves=[leaf.astype(part.dtype) for leaf, part in pairs])

    def tree(self) -> Any:
        """A tree whose leaves are views of the flat arrays."""
        return self.layout.rebuild(self.buffers)

    def cut(self, piece: Piece) -> np.ndarray:
        """The numbers of one piece, flat; not to be written to."""
        if self._buffers is not None:
            return self._buffers[piece.group][piece.start : piece.stop]
        leaves = self._leaves
        assert leaves is not None
        parts = piece.parts
        if len(parts) > 1:
            some = leaves if piece.is_everything else [leaves[number] for number in parts]
            joined: np.ndarray = np.concatenate(some, axis=None)
            return joined
        leaf = np.asarray(leaves[parts[0]])
        flat: np.ndarray = leaf if leaf.ndim == 1 else leaf.reshape(-1)
        return flat if piece.cut is None else flat[piece.cut]

    def each(self, function: Callable[..., np.ndarray], *others: Vector | Buffers) -> Vector:
        """`function` of each flat array, together with those of `others`."""
        lists = [other.buffers if isinstance(other, Vector) else other for other in others]
        found = tuple(function(*arrays) for arrays in zip(self.buffers, *lists, strict=True))
        return Vector(self.layout, buffers=found)

    def each_leaf(self, function: Callable[..., np.ndarray], *others: Vector) -> Vector:
        """`function` of each leaf, together with those of `others`; it keeps shapes."""
        lists = [other.leaves for other in others]
        found = [
            np.asarray(function(*arrays), dtype=arrays[0].dtype)
            for arrays in zip(self.leaves, *lists, strict=True)
        ]
        return Vector(self.layout, buffers=self.layout.joined(found))

    def sum_of(self, function: Callable[..., Any], *others: Vector | Buffers) -> float:
        """The sum over all flat arrays of a number that `function` makes of each."""
        lists = [other.buffers if isinstance(other, Vector) else other for other in others]
        return float(sum(function(*arrays) for arrays in zip(self.buffers, *lists, strict=True)))

    def dot(self, other: Vector | Buffers) -> float:
        """The inner product."""
        return self.sum_of(np.dot, other)

    def norm(self) -> float:
        """The Euclidean norm of all numbers together, free of overflow.

        >>> import gradscribe.optim as optim
        >>> optim.global_norm({"a": np.array([3.0]), "b": np.array([4.0])})
        5.0
        """
        leaves = self._leaves if self._leaves is not None else self._buffers
        assert leaves is not None
        return self.norm_of(leaves)

    @staticmethod
    def norm_of(leaves: Iterable[Any]) -> float:
        """The Euclidean norm of all numbers of these arrays together, free of overflow."""
        flat = [np.asarray(leaf).reshape(-1) for leaf in leaves]
        with np.errstate(over="ignore"):
            square = float(sum(float(np.dot(leaf, leaf)) for leaf in flat))
        if 1e-30 < square < 1e30 or all(leaf.dtype.itemsize > 4 and 1e-250 < square < 1e250 for leaf in flat):
            return math.sqrt(square)
        scale = max((float(np.max(np.abs(leaf), initial=0.0)) for leaf in flat), default=0.0)
        if scale == 0.0 or not math.isfinite(scale):
            return scale
        return scale * math.sqrt(
            sum(float(np.sum(np.square(leaf / scale, dtype=np.float64))) for leaf in flat)
        )

    def is_finite(self) -> bool:
        """No number is NaN or infinite."""
        return all(bool(np.all(np.isfinite(buffer))) for buffer in self.buffers)


def vector_of(layout: Layout, tree: Any, name: str) -> Vector:
    """A tree like the parameters as a vector.

    Raises:
        GS350, GS351: it does not fit; the message names the part, from `name` on.
    """
    return Vector(layout, leaves=layout.leaves_like(tree, name))
