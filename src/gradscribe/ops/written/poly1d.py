"""`np.poly1d` in Python, lowered as user classes are.

In:  what users pass.   Out: objects that behave as those of NumPy do.
Not here: the functions of polynomials (ops/polynomials.py), the classes of numpy.polynomial (series_classes.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.runtime.polynomials import significant


class Poly1d:
    """A polynomial by its coefficients, the highest power first.

    On the left of it, what is NumPy's takes it for the array of its coefficients, as NumPy does.
    """

    def __init__(self, c_or_r: Any, r: Any = False, variable: Any = None) -> None:
        given = np.poly(c_or_r) if r else coefficients(c_or_r)
        self.coeffs = given[given.shape[0] - significant(given[::-1]) :]

    @property
    def c(self) -> Any:
        """The coefficients."""
        return self.coeffs

    @property
    def coef(self) -> Any:
        """The coefficients."""
        return self.coeffs

    @property
    def coefficients(self) -> Any:
        """The coefficients."""
        return self.coeffs

    @property
    def order(self) -> Any:
        """The highest power."""
        return self.coeffs.shape[0] - 1

    @property
    def o(self) -> Any:
        """The highest power."""
        return self.coeffs.shape[0] - 1

    @property
    def roots(self) -> Any:
        """Where it is 0, as complex numbers."""
        return np.roots(self.coeffs)

    @property
    def r(self) -> Any:
        """Where it is 0, as complex numbers."""
        return np.roots(self.coeffs)

    def __call__(self, val: Any) -> Any:
        """The value."""
        return np.polyval(self.coeffs, val)

    def __len__(self) -> int:
        return len(self.coeffs) - 1

    def __getitem__(self, val: Any) -> Any:
        """The coefficient of this power."""
        return self.coeffs[self.order - val] if 0 <= val <= self.order else 0.0 * self.coeffs[0]

    def deriv(self, m: int = 1) -> Any:
        """The derivative."""
        return np.poly1d(np.polyder(self.coeffs, m))

    def integ(self, m: int = 1, k: Any = 0) -> Any:
        """The integral from 0, plus `k`."""
        return np.poly1d(np.polyint(self.coeffs, m, k) if k else np.polyint(self.coeffs, m))

    def __neg__(self) -> Any:
        return np.poly1d(-self.coeffs)

    def __pos__(self) -> Any:
        return self

    def __add__(self, other: Any) -> Any:
        return np.poly1d(np.polyadd(self.coeffs, coefficients(other)))

    def __radd__(self, other: Any) -> Any:
        if _is_of_numpy(other):
            return other + self.coeffs
        return np.poly1d(np.polyadd(self.coeffs, coefficients(other)))

    def __sub__(self, other: Any) -> Any:
        return np.poly1d(np.polysub(self.coeffs, coefficients(other)))

    def __rsub__(self, other: Any) -> Any:
        if _is_of_numpy(other):
            return other - self.coeffs
        return np.poly1d(np.polysub(coefficients(other), self.coeffs))

    def __mul__(self, other: Any) -> Any:
        return np.poly1d(_product(self.coeffs, other))

    def __rmul__(self, other: Any) -> Any:
        if _is_of_numpy(other):
            return other * self.coeffs
        return np.poly1d(_product(self.coeffs, other))

    def __truediv__(self, other: Any) -> Any:
        """A polynomial over a number; over a polynomial, the quotient and the remainder."""
        if not isinstance(other, np.poly1d) and np.ndim(other) == 0:
            return np.poly1d(self.coeffs / other)
        quotient, remainder = np.polydiv(self.coeffs, coefficients(other))
        return np.poly1d(quotient), np.poly1d(remainder)

    def __rtruediv__(self, other: Any) -> Any:
        if _is_of_numpy(other):
            return other / self.coeffs
        if np.ndim(other) == 0:
            return np.poly1d(other / self.coeffs)
        quotient, remainder = np.polydiv(coefficients(other), self.coeffs)
        return np.poly1d(quotient), np.poly1d(remainder)

    def __pow__(self, val: int) -> Any:
        found = np.array([1])
        for _ in range(val):
            found = np.polymul(self.coeffs, found)
        return np.poly1d(found)


def _is_of_numpy(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.generic)


def coefficients(of: Any) -> Any:
    """Those of a polynomial; a number is a constant one."""
    return of.coeffs if isinstance(of, np.poly1d) else np.atleast_1d(of)


def _product(c: Any, other: Any) -> Any:
    if not isinstance(other, np.poly1d) and np.ndim(other) == 0:
        return c * other
    return np.polymul(c, coefficients(other))
