"""Functions that cannot be read: called as they stand, checked, with rules; and constants of the derivative."""

from __future__ import annotations

import ctypes
import ctypes.util
import subprocess
import sys

import numpy as np
import pytest
import scipy.special

import gradscribe as gs
from gradscribe.errors import UnsupportedOperationError, UsageError

X = np.array([0.3, 1.2, -0.4])
LIBM = ctypes.CDLL(ctypes.util.find_library("m"))
for compiled in (LIBM.sin, LIBM.cos):
    compiled.restype, compiled.argtypes = ctypes.c_double, [ctypes.c_double]


@gs.primitive
def sine(x):
    return LIBM.sin(x)


@gs.primitive
def cosine(x):
    return LIBM.cos(x)


sine.defjvp(lambda x, t: (sine(x[0]), cosine(x[0]) * t[0]))
cosine.defjvp(lambda x, t: (cosine(x[0]), -sine(x[0]) * t[0]))
airy = gs.primitive(scipy.special.airy, like=lambda x: (x, x, x, x))


def airy_backward(saved, cts):
    x, (a, a1, b, b1) = saved
    d_a, d_a1, d_b, d_b1 = cts
    return (d_a * a1 + d_a1 * x * a + d_b * b1 + d_b1 * x * b,)


airy.defvjp(lambda x: (airy(x), (x, airy(x))), airy_backward)


def test_compiled_code_to_third_order():
    function = lambda x: x * sine(x)  # noqa: E731
    first = gs.grad(function, create_graph=True)
    second = gs.grad(first, create_graph=True)
    x = 0.7
    assert np.isclose(first(x), np.sin(x) + x * np.cos(x), rtol=1e-15)
    assert np.isclose(second(x), 2 * np.cos(x) - x * np.sin(x), rtol=1e-14)
    assert np.isclose(gs.grad(second)(x), -3 * np.sin(x) - x * np.cos(x), rtol=1e-14)
    assert np.isclose(gs.jvp(function, (x,), (2.0,))[1], 2 * first(x), rtol=1e-15)


def test_several_results():
    def function(x):
        a, _, _, b1 = airy(x)
        return np.sum(a * x + b1)

    a, a1, b, _ = scipy.special.airy(X)
    np.testing.assert_allclose(gs.grad(function)(X), a1 * X + a + X * b, rtol=1e-13)
    np.testing.assert_allclose(gs.jvp(function, (X,), (X,))[1], np.sum(X * (a1 * X + a + X * b)), rtol=1e-13)
    value, _ = gs.value_and_grad(function)(X)
    assert value == function(X)


def test_like_gives_type_and_shape():
    def product(a, b):
        return np.array([[sum(x * y for x, y in zip(row, b, strict=True))] for row in a.tolist()])[:, 0]

    matvec = gs.primitive(product, like=lambda a, b: a @ b)
    matvec.defvjp(lambda a, b: (matvec(a, b), (a, b)), lambda s, ct: (np.outer(ct, s[1]), s[0].T @ ct))
    a = np.arange(6.0).reshape(2, 3)
    d_a, d_b = gs.grad(lambda a, b: np.sum(matvec(a, b) ** 2), argnums=(0, 1))(a, X)
    np.testing.assert_allclose(d_a, 2 * np.outer(a @ X, X), rtol=1e-14)
    np.testing.assert_allclose(d_b, 2 * a.T @ (a @ X), rtol=1e-14)


@pytest.mark.parametrize(
    ("function", "error", "words"),
    [
        (lambda x: x[:1] * 2.0, TypeError, r"returned float64 of shape \(1,\)"),
        (lambda x: x.astype(np.float32), TypeError, "returned float32"),
        (lambda x: x, ValueError, "memory of one of its arguments"),
        (lambda x: x[::-1], ValueError, "memory of one of its arguments"),
        (lambda x: 3.0, TypeError, "of shape"),
    ],
)
def test_what_comes_back_is_checked(function, error, words):
    opaque = gs.primitive(function)
    opaque.defvjp(lambda x: (opaque(x), None), lambda _, ct: (ct,))
    with pytest.raises(error, match=words):
        gs.grad(lambda x: np.sum(opaque(x)))(X)


@pytest.mark.parametrize("like", [lambda x: {"a": x}, lambda x: "text", lambda x: (x, (x, x))])
def test_a_like_that_is_no_result(like):
    opaque = gs.primitive(lambda x: x, like=like)
    with pytest.raises(gs.GradscribeError) as caught:
        gs.grad(lambda x: np.sum(opaque(x)))(X)
    assert caught.value.code == "GS206"


def test_a_saved_module_imports_the_plain_function(tmp_path):
    log_ndtr = gs.primitive(scipy.special.log_ndtr)
    log_ndtr.defvjp(
        lambda x: (log_ndtr(x), (x, log_ndtr(x))),
        lambda s, ct: (ct * np.exp(-0.5 * s[0] ** 2 - s[1]) / np.sqrt(2.0 * np.pi),),
    )

    def total(x):
        return np.sum(log_ndtr(x))

    gradient = gs.grad(total)
    expected = gradient(X)
    gradient.save(tmp_path / "total_grad.py")
    assert "needs NumPy and scipy" in (tmp_path / "total_grad.py").read_text()
    program = (
        "import sys, numpy as np, total_grad\n"
        "print(total_grad.total_grad(np.array([0.3, 1.2, -0.4])).tolist(), 'gradscribe' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == f"{expected.tolist()} False"


def test_a_saved_module_cannot_import_a_decorated_function(tmp_path):
    gradient = gs.grad(lambda x: sine(x))
    gradient(0.5)
    with pytest.raises(UsageError, match="gs.primitive") as caught:
        gradient.save(tmp_path / "sine_grad.py")
    assert caught.value.code == "GS321"


def test_constants_of_the_derivative():
    @gs.nondifferentiable
    def scale(x):
        return 10.0 ** np.floor(np.log10(np.max(np.abs(x)))) * np.float64(np.argsort(x)[0] + 1)

    def loss(x):
        return np.sum(x / scale(x))

    np.testing.assert_array_equal(gs.grad(loss)(X), np.full(3, 1.0 / scale(X)))
    assert np.isclose(gs.jvp(loss, (X,), (np.ones(3),))[1], 3.0 / scale(X))
    opaque = gs.nondifferentiable(lambda x: float(x.tobytes()[0]), like=lambda x: 1.0)
    np.testing.assert_array_equal(gs.grad(lambda x: np.sum(x) * opaque(x))(X), np.full(3, opaque(X)))


def test_a_primitive_without_a_rule_can_be_evaluated():
    opaque = gs.primitive(np.sort)
    value, gradient = gs.value_and_grad(lambda x, y: np.sum(opaque(y) * x[0]))(X, X)
    assert value == np.sum(np.sort(X) * X[0])
    np.testing.assert_allclose(gradient, [X.sum(), 0.0, 0.0], rtol=1e-15)
    with pytest.raises(UnsupportedOperationError, match="has no derivative rule"):
        gs.grad(lambda x: np.sum(opaque(x)))(X)


def doubled_in_place(x):
    x *= 2.0
    return x + 1.0


def first_of_pair_in_place(x, pair):
    pair[0][...] = np.nan
    return x * 1.0


def written_by_compiled_code(x):
    libc = ctypes.CDLL(None)
    libc.memset(ctypes.c_void_p(x.ctypes.data), 0, x.nbytes)
    return np.ones_like(x)


@pytest.mark.parametrize("function", [doubled_in_place, written_by_compiled_code])
@pytest.mark.parametrize("derivative", [gs.grad, gs.value_and_grad])
def test_a_function_that_writes_to_its_argument(function, derivative):
    opaque = gs.primitive(function)
    opaque.defvjp(lambda x: (opaque(x), None), lambda _, ct: (2.0 * ct,))

    def loss(x):
        return np.sum(opaque(x) * x)

    x, compiled = X.copy(), derivative(loss)
    for _ in range(2):
        # It is not trusted after it has failed.
        with pytest.raises(UnsupportedOperationError, match="writes to an array") as caught:
            compiled(x)
        assert caught.value.code == "GS206"
        assert "opaque(x)" in str(caught.value) and "^^^^^^^^^" in str(caught.value)
        np.testing.assert_array_equal(x, X)
    with pytest.raises(UnsupportedOperationError, match="writes to an array"):
        gs.jvp(lambda x: np.sum(opaque(x)), (x,), (x,))
    np.testing.assert_array_equal(x, X)


def test_a_function_that_writes_into_a_container():
    opaque = gs.primitive(first_of_pair_in_place)
    opaque.defvjp(lambda x, pair: (opaque(x, pair), None), lambda _, ct: (ct, None))
    y = X.copy()
    with pytest.raises(UnsupportedOperationError, match="`first_of_pair_in_place`"):
        gs.grad(lambda x, y: np.sum(opaque(x, (y, 1.0))))(X, y)
    np.testing.assert_array_equal(y, X)


def test_the_fix_works_and_only_the_first_call_is_watched():
    calls = []

    def working(x):
        calls.append(x.flags.writeable)
        return doubled_in_place(x.copy())

    opaque = gs.primitive(working)
    opaque.defvjp(lambda x: (opaque(x), None), lambda _, ct: (2.0 * ct,))
    gradient = gs.grad(lambda x: np.sum(opaque(x) ** 2))
    x = np.array([1.0, np.nan, -0.0])
    for count in (1, 2, 3):
        np.testing.assert_array_equal(gradient(x), 4.0 * (2.0 * x + 1.0))
        assert calls == [True] * count
