"""Names of parts: of a named chain, of a partition.

In:  labels.   Out: errors that say what is wrong with them.
Not here: what is done with them (chain.py, partition.py).
"""

from __future__ import annotations

from gradscribe.errors import Diagnostic, UsageError


def repeated_name(names: tuple[str, ...]) -> UsageError:
    """The error of names that are not distinct."""
    twice = next(name for name in names if names.count(name) > 1)
    return UsageError(
        Diagnostic(
            "GS355",
            f"the name {twice!r} stands twice",
            why="states are found by these names",
            fix="give each transformation a name of its own",
        )
    )
