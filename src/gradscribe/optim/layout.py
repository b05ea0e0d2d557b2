"""The structure of parameters, and the flat arrays they are optimised as.

In:  nested parameters.   Out: a `Layout`, whose generated functions take trees of this structure apart, fast, and
put them together again; errors that name the part, as `params['layers'][2].W`.
Not here: sweeping over the flat arrays (sweep.py), what an optimiser computes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import StructureReader, leaf_paths
from gradscribe.ir.signature import Container, Fixed, Leaf, Structure, is_held, leaves, renumber
from gradscribe.optim.reading import generate

# One piece of a sweep: with its inputs, outputs and scratch it stays in the second-level cache.
PIECE = 16_384
MAX_LAYOUTS = 256


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the parameters.

    Attributes:
        path: how the user would write it.
        kind: np.ndarray, a NumPy scalar class, float or complex.
        dtype: of the leaf.
        shape: of the leaf.
        group: number of the flat array that holds it, one for each dtype.
        start: where in that array.
        stop: one past its end.
    """

    path: str
    kind: type
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    group: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbours in one flat array that are swept in one go: leaves, or a cut of one leaf.

    Attributes:
        group: number of the flat array.
        start: where in that array.
        stop: one past its end.
        parts: numbers of the leaves.
        cut: of the one leaf; None where the leaves are whole.
        is_everything: it is the whole vector.
    """

    group: int
    start: int
    stop: int
    parts: tuple[int, ...]
    cut: slice | None = None
    is_everything: bool = False


class Layout:
    """How parameters of one structure are held in flat arrays, one for each dtype.

    Attributes:
        parts: the leaves, in order.
        dtypes: of the flat arrays.
        sizes: of the flat arrays.
        nbytes: of all flat arrays together.
        only: size and dtype of the flat array, if there is only one.
        pieces: of each flat array, for a sweep over it.
        places: of the pieces in their flat array.
        bounds: the same as a table of starts and stops.
        rooms: that the pieces take in an array of their own.
        longest: the length of the longest piece of each flat array.
        read: the leaves of parameters; None for another structure.
        read_like: the same for a tree like the parameters, whose static parts are not looked at.
        cut: flat arrays into leaves, which are views of them.
        nest: a tree of these leaves.
    """

    def __init__(self, structure: Structure, values: list[Any]) -> None:
        self.structure = structure
        paths = [path for _, path in sorted(leaf_paths(structure, "params"))]
        of_leaves = [np.asarray(value).dtype for value in values]
        self.dtypes: tuple[np.dtype[Any], ...] = tuple(dict.fromkeys(of_leaves))
        sizes = [0] * len(self.dtypes)
        parts = []
        for path, value, dtype in zip(paths, values, of_leaves, strict=True):
            group = self.dtypes.index(dtype)
            part = _part(path, value, group, sizes[group])
            sizes[group] = part.stop
            parts.append(part)
        self.parts = tuple(parts)
        self.sizes = tuple(sizes)
        self.nbytes = sum(n * dtype.itemsize for n, dtype in zip(sizes, self.dtypes, strict=True))
        self.only = (self.sizes[0], self.dtypes[0]) if len(sizes) == 1 else None
        self.pieces = tuple(tuple(_pieces(self.parts, group)) for group in range(len(self.dtypes)))
        self.places = [[slice(piece.start, piece.stop) for piece in pieces] for pieces in self.pieces]
        self.bounds = [
            np.array([(piece.start, piece.stop) for piece in pieces], np.int64).reshape(-1, 2)
            for pieces in self.pieces
        ]
        self.rooms = [[slice(piece.stop - piece.start) for piece in pieces] for pieces in self.pieces]
        self.longest = [
            max((piece.stop - piece.start for piece in pieces), default=0) for pieces in self.pieces
        ]
        functions = generate(structure, self.parts)
        self.read: Callable[[Any], list[Any] | None] = functions["read"]
        self.read_like: Callable[[Any], list[Any] | None] = functions["read_like"]
        self.cut: Callable[[tuple[np.ndarray, ...]], list[Any]] = functions["cut"]
        self.nest: Callable[[list[Any]], Any] = functions["nest"]

    @functools.cached_property
    def working(self) -> Layout:
        """The layout in which steps are computed: in single precision, where these leaves are of half precision.

        Squares of gradients below 2e-4 are 0 in half precision, and steps over their roots are wrong.
        """
        if not any(part.dtype.itemsize < SINGLE.itemsize for part in self.parts):
            return self
        return Layout(self.structure, [_widened(part) for part in self.parts])

    def leaves_like(self, tree: Any, name: str) -> list[Any]:
        """The leaves of a tree like the parameters: gradients, updates.

        Raises:
            GS350: a part is missing, is one too many, or has another shape.
            GS351: a part is not a float.
        """
        found = self.read_like(tree)
        return found if found is not None else self._fitted(self.structure, tree, name)

    def _fitted(self, structure: Structure, value: Any, path: str) -> list[Any]:
        """The slow way: dtypes are converted, and whatever does not fit is named."""
        from gradscribe.optim.misfit import fitted

        leaves: list[Any] = []
        fitted(structure, self.parts, value, path, leaves)
        return leaves

    def rebuild(self, buffers: tuple[np.ndarray, ...]) -> Any:
        """A tree whose leaves are views of these flat arrays."""
        return self.nest(self.cut(buffers))

    def zeros(self) -> tuple[np.ndarray, ...]:
        """Flat arrays of zeros."""
        return tuple(np.zeros(size, dtype) for size, dtype in zip(self.sizes, self.dtypes, strict=True))

    def empty(self) -> tuple[np.ndarray, ...]:
        """Flat arrays to be filled."""
        if self.only is not None:
            return (np.empty(*self.only),)
        return tuple(np.empty(size, dtype) for size, dtype in zip(self.sizes, self.dtypes, strict=True))

    def views(self, buffers: tuple[np.ndarray, ...]) -> list[np.ndarray]:
        """The leaves, as arrays that are views of flat arrays."""
        return [buffers[p.group][p.start : p.stop].reshape(p.shape) for p in self.parts]

    def joined(self, leaves: list[np.ndarray]) -> tuple[np.ndarray, ...]:
        """New flat arrays of these leaves."""
        return tuple(
            np.concatenate(
                [leaf for leaf, part in zip(leaves, self.parts, strict=True) if part.group == group],
                axis=None,
                dtype=dtype,
            )
            for group, dtype in enumerate(self.dtypes)
        )


SINGLE = np.dtype(np.float32)

# What messages call the results of a function.
RESULTS = ("result", "residuals")

_LAYOUTS: dict[Any, Layout] = {}


def layout_of(params: Any, name: str = "params") -> Layout:
    """The layout of these parameters; messages call them `name`.

    Raises:
        GS302: a part is neither a number, an array nor a container, or it stands too deep.
        GS351: a part is not a float.
    """
    reader = StructureReader()
    structure, values = _trained(reader.read(params, name), reader.values)
    key = _key(structure, values)
    layout = _LAYOUTS.get(key)
    if layout is None:
        _refuse_others(structure, values, name)
        if len(_LAYOUTS) >= MAX_LAYOUTS:
            _LAYOUTS.clear()
        layout = _LAYOUTS[key] = Layout(structure, values)
    return layout


def _trained(structure: Structure, values: list[Any]) -> tuple[Structure, list[Any]]:
    """The structure and the leaves without what objects hold; as it is, where nothing would be left."""
    held = _with_held(structure, values)
    kept = [values[leaf.index] for leaf in leaves(held)]
    return (renumber(held, 0)[0], kept) if kept else (structure, values)


def _with_held(structure: Structure, values: list[Any], *, in_object: bool = False) -> Structure:
    """The structure with the counts, flags and masks of objects as static parts: they are not trained."""
    match structure:
        case Leaf(index) if in_object and np.asarray(values[index]).dtype.kind not in "fc":
            return Fixed(values[index])
        case Container(kind, type_, keys, children):
            inside = is_held(kind, in_object)
            parts = [_with_held(child, values, in_object=inside) for child in children]
            return Container(kind, type_, keys, tuple(parts))
    return structure


def _key(structure: Structure, values: list[Any]) -> Any:
    match structure:
        case Leaf(index):
            value = values[index]
            return type(value), getattr(value, "dtype", None), np.shape(value)
        case Fixed(value):
            return "fixed", type(value), _hashable(value)
        case Container(kind, type_, keys, children):
            return kind, type_, keys, tuple(_key(child, values) for child in children)


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return id(value)
    return value


def _refuse_others(structure: Structure, values: list[Any], name: str) -> None:
    if isinstance(structure, Fixed) and structure.value is not None:
        title = f"`{name}` is a {type(structure.value).__name__} that holds no floats"
        fix = "pass numbers, arrays, or containers and objects of them"
        raise UsageError(Diagnostic("GS351", title, why="there is nothing to optimise", fix=fix))
    paths = dict(leaf_paths(structure, name))
    for index, value in enumerate(values):
        dtype, path = np.asarray(value).dtype, paths[index]
        if dtype.kind == "f":
            continue
        if name in RESULTS:
            why, fix = "what a function of equations returns has derivatives", "return floats"
            raise UsageError(Diagnostic("GS351", f"`{path}` is {dtype.name}", why=why, fix=fix))
        if dtype.kind == "c":
            fix = (
                f"optimise `{path}.real` and `{path}.imag`, and join them in the function; `fit` takes complex "
                "parameters, and so does an optimiser in `split_real_and_imaginary(...)`"
            )
        else:
            fix = (
                f"pass `{path}.astype(float)`" if isinstance(value, np.ndarray) else f"pass `{float(value)}`"
            )
            fix += ", or keep what is not trained out of the parameters"
        raise UsageError(
            Diagnostic(
                "GS351",
                f"`{path}` is {dtype.name}, which cannot be optimised",
                why="an optimiser moves its parameters by real steps",
                fix=fix,
            )
        )


def _widened(part: Part) -> Any:
    """A leaf of this kind, in single precision at least."""
    if not issubclass(part.kind, np.ndarray | np.generic):
        return part.kind()
    wide = np.zeros(part.shape, np.promote_types(part.dtype, SINGLE))
    return wide if issubclass(part.kind, np.ndarray) else wide[()]


def _part(path: str, value: Any, group: int, start: int) -> Part:
    array = np.asarray(value)
    return Part(path, type(value), array.dtype, array.shape, group, start, start + array.size)


def _pieces(parts: tuple[Part, ...], group: int) -> list[Piece]:
    """Small neighbours together, a large leaf in cuts of equal length."""
    found: list[Piece] = []
    gathered: list[int] = []
    first = 0
    for number, part in enumerate(parts):
        if part.group != group:
            continue
        if gathered and part.stop - first > PIECE:
            found.append(Piece(group, first, part.start, tuple(gathered)))
            gathered = []
        if not gathered:
            first = part.start
        size = part.stop - part.start
        if size > PIECE:
            found += _cuts(group, number, part, size)
        else:
            gathered.append(number)
    if gathered:
        found.append(Piece(group, first, parts[gathered[-1]].stop, tuple(gathered)))
    whole = len(found) == 1 and found[0].cut is None and len(found[0].parts) == len(parts)
    return [replace(found[0], is_everything=True)] if whole else found


def _cuts(group: int, number: int, part: Part, size: int) -> list[Piece]:
    count = -(-size // PIECE)
    bounds = [size * k // count for k in range(count + 1)]
    return [
        Piece(group, part.start + low, part.start + high, (number,), slice(low, high))
        for low, high in pairwise(bounds)
    ]
