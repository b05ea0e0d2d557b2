"""`grad` and `value_and_grad`: selection of arguments, structure, dtypes and kinds of gradients, errors."""

from __future__ import annotations

import collections
import dataclasses
import functools
import math

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError, UsageError

Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray


def square(x):
    return x * x


def product(x, y, z=2.0):
    return x * y * z


def test_a_call():
    assert gs.grad(square)(3.0) == 6.0


def test_a_decorator_with_and_without_arguments():
    @gs.grad
    def f(x):
        return x**3

    @gs.grad(argnums=1)
    def g(x, y):
        return x * y

    @gs.value_and_grad(argnames="y")
    def h(x, y):
        return x * y

    assert f(2.0) == 12.0
    assert g(3.0, 4.0) == 3.0
    assert h(3.0, y=4.0) == (12.0, 3.0)


def test_lambdas():
    assert gs.grad(lambda x: math.sin(x))(0.0) == 1.0


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 8.0),
        ({"argnums": 0}, 8.0),
        ({"argnums": 1}, 6.0),
        ({"argnums": -1}, 12.0),
        ({"argnums": (0,)}, (8.0,)),
        ({"argnums": (1, 0)}, (6.0, 8.0)),
        ({"argnums": [0, 2]}, (8.0, 12.0)),
        ({"argnames": "y"}, 6.0),
        ({"argnames": ("z", "x")}, (12.0, 8.0)),
        ({"argnums": 1, "argnames": "x"}, (6.0, 8.0)),
    ],
)
def test_selection(options, expected):
    assert gs.grad(product, **options)(3.0, 4.0) == expected
    assert gs.value_and_grad(product, **options)(3.0, 4.0) == (24.0, expected)


def test_default_keyword_and_star_arguments():
    def f(a, /, *rest, k=2.0, **more):
        return a * rest[0] * rest[1] * k * more["m"]

    args, kwargs = (2.0, 3.0, 5.0), {"m": 7.0}
    assert gs.grad(f)(*args, **kwargs) == 210.0
    assert gs.grad(f, argnums=2)(*args, **kwargs) == 84.0
    assert gs.grad(f, argnames=("k", "m"))(*args, **kwargs) == (210.0, 60.0)
    assert gs.grad(f, argnums=(0, 1))(*args, k=1.0, **kwargs) == (105.0, 70.0)


def test_star_arguments_that_are_not_selected_may_be_anything():
    def f(a, *rest):
        return a * rest[0]

    assert gs.grad(f, argnums=(0, 1))(2.0, 3.0, 4, "text") == (3.0, 2.0)


A, B = np.array([1.0, 2.0]), np.array([[3.0, 4.0]], np.float32)


@pytest.mark.parametrize(
    ("tree", "function", "expected"),
    [
        ((A, [B, A]), lambda t: np.sum(t[0] ** 2) + np.sum(t[1][0] ** 2), (2 * A, [2 * B, 0 * A])),
        ({"b": B, "a": (A,)}, lambda t: np.sum(t["a"][0] ** 2), {"b": 0 * B, "a": (2 * A,)}),
        (Point(A, 3.0), lambda p: np.sum(p.x) * p.y, Point(0 * A + 3.0, 3.0)),
        (Layer(A, B), lambda layer: np.sum(layer.W * layer.b), Layer(A, B)),
        ([Layer(A, A), {"p": Point(A, None)}], lambda t: np.sum(t[0].W * t[1]["p"].x), None),
        ([1.0, np.float32(2.0), ()], lambda t: t[0] * t[1], [2.0, np.float32(1.0), ()]),
    ],
)
def test_gradients_have_the_structure_of_the_argument(tree, function, expected):
    got = gs.grad(function)(tree)
    if expected is None:
        expected = [Layer(A, 0 * A), {"p": Point(A, None)}]
    if isinstance(tree, Layer):
        expected = Layer(
            np.broadcast_to(np.sum(B, 0), 2), np.sum(B * 0 + A, 0, keepdims=True).astype(np.float32)
        )
    assert_same_tree(got, expected)


def assert_same_tree(got, expected):
    assert type(got) is type(expected)
    match expected:
        case np.ndarray():
            assert (got.dtype.kind, got.shape) == (expected.dtype.kind, expected.shape)
            np.testing.assert_allclose(got, expected, rtol=1e-6)
        case dict():
            assert list(got) == list(expected)
            assert_same_tree(list(got.values()), list(expected.values()))
        case Layer():
            assert_same_tree((got.W, got.b), (expected.W, expected.b))
        case tuple() | list():
            assert len(got) == len(expected)
            for one, other in zip(got, expected):
                assert_same_tree(one, other)
        case _:
            assert got == expected


@pytest.mark.parametrize("value", [2.0, np.float32(2), np.float64(2), np.float16(2)])
def test_numbers_give_numbers_of_their_kind(value):
    for function in (
        square,
        lambda x: np.sin(x),
        lambda x: math.sin(x),
        lambda x: 3.0 + x * 0.0,
        lambda x: x**2,
    ):
        assert type(gs.grad(function)(value)) is type(value)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
@pytest.mark.parametrize("shape", [(), (0,), (1,), (3,), (2, 1), (1, 4)])
def test_arrays_give_arrays_of_their_dtype_and_shape(dtype, shape):
    x = np.ones(shape, dtype)
    for function in (
        lambda x: np.sum(x * x),
        lambda x: np.sum(np.sin(x) * 2.0),
        lambda x: 1.0 + 0.0 * np.sum(x),
    ):
        got = gs.grad(function)(x)
        assert type(got) is np.ndarray
        assert (got.dtype, got.shape) == (x.dtype, x.shape)


def test_an_argument_that_does_not_matter_has_gradient_zero():
    got = gs.grad(lambda x, y: x * 1.0, argnums=1)(2.0, np.ones((2, 1), np.float32))
    assert got.dtype == np.float32
    assert np.array_equal(got, np.zeros((2, 1)))


def test_arrays_in_another_byte_order_are_refused_with_the_conversion():
    x = np.array([1.0, 2.0]).astype(np.dtype(float).newbyteorder())
    df = gs.grad(lambda x: np.sum(x * x))
    with pytest.raises(UsageError, match=r"newbyteorder\('='\)"):
        df(x)
    assert np.array_equal(df(x.astype(x.dtype.newbyteorder("="))), [2.0, 4.0])


def test_read_only_strided_and_fortran_arrays():
    base = np.asfortranarray(np.arange(12.0).reshape(3, 4))
    base.flags.writeable = False
    df = gs.grad(lambda x: np.sum(x**2))
    for x in (base, base[::2, 1::2], base.T, base[:, ::-1]):
        assert np.array_equal(df(x), 2 * x)


def test_the_gradient_is_no_alias_of_an_argument():
    df = gs.grad(lambda x, y: np.sum(x * y))
    x, y = np.ones(3), np.full(3, 2.0)
    got = df(x, y)
    assert not np.shares_memory(got, y)
    got += 1.0
    assert np.array_equal(y, np.full(3, 2.0))


def test_auxiliary_results():
    def f(x, y):
        return x * y, {"sum": x + y, "name": "aux"}

    assert gs.grad(f, has_aux=True)(2.0, 3.0) == (3.0, {"sum": 5.0, "name": "aux"})
    expected = ((6.0, {"sum": 5.0, "name": "aux"}), (3.0, 2.0))
    assert gs.value_and_grad(f, (0, 1), has_aux=True)(2.0, 3.0) == expected


def test_methods():
    class Model:
        def __init__(self, scale):
            self.scale = scale

        def loss(self, x):
            return self.scale * x * x

        @gs.grad(argnums=1)
        def slope(self, x):
            return self.scale * x**3

        def __call__(self, x):
            return self.scale * x

    model, other = Model(2.0), Model(5.0)
    assert gs.grad(model.loss)(3.0) == 12.0
    assert gs.grad(model)(3.0) == 2.0
    assert model.slope(2.0) == 24.0
    assert other.slope(2.0) == 60.0
    assert model.slope.source == Model.slope.source
    model.scale = 1.0
    assert model.slope(2.0) == 12.0


def test_partials():
    df = gs.grad(functools.partial(product, 3.0, z=5.0))
    assert df(4.0) == 15.0


def test_globals_and_closures_are_read_at_each_call():
    k = 2.0

    def f(x):
        return k * SCALE * x

    global SCALE
    SCALE = 1.0
    df = gs.grad(f)
    assert df(1.0) == 2.0
    k, SCALE = 3.0, 10.0
    assert df(1.0) == 30.0


SCALE = 1.0


def test_a_redefined_helper_is_seen():
    def make(power):
        def helper(x):
            return x * x if power == 2 else x * x * x

        return helper

    helper = make(2)
    df = gs.grad(lambda x: helper(x))
    assert df(2.0) == 4.0
    helper = make(3)
    assert df(2.0) == 12.0


def refused(function, *args, **options):
    with pytest.raises(GradscribeError) as caught:
        gs.grad(function, **options)(*args)
    return caught.value


@pytest.mark.parametrize(
    ("value", "path", "what", "fix"),
    [
        (3, "x", "an integer", "float(x)"),
        (True, "x", "a bool", "float(x)"),
        (np.int32(3), "x", "an integer", "float(x)"),
        (np.bool_(True), "x", "a bool", "float(x)"),
        (np.arange(3), "x", "an array of int64", "x.astype(float)"),
        ([1.0, {"k": np.arange(3)}], "x[1]['k']", "an array of int64", "x[1]['k'].astype(float)"),
    ],
)
def test_only_floats_can_be_differentiated(value, path, what, fix):
    error = refused(lambda x: 1.0, value)
    assert error.code == "GS312"
    assert f"with respect to `{path}`, which is {what}" in str(error)
    assert fix in str(error)


@pytest.mark.parametrize(
    ("function", "returned"),
    [
        (lambda x: x * np.ones(3), "float64["),
        (lambda x: (x, x), "tuple"),
        (lambda x: None, "None"),
        (lambda x: 3, "int"),
        (lambda x: x > 0.0, "bool"),
    ],
)
def test_the_result_must_be_a_real_scalar(function, returned):
    error = refused(function, 2.0)
    assert error.code == "GS310"
    assert returned in str(error)


@pytest.mark.parametrize(
    "options",
    [{"argnums": 5}, {"argnums": -4}, {"argnames": "q"}, {"argnums": "x"}, {"argnums": ()}, {"argnums": 1.0}],
)
def test_arguments_that_do_not_exist(options):
    assert refused(product, 1.0, 2.0, **options).code == "GS303"


@pytest.mark.parametrize("function", [3.0, len, np.vectorize(math.sin), Layer, "text"])
def test_what_is_no_python_function_is_refused_at_once(function):
    with pytest.raises(UsageError) as caught:
        gs.grad(function)
    assert caught.value.code == "GS317"


def test_errors_of_the_function_pass_unchanged():
    def f(x, y):
        return np.sum(x @ y)

    with pytest.raises(ValueError, match="matmul"):
        gs.grad(f)(np.ones((2, 3)), np.ones((2, 3)))


def test_errors_of_the_function_itself_pass_unchanged():
    def f(x):
        if x < 0:
            raise KeyError("negative")
        return x

    assert gs.grad(f)(1.0) == 1.0
    with pytest.raises(KeyError, match="negative"):
        gs.grad(f)(-1.0)


def test_wrong_calls_raise_type_errors_as_the_function_would():
    with pytest.raises(TypeError, match=r"square_grad\(\) missing 1 required positional argument: 'x'"):
        gs.grad(square)()


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_derivatives_at_points_where_math_raises_are_those_of_numpy():
    assert gs.grad(lambda x: math.sqrt(x))(0.0) == math.inf
    assert gs.grad(lambda x: math.log(x))(1e-320) == math.inf
    assert gs.grad(lambda x: x**0.5)(0.0) == math.inf
    with pytest.raises(ValueError, match="math domain error|positive"):
        gs.value_and_grad(lambda x: math.log(x))(0.0)


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_functions_with_effects_have_them_once(capsys):
    def f(x):
        print("once", x)
        return math.sqrt(x)

    assert gs.grad(f)(0.0) == math.inf
    assert capsys.readouterr().out == "once 0.0\n"


def test_a_lambda_inside_a_lambda():
    made = lambda k: gs.grad(lambda x: k * x * x)(3.0)
    assert (made(1.0), made(2.0)) == (6.0, 12.0)


def differentiable(function, **keywords):
    return gs.grad(function, create_graph=True, **keywords)


def slopes_at_literals(p):
    def wave(t, scale=0.7):
        return np.sin(t * p) * scale

    total = (
        differentiable(wave)(0.0) + differentiable(differentiable(wave))(0.5) + differentiable(wave)(np.pi)
    )
    for t in (0.1, 0.2):
        total += differentiable(wave, argnums=1)(t) + differentiable(wave, argnums=1)(t, 0.3)
    nested = differentiable(lambda c: c["a"] ** 2 * c["b"][0])({"a": 2.0, "b": [p]})
    return total + nested["a"] * nested["b"][0]


def test_a_derivative_inside_a_function_may_be_taken_at_a_literal():
    p = 1.3
    exact = 0.7 * p - 0.7 * p**2 * np.sin(0.5 * p) + 0.7 * p * np.cos(np.pi * p)
    exact += 2.0 * np.sin(0.1 * p) + 2.0 * np.sin(0.2 * p) + 16.0 * p
    value, slope = gs.value_and_grad(slopes_at_literals)(p)
    assert value == slopes_at_literals(p)
    assert math.isclose(value, exact, rel_tol=1e-14)
    by_hand = 0.7 - 1.4 * p * np.sin(0.5 * p) - 0.35 * p**2 * np.cos(0.5 * p)
    by_hand += 0.7 * np.cos(np.pi * p) - 0.7 * np.pi * p * np.sin(np.pi * p)
    by_hand += 0.2 * np.cos(0.1 * p) + 0.4 * np.cos(0.2 * p) + 16.0
    assert math.isclose(slope, by_hand, rel_tol=1e-13)


def test_a_derivative_inside_a_function_at_an_integer_literal_is_refused():
    with pytest.raises(UsageError, match="`t`, which is an integer") as caught:
        gs.grad(lambda p: p * differentiable(lambda t: t**2)(3))(2.0)
    assert caught.value.code == "GS312"


def test_other_transformations_inside_a_function_are_refused_where_they_are_called():
    def directional(p):
        return gs.jvp(lambda t: np.sin(t * p), (0.5,), (1.0,))[1]

    with pytest.raises(
        GradscribeError, match="`gs.jvp` is called inside a function that is compiled"
    ) as caught:
        gs.grad(directional)(2.0)
    assert caught.value.diagnostics[0].location.file == __file__


def sum_of_eigenvalues(a):
    return np.sum(np.linalg.eigvals(a))


def test_a_complex_result_is_refused_with_what_makes_it_real():
    with pytest.raises(UsageError) as caught:
        gs.grad(sum_of_eigenvalues)(np.eye(2))
    assert caught.value.code == "GS310"
    assert "np.linalg.eigvalsh" in str(caught.value)
    np.testing.assert_allclose(gs.grad(lambda a: sum_of_eigenvalues(a).real)(np.eye(2)), np.eye(2))


def test_partials_are_differentiated_twice_and_read_what_they_hold_at_each_call():
    weights = np.array([1.0, 2.0])
    partial = functools.partial(lambda w, x, y: np.sum(np.sin(w * x)) * y, weights, y=0.5)

    def twice(x):
        return -0.5 * np.sum(weights**2 * np.sin(weights * x))

    slope = gs.grad(partial, create_graph=True)
    for weights[0] in (1.0, 3.0):
        second = gs.grad(slope), lambda x: gs.jvp(slope, (x,), (1.0,))[1], gs.hessian(partial)
        np.testing.assert_allclose([derivative(0.25) for derivative in second], twice(0.25))
        np.testing.assert_allclose(gs.grad(lambda x: partial(x))(0.25), slope(0.25))
