"""Tables of the documentation that are read off the compiler itself.

In:  the operation table and the list of accepted syntax.   Out: Markdown, one function a table.
Not here: putting it into pages (pages.py).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator

import scipy.special  # noqa: F401 (its functions are entries of the table once it is imported)

from gradscribe.ops.spec import (
    Bilinear,
    ConstantAlmostEverywhere,
    Custom,
    Elementwise,
    Linear,
    OpSpec,
    Refused,
    Spelling,
    SpellingKind,
)
from gradscribe.ops.table import ENTRY_MODULES


def operations() -> str:
    """All operations that users can write, by the module of their entry."""
    sections = []
    for module in ENTRY_MODULES:
        rows = [_operation_row(spec) for spec in _entries_of(module) if spec.spellings]
        if rows:
            sections.append(
                f"### {module.capitalize()}\n\n" + _markdown(("written", "derivative", "notes"), rows)
            )
    return "\n".join(["", "\n\n".join(sections), ""])


def _entries_of(module: str) -> Iterator[OpSpec]:
    yield from importlib.import_module(f"gradscribe.ops.{module}").OPERATIONS


def _operation_row(spec: OpSpec) -> tuple[str, str, str]:
    return ", ".join(map(_written, spec.spellings)), _derivative(spec), _notes(spec)


def _written(spelling: Spelling) -> str:
    match spelling.kind:
        case SpellingKind.FUNCTION:
            return f"`{spelling.name.replace('numpy.', 'np.').replace('builtins.', '')}`"
        case SpellingKind.METHOD:
            return f"`.{spelling.name}()`"
        case SpellingKind.ATTRIBUTE:
            return f"`.{spelling.name}`"
        case SpellingKind.OPERATOR:
            return f"`{spelling.name}`"


def _derivative(spec: OpSpec) -> str:
    match spec.form:
        case Elementwise(partials=partials):
            return "; ".join(f"∂{name}: `{text}`" for name, text in partials.items())
        case Linear():
            return "linear"
        case Bilinear():
            return "linear in each operand"
        case Custom(why=why):
            return f"a rule: {why}"
        case ConstantAlmostEverywhere(why=why):
            return f"zero: {why}"
        case Refused(why=why):
            return f"refused: {why}"


def _notes(spec: OpSpec) -> str:
    notes = [f"at {point:g} the derivative is {value:g}" for point, value in spec.kinks.items()]
    notes += [f"`{name}` is refused: {reason}" for name, reason in spec.refused_keywords.items()]
    if spec.note:
        notes.append(spec.note)
    return "; ".join(notes)


def _markdown(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
