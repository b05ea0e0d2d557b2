"""Bessel functions and orthogonal polynomials of scipy.special, differentiated by their argument.

In:  nothing.   Out: `OPERATIONS`.
Not here: other special functions (special.py).
References: NIST Digital Library of Mathematical Functions (DLMF), 9.2, 10.6, 10.29 and 18.9.
"""

from __future__ import annotations

from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.declare import Derived, derived
from gradscribe.ops.scipy_types import NoPartial, several, special
from gradscribe.ops.spec import OpSpec

POSITIVE = (0.5, 5.0)


def _whole_order(name: str, formula: str, slope: str, doc: str) -> OpSpec:
    """A Bessel function whose order is an int."""
    return special(
        name,
        {"x": slope},
        doc,
        as_=f"bessel_{name}",
        constant={"n": "it is an int"},
        signature="n, x",
        domain={"x": POSITIVE},
        formula=formula,
        accuracy=Accuracy(ulp=300, why="SciPy's Bessel functions are good to that"),
        hard_points={"n": (0, 1, 20), "x": (1e-3, 0.7, 10.0)},
        samples=("0, a(3)", "2, a(2, 3)"),
        singular=True,
    )


def _order(name: str, formula: str, partial: str, doc: str, **fields: object) -> OpSpec:
    """A function of an order, which must be constant, and an argument."""
    return special(
        name,
        {"v": NoPartial("v", "the order of a Bessel function must be constant"), "z": partial},
        doc,
        as_=f"bessel_{name}",
        domain={"z": POSITIVE},
        formula=formula,
        hard_points={"v": (0.0, 1.5, 20.5), "z": (1e-3, 0.7, 10.0)},
        samples=("0, a(3)", "1, a(2, 3)", "1.5, a(3)", "2, s()"),
        singular=True,
        **{"accuracy": Accuracy(ulp=300, why="SciPy's Bessel functions are good to that"), **fields},
    )


def _fixed(
    name: str, partial: str | Derived, doc: str, formula: str | None = None, **fields: object
) -> OpSpec:
    """A function of a fixed order."""
    partials = partial if isinstance(partial, Derived) else {"x": partial}
    return special(
        name, partials, doc, as_=f"bessel_{name}", formula=formula, domain={"x": POSITIVE}, **fields
    )


def _polynomial(name: str, parameters: str, formula: str, partial: str, doc: str) -> OpSpec:
    """A polynomial of constant degree; of degree 0 it is constant."""
    names = parameters.split()
    partials = {key: NoPartial(key) for key in names}
    return special(
        f"eval_{name}",
        {**partials, "x": f"where(n == 0, 0.0, {partial})"},
        doc,
        constant={"n": "it is an int"},
        signature=", ".join(["n", *names, "x"]),
        samples=tuple(f"{n}, {''.join('0.5, ' for _ in names)}a(3)" for n in (0, 1, 4)),
        domain={"x": (-0.8, 0.8)},
        formula=formula,
        accuracy=Accuracy(ulp=1000, absolute_from=1, why="SciPy's polynomials are good to that"),
        hard_points={
            "n": (0, 1, 2, 7, 30),
            **{key: (0.5, 3.0) for key in names},
            "x": (-1.0, 1e-9, 0.3, 1.0),
        },
    )


INTEGER_ORDER = (
    _fixed(
        "j0",
        derived("x"),
        "Bessel function of the first kind, order 0.",
        "besselj(0, x)",
        accuracy=Accuracy(ulp=100, absolute_from=1, why="SciPy's Bessel functions are good to that"),
        hard_points={"x": (1e-9, 0.5, 20.0)},
    ),
    _fixed(
        "j1",
        derived("x"),
        "Bessel function of the first kind, order 1.",
        "besselj(1, x)",
        accuracy=Accuracy(ulp=100, absolute_from=1, why="SciPy's Bessel functions are good to that"),
        hard_points={"x": (1e-9, 0.5, 20.0)},
    ),
    _fixed(
        "y0",
        derived("x"),
        "Bessel function of the second kind, order 0.",
        "bessely(0, x)",
        singular=True,
        accuracy=Accuracy(ulp=100, absolute_from=1, why="SciPy's Bessel functions are good to that"),
        hard_points={"x": (1e-3, 0.5, 20.0)},
    ),
    _fixed(
        "y1",
        "bessel_y0(x) - out / x",
        "Bessel function of the second kind, order 1.",
        "bessely(1, x)",
        singular=True,
        accuracy=Accuracy(ulp=100, absolute_from=1, why="SciPy's Bessel functions are good to that"),
        hard_points={"x": (1e-3, 20.0)},
    ),
    _fixed(
        "i0",
        derived("x"),
        "Modified Bessel function of the first kind, order 0.",
        "besseli(0, x)",
        hard_points={"x": (1e-9, 0.5, 20.0)},
    ),
    _fixed(
        "i1",
        derived("x"),
        "Modified Bessel function of the first kind, order 1.",
        "besseli(1, x)",
        hard_points={"x": (1e-9, 0.5, 20.0)},
    ),
    _fixed(
        "i0e",
        "bessel_i1e(x) - sign(x) * out",
        "exp(-|x|) i0(x).",
        accuracy=Accuracy(absolute_from=1, why="for large x the difference cancels"),
        kinks={0.0: 0.0},
        kink_reason="exp(-|x|) has a kink at 0; the mean of both sides is stated",
        formula="exp(-Abs(x)) * besseli(0, x)",
        hard_points={"x": (1e-9, 0.5, 20.0)},
    ),
    _fixed(
        "i1e",
        # SciPy's function of order 2 is nan further out.
        "where(abs(x) > 1e6, bessel_i0e(x) - out / or_one(x), 0.5 * (bessel_i0e(x) + bessel_ive(2.0, x))) "
        "- sign(x) * out",
        "exp(-|x|) i1(x).",
        accuracy=Accuracy(absolute_from=1, why="for large x the difference cancels"),
        formula="exp(-Abs(x)) * besseli(1, x)",
        hard_points={"x": (1e-9, 0.5, 20.0)},
    ),
    _fixed(
        "k0",
        derived("x"),
        "Modified Bessel function of the second kind, order 0.",
        "besselk(0, x)",
        singular=True,
        accuracy=Accuracy(ulp=50, why="differences of Bessel functions cancel near 0"),
        hard_points={"x": (1e-3, 0.5, 20.0)},
    ),
    _fixed(
        "k1",
        "-bessel_k0(x) - out / x",
        "Modified Bessel function of the second kind, order 1.",
        "besselk(1, x)",
        singular=True,
        accuracy=Accuracy(ulp=50, why="differences of Bessel functions cancel near 0"),
        hard_points={"x": (1e-3, 20.0)},
    ),
    _fixed(
        "k0e",
        "out - bessel_k1e(x)",
        "exp(x) k0(x).",
        accuracy=Accuracy(ulp=100, absolute_from=1, why="for large x the difference cancels"),
        singular=True,
        formula="exp(x) * besselk(0, x)",
        hard_points={"x": (1e-2, 0.5, 20.0)},
    ),
    _fixed(
        "k1e",
        "out * (1.0 - 1.0 / x) - bessel_k0e(x)",
        "exp(x) k1(x).",
        accuracy=Accuracy(ulp=100, absolute_from=1, why="for large x the difference cancels"),
        singular=True,
        formula="exp(x) * besselk(1, x)",
        hard_points={"x": (1e-2, 0.5, 20.0)},
    ),
)

ANY_ORDER = (
    _order(
        "jv",
        "besselj(v, z)",
        "0.5 * (bessel_jv(v - 1.0, z) - bessel_jv(v + 1.0, z))",
        "Bessel function of the first kind.",
    ),
    _order(
        "yv",
        "bessely(v, z)",
        "0.5 * (bessel_yv(v - 1.0, z) - bessel_yv(v + 1.0, z))",
        "Bessel function of the second kind.",
    ),
    _order(
        "iv",
        "besseli(v, z)",
        "0.5 * (bessel_iv(v - 1.0, z) + bessel_iv(v + 1.0, z))",
        "Modified Bessel function of the first kind.",
    ),
    _order(
        "kv",
        "besselk(v, z)",
        "-0.5 * (bessel_kv(v - 1.0, z) + bessel_kv(v + 1.0, z))",
        "Modified Bessel function of the second kind.",
    ),
    _order(
        "ive",
        "exp(-Abs(z)) * besseli(v, z)",
        "0.5 * (bessel_ive(v - 1.0, z) + bessel_ive(v + 1.0, z)) - sign(z) * out",
        "exp(-|z|) iv(v, z), for real z.",
        accuracy=Accuracy(ulp=300, absolute_from=1, why="for large z the difference cancels"),
    ),
    _order(
        "kve",
        "exp(z) * besselk(v, z)",
        "out - 0.5 * (bessel_kve(v - 1.0, z) + bessel_kve(v + 1.0, z))",
        "exp(z) kv(v, z).",
        accuracy=Accuracy(ulp=300, absolute_from=1, why="for large z the difference cancels"),
    ),
    _whole_order(
        "yn",
        "bessely(n, x)",
        "0.5 * (bessel_yn(n - 1, x) - bessel_yn(n + 1, x))",
        "Bessel function of the second kind of integer order.",
    ),
    _whole_order(
        "kn",
        "besselk(n, x)",
        "-0.5 * (bessel_kn(n - 1, x) + bessel_kn(n + 1, x))",
        "Modified Bessel function of the second kind of integer order.",
    ),
    several(
        "airy",
        ("out1", "x * out0", "out3", "x * out2"),
        "Airy functions and their derivatives.",
        samples=("a(3)", "s()"),
        source="DLMF 9.2.1",
    ),
)

POLYNOMIALS = (
    _polynomial(
        "chebyt",
        "",
        "chebyshevt(n, x)",
        "n * eval_chebyu(maximum(n - 1, 0), x)",
        "Chebyshev polynomial of the first kind.",
    ),
    _polynomial(
        "chebyu",
        "",
        "chebyshevu(n, x)",
        "2.0 * eval_gegenbauer(maximum(n - 1, 0), 2.0, x)",
        "Chebyshev polynomial of the second kind.",
    ),
    _polynomial(
        "legendre",
        "",
        "legendre(n, x)",
        "eval_gegenbauer(maximum(n - 1, 0), 1.5, x)",
        "Legendre polynomial.",
    ),
    _polynomial(
        "hermite",
        "",
        "hermite(n, x)",
        "2.0 * n * eval_hermite(maximum(n - 1, 0), x)",
        "Hermite polynomial of the physicists.",
    ),
    _polynomial(
        "hermitenorm",
        "",
        "hermite_prob(n, x)",
        "n * eval_hermitenorm(maximum(n - 1, 0), x)",
        "Hermite polynomial of the probabilists.",
    ),
    _polynomial(
        "laguerre",
        "",
        "laguerre(n, x)",
        "-eval_genlaguerre(maximum(n - 1, 0), 1.0, x)",
        "Laguerre polynomial.",
    ),
    _polynomial(
        "genlaguerre",
        "alpha",
        "assoc_laguerre(n, alpha, x)",
        "-eval_genlaguerre(maximum(n - 1, 0), alpha + 1.0, x)",
        "Generalised Laguerre polynomial.",
    ),
    _polynomial(
        "gegenbauer",
        "alpha",
        "gegenbauer(n, alpha, x)",
        "2.0 * alpha * eval_gegenbauer(maximum(n - 1, 0), alpha + 1.0, x)",
        "Gegenbauer polynomial.",
    ),
    _polynomial(
        "jacobi",
        "alpha beta",
        "jacobi(n, alpha, beta, x)",
        "0.5 * (n + alpha + beta + 1.0) * eval_jacobi(maximum(n - 1, 0), alpha + 1.0, beta + 1.0, x)",
        "Jacobi polynomial.",
    ),
)  # fmt: skip

OPERATIONS = (*INTEGER_ORDER, *ANY_ORDER, *POLYNOMIALS)
