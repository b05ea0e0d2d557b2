"""All entries, found by name and by the object the user's code refers to.

In:  the entry modules.   Out: `lookup`, `find_callable`, `find_method`, `find_attribute`, `find_operator`.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from types import BuiltinMethodType, MethodType

import numpy as np

from gradscribe.ops.spec import OpSpec, Spelling, SpellingKind

ENTRY_MODULES = (
    "arithmetic",
    "elementwise",
    "rounding",
    "special",
    "logistic",
    "hypergeometric",
    "bessel",
    "incomplete",
    "discrete_sums",
    "removable",
    "piece_methods",
    "logsumexp",
    "continuous",
    "bounded_distributions",
    "half_line_distributions",
    "whole_line_distributions",
    "percent_points",
    "discrete",
    "multivariate",
    "descriptive",
    "complex_numbers",
    "complex_math",
    "sample_statistics",
    "selection",
    "reductions",
    "products",
    "statistics",
    "masked_reductions",
    "missing",
    "interpolation",
    "cumulative",
    "segments",
    "calculus",
    "sorting",
    "decisions",
    "quantiles",
    "contraction",
    "einsum",
    "convolution",
    "polynomials",
    "bases",
    "series",
    "series_products",
    "fourier",
    "spectra",
    "cosines",
    "linalg",
    "norms",
    "factorisations",
    "spectral",
    "eigenvalues",
    "tensors",
    "scipy_linalg",
    "matrix_functions",
    "matrix_equations",
    "banded",
    "bases_of_spaces",
    "structured_systems",
    "scipy_matrices",
    "signals",
    "convolutions",
    "filters",
    "spectral_estimates",
    "images",
    "image_filters",
    "rank_filters",
    "distances",
    "quadrature",
    "integrals",
    "trajectories",
    "roots",
    "rosenbrock",
    "assignments",
    "splines",
    "grids",
    "interpolants",
    "interpolators",
    "sparse",
    "sparse_entries",
    "shaping",
    "arranging",
    "windows",
    "diagonals",
    "joining",
    "indexing",
    "gathering",
    "index_arrays",
    "splitting",
    "assembling",
    "picking",
    "different_values",
    "creation",
    "tapers",
    "random",
    "places",
    "references",
    "sets",
    "structural",
    "sequences",
    "stacking",
    "iteration",
    "effects",
    "custom_rules",
    "unsupported",
)


# Modules of our own are always there; others only count once the user has imported them.
RUNTIME = "gradscribe.runtime."


@cache
def table() -> dict[str, OpSpec]:
    """Every entry by name."""
    entries: dict[str, OpSpec] = {}
    for module_name in ENTRY_MODULES:
        module = importlib.import_module(f"gradscribe.ops.{module_name}")
        for spec in module.OPERATIONS:
            assert spec.name not in entries, spec.name
            entries[spec.name] = spec
    return entries


def lookup(name: str) -> OpSpec:
    """The entry of this name."""
    return table()[name]


class _Callables:
    """Entries by the identity of the objects that mean them.

    A library may be imported after the table was built; spellings that could not be resolved are tried again
    when an unknown object is looked up and something was imported meanwhile.
    """

    def __init__(self) -> None:
        self._imported: tuple[int, str | None] = (0, None)
        self._found: dict[tuple[int, int], tuple[OpSpec, Spelling, object]] = {}
        self._pending = [
            (spec, spelling)
            for spec in table().values()
            for spelling in spec.spellings
            if spelling.kind is SpellingKind.FUNCTION
        ]

    def find(self, target: object) -> tuple[OpSpec, Spelling] | None:
        """The entry of this very object."""
        key = _identity(target)
        entry = self._found.get(key)
        if entry is None and self._pending:
            imported = (len(sys.modules), next(reversed(sys.modules), None))
            if imported != self._imported:
                self._resolve_pending()
                self._imported = imported
                entry = self._found.get(key)
        return entry[:2] if entry is not None and _identity(entry[2]) == key else None

    def _resolve_pending(self) -> None:
        unresolved = []
        for spec, spelling in self._pending:
            named = resolve(spelling.name) if _is_loaded(spelling.name) else None
            if named is None:
                unresolved.append((spec, spelling))
            else:
                # The object is kept, so that its id is not given to another one.
                self._found.setdefault(_identity(named), (spec, spelling, named))
        self._pending = unresolved


def _identity(target: object) -> tuple[int, int]:
    """Which object it is; a bound method is made anew each time, of the same object and function."""
    if isinstance(target, BuiltinMethodType) and isinstance(target.__self__, np.ufunc):
        return id(target.__self__), hash(target.__name__)
    if isinstance(target, MethodType):
        return id(target.__self__), id(target.__func__)
    return id(target), 0


@cache
def _callables() -> _Callables:
    return _Callables()


@cache
def _by_name(kind: SpellingKind) -> dict[str, tuple[OpSpec, Spelling]]:
    found: dict[str, tuple[OpSpec, Spelling]] = {}
    for spec in table().values():
        for spelling in spec.spellings:
            if spelling.kind is kind:
                found.setdefault(spelling.name, (spec, spelling))
    return found


def resolve(dotted: str) -> object | None:
    """The object a spelling names, or None where its library is not loaded (then nobody can refer to it)."""
    if dotted.startswith(RUNTIME):
        importlib.import_module(dotted.rpartition(".")[0])
    found, path = _innermost_module(dotted)
    for name in path:
        found = getattr(found, name, None)
    return found


def _is_loaded(dotted: str) -> bool:
    """Reading what a spelling names imports nothing: `scipy.stats` does, where only `scipy` was imported."""
    module, path = _innermost_module(dotted)
    return dotted.startswith(RUNTIME) or not path or path[0] in getattr(module, "__dict__", ())


def _innermost_module(dotted: str) -> tuple[object | None, list[str]]:
    """The innermost module of a path that is loaded, and the rest of the path."""
    names = dotted.split(".")
    for end in range(len(names) - 1, 0, -1):
        module = sys.modules.get(".".join(names[:end]))
        if module is not None:
            return module, names[end:]
    return None, names[1:]


def find_callable(target: object) -> tuple[OpSpec, Spelling] | None:
    """The operation that this very object means, by identity.

    Where the arguments do not fit its signature, the entry named by `spec.otherwise` may be meant instead.
    """
    return _callables().find(target)


def find_method(name: str) -> tuple[OpSpec, Spelling] | None:
    """The operation of a method of arrays and scalars."""
    return _by_name(SpellingKind.METHOD).get(name)


def find_attribute(name: str) -> tuple[OpSpec, Spelling] | None:
    """The operation of an attribute of arrays and scalars."""
    return _by_name(SpellingKind.ATTRIBUTE).get(name)


def find_operator(symbol: str) -> tuple[OpSpec, Spelling]:
    """The operation of an operator: '+', '-x', 'x[]'."""
    return _by_name(SpellingKind.OPERATOR)[symbol]
