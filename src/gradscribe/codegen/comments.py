"""Trailing comments: the line of the user's source that each statement comes from.

In:  printed lines.   Out: lines with comments, aligned in one column per function.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.codegen.statements import Line

MAX_COLUMN = 88


def with_comments(lines: Sequence[Line]) -> list[str]:
    """The text of the lines; longer ones than the column allows just get two spaces."""
    widths = [len(line.text) for line in lines if line.location is not None and len(line.text) <= MAX_COLUMN]
    column = max(widths, default=0) + 2
    return [
        line.text if line.location is None else f"{line.text:<{column - 2}}  # {line.location.short}"
        for line in lines
    ]
