"""What other systems get wrong without a word is right here, or a clear error."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError
from tests import references
from tests.programs.landscape import CASES
from tests.programs.load import load_module
from tests.references import leaves


def is_clear(error):
    """An error about the user's program, not about ours."""
    return not error.code.startswith("GS9")


def gradient_of(case):
    count = len(case.expected) if isinstance(case.expected, tuple) and len(case.arguments) > 1 else 1
    argnums = 0 if count == 1 else tuple(range(count))
    with np.errstate(all="ignore"):
        return gs.grad(case.function, argnums=argnums)(*case.arguments)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.function.__name__)
def test_gradient_is_the_stated_one(case):
    try:
        gradient = gradient_of(case)
    except GradscribeError as error:
        assert case.may_refuse and is_clear(error), error
        return
    for one, expected in zip(leaves(gradient), leaves(case.expected), strict=True):
        assert np.shape(one) == np.shape(expected)
        np.testing.assert_allclose(one, expected, rtol=1e-12, atol=1e-12)


# --- what is read at call time -------------------------------------------------------------------------------


def test_changed_global_is_seen():
    module = load_module("K = 2.0\n\ndef f(x):\n    return K * x * x\n")
    derivative = gs.grad(module.f)
    assert derivative(1.0) == 4.0
    module.K = 5.0
    assert derivative(1.0) == 10.0
    module.K = 3
    assert derivative(1.0) == 6.0


def test_changed_global_array_is_seen():
    module = load_module("import numpy as np\n\nW = np.ones(2)\n\ndef f(x):\n    return np.sum(W * x)\n")
    derivative = gs.grad(module.f)
    assert derivative(np.zeros(2)).tolist() == [1.0, 1.0]
    module.W[0] = 3.0
    assert derivative(np.zeros(2)).tolist() == [3.0, 1.0]
    module.W = np.array([[1.0], [2.0]])
    assert derivative(np.zeros(2)).tolist() == [3.0, 3.0]


def test_redefined_function_is_seen():
    module = load_module("def g(x):\n    return x * x\n\ndef f(x):\n    return g(x) * 3.0\n")
    derivative = gs.grad(module.f)
    assert derivative(1.0) == 6.0
    module.g = load_module("def g(x):\n    return x ** 9\n").g
    assert derivative(1.0) == 27.0


def test_closures_of_one_factory_are_apart():
    def factory(a):
        def f(x):
            return a * x * x

        return f

    two, seven = gs.grad(factory(2.0)), gs.grad(factory(7.0))
    assert (two(1.0), seven(1.0), two(3.0)) == (4.0, 14.0, 12.0)


def test_closures_over_arrays_of_other_shapes_are_apart():
    def factory(a):
        return gs.grad(lambda x: np.sum(a * x))

    assert factory(np.array([1.0, 2.0]))(np.zeros(2)).tolist() == [1.0, 2.0]
    assert factory(np.array([[1.0], [2.0]]))(np.zeros(3)).tolist() == [3.0, 3.0, 3.0]


def test_closure_variable_changed_between_calls_is_seen():
    scale = 2.0

    def f(x):
        return scale * x

    derivative = gs.grad(f)
    assert derivative(1.0) == 2.0
    scale = 5.0
    assert derivative(1.0) == 5.0


# --- arguments -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [3, np.array([1, 2, 3]), np.int64(2), True])
def test_integer_argument_is_an_error_with_the_fix(value):
    with pytest.raises(GradscribeError, match="float") as caught:
        gs.grad(lambda x: np.sum(x * 2.5))(value)
    assert is_clear(caught.value)


def test_integer_array_among_float_arguments_is_no_argument_to_differentiate():
    gradient = gs.grad(lambda x, k: np.sum(np.exp(-x[k] / 2.0)))(np.zeros(3), np.array([0, 2, 2]))
    assert gradient.tolist() == [-0.5, 0.0, -1.0]


def mutates_its_argument(x):
    x[0] *= 2.0
    return np.sum(x * x)


def test_argument_that_the_function_writes_is_left_alone():
    x = np.array([1.0, 2.0])
    try:
        gradient = gs.grad(mutates_its_argument)(x)
    except GradscribeError as error:
        assert is_clear(error)
    else:
        assert gradient.tolist() == [8.0, 4.0]
    assert x.tolist() == [1.0, 2.0]


def updates_its_argument(x):
    x += 1.0
    return np.sum(x * x)


def test_argument_that_the_function_updates_is_left_alone():
    x = np.array([1.0, 2.0])
    try:
        gradient = gs.grad(updates_its_argument)(x)
    except GradscribeError as error:
        assert is_clear(error)
    else:
        assert gradient.tolist() == [4.0, 6.0]
    assert x.tolist() == [1.0, 2.0]


def test_update_of_a_number_argument_is_a_rebinding():
    def f(x):
        x += 1.0
        return x * x

    assert gs.grad(f)(2.0) == 6.0


def test_gradient_is_not_the_other_argument():
    x, w = np.ones(3), np.array([1.0, 2.0, 3.0])
    dx, dw = gs.grad(lambda x, w: np.sum(x * w), argnums=(0, 1))(x, w)
    assert not np.shares_memory(dx, w)
    assert not np.shares_memory(dw, x)
    dx[:] = 0.0
    assert w.tolist() == [1.0, 2.0, 3.0]


def test_cotangents_of_one_value_are_apart():
    a, b = gs.grad(lambda a, b: np.sum(np.sin(a + b)), argnums=(0, 1))(np.ones(2), np.ones(2))
    assert not np.shares_memory(a, b)


def test_pullback_keeps_what_it_saved_and_returns_new_arrays():
    x = np.array([1.0, 2.0])
    value, pullback = gs.vjp(lambda x: x * x, x)
    seed = np.ones(2)
    (first,) = pullback(seed, retain_graph=True)
    first[:] = 99.0
    x[:] = 0.0
    value[:] = 0.0
    (second,) = pullback(seed)
    assert second.tolist() == [2.0, 4.0]
    assert seed.tolist() == [1.0, 1.0]


def test_pullback_of_the_identity_does_not_return_the_seed():
    seed = np.ones(2)
    _, pullback = gs.vjp(lambda x: x * 1.0, np.zeros(2))
    (cotangent,) = pullback(seed)
    assert not np.shares_memory(cotangent, seed)


def mutable_default(x, memory=[]):
    memory.append(x)
    return memory[0] * x


def test_mutable_default_argument_is_refused_or_right():
    try:
        gradient = gs.grad(mutable_default)(3.0)
    except GradscribeError as error:
        assert is_clear(error)
    else:
        assert gradient == 6.0


# --- shapes and dtypes ---------------------------------------------------------------------------------------

BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "np.multiply": np.multiply,
    "np.divide": np.divide,
    "np.power": np.power,
    "np.maximum": np.maximum,
    "np.minimum": np.minimum,
    "np.hypot": np.hypot,
    "np.arctan2": np.arctan2,
}
SHAPES = [
    ((2, 3), (3,)),
    ((2, 3), (2, 1)),
    ((2, 1), (1, 3)),
    ((2, 3), (1, 1)),
    ((3,), ()),
    ((0, 3), (3,)),
    ((1,), (4,)),
    ((2, 1, 3), (4, 1)),
]


@pytest.mark.parametrize("name", BINARY)
def test_broadcasting_of_binary_operations(name):
    call = f"x {name} y" if not name.startswith("np") else f"{name}(x, y)"
    source = f"import numpy as np\n\n\ndef f(x, y, w):\n    return np.sum({call} * w)\n"
    derivative = gs.grad(load_module(source).f, argnums=(0, 1))
    reference = references.complex_function(source, "f")
    rng = np.random.default_rng(0)
    for one, other in [pair for shapes in SHAPES for pair in (shapes, shapes[::-1])]:
        x, y = (
            rng.uniform(0.5, 1.5, shape) if shape else float(rng.uniform(0.5, 1.5)) for shape in (one, other)
        )
        w = rng.normal(size=np.broadcast_shapes(one, other))
        expected = references.gradient(reference, [x, y, w])[:2]
        for actual, right in zip(derivative(x, y, w), expected, strict=True):
            assert np.shape(actual) == right.shape
            np.testing.assert_allclose(actual, right, rtol=1e-12, atol=1e-13)


FLOAT32 = {
    "numbers": "return np.sum(2.0 * x / 3.0 + x ** 2 - 0.5)",
    "mean": "return np.mean(x)",
    "sum of squares": "return (x * x).sum()",
    "python loop": "s = 0.0\n    for a in x:\n        s = s + 2.0 * a\n    return s",
    "store": "y = np.zeros_like(x)\n    for i in range(3):\n        y[i] = math.exp(x[i])\n    return y.sum()",
    "float64 number": "return np.sum(np.float64(2.0) * x)",
    "branch": "y = x * 2.0 if x[0] > 0.0 else x\n    return np.max(y)",
    "matmul": "return x @ x",
    "norm": "return np.linalg.norm(x)",
    "exp": "return np.sum(np.exp(x) * np.pi)",
    "dtype of a branch": "y = x * np.ones(3) if x[0] < 0.0 else x\n    return np.sum(np.ones(3) * y)",
    "float64 array": "return np.sum(np.ones(3) * x)",
}


@pytest.mark.parametrize("name", FLOAT32)
def test_float32_stays_float32(name):
    module = load_module(f"import math\n\nimport numpy as np\n\n\ndef f(x):\n    {FLOAT32[name]}\n")
    x = np.array([0.5, 1.5, 0.25], dtype=np.float32)
    value, gradient = gs.value_and_grad(module.f)(x)
    assert type(value) is type(module.f(x))
    assert gradient.dtype == np.float32
    expected = gs.grad(module.f)(x.astype(float))
    np.testing.assert_allclose(gradient, expected, rtol=1e-5)


# --- errors --------------------------------------------------------------------------------------------------


def refused(function, *arguments):
    with pytest.raises(GradscribeError) as caught:
        gs.grad(function)(*arguments)
    assert is_clear(caught.value), caught.value
    return caught.value


def test_function_that_cannot_be_seen_into_is_refused():
    refused(lambda x: np.sum(np.frompyfunc(lambda t: t * 2.0, 1, 1)(x)), np.ones(2))


def test_derivative_of_a_derivative_without_create_graph_is_refused():
    inner = gs.grad(lambda x: x**3)
    error = refused(lambda x: inner(x) * x, 2.0)
    assert "create_graph" in str(error)


def test_exceptions_of_the_function_pass_through():
    def f(x):
        if x < 0.0:
            raise ValueError("negative")
        return np.sum(np.ones(2) @ np.ones((3, 3))) * x

    with pytest.raises(ValueError, match="^negative$"):
        gs.grad(f)(-1.0)
    with pytest.raises(ValueError, match="matmul"):
        gs.grad(f)(1.0)


def test_domain_error_of_the_function_passes_through():
    import math

    with pytest.raises(ValueError, match="math domain error|nonnegative"):
        gs.value_and_grad(lambda x: math.sqrt(x))(-1.0)


def may_be_unbound(x, n):
    for i in range(n):
        y = x * i
    return y * y


def test_name_that_a_zero_trip_loop_did_not_bind():
    try:
        derivative = gs.grad(may_be_unbound)
        assert derivative(2.0, 3) == 16.0
    except GradscribeError as error:
        assert is_clear(error)
        return
    with pytest.raises(UnboundLocalError):
        derivative(2.0, 0)


def test_perturbations_are_not_confused():
    def outer(x):
        return x * gs.grad(lambda y: x + y, create_graph=True)(1.0)

    try:
        assert gs.grad(outer)(1.0) == 1.0
    except GradscribeError as error:
        assert is_clear(error)


def test_out_arguments_are_refused_or_right():
    def f(x):
        y = np.zeros_like(x)
        np.multiply(x, x, out=y)
        return np.sum(y)

    try:
        gradient = gs.grad(f)(np.array([1.0, 2.0]))
    except GradscribeError as error:
        assert is_clear(error)
    else:
        assert gradient.tolist() == [2.0, 4.0]


def test_decorated_helper_is_refused_or_right():
    module = load_module(
        "import functools\n\ndef double(g):\n    @functools.wraps(g)\n    def wrapped(x):\n"
        "        return 2.0 * g(x)\n    return wrapped\n\n"
        "@double\ndef g(x):\n    return x * x\n\ndef f(x):\n    return g(x)\n"
    )
    try:
        gradient = gs.grad(module.f)(3.0)
    except GradscribeError as error:
        assert is_clear(error)
    else:
        assert gradient == 12.0


def _scaled(x, *, factor=2.0):
    return x * factor


def test_changed_default_that_is_given_by_name_is_seen():
    derivative = gs.grad(lambda x: _scaled(x))
    assert derivative(1.0) == 2.0
    _scaled.__kwdefaults__["factor"] = 3.0
    try:
        assert derivative(1.0) == 3.0
    finally:
        _scaled.__kwdefaults__["factor"] = 2.0
    assert derivative(1.0) == 2.0


def test_changed_default_of_the_function_itself_is_refused():
    derivative = gs.grad(_scaled)
    assert derivative(1.0) == 2.0
    _scaled.__kwdefaults__["factor"] = 3.0
    try:
        with pytest.raises(GradscribeError, match="GS103"):
            derivative(1.0)
        assert gs.grad(_scaled)(1.0) == 3.0
    finally:
        _scaled.__kwdefaults__["factor"] = 2.0
    assert derivative(1.0) == 2.0
