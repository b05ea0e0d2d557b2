"""Properties of every entry whose derivative is that of a function in Python, derived from its samples.

Values are those of the library to the bit; derivatives are compared with differences, modes with each other.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UnsupportedOperationError
from gradscribe.ops.composite import is_modelled
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.table import table
from tests.programs.checks import assert_same_bits
from tests.programs.load import load_module
from tests.rules.samples import Namespace, Run

# Products with sparse matrices are what tests/ops/test_sparse_entries.py multiplies.
INSIDE = {"sparse_multiplied", "sparse_dense"}
ENTRIES = {name: spec for name, spec in table().items() if is_modelled(spec) and name not in INSIDE}
STEP = 1e-4
CALLS = [(name, sample) for name, spec in ENTRIES.items() for sample in spec.samples]

PROGRAM = """
import cmath
import math
import statistics
import numpy
import numpy.polynomial
import numpy as np
from numpy import array, inf, nan
import gradscribe.runtime.images
import gradscribe.runtime.interpolants
import scipy.fft, scipy.integrate, scipy.interpolate, scipy.linalg, scipy.ndimage
import scipy.optimize, scipy.signal, scipy.spatial.distance, scipy.special, scipy.stats

def call({parameters}):
    return {function}({arguments})

def parts({parameters}):
    found = call({parameters})
    return [part for item in (found if isinstance(found, tuple) else (found,)) for part in ({real})]
"""


@dataclass
class Constant:
    """An array that is written into the program."""

    value: list


class Sample:
    """A sample call as a function of the numbers and arrays in it."""

    def __init__(self, spec: OpSpec, text: str, dtype=np.float64) -> None:
        namespace = Namespace(np.random.default_rng(zlib.crc32(f"{spec.name}{text}".encode())), dtype=dtype)
        args, kwargs = eval(
            f"(lambda *args, **kwargs: (args, kwargs))({text})", {**namespace.names(), "constant": Constant}
        )
        self.values: list = []
        written = [self._text(item) for item in args]
        written += [f"{name}={self._text(item)}" for name, item in kwargs.items()]
        parameters = ", ".join(f"x{k}" for k in range(len(self.values)))
        self.fields = {
            "parameters": parameters,
            "function": spec.spellings[0].name,
            "arguments": ", ".join(written),
        }
        self.call = load_module(PROGRAM.format(**self.fields, real="item")).call
        self.is_complex = any(np.iscomplexobj(part) for part in _items(self.call(*self.values)))

    def _text(self, item) -> str:
        if isinstance(item, Constant):
            return f"array({item.value!r})"
        if isinstance(item, Run | np.ndarray):
            self.values.append(item.value if isinstance(item, Run) else item)
            return f"x{len(self.values) - 1}"
        if isinstance(item, tuple):
            return f"({', '.join(map(self._text, item))},)"
        if isinstance(item, list):
            return f"[{', '.join(map(self._text, item))}]"
        return repr(item)

    @property
    def parts(self):
        """The same call, with real results only."""
        both = "np.real(item), np.imag(item)" if self.is_complex else "item,"
        return load_module(PROGRAM.format(**self.fields, real=both)).parts

    @property
    def argnums(self) -> tuple[int, ...]:
        """Positions of what has a derivative."""
        return tuple(k for k, value in enumerate(self.values) if np.asarray(value).dtype.kind in "fc")


def _items(value) -> tuple:
    return tuple(value) if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize(("name", "text"), CALLS)
def test_value_and_derivatives_of_both_modes_and_orders(name, text):
    sample = Sample(ENTRIES[name], text)
    function, argnums, args = sample.parts, sample.argnums, tuple(sample.values)
    value, pullback = gs.vjp(function, *args)
    assert_same_bits(value, function(*args), "value")
    rng = np.random.default_rng(3)
    weights = [rng.uniform(-1, 1, np.shape(part)) for part in value]
    moves = [_random_like(rng, args[k]) for k in argnums]
    direction = _placed(args, argnums, moves)

    def gradient_at(step):
        moved = [x if d is None else x + step * d for x, d in zip(args, direction, strict=True)]
        found, pull = gs.vjp(function, *moved)
        seeds = [_like(w, part) for w, part in zip(weights, found, strict=True)]
        pulled = pull(seeds)
        return found, [pulled[k] for k in argnums]

    # First order: forward mode against differences, reverse mode against forward mode.
    tangents = gs.jvp(function, args, direction)[1]
    sides = {k: gradient_at(k * STEP) for k in (-2, -1, 1, 2)}
    for k, tangent in enumerate(tangents):
        _close(tangent, _slope({step: sides[step][0][k] for step in sides}))
    seeds = [_like(w, part) for w, part in zip(weights, value, strict=True)]
    pulled = pullback(seeds)
    forward = sum(np.sum(w * t) for w, t in zip(weights, tangents, strict=True))
    np.testing.assert_allclose(_inner([pulled[k] for k in argnums], moves), forward, rtol=1e-9, atol=1e-10)

    # Second order: forward over reverse against differences, reverse over reverse against it.
    def weighted(*args):
        found = function(*args)
        return sum(np.sum(weights[k] * found[k]) for k in range(len(weights)))

    gradient = gs.grad(weighted, argnums, create_graph=True)

    def along(*args):
        found = gradient(*args)
        return sum(np.sum(np.real(moves[k] * found[k])) for k in range(len(moves)))

    over_reverse = gs.jvp(gradient, args, direction)[1]
    for k, found in enumerate(over_reverse):
        _close(found, _slope({step: sides[step][1][k] for step in sides}))
    for found, expected in zip(gs.grad(along, argnums)(*args), over_reverse, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8)


def _slope(sides):
    """The derivative from values at four steps; the error is of order STEP ** 4."""
    narrow = np.asarray(sides[1]) - np.asarray(sides[-1])
    return (8 * narrow - np.asarray(sides[2]) + np.asarray(sides[-2])) / (12 * STEP)


def _close(found, expected):
    scale = np.max(np.abs(expected), initial=1.0)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6 * scale)


def _inner(ones, others):
    return sum(np.sum(np.real(b * a)) for a, b in zip(ones, others, strict=True))


def _random_like(rng, value):
    made = rng.uniform(-1, 1, np.shape(value))
    if np.ndim(value) == 2 and np.array_equal(value, np.transpose(value)):
        # Of a symmetric matrix libraries read one triangle.
        made = made + made.T
    if np.ndim(value) == 1 and np.sum(value) == 1.0:
        # Shares move together.
        made = made - np.mean(made)
    return made + 1j * rng.uniform(-1, 1, np.shape(value)) if np.iscomplexobj(value) else made


def _like(seed, part):
    if np.asarray(part).dtype.kind not in "fc":
        return None
    return seed if isinstance(part, np.ndarray) else type(part)(seed)


def _placed(args, argnums, moves) -> tuple:
    placed = [None] * len(args)
    for k, move in zip(argnums, moves, strict=True):
        placed[k] = move if isinstance(args[k], np.ndarray) else type(args[k])(move)
    return tuple(placed)


@pytest.mark.parametrize("name", [name for name, spec in ENTRIES.items() if not spec.double_only])
def test_single_precision_is_kept_where_the_library_keeps_it(name):
    sample = Sample(ENTRIES[name], ENTRIES[name].samples[0], np.float32)
    expected = sample.call(*sample.values)
    value, pullback = gs.vjp(sample.call, *sample.values)
    for one, other in zip(_items(value), _items(expected), strict=True):
        assert type(one) is type(other) and np.asarray(one).dtype == np.asarray(other).dtype
    seeds = [_one_like(item) for item in _items(value)]
    pulled = pullback(_as_returned(seeds, value) if isinstance(value, tuple) else seeds[0])
    for k in sample.argnums:
        assert np.asarray(pulled[k]).dtype == np.asarray(sample.values[k]).dtype


def _as_returned(parts, value):
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)


def _one_like(item):
    if np.asarray(item).dtype.kind not in "fc":
        return None
    return 1.0 if isinstance(item, float) else np.ones_like(item)[()]


@pytest.mark.parametrize("name", [name for name, spec in ENTRIES.items() if spec.double_only])
def test_single_precision_is_refused_where_the_dtype_depends_on_lengths(name):
    sample = Sample(ENTRIES[name], ENTRIES[name].samples[0], np.float32)
    with pytest.raises(UnsupportedOperationError, match="single precision"):
        gs.vjp(sample.call, *sample.values)


def test_every_modelled_entry_has_samples():
    assert not [name for name, spec in ENTRIES.items() if not spec.samples]
