"""Errors of NumPy, or of a complex number, in a derivative statement say what they mean for the user.

The value of an operation may exist where its derivative cannot be computed: of an array without elements, say. Or
the value, which would raise the same, is not computed at all. The error keeps its class, so that code that
catches it still does, and gets a note: what failed, and where.

In:  an error, the module it came through.   Out: the same error.
Not here: statements that are run again, more carefully (pipeline.py); errors that gradscribe raises itself.
"""

from __future__ import annotations

import linecache
from traceback import walk_tb

from gradscribe.compiler.load import Loaded
from gradscribe.errors import Diagnostic, GradscribeError
from gradscribe.frontend.positions import with_place

LIBRARIES = ("numpy", "scipy", "gradscribe")
EMPTY = "call the function itself: where it works, pass no arrays without elements, or with only one"
COMPLEX = (
    "a negative Python float to a fractional power is complex: pass a complex number, or use np.power (nan)"
)


def explain(error: Exception, loaded: Loaded) -> None:
    """Add a note to an error that a library raised in a derivative statement."""
    line = loaded.failed_line(error)
    is_complex = "complex" in str(error)
    if line not in loaded.derivative_lines or isinstance(error, GradscribeError):
        return
    if not (is_complex and isinstance(error, TypeError)) and not _is_bare(error):
        return
    note = Diagnostic(
        "GS323",
        "the derivative of this cannot be computed for these arguments",
        loaded.places.get(line),
        why=f"{type(error).__name__}: {error}",
        fix=COMPLEX if is_complex else EMPTY,
    )
    error.add_note(with_place(note).to_text())


def _is_bare(error: Exception) -> bool:
    """Whether it was raised by NumPy or SciPy, not by a `raise` of gradscribe or of the user."""
    frame, line = list(walk_tb(error.__traceback__))[-1]
    module = str(frame.f_globals.get("__name__", ""))
    if module.partition(".")[0] not in LIBRARIES:
        return False
    text = linecache.getline(frame.f_code.co_filename, line).strip()
    return not (module.startswith("gradscribe") and text.startswith("raise "))
