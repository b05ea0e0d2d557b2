"""Builtins and a few functions of the standard library and NumPy that are about structure, not numbers.

In:  abstract arguments.   Out: abstract results; None where the table of operations answers instead.
Not here: operations such as `abs` (ops/), methods (container_methods.py), functions that consume (reductions.py).
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import itertools
import math
import statistics
import string
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import libcst as cst
import numpy as np

from gradscribe.frontend import copies
from gradscribe.frontend.attributes import rename_function
from gradscribe.frontend.conditions import truth_of_items
from gradscribe.frontend.container_methods import pairs_of
from gradscribe.frontend.counters import counting
from gradscribe.frontend.dataclass_calls import as_dict, as_tuple, replaced
from gradscribe.frontend.effects import saying
from gradscribe.frontend.folds import collect
from gradscribe.frontend.getters import GETTERS, attributes_of, object_of
from gradscribe.frontend.hooks import set_attribute_of_object
from gradscribe.frontend.indexing import dimension
from gradscribe.frontend.inheritance import make_super
from gradscribe.frontend.inplace_calls import IN_PLACE
from gradscribe.frontend.instances import bad_call, no_initialiser
from gradscribe.frontend.iteration import Counted, Items, items_if_known, items_of, iterable, trip_count
from gradscribe.frontend.iterators import ITERATING, following, lazy
from gradscribe.frontend.keyed import CALLS as KEYED_CALLS
from gradscribe.frontend.keyed import empty, is_keyed, learn_keyed, made_at, new_dict
from gradscribe.frontend.lacking import no_length
from gradscribe.frontend.memo import with_cache, with_sized_cache
from gradscribe.frontend.operands import as_value, describe, present, type_of
from gradscribe.frontend.operator_calls import OPERATOR_CALLS
from gradscribe.frontend.operators import binary, raises, static_result
from gradscribe.frontend.ordering import sort
from gradscribe.frontend.protocols import length_by_method
from gradscribe.frontend.range_calls import range_call
from gradscribe.frontend.ranges import at_least_zero
from gradscribe.frontend.reductions import any_or_all, extreme_of, prod_of, reduce_of
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.selections import SELECTING, tee
from gradscribe.frontend.sets import CALLS as SET_CALLS
from gradscribe.frontend.sets import called_set
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_list
from gradscribe.frontend.structure import attributes
from gradscribe.frontend.sums import sum_of
from gradscribe.frontend.targets import store_attribute
from gradscribe.frontend.text_methods import format_call, written_as
from gradscribe.frontend.type_queries import (
    get_attribute,
    has_attribute,
    has_complex_dtype,
    is_callable,
    is_instance,
    is_iterable,
    is_scalar,
    type_call,
)
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    DictCell,
    InstanceCell,
    Iterated,
    ListCell,
    Number,
    PartialCall,
    RangeValue,
    ShapeValue,
    SliceValue,
    Static,
    Text,
    TupleValue,
    is_text,
    known_int,
)
from gradscribe.frontend.vectorized import (
    call_element,
    call_vectorized,
    make_vectorized,
    on_arrays,
    on_element,
)
from gradscribe.frontend.written_calls import WRITTEN_CALLS
from gradscribe.ir.graph import Value
from gradscribe.ir.types import BOOL, INT, ArrayType, ScalarType, shape_of
from gradscribe.ops.table import find_callable
from gradscribe.ops.written.decorators import renamed
from gradscribe.ops.written.keyed import KeyedDict
from gradscribe.runtime.objects import with_attributes

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
Builtin = Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]


def _len(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    (value,) = args
    match value:
        case ArrayCell():
            content = as_value(run, value, node)
            if not shape_of(content.type):
                return None
            length = dimension(run, node, content, 0)
            if isinstance(length, Number):
                spec, spelling = _dimension()
                return Number(_respell(run, node, length.value, content, spec, spelling))
            return length
        case ListCell():
            content_ = read_list(run, value, node)
            if isinstance(content_, Value):
                return Number(run.apply(node, "list_length", (content_,))[0])
            return Static(len(content_))
        case DictCell():
            return Static(len(read_dict(run, value, node)))
        case RangeValue():
            found = iterable(run, node, value)
            assert isinstance(found, Counted)
            return at_least_zero(run, node, trip_count(run, node, found))
        case TupleValue() | ShapeValue():
            return Static(len(items_of(run, node, value)))
        case InstanceCell() if (by_method := length_by_method(run, node, value)) is not None:
            return by_method
        case Static(value=found):
            return static_result(run, node, len, found)
        case Text() | Number() if is_text(value):
            return Number(run.apply(node, "text_length", (as_value(run, value, node),))[0])
        case Number() if (error := no_length(value)) is not None:
            raise raises(run, node, error)
    return None


def _tuple(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    found = items_if_known(run, node, args[0]) if args else []
    if isinstance(found, list):
        return TupleValue(tuple(found))
    raise run.refusal(
        node,
        "GS125",
        f"`tuple` of {describe(run, args[0])}, whose length is known at run time only",
        why="each item of a tuple becomes a variable of the generated code",
        fix="use a list: `list(...)`",
    )


def _list(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    if not args:
        return ListCell(())
    found = iterable(run, node, args[0])
    if isinstance(found, Items):
        return ListCell(found.items)
    if found.static_range is not None and found.bare:
        return ListCell(tuple(Static(number) for number in found.static_range))
    return collect(run, node, found, lambda item: item)


def _dict(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    if is_keyed(run, node) and args:
        made = empty(run, node)
        run.call(run, node, Static(KeyedDict.update), (made, args[0]), kwargs)
        return made
    try:
        entries = dict(pairs_of(run, node, args[0])) if args else {}
    except Refusal:
        learn_keyed(run, made_at(run, node))
        raise
    entries.update(kwargs)
    return new_dict(run, node, entries.items())


def _partial(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    return PartialCall(args[0], tuple(args[1:]), dict(kwargs))


def _slice(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    none = Static(None)
    bounds = {1: (none, args[0], none), 2: (*args, none), 3: tuple(args)}[len(args)]
    if all(isinstance(bound, Static) for bound in bounds):
        return Static(slice(*(bound.value for bound in bounds if isinstance(bound, Static))))
    return SliceValue(*bounds)


def _shape(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    return ShapeValue(as_value(run, args[0], node))


def _ndim(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    found = type_of(run, args[0])
    return Static(len(shape_of(found))) if isinstance(found, ArrayType | ScalarType) else None


def _diag_indices(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`np.diag_indices(n, ndim)` gives one array, as often as there are dimensions."""
    given = [*args, *(kwargs[name] for name in ("n", "ndim") if name in kwargs)]
    ndim = known_int(given[1]) if len(given) == 2 else 2
    if len(given) not in (1, 2) or ndim is None or kwargs.keys() - {"n", "ndim"}:
        return None
    return TupleValue((run.call(run, node, Static(np.arange), (given[0],), {}),) * ndim)


def _einsum(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`np.einsum(x, [0, 1], y, [1, 2], [0, 2])` is `np.einsum("AB,BC->AC", x, y)`."""
    if len(args) < 2 or isinstance(args[0], Static):
        return None
    texts = ["".join(map(_letters, items_of(run, node, item))) for item in args[1::2]]
    output = "->" + "".join(map(_letters, items_of(run, node, args[-1]))) if len(args) % 2 else ""
    operands = args[:-1:2] if len(args) % 2 else args[::2]
    return run.call(run, node, Static(np.einsum), (Static(",".join(texts) + output), *operands), kwargs)


def _letters(item: Abstract) -> str:
    """The subscript of a number: letters are in order as the numbers are, which decides about the output."""
    if isinstance(item, Static) and item.value is Ellipsis:
        return "..."
    number = known_int(item)
    return "?" if number is None else (string.ascii_uppercase + string.ascii_lowercase)[number]


def set_attribute(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`setattr(owner, name, value)`."""
    owner, name, value = args
    if not isinstance(name, Static):
        return None
    store_attribute(run, node, owner, str(name.value), value)
    return NOTHING


def _no_initialiser(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    if len(args) > 1 or kwargs:
        raise bad_call(run, node, "object.__init__() takes the object alone")
    return NOTHING


def _static_only(function: Callable[..., object]) -> Builtin:
    """Computed now where everything is known, by the table otherwise."""

    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        values = [_plain(run, value) for value in args]
        named = {name: _plain(run, value) for name, value in kwargs.items()}
        if UNKNOWN_NOW in values or UNKNOWN_NOW in named.values():
            return None
        return static_result(run, node, lambda: function(*values, **named))

    return handler


def _bool(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    found = truth_of_items(run, node, args)
    return found if found is not None else _static_only(bool)(run, node, args, kwargs)


class _UnknownNow:
    """A value that is known at run time only."""


UNKNOWN_NOW = _UnknownNow()


def _plain(run: Lowering, value: Abstract) -> object:
    if isinstance(value, Static):
        return value.value
    if isinstance(value, TupleValue):
        items = [_plain(run, item) for item in value.items]
        return UNKNOWN_NOW if UNKNOWN_NOW in items else tuple(items)
    if isinstance(value, ListCell):
        content = run.heap.get(value, value.initial)
        if isinstance(content, tuple):
            items = [_plain(run, item) for item in content]
            return UNKNOWN_NOW if UNKNOWN_NOW in items else items
    return UNKNOWN_NOW


def _divmod(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    left, right = (present(run, arg, node) for arg in args)
    return TupleValue(
        (binary(run, node, "FloorDivide", left, right), binary(run, node, "Modulo", left, right))
    )


def _pow(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    if len(args) == 2:
        return binary(run, node, "Power", *args)
    if all(isinstance(arg, Static) for arg in args):
        return static_result(run, node, pow, *(arg.value for arg in args if isinstance(arg, Static)))
    if any(type_of(run, arg) not in (INT, BOOL) for arg in args):
        raise run.refusal(
            node,
            "GS204",
            "`pow` with three arguments",
            why="it takes ints",
            fix="write `x ** y % z`",
        )
    return Number(run.apply(node, "pow_modulo", [as_value(run, arg, node) for arg in args])[0])


def _hypot(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """Of other than two coordinates: the distance from the origin, which Python computes alike."""
    if len(args) == 2 or kwargs:
        return None
    origin = TupleValue((Static(0.0),) * len(args))
    return run.call(run, node, Static(math.dist), (TupleValue(tuple(args)), origin), {})


def _dimension() -> tuple[object, object]:
    return find_callable(len) or (None, None)


def _respell(
    run: Lowering, node: cst.CSTNode, length: Value, content: Value, spec: object, spelling: object
) -> Value:
    """`len(x)` is written as the user did."""
    made = run.builder.nodes[-1]
    if made.output is not length or spelling is None:
        return length
    run.builder.nodes.pop()
    return run.apply(node, "dimension", (content,), {}, spelling)[0]  # type: ignore[arg-type]


EXPANSIONS = {**ITERATING, **SELECTING}
ITERATORS: Mapping[str, object] = {
    "enumerate": enumerate, "zip": zip, "reversed": reversed, "iter": iter, "map": map, "filter": filter,
    "chain.from_iterable": itertools.chain.from_iterable, "ndindex": np.ndindex, "ndenumerate": np.ndenumerate,
    **{name: getattr(itertools, name) for name in EXPANSIONS if hasattr(itertools, name)},
}  # fmt: skip


def _of_a_list(function: Callable[..., Any]) -> Builtin:
    """The handler of an operation that also takes the items of a generator."""

    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        if not args or not isinstance(args[0], Iterated):
            return None
        items = _list(run, node, args[:1], {})
        assert items is not None
        array = run.call(run, node, Static(np.array), (items,), {})
        return run.call(run, node, Static(function), (array, *args[1:]), kwargs)

    return handler


BUILTINS: dict[object, Builtin] = {
    **WRITTEN_CALLS,
    **KEYED_CALLS,
    len: _len,
    range: range_call,
    sum: sum_of,
    math.prod: prod_of,
    math.fsum: _of_a_list(math.fsum),
    **{
        function: _of_a_list(function)
        for function in (
            *(statistics.mean, statistics.fmean, statistics.harmonic_mean, statistics.variance),
            *(statistics.pvariance, statistics.stdev, statistics.pstdev),
        )
    },
    min: extreme_of(min),
    max: extreme_of(max),
    bool: _bool,
    **OPERATOR_CALLS,
    any: any_or_all(True),
    all: any_or_all(False),
    isinstance: is_instance,
    type: type_call,
    callable: is_callable,
    getattr: get_attribute,
    hasattr: has_attribute,
    setattr: set_attribute,
    object.__setattr__: set_attribute_of_object,
    no_initialiser: _no_initialiser,
    next: following,
    super: make_super,
    tuple: _tuple,
    list: _list,
    dict: _dict,
    set: called_set,
    frozenset: called_set,
    **SET_CALLS,
    sorted: sort,
    print: saying("print_"),
    warnings.warn: saying("warn_"),
    divmod: _divmod,
    pow: _pow,
    **GETTERS,
    vars: attributes_of,
    attributes: attributes_of,
    with_attributes: object_of,
    math.hypot: _hypot,
    slice: _slice,
    **{function: written_as(kind) for function, kind in ((str, "s"), (repr, "r"), (ascii, "a"))},
    format: format_call,
    functools.reduce: reduce_of,
    itertools.tee: tee,
    **{function: lazy(name, EXPANSIONS[name]) for name, function in ITERATORS.items()},
    itertools.count: counting(lazy("count", EXPANSIONS["count"])),
    functools.partial: _partial,
    renamed: rename_function,
    functools.cache: with_cache,
    functools.lru_cache: with_sized_cache,
    dataclasses.asdict: as_dict,
    dataclasses.astuple: as_tuple,
    dataclasses.replace: replaced,
    np.array: copies.array,
    np.asarray: copies.array,
    copy.copy: copies.shallow,
    copy.deepcopy: copies.deep,
    np.vectorize: make_vectorized,
    call_vectorized: on_arrays,
    call_element: on_element,
    np.shape: _shape,
    np.ndim: _ndim,
    np.isscalar: is_scalar,
    np.iterable: is_iterable,
    np.iscomplexobj: has_complex_dtype(True),
    np.isrealobj: has_complex_dtype(False),
    np.einsum: _einsum,
    np.diag_indices: _diag_indices,
    **IN_PLACE,
    np.dtype: _static_only(np.dtype),
    **{
        function: _static_only(function)
        for function in (float, int, complex, abs, round, id, hash, issubclass,
                         np.issubdtype, np.result_type, np.finfo, np.iinfo)
    },
}  # fmt: skip
