"""Models of scipy.linalg: structured matrices, and systems and functions of matrices that are made of others.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/scipy_matrices.py).
References: Higham, Functions of Matrices, 2008, theorem 3.6 (expm_frechet) and chapter 8 (polar).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.runtime.matrices import of_more_rows


def companion(a: Any) -> Any:
    """The matrix whose characteristic polynomial has these coefficients."""
    n = a.shape[0] - 1
    return np.concatenate(((-a[1:] / a[0])[None, :], np.eye(n - 1, n)))


def fiedler_companion(a: Any) -> Any:
    """The same polynomial's, of five diagonals: coefficients in turn right and left of the diagonal."""
    a = a / a[0]
    n = a.shape[0] - 1
    right, left = np.arange(0, n - 1, 2), np.arange(2, n, 2)
    c = np.zeros((n, n), a.dtype)
    c[right, right + 1] = -a[2::2]
    c[left, left - 1] = -a[3::2]
    c[right[: (n - 1) // 2], right[: (n - 1) // 2] + 2] = 1.0
    c[left[: (n - 2) // 2] + 1, left[: (n - 2) // 2] - 1] = 1.0
    c[0, 0] = -a[1]
    if n > 1:
        c[1, 0] = 1.0
    return c


def fiedler(a: Any) -> Any:
    """Distances of all pairs."""
    return np.abs(a[:, None] - a)


def leslie(f: Any, s: Any) -> Any:
    """Fecundities in the first row, survivals below the diagonal."""
    return np.concatenate((f[None, :], np.concatenate((np.diag(s), np.zeros((s.shape[0], 1))), 1)))


def convolution_matrix(a: Any, n: Any, mode: str = "full") -> Any:
    """The matrix that convolves a vector of n entries with this one."""
    m = a.shape[0]
    index = np.arange(m + n - 1)[:, None] - np.arange(n)
    full = np.where((index >= 0) & (index < m), a[np.clip(index, 0, m - 1)], 0.0)
    if mode == "full":
        return full
    trim = min(n, m) - 1
    first = trim // 2 if mode == "same" else trim
    last = trim - first if mode == "same" else trim
    return full[first : m + n - 1 - last]


def khatri_rao(a: Any, b: Any) -> Any:
    """Products of all pairs of rows, column by column."""
    return np.reshape(a[:, None, :] * b[None, :, :], (a.shape[0] * b.shape[0], a.shape[1]))


def lu_factor(a: Any) -> Any:
    """Both factors in one matrix, and the exchanges of rows, which count as constant."""
    from scipy.linalg import lu

    _, lower, upper = lu(a)
    return np.tril(lower, -1) + upper, np.zeros(a.shape[0], np.int32)


def lu_solve(lu_and_piv: Any, b: Any, trans: int = 0) -> Any:
    """Two triangular systems, and the exchanges of rows."""
    from scipy.linalg import solve_triangular

    factors, exchanges = lu_and_piv
    order = np.arange(factors.shape[0])
    for k in range(factors.shape[0]):
        j = exchanges[k]
        order[k], order[j] = order[j], order[k]
    if trans == 0:
        y = solve_triangular(factors, b[order], lower=True, unit_diagonal=True)
        return solve_triangular(factors, y)
    y = solve_triangular(factors, b, trans=trans)
    y = solve_triangular(factors, y, lower=True, trans=trans, unit_diagonal=True)
    return y[np.argsort(order)]


def expm_frechet(A: Any, E: Any) -> Any:
    """The exponential and its derivative in a direction: blocks of the exponential of a block matrix."""
    from scipy.linalg import expm

    A, E = (np.asarray(x, complex if x.dtype.kind == "c" else float) for x in (A, E))
    n = A.shape[0]
    above = np.concatenate((A, E), 1)
    below = np.concatenate((np.zeros_like(A), A), 1)
    both = expm(np.concatenate((above, below)))
    return both[:n, :n], both[:n, n:]


def polar(a: Any, side: str = "right") -> Any:
    """An orthogonal factor, and a positive one on its side."""
    from scipy.linalg import sqrtm

    adjoint = np.conj(a).T
    if a.shape[0] < a.shape[1]:
        u = np.linalg.solve(sqrtm(a @ adjoint), a)
    else:
        u = np.conj(np.linalg.solve(sqrtm(adjoint @ a), adjoint)).T
    return u, np.conj(u).T @ a if side == "right" else a @ np.conj(u).T


def orthogonal_procrustes(A: Any, B: Any) -> Any:
    """The orthogonal matrix that brings one set of points nearest to another: a polar factor."""
    r, p = polar(np.conj(A).T @ B)
    return r, np.real(np.trace(p))


def pinv(a: Any) -> Any:
    """The pseudoinverse."""
    return np.linalg.pinv(a)


def pinvh(a: Any) -> Any:
    """The pseudoinverse of a symmetric matrix, of which the lower triangle is read."""
    lower = np.tril(a, -1)
    return np.linalg.pinv(lower + np.conj(lower).T + np.diag(np.real(np.diag(a))))


def norm(a: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """A norm of a vector or matrix."""
    found = np.linalg.norm(a, ord, axis, keepdims)
    # SciPy gives what BLAS and LAPACK return, a float.
    is_blas = axis is None and not keepdims and (ord in (None, 2) if a.ndim == 1 else ord in (1, np.inf))
    return float(found) if is_blas else found


def lstsq(a: Any, b: Any) -> Any:
    """Solution of least squares, sums of squares, rank and singular values."""
    x, residuals, _, values = np.linalg.lstsq(a, b)
    missed = np.sum((b - a @ x) ** 2, 0)
    squares = of_more_rows(missed, a) if b.ndim == 1 else missed[: residuals.shape[0]]
    return x, squares, a.shape[1], values


def solve_circulant(c: Any, b: Any) -> Any:
    """Division of spectra."""
    spectrum = np.fft.fft(c) if b.ndim == 1 else np.fft.fft(c)[:, None]
    found = np.fft.ifft(np.fft.fft(b, axis=0) / spectrum, axis=0)
    return found if "c" in (b.dtype.kind, c.dtype.kind) else np.real(found)


def solve_toeplitz(c_or_cr: Any, b: Any) -> Any:
    """A system whose matrix is written out: entry (i, j) is c[i - j], or r[j - i] above the diagonal."""
    c, r = c_or_cr if isinstance(c_or_cr, tuple) else (c_or_cr, np.conj(c_or_cr))
    is_complex = "c" in (c.dtype.kind, r.dtype.kind, b.dtype.kind)
    n, values = c.shape[0], np.concatenate((c[::-1], r[1:]))
    matrix = values[(n - 1) - np.arange(n)[:, None] + np.arange(n)]
    return np.linalg.solve(matrix, b.astype(np.complex128 if is_complex else np.float64))


def eigh_tridiagonal(d: Any, e: Any) -> Any:
    """Eigenvalues and eigenvectors of a symmetric matrix of three diagonals."""
    return np.linalg.eigh(np.diag(d) + np.diag(e, 1) + np.diag(e, -1))


def eigvalsh_tridiagonal(d: Any, e: Any) -> Any:
    """Its eigenvalues."""
    return np.linalg.eigvalsh(np.diag(d) + np.diag(e, 1) + np.diag(e, -1))


def coshm(A: Any) -> Any:
    """The even part of the exponential."""
    from scipy.linalg import expm

    return (expm(A) + expm(-A)) / 2


def sinhm(A: Any) -> Any:
    """The odd part of the exponential."""
    from scipy.linalg import expm

    return (expm(A) - expm(-A)) / 2


def tanhm(A: Any) -> Any:
    """The quotient of both."""
    return np.linalg.solve(coshm(A), sinhm(A))


def cosm(A: Any) -> Any:
    """Of a real matrix: the real part of exp(iA), by a real matrix of twice the size."""
    return _rotation(A)[0]


def sinm(A: Any) -> Any:
    """Of a real matrix: the imaginary part of exp(iA)."""
    return _rotation(A)[1]


def tanm(A: Any) -> Any:
    """The quotient of both."""
    cosine, sine = _rotation(A)
    return np.linalg.solve(cosine, sine)


def _rotation(A: Any) -> Any:
    """Cosine and sine: exp of [[0, -A], [A, 0]] is [[cos A, -sin A], [sin A, cos A]]."""
    from scipy.linalg import expm

    n, zero = A.shape[0], np.zeros_like(A)
    both = expm(np.concatenate((np.concatenate((zero, -A), 1), np.concatenate((A, zero), 1))))
    return both[:n, :n], both[n:, :n]


def fractional_matrix_power(A: Any, t: Any) -> Any:
    """exp(t log A)."""
    from scipy.linalg import expm, logm

    return expm(t * logm(A))
