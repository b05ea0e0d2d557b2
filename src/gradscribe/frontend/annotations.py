"""Annotations of functions that are made inside of others: Python evaluates them as it makes the function.

What calls nothing only names classes, and is not evaluated here: all that is seen of it is whether its names are
bound.

In:  a function definition.   Out: what its annotations call; names that are not bound are refused.
Not here: annotations of variables, which Python leaves alone inside of functions.
"""

from __future__ import annotations
import __future__

import builtins
import sys

import libcst as cst

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.syntax import annotations_of, calls_something, names_of


def evaluate_annotations(run: Lowering, node: cst.FunctionDef) -> None:
    """Evaluate what the annotations of a function call, and ask for the names that the others read."""
    if not _are_evaluated(run):
        return
    own = names_of(node.type_parameters) if node.type_parameters is not None else ()
    type_parameters = {name.value for name in own}
    for annotation in annotations_of(node):
        if calls_something(annotation):
            run.evaluate(run, annotation)
            continue
        for name in names_of(annotation):
            if name.value not in type_parameters and not _is_bound_outside(run, name.value):
                run.evaluate(run, name)


def _are_evaluated(run: Lowering) -> bool:
    """They are no text in this module, and are not put off until somebody asks for them (Python 3.14)."""
    is_text = run.frame.function.__code__.co_flags & __future__.annotations.compiler_flag
    return not is_text and sys.version_info < (3, 14)


def _is_bound_outside(run: Lowering, name: str) -> bool:
    """A global or builtin, which a derivative need not rely on where it only annotates."""
    frame = run.frame
    while name not in frame.liveness.local and frame.parent is not None:
        frame = frame.parent
    is_global = name not in frame.liveness.local and name not in frame.function.__code__.co_freevars
    return is_global and (name in frame.function.__globals__ or hasattr(builtins, name))
