"""The golden programs, the derivative object of each, and its generated source.

A file of programs/ defines PROGRAM and arguments(rng); optionally by_hand (the derivative a person would write,
with the result that gradscribe's has), ARGNUMS (0 if missing), MODE ("grad" or "value_and_grad") and ORDER.

Run:  python -m tests.golden.cases     prints all sources, for comparison between processes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import gradscribe as gs

FOLDER = Path(__file__).parent
EXPECTED = FOLDER / "expected"
NAMES = sorted(path.stem for path in (FOLDER / "programs").glob("*.py"))


@dataclass(frozen=True)
class Golden:
    """One program and what is asked of it."""

    name: str
    program: Callable[..., Any]
    make_arguments: Callable[[np.random.Generator], tuple[Any, ...]]
    by_hand: Callable[..., Any] | None
    argnums: int | tuple[int, ...]
    mode: str
    order: int

    def arguments(self, seed: int = 0) -> tuple[Any, ...]:
        """A fresh copy of the arguments, the same for the same seed."""
        return self.make_arguments(np.random.default_rng(seed))

    def derivative(self) -> Any:
        """A derivative object that has not been called."""
        function = self.program
        for _ in range(self.order - 1):
            function = gs.grad(function, argnums=self.argnums, create_graph=True)
        return getattr(gs, self.mode)(function, argnums=self.argnums)

    def source(self) -> str:
        """The generated text."""
        derivative = self.derivative()
        derivative.compile(*self.arguments())
        return derivative.source.rstrip("\n") + "\n"


@cache
def golden(name: str) -> Golden:
    """The golden program of this name."""
    module = importlib.import_module(f"tests.golden.programs.{name}")
    return Golden(
        name,
        module.PROGRAM,
        module.arguments,
        getattr(module, "by_hand", None),
        getattr(module, "ARGNUMS", 0),
        getattr(module, "MODE", "grad"),
        getattr(module, "ORDER", 1),
    )


def leaves(value: Any) -> Iterator[Any]:
    """The numbers and arrays of nested tuples, lists and dictionaries, in order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def moved(value: Any, direction: Sequence[Any], step: float) -> Any:
    """The same nesting with `step * direction` added leaf by leaf."""
    remaining = iter(direction)

    def move(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: move(child) for key, child in item.items()}
        if isinstance(item, tuple | list):
            return type(item)(move(child) for child in item)
        return item + step * next(remaining)

    return move(value)


def main() -> None:
    """Print every generated source."""
    for name in NAMES:
        print(f"### {name}")
        print(golden(name).source(), end="")


if __name__ == "__main__":
    main()
