"""Trees taken apart and put together by plain Python, which the compiler follows: a loss may call it.

In:  nested containers and objects, and functions of their leaves.   Out: leaves, and trees of new ones.
Not here: the public functions (tree.py); the generated readers of optimisers (layout.py, reading.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import attributes
from gradscribe.runtime.objects import with_attributes


def leaves_of(tree: Any, *, held: bool = False) -> list[Any]:
    """The numbers and arrays of a tree, in order.

    Args:
        tree: any nesting of containers and objects.
        held: it is part of an object, of which only floats count.
    """
    names = names_of(tree)
    if names is None:
        return [tree] if is_leaf(tree, held) else []
    inside = holds(tree, held)
    return [leaf for name in names for leaf in leaves_of(part_of(tree, name), held=inside)]


def mapped(function: Callable[..., Any], trees: Sequence[Any], path: str, *, held: bool = False) -> Any:
    """The first tree with `function(leaf, leaves of the others...)` in place of each leaf.

    Raises:
        GS350: the others have not the structure of the first.
    """
    tree = trees[0]
    names = names_of(tree)
    if names is None:
        if not is_leaf(tree, held):
            return tree
        for other in trees[1:]:
            if other is None or names_of(other) is not None:
                raise misfit(tree, other, path)
        return function(*trees)
    for other in trees[1:]:
        if type(other) is not type(tree) or names_of(other) != names:
            raise misfit(tree, other, path)
    inside = holds(tree, held)
    parts = [
        mapped(function, [part_of(one, name) for one in trees], path_of(tree, path, name), held=inside)
        for name in names
    ]
    return gathered(tree, names, parts)


def names_of(tree: Any) -> tuple[Any, ...] | None:
    """The keys, positions or attributes of a container; None for a leaf and for what is static."""
    if tree is None or isinstance(tree, (np.ndarray, np.generic, int, float, complex, str, bytes)):
        return None
    if callable(tree):
        return None
    if isinstance(tree, dict):
        return tuple(tree)
    if isinstance(tree, (tuple, list)):
        return tuple(range(len(tree)))
    if hasattr(type(tree), "__dataclass_fields__"):
        return tuple(type(tree).__dataclass_fields__)
    return attributes_of(tree)


def attributes_of(tree: Any) -> tuple[str, ...] | None:
    """The attributes of an object that holds floats; None for any other, which is static.

    Raises:
        GS302: it is an array of another library.
    """
    if hasattr(tree, "__array__"):
        title = f"a part of the tree is a {type(tree).__name__}"
        why = "it is not a NumPy array"
        raise UsageError(Diagnostic("GS302", title, why=why, fix="pass `np.asarray` of it"))
    found = attributes(tree)
    return tuple(found) if any(leaves_of(part, held=True) for part in found.values()) else None


def is_leaf(tree: Any, held: bool) -> bool:
    """A number or array; in an object, a float or an array of floats."""
    if isinstance(tree, (np.ndarray, np.generic)):
        return not held or tree.dtype.kind in "fc"
    if isinstance(tree, bool) or not isinstance(tree, (int, float, complex)):
        return False
    return not held or not isinstance(tree, int)


def holds(tree: Any, held: bool) -> bool:
    """Of the parts of this container only floats count: it is an object, or part of one."""
    return not isinstance(tree, (dict, tuple, list)) or (held and not hasattr(tree, "_fields"))


def part_of(tree: Any, name: Any) -> Any:
    """One part of a container."""
    return tree[name] if isinstance(tree, (dict, tuple, list)) else getattr(tree, name)


def named(tree: Any, key: Any, path: str) -> Iterator[tuple[str, Any]]:
    """All parts under a key, field or attribute of this name, with their paths; parts of such parts are not."""
    for name in names_of(tree) or ():
        part, place = part_of(tree, name), path_of(tree, path, name)
        if key == own_name(tree, name):
            yield place, part
        else:
            yield from named(part, key, place)


def found_of_type(tree: Any, kind: type) -> Iterator[Any]:
    """All parts of this type, the tree itself included."""
    if isinstance(tree, kind):
        yield tree
    else:
        for name in names_of(tree) or ():
            yield from found_of_type(part_of(tree, name), kind)


def replaced(tree: Any, values: Mapping[Any, Any]) -> Any:
    """The tree with other parts under some keys, fields or attributes."""
    names = names_of(tree)
    if names is None:
        return tree
    parts = [
        values[own_name(tree, name)]
        if own_name(tree, name) in values
        else replaced(part_of(tree, name), values)
        for name in names
    ]
    return gathered(tree, names, parts)


def own_name(tree: Any, name: Any) -> Any:
    """What the user calls a part: the field of a named tuple, nothing for a position."""
    if isinstance(tree, (tuple, list)):
        return tree._fields[name] if hasattr(tree, "_fields") else None
    return name


def path_of(tree: Any, path: str, name: Any) -> str:
    """How the user would write one part of a container."""
    if hasattr(tree, "_fields"):
        return f"{path}.{tree._fields[name]}"
    return f"{path}[{name!r}]" if isinstance(tree, (dict, tuple, list)) else f"{path}.{name}"


def gathered(tree: Any, names: tuple[Any, ...], parts: list[Any]) -> Any:
    """A container like this one, of other parts."""
    if type(tree) is dict:
        return dict(zip(names, parts, strict=True))
    if isinstance(tree, dict):
        made = copy(tree)
        made.update(zip(names, parts, strict=True))
        return made
    if hasattr(tree, "_fields"):
        return type(tree)(*parts)
    if isinstance(tree, (tuple, list)):
        return type(tree)(parts)
    return with_attributes(type(tree), dict(zip(names, parts, strict=True)))


def misfit(tree: Any, other: Any, path: str) -> UsageError:
    """The error of trees that differ in structure."""
    what = f"`{path}` is a {type(tree).__name__} in one tree and a {type(other).__name__} in another"
    if type(other) is type(tree):
        names, others = names_of(tree) or (), names_of(other) or ()
        single = next(name for name in (*names, *others) if name not in names or name not in others)
        what = f"`{path_of(tree, path, single)}` is in one tree only"
    fix = "pass trees of one structure"
    return UsageError(Diagnostic("GS350", what, why="trees are taken leaf by leaf", fix=fix))
