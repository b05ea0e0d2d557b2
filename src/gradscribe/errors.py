"""Every error a user can meet, each with a code, a place, a reason and a fix.

In:  a location and words.   Out: exceptions under `GradscribeError`, whose text quotes the line with a caret.
Not here: finding columns (frontend/positions.py).
"""

from __future__ import annotations

import linecache
from collections.abc import Sequence
from dataclasses import dataclass, field

from gradscribe.location import Location


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong.

    Attributes:
        code: 'GS203'; each has a section in docs/errors.md.
        title: what is wrong, one line, no full stop.
        location: where; None for a fault of a call rather than of source.
        label: words under the caret.
        why: the reason.
        fix: what to write instead, ready to paste where possible.
    """

    code: str
    title: str
    location: Location | None = None
    label: str = ""
    why: str = ""
    fix: str = ""
    notes: tuple[str, ...] = field(default=())

    def to_text(self) -> str:
        """The five parts, as printed."""
        lines = [f"{self.code}: {self.title}"]
        if self.location is not None:
            lines += _quote(self.location, self.label)
        if self.why:
            lines.append(f"   = why: {self.why}")
        if self.fix:
            lines.append(f"   = fix: {self.fix}")
        lines += [f"   = note: {note}" for note in self.notes]
        return "\n".join(lines)


def _quote(location: Location, label: str) -> list[str]:
    lines = [f"  --> {location.file}:{location.line}"]
    if location.column >= 0:
        lines[0] += f":{location.column + 1}"
    text = linecache.getline(location.file, location.line).rstrip("\n")
    if not text:
        return lines
    number = str(location.line)
    lines.append(f"{number} | {text}")
    if location.column >= 0:
        end = location.end_column if location.end_line == location.line else len(text)
        carets = "^" * max(1, end - location.column)
        lines.append(f"{' ' * len(number)} | {' ' * location.column}{carets} {label}".rstrip())
    elif label:
        lines[-1] += f"    ({label})"
    return lines


class GradscribeError(Exception):
    """Base of all errors of gradscribe.

    Attributes:
        diagnostics: what is wrong, sorted by line; all refusals of a function are reported at once.
    """

    def __init__(self, diagnostics: Diagnostic | Sequence[Diagnostic]) -> None:
        found = [diagnostics] if isinstance(diagnostics, Diagnostic) else list(diagnostics)
        self.diagnostics = tuple(found)
        super().__init__("\n\n".join(diagnostic.to_text() for diagnostic in found))

    @property
    def code(self) -> str:
        """Code of the first diagnostic."""
        return self.diagnostics[0].code


class UnsupportedSyntaxError(GradscribeError):
    """GS1xx: Python that is outside the supported subset."""


class UnsupportedOperationError(GradscribeError):
    """GS2xx: an operation that is unknown, refused, or has no derivative."""


class UsageError(GradscribeError):
    """GS3xx: a call of gradscribe that cannot mean anything (integer argument, missing gradient ...)."""


class InternalError(GradscribeError):
    """GS9xx: a broken invariant of the compiler: our bug."""
