"""Special functions of `math` and scipy.special: error functions and gamma functions.

In:  nothing.   Out: `OPERATIONS`.
Not here: Bessel functions and orthogonal polynomials (bessel.py), incomplete integrals (incomplete.py), logistic
functions and entropies (logistic.py), other integrals (hypergeometric.py), reductions (logsumexp.py).
References: NIST Digital Library of Mathematical Functions (DLMF), chapters 5, 7 and 25.
"""

from __future__ import annotations

from gradscribe.ir.graph import Node
from gradscribe.ir.types import FLOAT
from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import UFUNC_KEYWORDS, constant_almost_everywhere, derived, elementwise
from gradscribe.ops.promotion import always, inexact_types
from gradscribe.ops.scipy_types import (
    NoPartial,
    double_types,
    real_types,
    several,
    special,
    special_types,
)
from gradscribe.ops.spec import spelling_of
from gradscribe.ops.written import special as model
from gradscribe.runtime.polygamma import polygamma

POSITIVE = (0.3, 5.0)
TWO_BY_ROOT_PI = "1.1283791670955126"
ROOT_TWO_PI = "2.5066282746310002"
BY_ROOT_TWO = "0.7071067811865476"


def _digamma(b: OpBuilder, node: Node) -> str:
    """`digamma(x)`."""
    return "math_polygamma(0, x)" if spelling_of(node).is_math else "digamma(x)"


def _gamma(b: OpBuilder, node: Node) -> str:
    """`out * digamma(x)`."""
    return f"out * {_digamma(b, node)}"


def slope_of_rgamma(x: str) -> str:
    """The derivative of 1 / gamma(x) below 0.5, by the reflection formula."""
    reflected = f"(1.0 - where({x} < 0.5, {x}, 0.0))"
    return f"gamma({reflected}) * (cos(pi * {x}) - {x} * sinc({x}) * digamma({reflected}))"


NEAR_ZERO = "(1.0 / x) ** 2"
ERFCX_FAR_OUT = (
    f"-0.5641895835477563 * {NEAR_ZERO} "
    f"* (1.0 - {NEAR_ZERO} * (1.5 - {NEAR_ZERO} * (3.75 - 13.125 * {NEAR_ZERO})))"
)
DAWSON_FAR_OUT = f"-{NEAR_ZERO} * (0.5 + {NEAR_ZERO} * (0.75 + {NEAR_ZERO} * (1.875 + 6.5625 * {NEAR_ZERO})))"
"""Series at infinity, whose next term is below the precision of doubles from 100 on."""

ERROR_FUNCTIONS = (
    elementwise(
        "erf",
        "scipy.special.erf math.erf",
        derived("x"),
        "Error function.",
        formula="erf(x)",
        types=special_types("erf"),
        hard_points={"x": (-20.3, 1e-300, 1e-9, 1.0, 5.1)},
        accuracy=Accuracy(ulp=400, why="x² is rounded before it is exponentiated"),
    ),
    elementwise(
        "erfc",
        "scipy.special.erfc math.erfc",
        derived("x"),
        "1 - erf(x), exact for large x.",
        formula="erfc(x)",
        types=special_types("erfc"),
        hard_points={"x": (-5.1, 1e-300, 1e-9, 1.0, 20.3)},
        accuracy=Accuracy(ulp=400, why="x² is rounded before it is exponentiated"),
    ),
    special(
        "erfcx",
        {"x": f"where(x > 100.0, {ERFCX_FAR_OUT}, 2.0 * x * out - {TWO_BY_ROOT_PI})"},
        "exp(x²) erfc(x).",
        formula="exp(x ** 2) * erfc(x)",
        accuracy=Accuracy(ulp=100, absolute_from=1, why="for large x the difference cancels"),
        hard_points={"x": (-20.0, 1e-9, 1.0, 5.0, 40.0, 1e9)},
        source="DLMF 7.12.1",
    ),
    special(
        "erfi",
        derived("x"),
        "Imaginary error function.",
        formula="erfi(x)",
        accuracy=Accuracy(ulp=400, why="x² is rounded before it is exponentiated"),
        hard_points={"x": (1e-300, 1e-9, 1.0, 20.3)},
    ),
    special(
        "erfinv",
        derived("x"),
        "Inverse of erf.",
        domain={"x": (-0.9, 0.9)},
        singular=True,
        accuracy=Accuracy(ulp=200, why="out² is rounded before it is exponentiated"),
        formula="erfinv(x)",
        hard_points={"x": (-0.999999999, 1e-9, 0.5, 0.99999999999)},
    ),
    special(
        "erfcinv",
        derived("x"),
        "Inverse of erfc.",
        domain={"x": (0.1, 1.9)},
        singular=True,
        accuracy=Accuracy(ulp=1000, why="out² is rounded before it is exponentiated"),
        formula="erfinv(1 - x)",
        hard_points={"x": (1e-9, 0.5, 1.9)},
    ),
    special(
        "dawsn",
        {"x": f"where(abs(x) > 100.0, {DAWSON_FAR_OUT}, 1.0 - 2.0 * x * out)"},
        "Dawson's integral.",
        formula="sqrt(pi) / 2 * exp(-x ** 2) * erfi(x)",
        source="DLMF 7.12.1",
        accuracy=Accuracy(ulp=100, absolute_from=1, why="for large x the difference cancels"),
        hard_points={"x": (1e-9, 1.0, 5.0, 100.0)},
    ),
    special(
        "wofz",
        {"z": f"-2.0 * z * out + {TWO_BY_ROOT_PI}j"},
        "Faddeeva function.",
        accuracy=Accuracy(ulp=1000, absolute_from=1, why="for large z the difference cancels"),
        samples=("c(3)", "a(3)"),
        source="DLMF 7.10.3",
        formula="exp(-z ** 2) * erfc(-I * z)",
        hard_points={"z": (1e-300 + 1e-9j, 0.5 - 0.5j, 3.0 + 1e-9j, 5.0 + 5.0j, 1e3 + 2.0j)},
    ),
    elementwise(
        "normal_density",
        "gradscribe.runtime.densities.normal_density",
        {"x": "-clip(x, -40.0, 40.0) * out"},
        "Density of the standard normal distribution.",
        formula="exp(-x ** 2 / 2) / sqrt(2 * pi)",
        types=inexact_types,
        refused_keywords={},
        hard_points={"x": (-20.3, -1.0, 1e-9, 5.1)},
        accuracy=Accuracy(ulp=400, why="x² is rounded before it is exponentiated"),
        note="Infinitely far out it is 0, and so are all its derivatives.",
    ),
    special(
        "ndtr",
        {"x": "normal_density(x)"},
        "Distribution function of the standard normal distribution.",
        formula="erfc(-x / sqrt(2)) / 2",
        hard_points={"x": (-20.3, -1.0, 1e-9, 5.1)},
        accuracy=Accuracy(ulp=400, why="x² is rounded before it is exponentiated"),
    ),
    special(
        "log_ndtr",
        {"x": f"0.7978845608028654 / erfcx(-{BY_ROOT_TWO} * minimum(x, 37.0))"},
        "log(ndtr(x)), exact for large negative x.",
        formula="log(erfc(-x / sqrt(2)) / 2)",
        hard_points={"x": (-30.0, -20.0, 1e-9, 5.0)},
        source="exp(-x²/2 - out) loses digits for large negative x; erfcx does not. Beyond 37 it is below 1e-297",
        accuracy=Accuracy(ulp=1000, why="in its second derivative terms of the size of x² cancel"),
    ),
    special(
        "ndtri",
        {"y": f"{ROOT_TWO_PI} * exp(0.5 * out * out)"},
        "Inverse of ndtr.",
        domain={"y": (0.1, 0.9)},
        singular=True,
        accuracy=Accuracy(ulp=1000, why="out² is rounded before it is exponentiated"),
        formula="sqrt(2) * erfinv(2 * y - 1)",
        hard_points={"y": (1e-9, 0.5, 0.999999)},
    ),
    special(
        "owens_t",
        {
            "h": f"-0.5 * normal_density(h) * erf({BY_ROOT_TWO} * a * h)",
            "a": "normal_density(h) * normal_density(a * h) / (1.0 + a * a)",
        },
        "Owen's T function.",
        accuracy=Accuracy(ulp=100, why="its exponent is rounded before it is exponentiated"),
        formula="Integral(exp(-h ** 2 * (1 + t ** 2) / 2) / (1 + t ** 2), (t, 0, a)) / (2 * pi)",
        hard_points={"h": (-5.0, 1e-9, 0.7), "a": (1e-9, 1.0, 8.0)},
    ),
    several(
        "fresnel",
        ("sin(0.5 * pi * x * x)", "cos(0.5 * pi * x * x)"),
        "Fresnel integrals.",
        samples=("a(3)", "s()"),
    ),
)

GAMMA_FUNCTIONS = (
    elementwise(
        "gamma",
        "scipy.special.gamma math.gamma",
        {"x": _gamma},
        "Gamma function.",
        formula="gamma(x)",
        types=special_types("gamma"),
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (-1.5, 1e-5, 1.5, 100.0, 170.0)},
    ),
    elementwise(
        "lgamma",
        "scipy.special.gammaln math.lgamma",
        {"x": _digamma},
        "Logarithm of |gamma(x)|.",
        formula="loggamma(x)",
        types=special_types("gammaln"),
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (1e-5, 1.0000001, 2.5, 100.0, 1e100)},
    ),
    special(
        "loggamma",
        derived("x"),
        "Principal branch of the logarithm of the gamma function.",
        formula="loggamma(x)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (1e-5, 1.0000001, 2.5, 100.0, 1e100)},
    ),
    special(
        "rgamma",
        {"x": f"where(x < 0.5, {slope_of_rgamma('x')}, -out * digamma(where(x < 0.5, 1.0, x)))"},
        "1 / gamma(x).",
        domain={"x": POSITIVE},
        note="At 0, -1, -2 ... gamma has poles and rgamma is smooth: its derivative there is (-1)ⁿ n!.",
        source="DLMF 5.5.3: sin(pi x) gamma(1 - x) / pi, smooth at the poles of gamma",
        formula="1 / gamma(x)",
        hard_points={"x": (-1.5, 1e-5, 0.499, 1.5, 100.0)},
    ),
    constant_almost_everywhere(
        "gammasgn",
        "scipy.special.gammasgn",
        "it is piecewise constant",
        "Sign of the gamma function.",
        types=special_types("gammasgn"),
        refused_keywords=UFUNC_KEYWORDS,
        samples=("a(3)", "s()", "-a(2, 3)"),
    ),
    special(
        "digamma",
        {"x": "zeta(2.0, x)"},
        "Derivative of gammaln.",
        singular=True,
        domain={"x": POSITIVE},
        formula="digamma(x)",
        hard_points={"x": (1e-5, 1.4616321, 2.5, 100.0, 1e100)},
    ),
    elementwise(
        "polygamma",
        "scipy.special.polygamma",
        {"x": "polygamma(n + 1, x)"},
        "Derivatives of digamma.",
        constant={"n": "it is an int"},
        signature="n, x",
        types=double_types,
        singular=True,
        domain={"x": POSITIVE},
        samples=("0, a(3)", "1, a(3)", "2, a(2, 3)"),
        formula="polygamma(n, x)",
        hard_points={"n": (1, 2), "x": (1e-5, 2.5, 100.0)},
    ),
    elementwise(
        "zeta",
        "scipy.special.zeta",
        {"x": NoPartial("x"), "q": "-x * zeta(x + 1.0, q)"},
        "Hurwitz zeta function.",
        types=real_types,
        samples=("2.0, a(3)", "3.5, s()", "4, a(2, 3)"),
        domain={"q": POSITIVE},
        source="DLMF 25.11.17",
        accuracy=Accuracy(ulp=50, why="that is what SciPy's zeta is good to"),
        formula="zeta(x, q)",
        hard_points={"x": (1.0000001, 2.0, 30.5), "q": (1e-5, 1.0, 1e5)},
    ),
    elementwise(
        "math_polygamma",
        "gradscribe.runtime.polygamma.polygamma",
        {"x": "math_polygamma(order + 1, x)"},
        "Derivatives of the logarithm of the gamma function.",
        constant={"order": "it is an int"},
        signature="order, x",
        types=always(FLOAT),
        refused_keywords={},
        singular=True,
        domain={"x": POSITIVE},
        samples=("0, f()", "1, f()", "3, f()"),
        formula="polygamma(order, x)",
        hard_points={"order": (0, 1, 4), "x": (1e-5, 1.0, 2.5, 100.0, 1e10)},
        evaluate=lambda inputs, attrs: polygamma(*inputs),
    ),
    special(
        "betaln",
        derived("a b"),
        "Logarithm of |beta(a, b)|.",
        formula="loggamma(a) + loggamma(b) - loggamma(a + b)",
        domain={"a": POSITIVE, "b": POSITIVE},
        singular=True,
        accuracy=Accuracy(
            ulp=10000, absolute_from=1, why="differences of digamma cancel where one operand is much larger"
        ),
        hard_points={"a": (0.01, 2.5, 100.0), "b": (0.01, 1.5, 100.0)},
    ),
    special(
        "beta",
        derived("a b"),
        "Beta function.",
        formula="gamma(a) * gamma(b) / gamma(a + b)",
        domain={"a": POSITIVE, "b": POSITIVE},
        singular=True,
        accuracy=Accuracy(
            ulp=100000, absolute_from=1, why="differences of digamma cancel where one operand is much larger"
        ),
        hard_points={"a": (0.01, 2.5), "b": (0.01, 50.0)},
    ),
    special(
        "poch",
        {
            "z": f"where(z < 0.5, out * digamma(z + m) + gamma(z + m) * {slope_of_rgamma('z')}, "
            "out * (digamma(z + m) - digamma(where(z < 0.5, 1.0, z))))",
            "m": "out * digamma(z + m)",
        },
        "Rising factorial, gamma(z + m) / gamma(z).",
        formula="gamma(z + m) / gamma(z)",
        domain={"z": POSITIVE, "m": POSITIVE},
        singular=True,
        accuracy=Accuracy(
            ulp=10000, absolute_from=1, why="differences of digamma cancel where one operand is much larger"
        ),
        hard_points={"z": (0.01, 2.5, 20.0), "m": (0.01, 1.5, 10.0)},
    ),
    special(
        "binom",
        {
            "n": "out * (digamma(n + 1.0) - digamma(n - k + 1.0))",
            "k": "out * (digamma(n - k + 1.0) - digamma(k + 1.0))",
        },
        "Binomial coefficient of real arguments.",
        formula="gamma(n + 1) / gamma(k + 1) / gamma(n - k + 1)",
        domain={"n": (4.2, 6.0), "k": (0.3, 3.0)},
        singular=True,
        accuracy=Accuracy(ulp=200, why="that is what binom is good to"),
        hard_points={"n": (4.2, 50.5), "k": (0.3, 2.5)},
    ),
    elementwise(
        "comb",
        "scipy.special.comb",
        {
            "n": "out * (digamma(n + 1.0) - digamma(n - k + 1.0))",
            "k": "out * (digamma(n - k + 1.0) - digamma(k + 1.0))",
        },
        "Binomial coefficient.",
        types=double_types,
        signature="n, k",
        domain={"n": (4.2, 6.0), "k": (0.3, 3.0)},
        refused_keywords={"exact": "it gives Python ints", "repetition": "it gives another function"},
        samples=("a(3), 3", "a(2, 3), 2"),
        formula="gamma(n + 1) / gamma(k + 1) / gamma(n - k + 1)",
        accuracy=Accuracy(ulp=200, why="that is what comb is good to"),
        hard_points={"n": (4.2, 50.5), "k": (0.3, 2.5)},
    ),
    elementwise(
        "factorial",
        "scipy.special.factorial",
        {"n": "out * digamma(n + 1.0)"},
        "n!, for floats gamma(n + 1).",
        types=double_types,
        refused_keywords={"exact": "it gives Python ints", "extend": "it gives another function"},
        samples=("a(3)", "a(2, 3)"),
        domain={"n": POSITIVE},
        formula="gamma(n + 1)",
        hard_points={"n": (0.3, 2.5, 100.0)},
    ),
)

OTHERS = (
    special(
        "exp10",
        derived("x"),
        "10 to the power of x.",
        formula="10 ** x",
        singular=True,
        hard_points={"x": (-300.0, -1e-9, 1e-300, 300.0)},
        accuracy=Accuracy(ulp=20, why="that is what SciPy's exp10 is good to"),
    ),
    *(
        special(
            name,
            partials,
            f"scipy.special.{name}, whose bits are not always those of NumPy's.",
            as_=f"scipy_{name}",
            formula=formula,
            singular=True,
            domain={"x": POSITIVE},
            hard_points={"x": points},
        )
        for name, partials, formula, points in (
            ("exp2", derived("x"), "2 ** x", (-1000.0, 1e-9, 1000.0)),
            ("expm1", derived("x"), "exp(x) - 1", (-50.0, -1e-9, 1e-300, 700.0)),
            ("log1p", derived("x"), "log(1 + x)", (-0.9999999999, 1e-300, 1e-9, 1e300)),
            ("cbrt", {"x": "1.0 / (3.0 * out * out)"}, "x ** Rational(1, 3)", (1e-170, 1e-9, 1.0, 1e300)),
        )
    ),
    special(
        "ndtri_exp",
        {"y": f"{ROOT_TWO_PI} * exp(y + 0.5 * out * out)"},
        "ndtri(exp(y)), exact for large negative y.",
        domain={"y": (-4.0, -0.2)},
        formula="sqrt(2) * erfinv(2 * exp(y) - 1)",
        hard_points={"y": (-30.0, -0.7, -1e-6)},
        accuracy=Accuracy(ulp=2000, why="out² is rounded before it is exponentiated"),
        singular=True,
    ),
    special(
        "wrightomega",
        derived("z"),
        "Solution of w + log(w) = z.",
        formula="LambertW(exp(z))",
        hard_points={"z": (-300.0, -1e-9, 1.0, 100.0)},
        accuracy=Accuracy(ulp=20, why="that is what SciPy's wrightomega is good to"),
    ),
    modelled(
        "voigt_profile",
        "scipy.special.voigt_profile",
        "x, sigma, gamma",
        model.voigt_profile,
        "A normal and a Cauchy density, convolved.",
        why="its formula, by the Faddeeva function",
        real_only=True,
        precise_as={0: "x sigma gamma"},
        refused_keywords=UFUNC_KEYWORDS,
        weak_is_double=True,
        samples=("a(3), 1.0 + f().value, 0.8", "a(2, 3), 2.0 + a(3), 2.0 + a(2, 1)"),
    ),
)

OPERATIONS = (*ERROR_FUNCTIONS, *GAMMA_FUNCTIONS, *OTHERS)
