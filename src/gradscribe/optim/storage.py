"""Trees of numbers on disk: parameters, optimiser states, anything nested.

Numbers and arrays are stored under the paths by which the user writes them, with their kinds. A tree is read
back into the structure of one that the program made itself; so nothing on the disk decides which classes are
built.

In:  a tree, or arrays by name and a tree of the same structure.   Out: arrays by name, or the tree as it was.
Not here: the file (archive.py), what a training run stores (training.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import object_parts, part_path
from gradscribe.ir.signature import ContainerKind
from gradscribe.optim.archive import Path, read_archive, write_archive
from gradscribe.runtime.objects import with_attributes

KINDS: dict[type, str] = {float: "float", int: "int", bool: "bool", complex: "complex"}
STATIC = (str, bytes, type(None), type, FunctionType, BuiltinFunctionType, np.dtype, np.ufunc)


def save(path: Path, **trees: Any) -> None:
    """Write trees to a file, whole or not at all.

    NumPy reads the file: `np.load(path)["params['w']"]`.

    Args:
        path: of the file; one that exists is replaced.
        **trees: nested numbers and arrays, under any names.

    Raises:
        GS338: a part is neither a number, an array nor a container.

    Example:
        >>> import os, tempfile
        >>> path = os.path.join(tempfile.mkdtemp(), "model.npz")
        >>> save(path, params={"w": np.array([1.0, 2.0]), "b": 3.0})
        >>> load(path, params={"w": np.zeros(2), "b": 0.0})
        {'params': {'w': array([1., 2.]), 'b': 3.0}}
    """
    arrays, kinds = stored(trees)
    write_archive(path, arrays, {"kinds": kinds})


def load(path: Path, **like: Any) -> dict[str, Any]:
    """Read trees that `save` wrote.

    Args:
        path: of the file.
        **like: a tree of the same structure for each name, such as fresh parameters; its numbers do not matter.
            Names left out are not read.

    Returns:
        The trees by name, bit for bit as they were saved.

    Raises:
        FileNotFoundError: there is no such file.
        GS337: the file is damaged, or something else.
        GS338: the file holds trees of another structure.
    """
    arrays, note = read_archive(path)
    if "kinds" not in note:
        raise not_storable("the file holds something else than trees", "read it by what wrote it")
    return {name: restored(tree, name, arrays, note["kinds"]) for name, tree in like.items()}


def stored(trees: Mapping[str, Any]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The numbers and arrays of trees, and what kind each is, by path.

    Raises:
        GS338: a part cannot be stored.
    """
    arrays, kinds = {}, {}
    for name, tree in trees.items():
        for path, leaf in _leaves(tree, name):
            arrays[path] = np.asarray(leaf)
            kinds[path] = _kind(leaf)
            if arrays[path].dtype.kind not in "biufc":
                title = f"`{path}` is {arrays[path].dtype.name}, which is not stored"
                raise not_storable(title, "keep only numbers in what is saved")
    return arrays, kinds


def restored(like: Any, name: str, arrays: Mapping[str, np.ndarray], kinds: Mapping[str, str]) -> Any:
    """A tree of the structure of `like` with the numbers that were stored under `name`.

    Raises:
        GS338: what was stored has another structure, shape or dtype.
    """
    wanted = {path for path, _ in _leaves(like, name)}
    for path in kinds:
        if path not in wanted and (path == name or path.startswith((f"{name}[", f"{name}."))):
            raise not_storable(f"the file has `{path}`, which is not wanted", OTHER_STRUCTURE)

    def read(path: str, leaf: Any) -> Any:
        if path not in kinds:
            raise not_storable(f"the file does not have `{path}`", OTHER_STRUCTURE)
        array, fresh = arrays[path], np.asarray(leaf)
        if (array.shape, array.dtype) != (fresh.shape, fresh.dtype):
            got, want = (f"{a.dtype.name}{list(a.shape)}" for a in (array, fresh))
            raise not_storable(f"`{path}` is {got} in the file, but {want} is wanted", OTHER_STRUCTURE)
        return _as_kind(kinds[path], array)

    return _mapped(read, like, name)


OTHER_STRUCTURE = "load it with the structure that it was saved with, or start anew with another file"


def not_storable(title: str, fix: str) -> UsageError:
    """The error for trees and files that do not go together."""
    return UsageError(Diagnostic("GS338", title, why="what is stored is numbers, by their paths", fix=fix))


def _kind(leaf: object) -> str:
    if isinstance(leaf, np.ndarray):
        return "array"
    return KINDS.get(type(leaf), "numpy")


def _as_kind(kind: str, array: np.ndarray) -> Any:
    match kind:
        case "array":
            return array
        case "numpy":
            return array[()]
        case _:
            return array.item()


def _parts(tree: Any, path: str) -> list[tuple[str, Any]] | None:
    """The parts of a container with their paths; None for anything else."""
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        keys, kind, values = list(tree._fields), ContainerKind.NAMED_TUPLE, list(tree)
    elif isinstance(tree, tuple | list):
        keys, kind, values = list(range(len(tree))), ContainerKind.TUPLE, list(tree)
    elif isinstance(tree, dict):
        keys, kind, values = list(tree), ContainerKind.DICT, list(tree.values())
    elif not isinstance(tree, (*STATIC, np.ndarray, np.generic)) and (parts := object_parts(tree)):
        keys, kind, values = list(parts), ContainerKind.OBJECT, list(parts.values())
    else:
        return None
    return [(part_path(kind, path, key), value) for key, value in zip(keys, values, strict=True)]


def _leaves(tree: Any, path: str) -> Iterator[tuple[str, Any]]:
    parts = _parts(tree, path)
    if parts is not None:
        for part, value in parts:
            yield from _leaves(value, part)
    elif isinstance(tree, np.ndarray | np.generic | int | float | complex):
        yield path, tree
    elif not isinstance(tree, STATIC):
        title = f"`{path}` is a {type(tree).__name__}, which cannot be stored"
        raise not_storable(title, "keep only numbers, arrays and containers of them in what is saved")


def _mapped(function: Callable[[str, Any], Any], tree: Any, path: str) -> Any:
    """The tree with `function(path, leaf)` in place of each number and array."""
    parts = _parts(tree, path)
    if parts is None:
        is_leaf = isinstance(tree, np.ndarray | np.generic | int | float | complex)
        return function(path, tree) if is_leaf else tree
    made = [_mapped(function, value, part) for part, value in parts]
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*made)
    if isinstance(tree, dict):
        return dict(zip(tree, made, strict=True))
    if isinstance(tree, tuple | list):
        return type(tree)(made)
    return with_attributes(type(tree), dict(zip(object_parts(tree), made, strict=True)))
