"""Which axes of a parameter are rows of matrices, and which are columns.

In:  leaves, and the axes that a user named.   Out: leaves as stacks of matrices, and stacks as leaves.
Not here: what is done with matrices (muon.py, galore.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.layout import Part
from gradscribe.optim.settings import refused

Axes = int | tuple[int, ...]


@dataclass(frozen=True)
class Matrices:
    """How one leaf is a stack of matrices.

    Attributes:
        order: of its axes: those of the stack, then rows, then columns.
        count: of matrices.
        rows: of each.
        columns: of each.
    """

    order: tuple[int, ...]
    count: int
    rows: int
    columns: int

    @staticmethod
    def of(part: Part, name: str, axes: tuple[Axes, Axes], *, stacked: bool) -> Matrices:
        """Of the leaf with these axes.

        Args:
            part: the leaf.
            name: of the optimiser, for messages.
            axes: those of the rows, and those of the columns.
            stacked: other axes number the matrices of a stack; or else there are none.

        Raises:
            GS356: an axis is not one of the leaf, stands twice, or is missing.
        """
        ndim = len(part.shape)
        rows, columns = (_numbered(one, ndim) for one in axes)
        others = tuple(axis for axis in range(ndim) if axis not in rows + columns)
        if sorted(others + rows + columns) != list(range(ndim)) or (others and not stacked):
            once = "are not some of them, each once" if stacked else "are not each of them once"
            fix = f"name {'an' if stacked else 'each'} axis once, or give None for this leaf"
            raise refused(name, f"`{part.path}` has {_count(ndim)}, and {axes} {once}", fix)
        sizes = (prod(part.shape[axis] for axis in some) for some in (others, rows, columns))
        return Matrices(others + rows + columns, *sizes)

    def seen(self, leaf: np.ndarray) -> np.ndarray:
        """The leaf as (count, rows, columns)."""
        return leaf.transpose(self.order).reshape(self.count, self.rows, self.columns)

    def leaf(self, matrices: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """The matrices as a leaf."""
        return matrices.reshape([shape[axis] for axis in self.order]).transpose(np.argsort(self.order))


def no_matrix(part: Part, name: str, fix: str) -> UsageError:
    """The error of a leaf that is no matrix, for an optimiser of matrices."""
    title = f"`{part.path}` has {_count(len(part.shape))}, but `{name}` moves matrices"
    return UsageError(Diagnostic("GS351", title, why="it orthogonalises rows and columns", fix=fix))


def _count(axes: int) -> str:
    """How many axes there are, in words."""
    return "1 axis" if axes == 1 else f"{axes} axes"


def _numbered(axes: Axes, ndim: int) -> tuple[int, ...]:
    several = axes if isinstance(axes, tuple | list) else (axes,)
    return tuple(axis + ndim if -ndim <= axis < 0 else axis for axis in several)
