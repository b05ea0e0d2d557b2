"""The classes of numpy.polynomial in Python, lowered as user classes are.

In:  what users pass.   Out: objects that behave as those of NumPy do.
Not here: which class stands for which (frontend/written_out.py); the functions of the bases (series.py, bases.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.polynomial import chebyshev, hermite, hermite_e, laguerre, legendre, polynomial

from gradscribe.runtime.polynomials import significant


class Series:
    """A sum of coefficients times basis functions, of an argument that is mapped from its domain to its window."""

    _value: Any
    _derivative: Any
    _integral: Any
    _product: Any
    _roots: Any
    _usual: Any

    def __init__(self, coef: Any, domain: Any = None, window: Any = None, symbol: Any = "x") -> None:
        self.coef = as_series(coef)
        self.plain = domain is None and window is None
        self.domain = self._usual() if domain is None else as_series(domain)
        self.window = self._usual() if window is None else as_series(window)
        self.symbol = symbol

    def __call__(self, arg: Any) -> Any:
        """The value."""
        off, scl = self.mapparms()
        return self._value(off + scl * arg, self.coef)

    def mapparms(self) -> Any:
        """The line that maps the domain to the window."""
        if self.plain:
            return 0.0, 1.0
        return line(self.domain, self.window)

    def degree(self) -> Any:
        """One less than there are coefficients."""
        return len(self.coef) - 1

    def copy(self) -> Any:
        """Another one of the same coefficients."""
        return self._like(self.coef.copy())

    def __len__(self) -> int:
        return len(self.coef)

    def deriv(self, m: int = 1) -> Any:
        """The derivative."""
        _, scl = self.mapparms()
        return self._like(self._derivative(self.coef, m, scl))

    def integ(self, m: int = 1, k: Any = None, lbnd: Any = None) -> Any:
        """The integral from `lbnd`, plus `k`."""
        off, scl = self.mapparms()
        coef = self._integral(self.coef, m, 1.0 / scl)
        if k is None and lbnd is None:
            return self._like(coef)
        if m != 1:
            raise ValueError("integrals with constants or bounds are not repeated: integrate one by one")
        coef[0] = 0.0
        start = 0.0 if lbnd is None else off + scl * lbnd
        coef[0] = (0.0 if k is None else k) - self._value(start, coef)
        return self._like(coef)

    def roots(self) -> Any:
        """The roots, in the domain."""
        roots = self._roots(self.coef)
        if self.plain:
            return roots
        off, scl = line(self.window, self.domain)
        return off + scl * roots

    def linspace(self, n: int = 100, domain: Any = None) -> Any:
        """Points from one end of the domain to the other, and the values there."""
        ends = self.domain if domain is None else domain
        x = np.linspace(ends[0], ends[1], n)
        return x, self(x)

    def _like(self, coef: Any) -> Any:
        made = self.__class__([0.0])
        made.coef, made.plain = coef, self.plain
        made.domain, made.window = self.domain, self.window
        return made

    def _other(self, other: Any) -> Any:
        if not isinstance(
            other,
            polynomial.Polynomial
            | chebyshev.Chebyshev
            | legendre.Legendre
            | laguerre.Laguerre
            | hermite.Hermite
            | hermite_e.HermiteE,
        ):
            return as_series(other)
        kind: Any = type(other)
        if kind is not type(self):
            raise TypeError("Polynomial types differ")
        return other.coef

    def __neg__(self) -> Any:
        return self._like(-self.coef)

    def __pos__(self) -> Any:
        return self

    def __add__(self, other: Any) -> Any:
        return self._like(added(self.coef, self._other(other)))

    def __radd__(self, other: Any) -> Any:
        return self._like(added(self._other(other), self.coef))

    def __sub__(self, other: Any) -> Any:
        return self._like(added(self.coef, -self._other(other)))

    def __rsub__(self, other: Any) -> Any:
        return self._like(added(self._other(other), -self.coef))

    def __mul__(self, other: Any) -> Any:
        return self._like(self._product(self.coef, self._other(other)))

    def __rmul__(self, other: Any) -> Any:
        return self._like(self._product(self._other(other), self.coef))

    def __truediv__(self, other: Any) -> Any:
        return self._like(self.coef / other)

    def __pow__(self, n: int) -> Any:
        if n == 0:
            return self._like(as_series(1.0))
        found = self
        for _ in range(n - 1):
            found = found * self
        return found


class Polynomial(Series):
    """In powers."""

    def _usual(self) -> Any:
        return np.array([-1.0, 1.0])

    def _value(self, x: Any, c: Any) -> Any:
        return polynomial.polyval(x, c)

    def _derivative(self, c: Any, m: int, scl: Any) -> Any:
        return polynomial.polyder(c, m, scl)

    def _integral(self, c: Any, m: int, scl: Any) -> Any:
        return polynomial.polyint(c, m, scl=scl)

    def _product(self, a: Any, b: Any) -> Any:
        return power_product(a, b)

    def _roots(self, c: Any) -> Any:
        return polynomial.polyroots(c)


class Chebyshev(Series):
    """In Chebyshev polynomials."""

    def _usual(self) -> Any:
        return np.array([-1.0, 1.0])

    def _value(self, x: Any, c: Any) -> Any:
        return chebyshev.chebval(x, c)

    def _derivative(self, c: Any, m: int, scl: Any) -> Any:
        return chebyshev.chebder(c, m, scl)

    def _integral(self, c: Any, m: int, scl: Any) -> Any:
        return chebyshev.chebint(c, m, scl=scl)

    def _product(self, a: Any, b: Any) -> Any:
        return chebyshev_product(a, b)

    def _roots(self, c: Any) -> Any:
        return chebyshev.chebroots(c)


class Legendre(Series):
    """In Legendre polynomials."""

    def _usual(self) -> Any:
        return np.array([-1.0, 1.0])

    def _value(self, x: Any, c: Any) -> Any:
        return legendre.legval(x, c)

    def _derivative(self, c: Any, m: int, scl: Any) -> Any:
        return legendre.legder(c, m, scl)

    def _integral(self, c: Any, m: int, scl: Any) -> Any:
        return legendre.legint(c, m, scl=scl)

    def _product(self, a: Any, b: Any) -> Any:
        return legendre.legmul(a, b)

    def _roots(self, c: Any) -> Any:
        return legendre.legroots(c)


class Laguerre(Series):
    """In Laguerre polynomials."""

    def _usual(self) -> Any:
        return np.array([0.0, 1.0])

    def _value(self, x: Any, c: Any) -> Any:
        return laguerre.lagval(x, c)

    def _derivative(self, c: Any, m: int, scl: Any) -> Any:
        return laguerre.lagder(c, m, scl)

    def _integral(self, c: Any, m: int, scl: Any) -> Any:
        return laguerre.lagint(c, m, scl=scl)

    def _product(self, a: Any, b: Any) -> Any:
        return laguerre.lagmul(a, b)

    def _roots(self, c: Any) -> Any:
        return laguerre.lagroots(c)


class Hermite(Series):
    """In Hermite polynomials of the physicists."""

    def _usual(self) -> Any:
        return np.array([-1.0, 1.0])

    def _value(self, x: Any, c: Any) -> Any:
        return hermite.hermval(x, c)

    def _derivative(self, c: Any, m: int, scl: Any) -> Any:
        return hermite.hermder(c, m, scl)

    def _integral(self, c: Any, m: int, scl: Any) -> Any:
        return hermite.hermint(c, m, scl=scl)

    def _product(self, a: Any, b: Any) -> Any:
        return hermite.hermmul(a, b)

    def _roots(self, c: Any) -> Any:
        return hermite.hermroots(c)


class HermiteE(Series):
    """In Hermite polynomials of statistics."""

    def _usual(self) -> Any:
        return np.array([-1.0, 1.0])

    def _value(self, x: Any, c: Any) -> Any:
        return hermite_e.hermeval(x, c)

    def _derivative(self, c: Any, m: int, scl: Any) -> Any:
        return hermite_e.hermeder(c, m, scl)

    def _integral(self, c: Any, m: int, scl: Any) -> Any:
        return hermite_e.hermeint(c, m, scl=scl)

    def _product(self, a: Any, b: Any) -> Any:
        return hermite_e.hermemul(a, b)

    def _roots(self, c: Any) -> Any:
        return hermite_e.hermeroots(c)


def line(old: Any, new: Any) -> Any:
    """Offset and slope of the line that maps the ends of one interval to those of another."""
    length = old[1] - old[0]
    return (old[1] * new[0] - old[0] * new[1]) / length, (new[1] - new[0]) / length


def as_series(c: Any) -> Any:
    """The coefficients as an array of floats; a number is a constant series."""
    made = 1.0 * np.array(c)
    if made.ndim > 1:
        raise ValueError("Coefficient array is not 1-d")
    return made if made.ndim == 1 else made.reshape(1)


def trimmed(c: Any) -> Any:
    """Without the zeros at the end; one coefficient stays."""
    return c[: significant(c)]


def power_product(c1: Any, c2: Any) -> Any:
    """Coefficients of a product in powers."""
    return trimmed(np.convolve(trimmed(as_series(c1)), trimmed(as_series(c2))))


def chebyshev_product(c1: Any, c2: Any) -> Any:
    """Coefficients of a product in Chebyshev polynomials: that of Laurent polynomials."""
    both = np.convolve(symmetric(trimmed(as_series(c1))), symmetric(trimmed(as_series(c2))))
    n = (len(both) + 1) // 2
    return trimmed(np.concatenate((both[n - 1 : n], 2 * both[n:])))


def subtracted(c1: Any, c2: Any) -> Any:
    """Difference of coefficients."""
    return added(c1, -as_series(c2))


def added(c1: Any, c2: Any) -> Any:
    """Sum of coefficients, the shorter ones continued with zeros."""
    a, b = trimmed(as_series(c1)), trimmed(as_series(c2))
    n = max(len(a), len(b))
    return trimmed(np.pad(a, (0, n - len(a))) + np.pad(b, (0, n - len(b))))


def symmetric(c: Any) -> Any:
    """The coefficients of powers of z from -n to n, for a series in (z + 1 / z) / 2."""
    half = c / 2
    return np.concatenate((half[:0:-1], c[:1], half[1:]))
