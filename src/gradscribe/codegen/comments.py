"""Trailing comments: the line of the user's source that each statement comes from.

In:  printed lines.   Out: lines with comments, aligned in one column per function.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.codegen.statements import Line

MAX_COLUMN = 88


def with_comments(lines: Sequence[Line]) -> list[str]:
    """The text of the lines; longer ones than the column allows just get two spaces."""
    told = [line for line in lines if line.location is not None and not line.uncommented]
    width = max((len(line.text) for line in told if len(line.text) <= MAX_COLUMN), default=0)
    return [_with_comment(line, width) for line in lines]


def _with_comment(line: Line, width: int) -> str:
    if line.location is None or line.uncommented:
        return line.text
    return f"{line.text:<{width}}  # {line.location.short}"
