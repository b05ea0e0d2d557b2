"""Programs whose parts overflow, underflow or cancel where the whole does not, with what they are in mpmath.

In:  nothing.   Out: `PROGRAMS` of one real number, elementwise.
Not here: what is asked of them (test_stable.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp
import numpy as np
import scipy.special as sc

FAR = (-1000.0, -745.0, -40.0, -1e-9, 0.0, 1e-9, 1.0, 36.0, 710.0, 1000.0)
ASIDE = (-1000.0, -40.0, -1.0, -1e-3, 1e-3, 1.0, 40.0, 1000.0)
NEGATIVE = (-1000.0, -700.0, -40.0, -1.0, -1e-10)
POSITIVE = (1e-10, 1.0, 40.0, 1000.0)
WIDE = (1e-150, 1e-9, 1.0, 1e150)


@dataclass(frozen=True)
class Program:
    """A function, the same in mpmath, where to look.

    Attributes:
        absolute: an output is reused, as a person would (1 - h * h): errors are absolute.
        digits: to compute with: as many as the exponents of cancelling terms are apart.
    """

    function: Callable
    exact: Callable
    points: tuple[float, ...] = FAR
    absolute: bool = False
    digits: int = 1000


def softplus(x):
    return np.log(1.0 + np.exp(x))


def softplus_by_log1p(x):
    return np.log1p(np.exp(x))


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def logistic_by_quotient(x):
    e = np.exp(x)
    return e / (e + 1)


def log_of_logistic(x):
    return np.log(1 / (np.exp(-x) + 1))


def log_of_complement(x):
    return np.log(1 - 1 / (1 + np.exp(-x)))


def log1p_of_complement(x):
    return np.log1p(-1 / (1 + np.exp(-x)))


def log_of_expit(x):
    return np.log(sc.expit(x))


def log_of_expit_complement(x):
    return np.log(1 - sc.expit(x))


def odds(x):
    p = 1 / (1 + np.exp(-x))
    return np.log(p / (1 - p))


def swish(x):
    return x / (1 + np.exp(-x))


def squared_logistic(x):
    return 1 / (1 + np.exp(-x)) ** 2


def log_one_minus_exp(x):
    return np.log(1 - np.exp(x))


def log1p_minus_exp(x):
    return np.log1p(-np.exp(x))


def log_minus_expm1(x):
    return np.log(-np.expm1(x))


def log_exp_minus_one(x):
    return np.log(np.exp(x) - 1)


def log_expm1(x):
    return np.log(np.expm1(x))


def log_difference_of_exps(x):
    return np.log(np.exp(2 * x) - np.exp(x))


def log_sum_of_exps(x):
    return np.log(np.exp(x) + np.exp(-x))


def softplus_of_a_known_exponential(x):
    return np.log(np.exp(0.0) + np.exp(x))


def logistic_of_a_known_exponential(x):
    return np.exp(0.0) / (np.exp(0) + np.exp(-x))


def scaled_by_a_known_exponential(x):
    return np.tanh(0.0) * x + x / np.exp(0) / np.cosh(0.0)


def log_of_mixture(x):
    return np.log(0.3 * np.exp(x) + 0.7 * np.exp(-2 * x))


def log_of_three(x):
    return np.log(1 + np.exp(x) + np.exp(2 * x))


def log_of_exp(x):
    return np.log(np.exp(x))


def exp_of_log(x):
    return np.exp(np.log(x))


def log_of_gaussian(x):
    return np.log(np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi))


def log2_of_gaussian(x):
    return np.log2(3.0 * np.exp(-x * x))


def log_of_power(x):
    return np.log(x**3)


def log_of_root(x):
    return np.log10(np.sqrt(x))


def log_of_quotient(x):
    return np.log(x * x / (1.0 / x))


def log_cosh(x):
    return np.log(np.cosh(x))


def log_sinh(x):
    return np.log(np.sinh(x))


def tanh_by_quotient(x):
    return np.sinh(x) / np.cosh(x)


def tanh_by_exps(x):
    return (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)


def coth(x):
    return np.cosh(x) / np.sinh(x)


def sech(x):
    return 1 / np.cosh(x)


def csch(x):
    return 1 / np.sinh(x)


def fermi(x):
    return 1 / (np.exp(x - 2.0) + 1)


def bose(x):
    return 1 / (np.exp(x) - 1)


def planck(x):
    return x**3 / np.expm1(x)


def log_erfc(x):
    return np.log(sc.erfc(x))


def log_one_minus_erf(x):
    return np.log(1 - sc.erf(x))


def log_normal_cdf(x):
    return np.log(0.5 * (1 + sc.erf(x / np.sqrt(2))))


def log_ndtr(x):
    return np.log(sc.ndtr(x))


def log_erfcx(x):
    return np.log(sc.erfcx(x))


def log_gamma(x):
    return np.log(sc.gamma(x))


def log_i0(x):
    return np.log(sc.i0(x))


def log_k0(x):
    return np.log(sc.k0(x))


def log_kv(x):
    return np.log(sc.kv(1.5, x))


def absolute_by_root(x):
    return np.sqrt(x**2)


def sigma(x):
    return 1 / (1 + mp.exp(-x))


def log_half_erfc(x):
    return mp.log(mp.erfc(x) / 2)


BIG = (1e-3, 1.0, 40.0, 1000.0)

PROGRAMS = [
    Program(softplus, lambda x: mp.log1p(mp.exp(x))),
    Program(softplus_of_a_known_exponential, lambda x: mp.log1p(mp.exp(x))),
    Program(logistic_of_a_known_exponential, sigma, absolute=True),
    Program(scaled_by_a_known_exponential, lambda x: +x),
    Program(softplus_by_log1p, lambda x: mp.log1p(mp.exp(x))),
    Program(logistic, sigma, absolute=True),
    Program(logistic_by_quotient, sigma, absolute=True),
    Program(log_of_logistic, lambda x: mp.log(sigma(x))),
    Program(log_of_complement, lambda x: mp.log(sigma(-x))),
    Program(log1p_of_complement, lambda x: mp.log(sigma(-x))),
    Program(log_of_expit, lambda x: mp.log(sigma(x))),
    Program(log_of_expit_complement, lambda x: mp.log(sigma(-x))),
    Program(odds, lambda x: +x),
    Program(swish, lambda x: x * sigma(x), ASIDE, absolute=True),
    Program(squared_logistic, lambda x: sigma(x) ** 2, absolute=True),
    Program(log_one_minus_exp, lambda x: mp.log(1 - mp.exp(x)), NEGATIVE),
    Program(log1p_minus_exp, lambda x: mp.log(1 - mp.exp(x)), NEGATIVE),
    Program(log_minus_expm1, lambda x: mp.log(1 - mp.exp(x)), NEGATIVE),
    Program(log_exp_minus_one, lambda x: mp.log(mp.exp(x) - 1), POSITIVE),
    Program(log_expm1, lambda x: mp.log(mp.exp(x) - 1), POSITIVE),
    Program(log_difference_of_exps, lambda x: mp.log(mp.exp(2 * x) - mp.exp(x)), POSITIVE),
    Program(log_sum_of_exps, lambda x: mp.log(mp.exp(x) + mp.exp(-x)), absolute=True),
    Program(log_of_mixture, lambda x: mp.log(0.3 * mp.exp(x) + 0.7 * mp.exp(-2 * x)), ASIDE, absolute=True),
    Program(log_of_three, lambda x: mp.log(1 + mp.exp(x) + mp.exp(2 * x)), absolute=True),
    Program(log_of_exp, lambda x: +x),
    Program(exp_of_log, lambda x: +x, WIDE),
    Program(log_of_gaussian, lambda x: -x * x / 2, ASIDE),
    Program(log2_of_gaussian, lambda x: -x * x / mp.log(2), ASIDE),
    Program(log_of_power, lambda x: 3 * mp.log(x), WIDE),
    Program(log_of_root, lambda x: mp.log10(x) / 2, WIDE),
    Program(log_of_quotient, lambda x: 3 * mp.log(x), WIDE),
    Program(log_cosh, lambda x: mp.log(mp.cosh(x)), absolute=True),
    Program(log_sinh, lambda x: mp.log(mp.sinh(x)), POSITIVE),
    Program(tanh_by_quotient, mp.tanh, absolute=True),
    Program(tanh_by_exps, mp.tanh, absolute=True),
    Program(coth, mp.coth, ASIDE),
    Program(sech, mp.sech),
    Program(csch, mp.csch, ASIDE),
    Program(fermi, lambda x: sigma(2 - x), absolute=True),
    Program(bose, lambda x: 1 / (mp.exp(x) - 1), BIG),
    Program(planck, lambda x: x**3 / (mp.exp(x) - 1), BIG, absolute=True),
    Program(log_erfc, lambda x: mp.log(mp.erfc(x)), (-30.0, -1.0, 0.0, 1.0, 5.0, 30.0, 100.0), digits=60),
    Program(log_one_minus_erf, lambda x: mp.log(mp.erfc(x)), (-30.0, -1.0, 0.0, 5.0, 30.0, 100.0), digits=60),
    Program(
        log_normal_cdf, lambda x: log_half_erfc(-x / mp.sqrt(2)), (-100.0, -5.0, 0.0, 5.0, 40.0), digits=60
    ),
    Program(
        log_ndtr, lambda x: log_half_erfc(-x / mp.sqrt(2)), (-100.0, -30.0, -5.0, 0.0, 5.0, 40.0), digits=60
    ),
    Program(
        log_erfcx,
        lambda x: x * x + mp.log(mp.erfc(x)),
        (-30.0, -1.0, 0.0, 1.0, 10.0),
        absolute=True,
        digits=60,
    ),
    Program(log_gamma, mp.loggamma, (0.5, 10.0, 170.0, 300.0), digits=60),
    Program(log_i0, lambda x: mp.log(mp.besseli(0, x)), (1e-3, 1.0, 10.0, 1000.0), absolute=True, digits=60),
    Program(log_k0, lambda x: mp.log(mp.besselk(0, x)), (1e-3, 1.0, 10.0, 1000.0), absolute=True, digits=60),
    Program(
        log_kv, lambda x: mp.log(mp.besselk(1.5, x)), (1e-3, 1.0, 10.0, 1000.0), absolute=True, digits=60
    ),
    Program(absolute_by_root, abs, (-1e200, -2.0, -1e-200, 1e-200, 1e200)),
]
