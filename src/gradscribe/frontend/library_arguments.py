"""Arguments in the words of an entry: bound as NumPy binds them, renamed, and without those that are its defaults.

`np.sum(x, 0, None, None, True)`, `np.mean(a=x)`, `x.clip(min=0)` and `np.add(x, y, casting="same_kind")` are calls
of entries that name their parameters in their own way and do not know what cannot matter.

In:  what is called, its entry, abstract arguments.   Out: the same arguments, as the entry binds them.
Not here: binding them (table_calls.py), `out=` (out_arguments.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from inspect import Parameter
from typing import Any

import numpy as np

from gradscribe.frontend.operands import type_of
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.values import Abstract, ListCell, Static, TupleValue
from gradscribe.ir.types import ArrayType, ScalarType
from gradscribe.ops.spec import OpSpec, Spelling, SpellingKind, parsed
from gradscribe.ops.table import resolve

Parameters = Mapping[str, Parameter]

SIGNATURES = {
    "sum prod": "x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True",
    "mean": "x, axis=None, dtype=None, out=None, keepdims=False, *, where=True",
    "var std": "x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None",
    "max min": "x, axis=None, out=None, keepdims=False, initial=None, where=True",
    "any all": "x, axis=None, out=None, keepdims=False, *, where=True",
    "cumsum cumprod": "x, axis=None, dtype=None, out=None",
    "argmax argmin": "x, axis=None, out=None, *, keepdims=False",
    "argsort": "x, axis=-1, kind=None, order=None, *, stable=None",
    "astype": "x, dtype, order='K', casting='unsafe', subok=True, copy=True",
    "choose": "x, choices, out=None, mode='raise'",
    "clip": "x, min=None, max=None, out=None, *, where=True, casting='same_kind', order='K', dtype=None",
    "compress": "x, condition, axis=None, out=None",
    "copy flatten ravel": "x, order='C'",
    "dot": "x, other, out=None",
    "reshape": "x, *shape, order='C', copy=None",
    "round": "x, decimals=0, out=None",
    "searchsorted": "x, v, side='left', sorter=None",
    "take": "x, indices, axis=None, out=None, mode='raise'",
    "trace": "x, offset=0, axis1=0, axis2=1, dtype=None, out=None",
}
METHODS: Mapping[str, str] = {name: text for names, text in SIGNATURES.items() for name in names.split()}
"""Methods of arrays as their documentation has them: not every version of NumPy tells it to `inspect`."""

OF_BOTH = "{}, /, out=None, *, casting='same_kind', order='K', dtype=None, subok=True, signature=None"
OF_ELEMENTS = f"{OF_BOTH}, where=True"
OF_VECTORS = f"{OF_BOTH}, keepdims=False, axis=None, axes=None"
"""Parameters of universal functions: of elements, and of vectors and matrices."""


KEEPING = frozenset(
    {
        *(
            "cumsum",
            "cumprod",
            "trace",
            "numpy.cumsum",
            "numpy.cumprod",
            "numpy.nancumsum",
            "numpy.nancumprod",
        ),
        *(
            "numpy.trace",
            "numpy.linalg.trace",
            "numpy.einsum",
            "numpy.concatenate",
            "numpy.concat",
            "numpy.stack",
        ),
        *("numpy.vstack", "numpy.hstack", "numpy.cumulative_sum", "numpy.cumulative_prod", "numpy.nanmean"),
    }
)
"""Functions of floats whose result has their dtype."""


def in_words_of(
    run: Lowering, spec: OpSpec, spelling: Spelling, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> tuple[Sequence[Abstract], Mapping[str, Abstract]]:
    """The arguments of a call of the function or method that this spelling means, as the entry names them."""
    theirs = library_parameters(spelling)
    if theirs is None:
        return args, kwargs
    own = spec.parameters.parameters
    places = _places(theirs)
    words = renamed_parameters(theirs, spec)
    positional = list(args)
    named = {words.get(name, name): value for name, value in kwargs.items()}
    agreeing = len(args) if spec.takes_the_rest else _agreeing(places, _places(own), words)
    for place in range(len(args) - 1, agreeing - 1, -1):
        if place < len(places) and theirs[places[place]].kind is not Parameter.POSITIONAL_ONLY:
            named.setdefault(words.get(places[place], places[place]), positional.pop(place))
    for name, parameter in theirs.items():
        word = words.get(name, name)
        if word in named and (word not in own or word in spec.refused_keywords):
            own_dtype = name == "dtype" and _keeps_dtype(spelling) and _is_own_dtype(run, args, named[word])
            if own_dtype or is_default(named[word], parameter):
                del named[word]
    return positional, named


@cache
def library_parameters(spelling: Spelling) -> Parameters | None:
    """The parameters of a function or method of NumPy by name; None for what is not NumPy's, or not told."""
    if spelling.kind is SpellingKind.METHOD:
        text = METHODS.get(spelling.name)
        return (
            parsed(text).parameters if text is not None else _told(getattr(np.ndarray, spelling.name, None))
        )
    if spelling.kind is not SpellingKind.FUNCTION:
        return None
    target = resolve(spelling.name)
    if isinstance(target, np.ufunc):
        operands = ", ".join(f"x{k + 1}" for k in range(target.nin))
        return parsed((OF_ELEMENTS if target.signature is None else OF_VECTORS).format(operands)).parameters
    return _told(target) if spelling.name.startswith(("numpy.", "scipy.")) else None


def _told(target: object) -> Parameters | None:
    """What Python can find out about a function; some versions of NumPy do not tell everything."""
    try:
        return inspect.signature(target).parameters if callable(target) else None
    except ValueError:
        return None


def _places(parameters: Parameters) -> list[str]:
    """The names of the positional parameters; none after a `*` parameter, which stands for all the rest."""
    found = []
    for name, parameter in parameters.items():
        if parameter.kind not in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
            break
        found.append(name)
    return found


def renamed_parameters(theirs: Parameters, spec: OpSpec) -> Mapping[str, str]:
    """Their name -> our name: what must be given at a place has one that the other side does not know."""
    own = spec.parameters.parameters
    places = {
        left: right
        for left, right in zip(_places(theirs), _places(own), strict=False)
        if left not in own and right not in theirs and (right in spec.operands or is_required(own[right]))
    }
    return {**places, **spec.renamed}


def is_required(parameter: Parameter) -> bool:
    """It has no default."""
    return parameter.default is Parameter.empty


def _agreeing(theirs: Sequence[str], own: Sequence[str], words: Mapping[str, str]) -> int:
    """How many positional parameters stand at the same places."""
    for place, (left, right) in enumerate(zip(theirs, own, strict=False)):
        if words.get(left, left) != right:
            return place
    return len(own)


def is_default(value: Abstract, parameter: Parameter) -> bool:
    """The argument that would be passed anyway."""
    if isinstance(value, TupleValue):
        value = Static(tuple(item.value if isinstance(item, Static) else None for item in value.items))
    if is_required(parameter) or not isinstance(value, Static):
        return False
    given, default = value.value, parameter.default
    if given is None or default is None or isinstance(given, bool) or isinstance(default, bool):
        return given is default
    return type(given) is type(default) and bool(given == default)


def _keeps_dtype(spelling: Spelling) -> bool:
    """The result has the dtype of the operands, so that asking for that one changes nothing."""
    return spelling.name in KEEPING or isinstance(resolve(spelling.name), np.ufunc)


def _is_own_dtype(run: Lowering, args: Sequence[Abstract], dtype: Abstract) -> bool:
    """All operands have this inexact dtype already, but for numbers of Python, which have any."""
    if not isinstance(dtype, Static) or dtype.value is None:
        return dtype == Static(None)
    wanted = dtype_of_argument(dtype.value)
    types = [type_of(run, part) for arg in args for part in _parts(run, arg)]
    known = [found for found in types if isinstance(found, ArrayType | ScalarType)]
    dtypes = {found.dtype for found in known if isinstance(found, ArrayType) or not found.python}
    return wanted.kind in "fc" and dtypes == {wanted}


def dtype_of_argument(value: Any) -> np.dtype:
    """What is passed as `dtype`: a dtype, a type, or text."""
    dtype: np.dtype = np.dtype(value)
    return dtype


def _parts(run: Lowering, value: Abstract) -> Iterator[Abstract]:
    """The value, or the items of a tuple or list."""
    content = read_list(run, value, None) if isinstance(value, ListCell) else value
    if isinstance(content, TupleValue):
        content = content.items
    if not isinstance(content, tuple):
        yield value
        return
    for item in content:
        yield from _parts(run, item)
