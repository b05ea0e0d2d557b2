"""Seeds that users supply: cotangents and tangents, made to fit the value they belong to.

In:  a structure, a value of it and what the user supplied.   Out: seeds of the same structure, kinds, dtypes and
shapes; an error that names the part where they do not fit.
Not here: what seeds are used for (vjp.py, jvp.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import GENERATORS, part_of, part_path, rebuilt
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf, Structure, is_held


@dataclass(frozen=True, slots=True)
class SeedKind:
    """What a seed is called in messages: ("gradient", "value") or ("tangent", "argument")."""

    name: str
    belongs_to: str


GRADIENT = SeedKind("gradient", "value")
TANGENT = SeedKind("tangent", "argument")


def fitted(
    structure: Structure, value: object, seed: object, kind: SeedKind, path: str, *, in_object: bool = False
) -> object:
    """`seed` with the structure, kinds, dtypes and shapes of `value`.

    Parts that are not float have no seed: None, or zero, stands for it; in an object also the part itself, since
    counts and flags belong to every object of the class.

    Raises:
        GS316: a part does not fit.
    """
    match structure:
        case Fixed():
            return None
        case Leaf():
            # A generator of random numbers is another one in each object, and moves along no direction.
            if in_object and type(value) is type(seed) and isinstance(value, tuple(GENERATORS)):
                return None
            if (
                in_object
                and np.asarray(value).dtype.kind not in "fc"
                and np.array_equal(np.asarray(value), np.asarray(seed))
            ):
                return None
            return _fitted_leaf(value, seed, kind, path)
        case Container():
            return _fitted_container(structure, value, seed, kind, path, is_held(structure.kind, in_object))


def _fitted_container(
    container: Container, value: object, seed: object, kind: SeedKind, path: str, in_object: bool
) -> object:
    if not (type(seed) is container.type or _is_plain(container, seed)) or not _same_keys(container, seed):
        raise _misfit(kind, path, f"a {_shown(seed)}", f"a {_shown(value)}")
    parts = []
    for position, (key, child) in enumerate(zip(container.keys, container.children, strict=True)):
        part = part_of(container.kind, value, position, key)
        part_seed = part_of(container.kind, seed, position, key)
        place = part_path(container.kind, path, key)
        parts.append(fitted(child, part, part_seed, kind, place, in_object=in_object))
    return rebuilt(container, parts)


def _is_plain(container: Container, seed: object) -> bool:
    """A tuple in place of a named one that NumPy returns: `pullback((d_values, d_vectors))` of np.linalg.eigh."""
    module = getattr(container.type, "__module__", "")
    return (
        container.kind is ContainerKind.NAMED_TUPLE
        and type(seed) is tuple
        and module.startswith(("numpy.", "gradscribe.runtime."))
    )


def _same_keys(container: Container, seed: object) -> bool:
    if isinstance(seed, dict):
        return set(seed) == set(container.keys)
    if isinstance(seed, tuple | list):
        return len(seed) == len(container.keys)
    return all(hasattr(seed, str(key)) for key in container.keys)


def _fitted_leaf(value: object, seed: object, kind: SeedKind, path: str) -> object:
    wanted = np.asarray(value)
    if wanted.dtype.kind not in "fc":
        if seed is not None and np.any(np.asarray(seed)):
            raise _misfit(kind, path, _shown(seed), f"{_shown(value)}, which has no derivative: pass None")
        return None
    try:
        given = np.asarray(seed)
        if given.dtype.kind not in "biufc":
            raise _misfit(kind, path, _shown(seed), _shown(value))
    except ValueError:
        raise _misfit(kind, path, "a ragged list", _shown(value)) from None
    if given.shape != wanted.shape or not np.can_cast(given.dtype, wanted.dtype, "same_kind"):
        raise _misfit(kind, path, _shown(seed), _shown(value))
    if isinstance(value, np.ndarray):
        return given.astype(wanted.dtype, copy=False)
    if isinstance(value, np.generic):
        return wanted.dtype.type(given[()])
    return type(value)(given[()])  # type: ignore[call-arg]


def _misfit(kind: SeedKind, path: str, got: str, wanted: str) -> UsageError:
    title = f"the {kind.name} `{path}` is {got}, but the {kind.belongs_to} is {wanted}"
    why = f"a {kind.name} has the structure, shape and kind of the {kind.belongs_to}"
    return UsageError(Diagnostic("GS316", title, why=why, fix=f"pass a {kind.name} shaped like that"))


def _shown(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype.name}{list(value.shape)}"
    if isinstance(value, tuple | list | dict):
        return f"{type(value).__name__} of {len(value)}"
    return type(value).__name__
