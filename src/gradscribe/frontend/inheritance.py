"""`super()`: methods and properties of the classes after one in the order of inheritance.

In:  a class and an object.   Out: bound methods, attributes.
Not here: attributes of the object itself (instances.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from types import FunctionType

import libcst as cst

from gradscribe.frontend.instances import MISSING, bad_call, class_attribute, fill_dataclass, is_generated
from gradscribe.frontend.references import class_referred_to
from gradscribe.frontend.scope import read_outer
from gradscribe.frontend.state import Frame, Lowering
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    InstanceCell,
    Static,
    SuperValue,
    TupleValue,
)


def make_super(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract | None:
    """`super()` in a method, or `super(Class, self)`."""
    if len(args) == 2:
        cls, owner = args
    else:
        frame: Frame | None = run.frame
        while frame is not None and frame.parent is not None:
            frame = frame.parent
        assert frame is not None
        code = frame.function.__code__
        if "__class__" not in code.co_freevars or not code.co_argcount:
            raise bad_call(run, node, "`super()` stands outside of a method")
        cls = read_outer(run, node, frame.function, "__class__")
        owner = frame.names[code.co_varnames[0]]
    if not isinstance(cls, Static) or not isinstance(cls.value, type):
        raise bad_call(run, node, "`super` is called without a class")
    return SuperValue(cls.value, owner)


def super_attribute(run: Lowering, node: cst.CSTNode, value: SuperValue, name: str) -> Abstract:
    """`super().name`."""
    owner = value.owner
    row = class_referred_to(owner)
    if isinstance(owner, InstanceCell | TupleValue):
        cls = owner.cls
    elif row is not None:
        cls = row
    elif isinstance(owner, Static) and isinstance(owner.value, type):
        cls = owner.value
    else:
        raise bad_call(run, node, "`super` is called on something that is no object of a class")
    order = cls.__mro__
    later = order[order.index(value.cls) + 1 :]
    found = next((base.__dict__[name] for base in later if name in base.__dict__), MISSING)
    if isinstance(found, FunctionType) and is_generated(found) and isinstance(owner, InstanceCell):
        base = next(base for base in later if name in base.__dict__)
        return SuperValue(base, owner, initialises=True)
    return class_attribute(run, node, owner, cls, found, name)


def initialise(
    run: Lowering,
    node: cst.CSTNode,
    target: SuperValue,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """`super().__init__(...)` of a dataclass."""
    assert isinstance(target.owner, InstanceCell) and dataclasses.is_dataclass(target.cls)
    fill_dataclass(run, node, target.cls, target.owner, args, kwargs)
    return NOTHING
