"""Nested parameters as the one float64 vector that solvers work on, and back.

In:  parameters in any structure of float leaves.   Out: `Flattening`: where each leaf stands in the vector.
Not here: the flat arrays of optimisers, one for each dtype (layout.py); the solvers.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.layout import Layout, layout_of


class Flattening:
    """Where each leaf of a structure stands in a vector, in the order of the leaves.

    Attributes:
        layout: of the tree.
        name: what the tree is called in messages.
        shapes: of the leaves.
        offsets: of the leaves in the vector, with its length at the end.
    """

    __slots__ = ("_one_dtype", "layout", "name", "offsets", "shapes")

    def __init__(self, layout: Layout, name: str) -> None:
        self.layout = layout
        self.name = name
        self.shapes = tuple(part.shape for part in layout.parts)
        sizes = (part.stop - part.start for part in layout.parts)
        self.offsets = tuple(itertools.accumulate(sizes, initial=0))
        self._one_dtype = layout.dtypes[0] if len(layout.dtypes) == 1 else None

    @staticmethod
    def of(tree: Any, name: str = "params") -> Flattening:
        """The flattening of a tree.

        Args:
            tree: floats, NumPy floats and arrays of them, in containers; strings, functions and None stay as
                they are.
            name: what the tree is called in messages.

        Raises:
            GS302: a part cannot be taken apart.
            GS351: a leaf is not a real float.

        Example:
            >>> flattening = Flattening.of({"w": np.array([1.0, 2.0]), "b": 3.0})
            >>> flattening.ravel({"w": np.array([1.0, 2.0]), "b": 3.0})
            array([1., 2., 3.])
            >>> flattening.unravel(np.array([4.0, 5.0, 6.0]))
            {'w': array([4., 5.]), 'b': 6.0}
        """
        layout = layout_of(tree, name)
        for part in layout.parts:
            if part.dtype.kind == "c":
                path = name + part.path.removeprefix("params")
                title, fix = f"`{path}` is {part.dtype.name}", "pass real and imaginary parts"
                raise UsageError(Diagnostic("GS351", title, why="solvers search among real numbers", fix=fix))
        return Flattening(layout, name)

    @property
    def size(self) -> int:
        """Length of the vector."""
        return self.offsets[-1]

    def check_not_empty(self) -> None:
        """Demand something to search for.

        Raises:
            GS351: there is no number in the tree.
        """
        if self.size == 0:
            title, fix = f"`{self.name}` holds no numbers", "pass the numbers and arrays to be found"
            raise UsageError(Diagnostic("GS351", title, why="there is nothing to optimise", fix=fix))

    def ravel(self, tree: Any) -> np.ndarray:
        """A new vector with the leaves of a tree of this structure, float64.

        Raises:
            GS350, GS351: a part does not fit; the message names it.
        """
        leaves = self.layout.leaves_like(tree, self.name)
        if not leaves:
            return np.zeros(0)
        return np.concatenate(leaves, axis=None, dtype=np.float64)

    def unravel(self, vector: np.ndarray) -> Any:
        """A new tree of this structure, its leaves of their own kinds, dtypes and shapes."""
        if self._one_dtype is not None:
            return self.layout.rebuild((vector.astype(self._one_dtype),))
        cuts = [vector[start:stop] for start, stop in itertools.pairwise(self.offsets)]
        return self.layout.rebuild(self.layout.joined(cuts))

    def path_of(self, position: int) -> str:
        """How the user would write one element of the vector: `params['w'][0, 1]`."""
        index = int(np.searchsorted(self.offsets, position, side="right")) - 1
        path = self.name + self.layout.parts[index].path.removeprefix("params")
        if self.shapes[index] == ():
            return path
        where = np.unravel_index(position - self.offsets[index], self.shapes[index])
        return f"{path}[{', '.join(str(int(i)) for i in where)}]"
