"""Derivative statements that raise on Python floats where NumPy gives inf or nan, and how much is done about it.

In:  programs, nodes.   Out: `Fallback`.
Not here: printing them (expressions.py), when they run (compiler/pipeline.py).
"""

from __future__ import annotations

from enum import Enum

import numpy as np

from gradscribe.ir.control import IF
from gradscribe.ir.graph import Node, Program, Value
from gradscribe.ir.types import ScalarType, is_inexact, is_loose
from gradscribe.ir.walk import walk
from gradscribe.ops.spec import OpSpec, spelling_of

RAISING = frozenset({"div", "floordiv", "mod", "pow"})
"""Operations that raise on Python floats where NumPy gives inf or nan."""


class Fallback(Enum):
    """Whose operands become NumPy scalars: nobody's; Python numbers'; also of what may be one at run time."""

    NONE = "none"
    PYTHON = "python"
    MIXED = "mixed"

    @staticmethod
    def of(program: Program) -> Fallback:
        """What the second form of the functions of a program needs."""
        nodes = [node for graph in program.graphs.values() for node in walk(graph.body)]
        wanted = Fallback.MIXED if any(map(_mixes_classes, nodes)) else Fallback.PYTHON
        raises = any(node.derivative and (_is_math(node) or wanted.wraps(node)) for node in nodes)
        return wanted if raises else Fallback.NONE

    def wraps(self, node: Node) -> bool:
        """Python may raise where NumPy gives inf or nan. A quotient of ints stays one: it may be an index."""
        if self is Fallback.NONE or node.op.name not in RAISING or not is_inexact(node.output.type):
            return False
        return all(self._may_be_python(value) for value in node.inputs)

    def _may_be_python(self, value: Value) -> bool:
        type_ = value.type
        if not isinstance(type_, ScalarType):
            return False
        return type_.python or (self is Fallback.MIXED and type_.dtype == np.float64)


def _is_math(node: Node) -> bool:
    return isinstance(node.op, OpSpec) and spelling_of(node).is_math


def _mixes_classes(node: Node) -> bool:
    """A Python number may be left where a NumPy scalar is declared, by a choice as by a branch or loop."""
    if not node.blocks:
        return not node.derivative and any(
            _is_float(out, python=False) and is_loose(out.type) for out in node.outputs
        )
    initial = () if node.op is IF else node.inputs
    given = [value for block in node.blocks for value in block.results] + list(initial)
    python = any(_is_float(value, python=True) for value in given)
    return python and any(_is_float(value, python=False) for value in node.outputs)


def _is_float(value: Value, *, python: bool) -> bool:
    type_ = value.type
    return isinstance(type_, ScalarType) and type_.dtype.kind == "f" and type_.python is python
