"""Properties of every entry, derived from the table: values, types, derivatives, kinks.

No operation has tests of its own here; what is special about one is said in its entry.
"""

from __future__ import annotations

import warnings
import zlib

import numpy as np
import pytest

from gradscribe.ops.composite import is_modelled, is_written_out
from gradscribe.ops.spec import (
    ConstantAlmostEverywhere,
    Domain,
    Elementwise,
    OpSpec,
    Refused,
    SpellingKind,
    Unsupported,
)
from gradscribe.ops.table import resolve, table
from tests.rules.harness import Run, direction_like, inner
from tests.rules.samples import Namespace, make_case, mismatch, read_case
from tests.rules.samples import Run as Scalar

# Structural entries that no call can sample: literals, packs, lists, effects. tests/ops covers them.
STRUCTURAL = {
    *("random", "sequences", "sets", "places", "references", "stacking", "structural", "effects"),
    *(
        "custom_rules",
        "sparse",
        "sparse_entries",
        "unsupported",
        "indexing",
        "integrals",
        "trajectories",
        "roots",
        "interpolators",
    ),
}

# They give one of their operands, so their type is a bound.
CHOICES = {"builtins.max", "builtins.min", "if-else"}

ENTRIES = {name: spec for name, spec in table().items()}


def module_of(name: str) -> str:
    import importlib

    from gradscribe.ops.table import ENTRY_MODULES

    for module_name in ENTRY_MODULES:
        module = importlib.import_module(f"gradscribe.ops.{module_name}")
        if any(spec.name == name for spec in module.OPERATIONS):
            return module_name
    raise KeyError(name)


MODULES = {name: module_of(name) for name in ENTRIES}
# Entries with a model are called as users call them: test_modelled.py.
SAMPLED = [
    name
    for name, spec in ENTRIES.items()
    if MODULES[name] not in STRUCTURAL and not is_modelled(spec) and not is_written_out(spec)
]
POINTWISE = [
    name for name in SAMPLED if ENTRIES[name].backend is Domain.ELEMENTWISE and not ENTRIES[name].samples
]
CALLED = [name for name in SAMPLED if ENTRIES[name].samples]


def rng_of(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))


def has_numpy(spec: OpSpec) -> bool:
    return not all(spelling.is_math for spelling in spec.spellings)


def draw(spec: OpSpec, rng, shapes, kinds):
    """Operands of the given shapes; kind 'python' a Python float, 'int' a Python int, else a dtype."""
    found = []
    for name, shape, kind in zip(spec.operands, shapes, kinds, strict=True):
        low, high = spec.domain.get(name, (-1.0, 1.0))
        drawn = rng.uniform(low, high, shape)
        if kind == "python":
            found.append(Scalar(float(drawn)))
        elif kind == "int":
            found.append(Scalar(int(np.ceil(high))))
        elif shape == ():
            found.append(Scalar(np.dtype(kind).type(drawn if np.dtype(kind).kind == "f" else np.ceil(high))))
        elif np.dtype(kind).kind in "iu":
            found.append(np.full(shape, int(np.ceil(high)), kind))
        elif np.dtype(kind).kind == "b":
            found.append(rng.integers(0, 2, shape).astype(bool))
        else:
            found.append(drawn.astype(kind))
    return found


SHAPES = ((3,), (2, 3), (2, 1), (), (0,), (1, 3))
KINDS = ("float64", "float32", "int64", "bool", "python", "int", "complex128", "float16", "int32")


def grids(arity: int):
    """Shapes and kinds for operands: every kind with every other, every shape with every other."""
    if arity == 1:
        for kind in KINDS:
            for shape in SHAPES if kind not in ("python", "int") else ((),):
                yield (shape,), (kind,)
        return
    for left in KINDS:
        for right in KINDS:
            shapes = tuple(() if kind in ("python", "int") else (3,) for kind in (left, right))
            yield shapes, (left, right)
    for first in SHAPES:
        for second in ((3,), (), (1,)):
            if (first, second) != ((0,), (3,)):
                yield (first, second), ("float64", "float32")


@pytest.mark.parametrize("name", POINTWISE)
def test_types_and_values_of_elementwise_entries_are_those_of_numpy(name):
    spec = ENTRIES[name]
    rng = rng_of(name)
    checked = 0
    for shapes, kinds in grids(len(spec.operands)):
        operands = draw(spec, rng, shapes, kinds)
        for spelling in spec.spellings:
            checked += check_call(spec, spelling, operands)
    assert checked


def check_call(spec, spelling, operands) -> int:
    """The spelling called on operands gives what its type rule says; both refuse alike."""
    values = [item.value if isinstance(item, Scalar) else item for item in operands]
    if spelling.is_math and any(isinstance(v, np.ndarray) for v in values):
        return 0
    if spelling.kind is SpellingKind.METHOD and not hasattr(values[0], spelling.name):
        return 0
    case = make_case(spec, operands, {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            run = Run(case, spelling)
        except Unsupported:
            return 0
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            return 0
    if spelling.name in CHOICES:
        return 1
    for type_, result in zip([v.type for v in run.outputs], run.results, strict=True):
        problem = mismatch(type_, result, run.lengths)
        kinds = [getattr(v, "dtype", type(v)) for v in values]
        assert not problem, f"{spelling.name}{kinds}: {problem}"
    return 1


@pytest.mark.parametrize("name", CALLED)
def test_types_of_sampled_calls_are_those_of_numpy(name):
    spec = ENTRIES[name]
    for text in spec.samples:
        for dtype in (np.float64, np.float32):
            case = read_case(spec, text, Namespace(rng_of(name), *interval(spec), dtype=dtype))
            try:
                run = Run(case)
            except Unsupported:
                assert dtype is np.float32, f"{name}({text}) is refused"
                continue
            for output, result in zip(run.outputs, run.results, strict=True):
                problem = mismatch(output.type, result, run.lengths)
                assert not problem, f"{name}({text}): {problem}"


def interval(spec: OpSpec) -> tuple[float, float]:
    return next(iter(spec.domain.values()), (-1.0, 1.0))


@pytest.mark.parametrize("name", CALLED)
def test_every_spelling_of_a_sampled_call_can_be_executed(name):
    spec = ENTRIES[name]
    for spelling in spec.spellings:
        if spelling.kind is SpellingKind.FUNCTION and resolve(spelling.name) is None:
            continue
        executed = 0
        for text in spec.samples:
            case = read_case(spec, text, Namespace(rng_of(name), *interval(spec)))
            array = any(isinstance(value, np.ndarray) for value in case.values)
            if spelling.is_math and array and spec.backend is Domain.ELEMENTWISE:
                continue
            if spelling.kind in (SpellingKind.METHOD, SpellingKind.ATTRIBUTE) and not hasattr(
                case.values[0], spelling.name
            ):
                continue
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", DeprecationWarning)
                    run = Run(case, spelling)
            except (Unsupported, TypeError):
                continue
            executed += 1
            if spelling.name in CHOICES:
                continue
            for output, result in zip(run.outputs, run.results, strict=True):
                problem = mismatch(output.type, result, run.lengths)
                assert not problem, f"{spelling.name}({text}): {problem}"
        assert executed, spelling


def differentiable_cases(name: str):
    spec = ENTRIES[name]
    rng = rng_of(name)
    if spec.samples:
        for text in spec.samples:
            yield text, read_case(spec, text, Namespace(rng, *interval(spec)))
        return
    arity = len(spec.operands)
    shapes = (
        (((3,),), ((2, 3),), ((),))
        if arity == 1
        else (((3,), (3,)), ((2, 3), (3,)), ((2, 1), (3,)), ((), (3,)))
    )
    if not has_numpy(spec):
        shapes = (((),) * arity,)
    for shape in shapes:
        kinds = ("float64" if has_numpy(spec) else "python",) * arity
        yield str(shape), make_case(spec, draw(spec, rng, shape, kinds), {})


DIFFERENTIABLE = [
    name for name in SAMPLED if not isinstance(ENTRIES[name].form, ConstantAlmostEverywhere | Refused)
]


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_rules_agree_with_differences(name):
    rng = rng_of(name)
    for text, case in differentiable_cases(name):
        run = Run(case)
        active, outputs = run.active(), run.differentiable_outputs()
        if not active or not outputs:
            continue
        for positions in [active] if len(active) == 1 else [active, *[[k] for k in active]]:
            tangents = {k: symmetric_if(case, k, direction_like(case.values[k], rng)) for k in positions}
            check_directions(run, tangents, outputs, rng, f"{name}({text})")


def symmetric_if(case, position, direction):
    """What a library demands to be symmetric, or takes to be so, is moved along symmetric directions."""
    name = case.spec.name.removeprefix("scipy_")
    if name in ("solve_continuous_are", "solve_discrete_are") and position in (2, 3):
        return (direction + direction.T) / 2
    return direction


def check_directions(run, tangents, outputs, rng, what):
    expected = run.difference(tangents, h=1e-3 if run.case.spec.backend is not Domain.OPAQUE else 5e-4)
    given = [tangents.get(k) for k in range(len(run.inputs))]
    moved = run.jvp(given)
    cts = [direction_like(result, rng) if k in outputs else None for k, result in enumerate(run.results)]
    pulled = run.vjp(cts)
    for k in outputs:
        got = np.zeros_like(expected[k]) if moved[k] is None else np.asarray(moved[k])
        got = np.broadcast_to(got, expected[k].shape)
        if not np.iscomplexobj(run.results[k]):
            got = got.real
        assert np.allclose(got, expected[k], rtol=2e-6, atol=2e-7), (
            f"jvp of {what}: {got} is not {expected[k]}"
        )
    left = sum(inner(cts[k], expected[k]) for k in outputs)
    right = sum(inner(pulled[k], tangent) for k, tangent in tangents.items() if pulled[k] is not None)
    assert np.isclose(left, right, rtol=2e-6, atol=2e-6), f"vjp of {what}: {right} is not {left}"
    for k in tangents:
        if pulled[k] is not None:
            assert pulled[k].shape == np.shape(run.case.values[k]), what


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_float32_stays_float32(name):
    """Rules never make a float32 cotangent complex or an integer; entries without axes keep its dtype."""
    spec = ENTRIES[name]
    if not has_numpy(spec) or spec.samples:
        return
    operands = draw(spec, rng_of(name), ((3,),) * len(spec.operands), ("float32",) * len(spec.operands))
    run = Run(make_case(spec, operands, {}))
    if not run.differentiable_outputs():
        return
    for pulled in run.vjp([np.ones_like(run.results[0])]):
        assert pulled is None or pulled.dtype == np.float32


def test_every_entry_is_tested():
    untested = [
        name
        for name in SAMPLED
        if not ENTRIES[name].samples
        and ENTRIES[name].backend is not Domain.ELEMENTWISE
        and not isinstance(ENTRIES[name].form, Elementwise)
        # Refused but as a function in Python: its calls are in numpy_calls.txt.
        and not (isinstance(ENTRIES[name].form, Refused) and ENTRIES[name].written is not None)
    ]
    assert untested == []


def test_every_operand_has_a_partial_or_a_stated_zero():
    for name, spec in ENTRIES.items():
        if isinstance(spec.form, Elementwise):
            stated = {*spec.form.partials, *spec.form.constant}
            assert stated == set(spec.operands), name


GONE = {"numpy.row_stack"} if np.lib.NumpyVersion(np.__version__) >= "2.5.0" else frozenset[str]()


def test_every_entry_is_documented_and_resolves():
    for name, spec in ENTRIES.items():
        assert spec.doc, name
        assert spec.parameters is not None
        for spelling in spec.spellings:
            is_there = resolve(spelling.name) is not None or spelling.name in GONE
            assert not spelling.name.startswith("numpy") or is_there, spelling.name


def test_no_two_entries_share_a_spelling_without_saying_so():
    seen: dict[tuple, str] = {}
    for name, spec in ENTRIES.items():
        for spelling in spec.spellings:
            key = (spelling.kind, spelling.name)
            if key in seen:
                assert ENTRIES[seen[key]].otherwise == name, (seen[key], name, spelling.name)
            seen.setdefault(key, name)
