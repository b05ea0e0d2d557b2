"""What a call must not be given: one object at two places, of which the function changes one.

In:  arrays and containers of a call.   Out: nothing, or an error.
Not here: what is changed (frontend/given.py, frontend/written_arguments.py), where the checks stand (cache.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradscribe.errors import Diagnostic, UsageError


def refuse_overlap(name: str, written: np.ndarray, others: Sequence[np.ndarray]) -> None:
    """Refuse arguments that share memory with one that the function writes into.

    Raises:
        GS320: two arguments overlap.
    """
    if any(np.may_share_memory(written, other) for other in others):
        raise UsageError(
            Diagnostic(
                "GS320",
                f"arguments of `{name}` share memory, and the function writes into one of them",
                why="what the other one holds would change along with it",
                fix="pass a copy of one of them: `x.copy()`",
            )
        )


def refuse_sharing(name: str, paths: Sequence[str], objects: Sequence[object], apart: Sequence[int]) -> None:
    """Refuse an object at two places, if the function changes it or asks whether the two are one.

    Args:
        name: of the function.
        paths: how the user would write each of the objects.
        objects: all containers that the function is given.
        apart: the positions of those that it changes or asks about.

    Raises:
        GS320: one of these stands at another place, too.
    """
    wanted = {id(objects[position]): position for position in apart}
    for position, value in enumerate(objects):
        first = wanted.get(id(value), position)
        if first != position:
            raise UsageError(
                Diagnostic(
                    "GS320",
                    f"`{paths[min(first, position)]}` and `{paths[max(first, position)]}` are one object, and "
                    f"`{name}` changes it, or asks whether they are",
                    why="a derivative takes what stands at two places for two objects: what is changed in one "
                    "would not be seen in the other",
                    fix="pass it once, or make the second of the two inside the function",
                )
            )
