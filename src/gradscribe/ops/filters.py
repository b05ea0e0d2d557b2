"""scipy.signal: filters that run both ways, trends, smoothing and other rates; windows and designs as constants.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/filters.py), filters that run once and convolutions (signals.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import ArrayType, Type
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import constant_almost_everywhere, refused
from gradscribe.ops.options import Options
from gradscribe.ops.shapes import int_length
from gradscribe.ops.spec import Domain, OpSpec, Spelling, TypeRule, Unsupported
from gradscribe.ops.written import filters as model

Attrs = Mapping[str, object]
SIGNAL = "scipy.signal."
DOUBLE = np.dtype(np.float64)
WHY = "what it is computed from"
EXTENDED: Options = {"padtype": ("odd", "even", "constant", None)}
DESIGNED = "how a designed filter moves with its frequencies is not followed"
PLAIN_WINDOWS = (
    *("boxcar", "triang", "parzen", "bohman", "blackman", "nuttall", "blackmanharris", "flattop", "bartlett"),
    *("hann", "hamming", "cosine", "barthann"),
)
SECTIONS = "constant([[0.2, 0.3, 0.1, 1.0, -0.4, 0.2], [0.5, 0.1, 0.0, 1.0, 0.3, 0.0]])"


def _entry(
    function: Callable[..., Any], signature: str, doc: str, samples: tuple[str, ...], **fields: Any
) -> OpSpec:
    name = function.__name__
    return modelled(name, f"{SIGNAL}{name}", signature, function, doc, why=WHY, samples=samples, **fields)


def _vector(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(DOUBLE, (fresh(),)),)


def _window(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(DOUBLE, (int_length(attrs["Nx"], types),)),)


def _window_of_length(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if any(isinstance(attrs.get(name), Input) for name in ("beta", "std", "alpha", "NW")):
        raise Unsupported("a window whose shape is known at run time only", "write its formula with NumPy")
    return (ArrayType(DOUBLE, (int_length(attrs["M"], types),)),)


def _design(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if attrs.get("output", "ba") == "sos":
        return (ArrayType(DOUBLE, (fresh(), fresh())),)
    return _vector(types, attrs, spelling) * (3 if attrs.get("output") == "zpk" else 2)


def _designed(name: str, signature: str, types: TypeRule, doc: str, **fields: Any) -> OpSpec:
    """Differentiating by a frequency is an error; mostly they are numbers known now."""
    return refused(
        name,
        SIGNAL + name,
        signature,
        types,
        doc,
        why=DESIGNED,
        fix="compute the coefficients from the frequencies, or keep these constant",
        backend=Domain.OPAQUE,
        operands=(),
        **fields,
    )


OPERATIONS = (
    _entry(
        model.detrend,
        "data, axis=-1, type='linear'",
        "Data without their mean or trend.",
        ("a(6)", "a(3, 5), axis=0", "a(2, 5), type='constant'"),
        precise_as={0: "data"},
        options={"type": ("linear", "constant", "l", "c")},
        refused_keywords={
            "bp": "remove the trend of each piece on its own",
            "overwrite_data": "data are kept",
        },
    ),
    _entry(
        model.hilbert,
        "x, N=None, axis=-1",
        "Analytic signal.",
        ("a(6)", "a(5)", "a(3, 4), axis=0", "a(4), N=7"),
        precise_as={0: "x"},
    ),
    _entry(
        model.filtfilt,
        "b, a, x, axis=-1, padtype='odd', padlen=None",
        "A filter forwards and backwards.",
        (
            "a(3), 1.0, a(12)",
            "a(2), array([1.0, -0.4, 0.2]), a(14)",
            "array([0.3, 0.2]), 2.0 + a(2), a(14, 2), axis=0",
            "array([0.3, 0.2]), 2.0 + a(2), a(2, 14), padtype='even'",
            "array([0.3, 0.2]), 2.0 + a(2), a(14), padtype='constant', padlen=4",
            "array([0.3, 0.2]), 2.0 + a(2), a(14), padtype=None",
        ),
        options=EXTENDED,
        refused_keywords={"method": "only padding is supported", "irlen": "it belongs to method='gust'"},
    ),
    _entry(
        model.sosfiltfilt,
        "sos, x, axis=-1, padtype='odd', padlen=None",
        "Second-order sections forwards and backwards.",
        (f"{SECTIONS}, a(18)", f"{SECTIONS}, a(2, 16), padtype='even'"),
        options=EXTENDED,
    ),
    _entry(
        model.decimate,
        "x, q, n=None, ftype='iir', axis=-1, zero_phase=True",
        "Every q-th sample of a filtered signal.",
        ("a(60), 2", "a(60), 3, n=4, zero_phase=False", "a(60, 2), 2, axis=0"),
        options={"ftype": ("iir",)},
    ),
    _entry(
        model.savgol_filter,
        "x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode='interp', cval=0.0",
        "Polynomials of least squares in a moving window.",
        (
            "a(9), 5, 2",
            "a(9, 2), 5, 3, deriv=1, delta=0.5, axis=0",
            "a(9), 5, 2, mode='nearest'",
            "a(9), 5, 3, deriv=2",
            "a(9), 5, 2, mode='constant', cval=0.3",
            "a(9), 4, 2",
            "a(9), 4, 2, deriv=1, mode='mirror'",
        ),
        real_only=True,
        precise_as={0: "x"},
        options={"mode": ("interp", "mirror", "constant", "nearest", "wrap")},
    ),
    _entry(
        model.resample,
        "x, num, *, axis=0",
        "Samples of the same spectrum at another rate.",
        ("a(8), 5", "a(8), 6", "a(6), 9", "a(7), 12", "a(6), 8", "a(3, 8), 6, axis=1"),
        precise_as={0: "x"},
        refused_keywords={
            "t": "the times are t[0] + (t[1] - t[0]) * len(x) / num * np.arange(num)",
            "window": "multiply the spectrum yourself",
            "domain": "pass samples",
        },
    ),
    _entry(
        model.lfilter_zi,
        "b, a",
        "State of a filter in its steady state.",
        ("a(3), 2.0 + a(3)", "a(2), 2.0 + a(4)", "a(4), 2.0 + a(2)"),
    ),
    constant_almost_everywhere(
        "get_window",
        f"{SIGNAL}get_window",
        "it has no float operand",
        "Window of a given length.",
        signature="window, Nx, fftbins=True",
        types=_window,
        operands=(),
        backend=Domain.OPAQUE,
        samples=("'hann', 5", "'hamming', n(6), False", "('kaiser', 3.0), 5"),
    ),
    *(
        constant_almost_everywhere(
            f"{name}_window",
            f"{SIGNAL}windows.{name}",
            "it has no float operand",
            "Window of a given length.",
            signature=", ".join(["M", *parameters, "sym=True"]),
            types=_window_of_length,
            operands=(),
            backend=Domain.OPAQUE,
            refused_keywords=dict.fromkeys(("Kmax", "norm", "return_ratios"), "one window is given"),
            samples=(", ".join(["6", *values]), ", ".join(["n(5)", *values, "sym=False"])),
        )
        for name, parameters, values in (
            *((name, (), ()) for name in PLAIN_WINDOWS),
            ("kaiser", ("beta",), ("3.0",)),
            ("gaussian", ("std",), ("1.5",)),
            ("tukey", ("alpha=0.5",), ("0.3",)),
            ("dpss", ("NW", "*"), ("2.0",)),
        )
    ),
    constant_almost_everywhere(
        "savgol_coeffs",
        f"{SIGNAL}savgol_coeffs",
        "it has no float operand",
        "Coefficients of a Savitzky-Golay filter.",
        signature="window_length, polyorder, *, deriv=0, delta=1.0, pos=None, use='conv'",
        types=_vector,
        operands=(),
        backend=Domain.OPAQUE,
        samples=("5, 2", "7, 3, deriv=1, use='dot'"),
    ),
    *(
        _designed(
            name,
            f"{parameters}, btype='low', analog=False, output='ba', fs=None",
            _design,
            doc,
            samples=samples,
        )
        for name, parameters, doc, samples in (
            ("butter", "N, Wn", "Butterworth filter.", ("2, 0.3", "2, 0.3, output='sos'")),
            ("cheby1", "N, rp, Wn", "Chebyshev filter.", ("2, 0.5, 0.3",)),
            ("cheby2", "N, rs, Wn", "Inverse Chebyshev filter.", ("2, 20.0, 0.3",)),
            ("ellip", "N, rp, rs, Wn", "Elliptic filter.", ("2, 0.5, 20.0, 0.3",)),
        )
    ),
    _designed(
        "firwin",
        "numtaps, cutoff, *, width=None, window='hamming', pass_zero=True, scale=True, fs=None",
        _vector,
        "Filter of finite response.",
        samples=("5, 0.3",),
    ),
    _designed("iirnotch", "w0, Q, fs=2.0", _design, "Notch filter.", samples=("0.3, 5.0",)),
)
