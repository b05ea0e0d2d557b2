"""What is made inside of a function by a call: context managers of functions, classes.

In:  a callable.   Out: its handler.
Not here: nested functions (expressions.py), entering a context manager (managers.py).
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import enum
import types
import typing
from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Closure, PartialCall, Static

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
Handler = Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]

MAKES_CLASSES = (collections.namedtuple, typing.NamedTuple, dataclasses.make_dataclass, types.new_class)


def making(target: object) -> Handler | None:
    """The handler of what makes a context manager or a class; None for anything else."""
    if target is contextlib.contextmanager:
        return _manager
    if any(target is maker for maker in MAKES_CLASSES):
        return refuse_class
    if isinstance(target, enum.EnumMeta) and not target.__members__:
        return lambda run, node, args, kwargs: (
            refuse_class(run, node, args, kwargs) if len(args) > 1 else None
        )
    return None


def _manager(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`contextlib.contextmanager` of a function made inside, which `with` recognises by it."""
    if len(args) == 1 and isinstance(args[0], Closure):
        return PartialCall(Static(contextlib.contextmanager), tuple(args), {})
    return None


def refuse_class(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`type(name, bases, namespace)` and its like."""
    raise run.refusal(
        node,
        "GS110",
        "a class inside a function is outside the supported subset",
        why="classes are read where modules define them",
        fix="move the class out of the function",
    )
