"""Tables of the documentation about optimisers, read off the functions themselves.

In:  the public functions of gradscribe.optim.   Out: Markdown.
Not here: the tables of the compiler (tables.py).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from gradscribe import optim
from gradscribe.optim import state_trees, torch_optimizers, torch_schedules, tree

# Modules of optimisers, by heading.
OPTIMISERS = {
    "Gradient descent": ("sgd", "privacy"),
    "Adam and its relatives": ("adam", "rectified", "mixtures", "beliefs", "delayed"),
    "By past squares": ("rms", "factored"),
    "By layers and matrices": ("layers", "muon", "galore"),
    "Without a rate, or a schedule, or with curvature": (
        "dadaptation",
        "prodigy",
        "distances",
        "anchored",
        "momo",
        "mechanic",
        "schedule_free",
        "sophia",
        "quasi_newton",
        "lbfgs",
    ),
}
TRANSFORMS = (
    "clipping", "per_example", "adding", "scaling", "masking", "wrappers", "conditional", "plateau",
    "averaging", "sam", "observing", "chain", "searches", "microbatching", "compiling", "curvature",
    "complex_parameters",
)  # fmt: skip


def optimisers() -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Headings, and rows of name, defaults, meaning and paper."""
    for heading, modules in OPTIMISERS.items():
        yield heading, [_row(f) for f in _functions(modules) if not f.__name__.startswith("scale_by_")]


def torch_rows() -> list[tuple[str, ...]]:
    """Rows of name, defaults and meaning of the optimisers of PyTorch."""
    return [_row(f)[:3] for f in _own_functions(torch_optimizers)]


def trees() -> list[tuple[str, ...]]:
    """Rows of name, arguments and meaning of the arithmetic of trees."""
    return [_row(f)[:3] for module in (tree, state_trees) for f in _own_functions(module)]


def transforms() -> list[tuple[str, ...]]:
    """Rows of name and meaning."""
    building_blocks = [
        f for f in _functions(sum(OPTIMISERS.values(), ())) if f.__name__.startswith("scale_by_")
    ]
    return [(f"`{f.__name__}`", _first_line(f)) for f in [*_functions(TRANSFORMS), *building_blocks]]


def schedules() -> list[tuple[str, ...]]:
    """Rows of name and meaning, Optax's names first."""
    ours = [(f"`{f.__name__}`", _first_line(f)) for f in _functions(("schedules",))]
    return ours + [
        (f"`torch_schedules.{f.__name__}`", _first_line(f)) for f in _own_functions(torch_schedules)
    ]


def losses() -> list[tuple[str, ...]]:
    """Rows of name and meaning."""
    return [
        (f"`{f.__name__}`", _first_line(f))
        for f in _functions(("losses", "structured_losses", "projections", "nnls"))
    ]


def _functions(modules: tuple[str, ...]) -> list[Callable[..., Any]]:
    """The public functions of these modules, in the order of their source."""
    found = [getattr(optim, name) for name in optim.__all__]
    chosen = [f for f in found if inspect.isfunction(f) and f.__module__.rpartition(".")[2] in modules]
    return sorted(
        dict.fromkeys(chosen),
        key=lambda f: (modules.index(f.__module__.rpartition(".")[2]), _line_of(f)),
    )


def _line_of(function: Callable[..., Any]) -> int:
    """Where it is defined; of a decorated function not the line of the decorator's own."""
    line: int = inspect.unwrap(function).__code__.co_firstlineno
    return line


def _own_functions(module: ModuleType) -> list[Callable[..., Any]]:
    """The public functions that a module defines, in order."""
    found = [f for f in vars(module).values() if inspect.isfunction(f) and f.__module__ == module.__name__]
    return [f for f in found if not f.__name__.startswith("_")]


def _row(function: Callable[..., Any]) -> tuple[str, ...]:
    parameters = inspect.signature(function).parameters.values()
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    shown = [
        stars.get(p.kind, "") + p.name if p.default is p.empty else f"{p.name}={_default(p.default)}"
        for p in parameters
    ]
    return f"`{function.__name__}`", f"`{', '.join(shown)}`", _first_line(function), _papers(function)


def _default(value: object) -> str:
    return value.__name__.lstrip("_") if inspect.isfunction(value) else repr(value)


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").splitlines()[0].rstrip(".")


def _papers(function: Callable[..., Any]) -> str:
    """The references of the docstring, addresses as links."""
    _, found, text = (inspect.getdoc(function) or "").partition("References:\n")
    lines = text.partition("\n\n")[0].split("\n") if found else []
    return re.sub(r"(https://\S+)", r"<\1>", " ".join(line.strip() for line in lines))
