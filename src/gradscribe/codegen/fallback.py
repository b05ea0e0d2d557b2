"""Derivative statements that raise on Python floats where NumPy gives inf or nan, and how much is done about it.

In:  programs, nodes.   Out: `Fallback`.
Not here: printing them (expressions.py), when they run (compiler/pipeline.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from gradscribe.ir.control import IF
from gradscribe.ir.graph import Node, Program, Value
from gradscribe.ir.types import ArrayType, ScalarType, SequenceType, TupleType, Type, is_inexact, is_loose
from gradscribe.ir.walk import walk
from gradscribe.ops.spec import OpSpec, spelling_of

RAISING = frozenset({"div", "floordiv", "mod", "pow"})
"""Operations that raise on Python floats where NumPy gives inf or nan."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """What is done about such statements.

    Attributes:
        follows: their operands become NumPy scalars where they are Python numbers.
        mixed: also where they may be Python numbers at run time.
        restores: what they give becomes a Python number again, for it may meet floats of less than 64 bits, whose
            type a NumPy scalar changes.
    """

    follows: bool = False
    mixed: bool = False
    restores: bool = False

    @staticmethod
    def of(program: Program) -> Fallback:
        """What the second form of the functions of a program needs."""
        nodes = [node for graph in program.graphs.values() for node in walk(graph.body)]
        wanted = Fallback(True, any(map(_mixes_classes, nodes)))
        if not any(node.derivative and (_is_math(node) or wanted.wraps(node)) for node in nodes):
            return NONE
        params = (value for graph in program.graphs.values() for value in graph.body.params)
        values = chain(params, (value for node in nodes for value in node.outputs))
        return replace(wanted, restores=any(_is_narrow(value.type) for value in values))

    def wraps(self, node: Node) -> bool:
        """Python may raise where NumPy gives inf or nan. A quotient of ints stays one: it may be an index."""
        if not self.follows or node.op.name not in RAISING or not is_inexact(node.output.type):
            return False
        return all(self._may_be_python(value) for value in node.inputs)

    def vectorises(self, node: Node) -> bool:
        """Whether a function of `math` becomes NumPy's."""
        return self.follows and node.derivative and _is_math(node)

    def restored(self, node: Node) -> str | None:
        """The class that a number has again after NumPy has computed it; None where it may stay NumPy's."""
        if not self.restores or not node.derivative or not (self.wraps(node) or self.vectorises(node)):
            return None
        type_ = node.outputs[0].type
        if len(node.outputs) > 1 or not isinstance(type_, ScalarType) or not type_.python:
            return None
        return {"f": "float", "c": "complex"}.get(type_.dtype.kind)

    def _may_be_python(self, value: Value) -> bool:
        type_ = value.type
        if not isinstance(type_, ScalarType):
            return False
        return type_.python or (self.mixed and type_.dtype == np.float64)


NONE = Fallback()
"""The first form: nothing is done."""


def _is_narrow(type_: Type) -> bool:
    """Whether there are floats of less than 64 bits in it."""
    match type_:
        case ScalarType(dtype) | ArrayType(dtype):
            return dtype.kind in "fc" and dtype.itemsize < (16 if dtype.kind == "c" else 8)
        case SequenceType(element):
            return _is_narrow(element)
        case TupleType(elements):
            return any(map(_is_narrow, elements))
        case _:
            return False


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
