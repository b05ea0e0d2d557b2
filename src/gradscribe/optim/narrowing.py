"""Moments that are kept in a narrower dtype than the parameters, to save memory.

A step widens them, computes in the precision of the parameters, and narrows what is kept.

In:  a transformation, a dtype, fields of its state.   Out: the same transformation with a smaller state.
Not here: what is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradscribe.optim.core import Core, Extra
from gradscribe.optim.layout import Layout
from gradscribe.optim.settings import refused
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Vector

Dtypes = tuple[np.dtype[Any], ...]


@dataclass(frozen=True, eq=False)
class _Narrowed(Core):
    """`fields` of the state of `inner`, each a tuple of arrays, are kept in `dtype`.

    Attributes:
        setting: what the user calls the dtype.
        known: by layout, the dtypes that `inner` makes of each field.
    """

    inner: Core
    dtype: np.dtype[Any]
    fields: tuple[str, ...]
    setting: str
    name: str
    known: dict[Layout, dict[str, Dtypes]] = field(default_factory=dict)

    def init(self, params: Vector) -> Any:
        for part in params.layout.parts:
            if self.dtype.itemsize > part.dtype.itemsize:
                what = f"`{self.setting}` is {self.dtype}, but `{part.path}` is {part.dtype}"
                fix = f"moments are kept narrower than parameters, never wider: keep `{part.path}` in {self.dtype}"
                raise refused(self.name, what, fix)
        return self._narrow(self.inner.init(params))

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        updates, after = self.inner.update(g, self._widened(state, g), params, extra)
        return updates, self._narrow(after)

    def step(self, g: Vector, state: Any, params: Vector, extra: Extra) -> tuple[Vector, Any]:
        found, after = self.inner.step(g, self._widened(state, g), params, extra)
        return found, self._narrow(after)

    def sources(self) -> list[str]:
        return self.inner.sources()

    def _narrow(self, state: Any) -> Any:
        return _with(state, self.fields, lambda name, arrays: tuple(a.astype(self.dtype) for a in arrays))

    def _widened(self, state: Any, like: Vector) -> Any:
        dtypes = self._dtypes(like)

        def widened(name: str, arrays: Any) -> Any:
            return tuple(a.astype(dtype) for a, dtype in zip(arrays, dtypes[name], strict=True))

        return _with(state, self.fields, widened)

    def _dtypes(self, like: Vector) -> dict[str, Dtypes]:
        if like.layout not in self.known:
            start = self.inner.init(like)
            self.known[like.layout] = {
                name: tuple(array.dtype for array in getattr(start, name)) for name in self.fields
            }
        return self.known[like.layout]


def _with(state: Any, fields: tuple[str, ...], change: Callable[[str, Any], Any]) -> Any:
    return state._replace(**{name: change(name, getattr(state, name)) for name in fields})


def narrowed(
    transformation: GradientTransformation, dtype: Any, *fields: str, setting: str = "mu_dtype"
) -> GradientTransformation:
    """The transformation with some fields of its state in a dtype; as it is, if that is None."""
    if dtype is None:
        return transformation
    core = transformation.core
    return GradientTransformation.of(_Narrowed(core, np.dtype(dtype), fields, setting, core.name))
