"""Where in the user's source something comes from.

In:  nothing.   Out: `Location`, attached to graph nodes, errors and generated comments.
Not here: reading source text (frontend/capture.py), showing a caret (errors.py).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source file: 1-based lines and 0-based columns, end exclusive.

    `column` is -1 while unknown: columns cost a second pass over the syntax tree and are looked up, by way of
    `syntax`, only when an error is reported.

    Attributes:
        syntax: the front end's own handle on the expression; opaque to everybody else.
    """

    file: str
    line: int
    column: int = -1
    end_line: int = -1
    end_column: int = -1
    syntax: object = field(default=None, compare=False, repr=False)

    @property
    def short(self) -> str:
        """File name without folders, and line, as the comments of generated code show it."""
        return f"{os.path.basename(self.file)}:{self.line}"
