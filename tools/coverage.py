"""Which functions other tools differentiate, and what the operation table says of them.

`WORKS_IN` lists, by namespace, the names whose gradient agrees with central differences in HIPS autograd and in
JAX, counted with some 45 forms of call for each name: a lower bound.

In:  the operation table.   Out: `status` of a name, `count`.
Not here: printing it (tables.py).
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from gradscribe.frontend.builtin_calls import BUILTINS
from gradscribe.frontend.distributions import is_distribution
from gradscribe.frontend.written_out import WRITTEN_OUT
from gradscribe.ops.spec import ConstantAlmostEverywhere, Refused
from gradscribe.ops.table import find_callable

WORKS_IN: Mapping[str, Mapping[str, str]] = {
    "numpy": {
        "autograd": """
abs absolute acos add amax amin append arccos arcsin arcsinh arctan arctan2 arctanh array
array_split asin asinh atan atan2 atanh atleast_1d atleast_2d atleast_3d broadcast_to clip
column_stack concatenate conj conjugate cos cosh cross cumsum deg2rad degrees diag diff divide dot
einsum exp exp2 expand_dims expm1 fabs fliplr flipud fmax fmin gradient hsplit hstack hypot inner
kron linspace log log10 log1p log2 logaddexp logaddexp2 matmul max maximum mean min minimum mod
moveaxis multiply nan_to_num nanmax nanmin nanprod nansum negative outer partition permute_dims pow
power prod ptp rad2deg radians ravel real real_if_close reciprocal remainder repeat reshape roll
rollaxis rot90 row_stack select sin sinc sinh sort split sqrt square squeeze stack std subtract sum
swapaxes tan tanh tensordot tile trace transpose tril triu true_divide var vdot vsplit vstack where
""",
        "JAX, further": """
asarray average bincount block broadcast_arrays cbrt choose compress concat convolve copy copysign
corrcoef correlate cov cumprod cumulative_prod cumulative_sum delete diagflat diagonal divmod dstack
ediff1d extract flip float_power fmod frexp full_like geomspace heaviside histogram histogram2d
histogram_bin_edges histogramdd i0 insert interp ix_ ldexp logspace matrix_transpose matvec median
meshgrid modf nancumprod nancumsum nanmean nanmedian nanpercentile nanquantile nanstd nanvar pad
percentile poly polyadd polyder polydiv polyint polymul polysub polyval positive quantile resize
roots setdiff1d setxor1d sort_complex take take_along_axis trapezoid trim_zeros unravel_index
unstack unwrap vander vecdot vecmat
""",
    },
    "numpy.linalg": {
        "autograd": """
cholesky det eig eigh inv multi_dot norm pinv slogdet solve svd trace
""",
        "JAX, further": """
cond cross diagonal eigvals eigvalsh lstsq matmul matrix_norm matrix_power matrix_transpose outer qr
svdvals tensordot tensorinv tensorsolve vecdot vector_norm
""",
    },
    "numpy.fft": {
        "autograd": """
fft fft2 fftn fftshift ifft ifft2 ifftn ifftshift irfft irfft2 irfftn rfft rfft2 rfftn
""",
        "JAX, further": "hfft ihfft fftfreq rfftfreq",
    },
    "scipy.special": {
        "autograd": """
beta betainc betaln digamma erf erfc erfcinv erfinv expit gamma gammainc gammaincc gammaln i0 i1 iv
ive j0 j1 jn logit logsumexp multigammaln polygamma psi rgamma y0 y1 yn
""",
        "JAX, further": """
boxcox boxcox1p comb dawsn entr erfcx exp1 expi expn factorial fresnel hyp1f1 i0e i1e kl_div
log_ndtr log_softmax loggamma ndtr ndtri owens_t poch rel_entr sici softmax spence wofz xlog1py
xlogy zeta
""",
    },
    "scipy.linalg": {
        "autograd": "solve_triangular solve_sylvester solve_banded sqrtm",
        "JAX, further": """
block_diag cho_factor cho_solve cholesky circulant companion convolution_matrix det eigh expm
expm_frechet fiedler fiedler_companion hankel inv lu lu_factor qr rsf2csf solve svd toeplitz
""",
    },
    "scipy.stats": {
        "autograd": "norm t beta gamma chi2 poisson dirichlet multivariate_normal",
        "JAX, further": """
bernoulli betabinom binom cauchy expon gennorm geom gumbel_l gumbel_r laplace logistic multinomial
nbinom pareto truncnorm uniform vonmises wrapcauchy
""",
    },
    "scipy.signal": {
        "autograd": "convolve",
        "JAX, further": "convolve2d correlate correlate2d csd detrend fftconvolve istft stft welch",
    },
    "scipy.ndimage": {"JAX": "map_coordinates"},
    "scipy.integrate": {"autograd": "odeint", "JAX, further": "trapezoid"},
    "scipy.interpolate": {"JAX": "RegularGridInterpolator"},
    "scipy.fft": {"JAX": "dct dctn idct idctn"},
}

DIFFERENTIATED = "differentiated"
CONSTANT = "zero derivative"
REFUSED = "refused"
MISSING = "missing"


def names(namespace: str) -> list[str]:
    """The union of the lists of a namespace."""
    return sorted({name for listed in WORKS_IN[namespace].values() for name in listed.split()})


def function_of(namespace: str, name: str) -> Any:
    """The function of a name; NumPy 2.5 has the one that was also called `row_stack` under its other name only."""
    return getattr(importlib.import_module(namespace), "vstack" if name == "row_stack" else name)


def status(namespace: str, name: str) -> str:
    """What the table says of a function."""
    target = function_of(namespace, name)
    if is_distribution(target):
        target = getattr(target, "logpdf", None) or target.logpmf
    if target in BUILTINS or target in WRITTEN_OUT:
        return DIFFERENTIATED
    found = find_callable(target)
    if found is None:
        return MISSING
    form = found[0].form
    if found[0].written is not None and isinstance(form, Refused):
        return DIFFERENTIATED
    if isinstance(form, Refused):
        return REFUSED
    return CONSTANT if isinstance(form, ConstantAlmostEverywhere) else DIFFERENTIATED


def count(namespace: str) -> Counter[str]:
    """How many names of the union have which status."""
    return Counter(status(namespace, name) for name in names(namespace))
