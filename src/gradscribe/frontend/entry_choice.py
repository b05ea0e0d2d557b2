"""Which entry of a function a call means: its arguments decide.

In:  the first entry of a function, abstract arguments.   Out: the entry; whether its function in Python is meant.
Not here: binding the arguments (table_calls.py), which callable means which entry (ops/table.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence

from gradscribe.frontend.operands import type_of
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_list
from gradscribe.frontend.values import Abstract, DictCell, ListCell, Static, TupleValue
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.table import lookup


def means_its_text(
    run: Lowering, spec: OpSpec, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> bool:
    """Only the function in Python takes this call."""
    assert spec.written is not None
    if spec.written_if is None:
        further = inspect.signature(spec.written).parameters.keys() - spec.parameters.parameters.keys()
        return not further.isdisjoint(kwargs)
    try:
        bound = inspect.signature(spec.written).bind(*args, **kwargs).arguments
    except TypeError:
        return False
    return spec.written_if({name: _known(run, value) for name, value in bound.items()})


def _known(run: Lowering, value: Abstract | Sequence[Abstract]) -> object:
    """An argument: itself where it is known, else its type; a tuple, list or dict of such."""
    if isinstance(value, Static):
        return value.value
    if isinstance(value, DictCell):
        return {key: _known(run, item) for key, item in read_dict(run, value).items()}
    if isinstance(value, ListCell):
        content = read_list(run, value, None)
        value = content if isinstance(content, tuple) else value
    if isinstance(value, TupleValue):
        value = value.items
    if isinstance(value, Sequence):
        return tuple(_known(run, item) for item in value)
    return type_of(run, value)


def meant(spec: OpSpec, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]) -> OpSpec:
    """The first entry of a function that takes these arguments, else the first that says why it does not."""
    entries = [spec]
    while entries[-1].otherwise:
        entries.append(lookup(entries[-1].otherwise))
    fitting = [entry for entry in entries if _fits(entry, args, kwargs)]
    telling = [entry for entry in entries if not kwargs.keys().isdisjoint(entry.refused_keywords)]
    return next(iter((*fitting, *telling)), entries[-1])


def _fits(spec: OpSpec, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]) -> bool:
    try:
        spec.parameters.bind(*args, **kwargs)
    except TypeError:
        return False
    return True
