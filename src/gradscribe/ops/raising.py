"""Which exceptions an operation may raise: what may happen inside a `try`.

Only that an operation cannot raise is ever relied upon, so what is unknown may raise anything.

In:  nodes, exception classes.   Out: `may_raise`.
Not here: `try` itself (frontend/trying.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradscribe.ir.control import Caught, caught_by
from gradscribe.ir.graph import Node
from gradscribe.ir.types import ArrayType, ScalarType, dtype_of, is_number
from gradscribe.ops.spec import Domain, OpSpec, SpellingKind

# Literals, moves, and reads of what is there anyway.
NEVER = frozenset(
    {
        *("constant", "absent", "identity", "reference", "row", "dimension", "size", "list_length"),
        *("caught", "is_caught", "is_array"),
    }
)
COMPARISONS = frozenset({"lt", "le", "gt", "ge", "eq", "ne", "bool_not", "bool_and", "bool_or"})
# Floats of Python give inf or nan here; whole numbers grow. Mixed, a whole number may be too large for a float.
QUIET = frozenset({"add", "sub", "mul", "neg", "pos", "abs"})
DIVISIONS = frozenset({"div", "floordiv", "mod"})
# Structure of the compiler's own, with none but the usual exceptions.
STRUCTURE = frozenset(
    {
        *("convert", "format_text", "pack", "unpack", "stop_gradient"),
        *("zeros_like", "broadcast_like", "unbroadcast_like"),
        *("list_append", "list_get", "list_new", "list_set", "stack_list", "unstack_list"),
    }
)
# Of run-time lists: an item may not be there, and nothing else be wrong with a list.
LISTS = frozenset({"list_append", "list_get", "list_new"})
# Of one array, with numbers or without: there are no shapes that may not fit.
WHOLE = QUIET | DIVISIONS | COMPARISONS | {"copy", "zeros_like", "sum"}
# Functions of NumPy itself that do linear algebra.
ALGEBRA = frozenset({"poly", "polyfit", "roots"})

# A class that stands for its subclasses, too.
KINDS: Caught = (ArithmeticError, Warning, BaseException)
ARITHMETIC: Caught = (ArithmeticError, Warning)
SCALARS: Caught = (*ARITHMETIC, ValueError, TypeError)
# Shapes that do not fit, entries that are not there, memory that is not; `np.seterr(all="raise")`.
ARRAYS: Caught = (*SCALARS, IndexError, MemoryError, np.exceptions.AxisError)
ANYTHING: Caught = (BaseException,)


def may_raise(node: Node, catches: Caught, inside: Caught = ()) -> bool:
    """Whether one of these exceptions may come out of a node, and of a `try` that catches others, `inside`."""
    if not node.blocks:
        return any(_is_caught(made, wanted, inside) for made in _raised_by_itself(node) for wanted in catches)
    caught = caught_by(node)
    return any(
        may_raise(inner, catches, (*inside, *caught) if caught and block is node.blocks[0] else inside)
        for block in node.blocks
        for inner in block.nodes
    )


def _is_caught(made: type[BaseException], wanted: type[BaseException], inside: Caught) -> bool:
    """What is raised may be what is wanted, and then nobody catches it before."""
    if issubclass(made, wanted):
        return not issubclass(made, inside)
    return made in KINDS and issubclass(wanted, made) and not issubclass(wanted, inside)


def _raised_by_itself(node: Node) -> Iterator[type[BaseException]]:
    if not isinstance(node.op, OpSpec):
        yield from ANYTHING
    elif node.op.name == "raise_":
        exception = node.attrs["exception"]
        if isinstance(exception, type):
            yield exception
        else:
            yield type(exception) if isinstance(exception, BaseException) else BaseException
    elif node.op.name == "assert_":
        yield AssertionError
    else:
        yield from _raised_by_operation(node, node.op)


def _raised_by_operation(node: Node, spec: OpSpec) -> Caught:
    types = [value.type for value in (*node.inputs, *node.outputs)]
    if spec.name in NEVER:
        return ()
    if spec.name in ("get_item", "set_item") and _is_basic(node):
        return (IndexError, *_raised_by_conversion(node)) if spec.name == "set_item" else (IndexError,)
    if spec.name in LISTS:
        return (IndexError, MemoryError)
    if not _is_usual(spec):
        return ANYTHING
    if not all(isinstance(type_, ScalarType) for type_ in types):
        return (*ARITHMETIC, MemoryError) if spec.name in WHOLE and _is_of_one_array(node) else ARRAYS
    numbers = [type_ for type_ in types if is_number(type_)]
    if all(isinstance(type_, ScalarType) and type_.python for type_ in numbers):
        is_quiet = spec.name in QUIET and len({dtype_of(type_).kind for type_ in numbers}) == 1
        if is_quiet or spec.name in COMPARISONS:
            return ()
    # Complex numbers have no order.
    is_ordered = spec.name in COMPARISONS and all(dtype_of(type_).kind != "c" for type_ in numbers)
    return ARITHMETIC if is_ordered or spec.name in QUIET | DIVISIONS else SCALARS


def _is_of_one_array(node: Node) -> bool:
    """Its operands are an array and numbers, none of which are bools, of which NumPy makes no differences."""
    arrays = {value for value in node.inputs if not isinstance(value.type, ScalarType)}
    known = [value.type for value in node.inputs if isinstance(value.type, ScalarType | ArrayType)]
    is_real = all(type_.dtype.kind in "iuf" for type_ in known)
    return len(arrays) <= 1 and len(known) == len(node.inputs) and is_real


def _is_basic(node: Node) -> bool:
    """An element or a slice, read or filled with one number."""
    index = node.attrs["index"]
    steps = [
        part.step for part in (index if isinstance(index, tuple) else (index,)) if isinstance(part, slice)
    ]
    known = all(step is None or isinstance(step, int) for step in steps)
    return known and all(isinstance(value.type, ScalarType) for value in node.inputs[1:])


def _raised_by_conversion(node: Node) -> Caught:
    """What storing a number in an array may raise: an int may be too large, nan is no int."""
    array, value = node.inputs[0].type, node.inputs[1].type
    if not isinstance(array, ArrayType) or not isinstance(value, ScalarType):
        return SCALARS
    if array.dtype == value.dtype and (value.dtype.kind != "i" or not (value.python or value.loose)):
        return ()
    kinds = array.dtype.kind, value.dtype.kind
    return ARITHMETIC if kinds[0] == kinds[1] or kinds[1] in "biu" or kinds == ("c", "f") else SCALARS


def _is_usual(spec: OpSpec) -> bool:
    """Arithmetic, and what NumPy does with arrays. Linear algebra and SciPy have exceptions of their own."""
    names = [spelling.name for spelling in spec.spellings if spelling.kind is SpellingKind.FUNCTION]
    if any(name.startswith(("numpy.linalg", "scipy")) for name in names) or spec.name in ALGEBRA:
        return False
    if spec.backend is not Domain.OPAQUE or spec.name in STRUCTURE | COMPARISONS:
        return True
    return any(name.count(".") == 1 and name.startswith(("numpy.", "math.", "builtins.")) for name in names)
