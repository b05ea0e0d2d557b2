"""Tables of the Python that is supported: syntax, builtins and helpers, methods, special methods, refusals.

In:  the tables that the front end itself works by, and the page of errors.   Out: Markdown, one function a table.
Not here: operations (tables.py), putting tables into pages (pages.py).
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from gradscribe.frontend.builtin_calls import BUILTINS
from gradscribe.frontend.container_methods import DICT_METHODS, LIST_METHODS
from gradscribe.frontend.inplace_calls import METHODS as ARRAY_METHODS
from gradscribe.frontend.instances import SPECIAL as OPERATORS
from gradscribe.frontend.special_methods import SPECIAL as ASKED
from gradscribe.frontend.subset import SUBSET
from gradscribe.ops.spec import SpellingKind
from gradscribe.ops.table import ENTRY_MODULES

ERRORS = Path(__file__).parent.parent / "docs" / "errors.md"
HEADING = re.compile(r"^## (GS(\d+)): (.*)$", re.MULTILINE)
# Codes of what a function may not do; later ones are about operations, arguments and optimisers.
OF_PYTHON = range(111, 200)
STANDARD = (
    "builtins",
    "copy",
    "dataclasses",
    "functools",
    "itertools",
    "math",
    "operator",
    "statistics",
    "cmath",
)


def syntax() -> str:
    """What is accepted, then what is refused, with the code of the error and what to write instead."""
    constructs = list(dict.fromkeys(SUBSET.values()))
    accepted = [(found.title, found.note) for found in constructs if found.is_supported]
    refused = [
        (found.title, found.code, found.why, found.fix) for found in constructs if not found.is_supported
    ]
    return _sections(
        markdown(("accepted", "remarks"), accepted),
        "## Refused\n\n" + markdown(("refused", "error", "because", "instead"), refused),
    )


def helpers() -> str:
    """Builtins, functions of the standard library, and methods."""
    found: dict[str, set[str]] = {module: set() for module in STANDARD}
    for module, name in _names():
        if module in found:
            found[module].add(name)
    rows = [(f"`{module}`", _listed(sorted(names))) for module, names in found.items() if names]
    methods = [
        ("lists", _listed(sorted(LIST_METHODS))),
        ("dicts", _listed(sorted({*DICT_METHODS, "update"}))),
        ("arrays, in place", _listed(sorted(ARRAY_METHODS))),
        ("named tuples", _listed(["_asdict", "_make", "_replace"])),
        ("strings, and other values known in advance", "all"),
    ]
    special = {name for names in (*OPERATORS.values(), *ASKED.values()) for name in names if name}
    return _sections(
        markdown(("module", "functions"), rows),
        markdown(("methods of", "names"), methods),
        markdown(("methods of your own classes",), [(_listed(sorted(special)),)]),
    )


def refusals() -> str:
    """What else is refused of accepted syntax: the errors that a function's own text can raise."""
    rows = [
        (f"[{code}](errors.md#{_anchor(f'{code}: {title}')})", title)
        for code, number, title in HEADING.findall(ERRORS.read_text())
        if int(number) in OF_PYTHON
    ]
    return _sections(markdown(("error", "what it says"), rows))


def _anchor(heading: str) -> str:
    """The name that a heading has in links."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading).lower())


def _names() -> Iterator[tuple[str, str]]:
    """Module and name of each function of Python that is known: by its handler, or as an operation."""
    for function in BUILTINS:
        owner = getattr(function, "__self__", None)
        module = owner.__module__ if isinstance(owner, type) else getattr(function, "__module__", None)
        yield (module or "builtins").lstrip("_"), getattr(function, "__qualname__", "")
    for entries in ENTRY_MODULES:
        for spec in importlib.import_module(f"gradscribe.ops.{entries}").OPERATIONS:
            for spelling in spec.spellings:
                if spelling.kind is SpellingKind.FUNCTION:
                    module, _, name = spelling.name.rpartition(".")
                    yield module, name


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _sections(*parts: str) -> str:
    return "\n" + "\n\n".join(parts) + "\n"


def markdown(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
