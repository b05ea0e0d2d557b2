"""scipy.signal: spectra, spectrograms and short-time Fourier transforms.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/spectral_estimates.py), Fourier transforms (fourier.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradscribe.ops.composite import modelled
from gradscribe.ops.options import Options
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import spectral_estimates as model

SEGMENTS = "fs=1.0, window='hann_periodic', nperseg=None, noverlap=None, nfft=None, detrend='constant'"
TRENDS = ("constant", "linear", False)
OPTIONS: Options = {"detrend": TRENDS, "scaling": ("density", "spectrum")}
AVERAGED: Options = {**OPTIONS, "average": ("mean", "median")}
BOUNDARIES = ("zeros", "even", "odd", "constant", None)
WELCH = f"{SEGMENTS}, return_onesided=True, scaling='density', axis=-1, average='mean'"


def _entry(
    function: Callable[..., Any], signature: str, doc: str, samples: tuple[str, ...], **fields: Any
) -> OpSpec:
    name = function.__name__
    return modelled(
        name,
        f"scipy.signal.{name}",
        signature,
        function,
        doc,
        why="Fourier transforms of windowed segments",
        samples=samples,
        **fields,
    )


OPERATIONS = (
    _entry(
        model.welch,
        f"x, {WELCH}",
        "Power spectrum by averaging segments.",
        (
            "a(20), nperseg=8",
            "a(21), 2.0, nperseg=7, scaling='spectrum'",
            "a(16, 2), nperseg=6, axis=0, detrend='linear'",
            "a(24), nperseg=6, average='median'",
            "a(12), nperseg=5, nfft=8, detrend=False, return_onesided=False",
            "a(10), window='hamming', nperseg=10",
        ),
        precise_as={1: "x"},
        options=AVERAGED,
    ),
    _entry(
        model.csd,
        f"x, y, {WELCH}",
        "Cross spectrum by averaging segments.",
        ("a(20), a(20), nperseg=8", "a(2, 16), a(2, 16), 2.0, nperseg=6"),
        precise_as={1: "x y"},
        options=AVERAGED,
    ),
    _entry(
        model.coherence,
        f"x, y, {SEGMENTS}, axis=-1",
        "Coherence of two signals.",
        ("a(24), a(24), nperseg=6",),
        precise_as={1: "x y"},
        options={"detrend": TRENDS},
    ),
    _entry(
        model.periodogram,
        "x, fs=1.0, window='boxcar', nfft=None, detrend='constant', return_onesided=True, scaling='density', "
        "axis=-1",
        "Power spectrum of the whole signal.",
        ("a(8)", "a(7), 3.0, window='hann'", "a(8), nfft=12", "a(8), nfft=5", "a(2, 6), scaling='spectrum'"),
        precise_as={1: "x"},
        options=OPTIONS,
    ),
    _entry(
        model.spectrogram,
        "x, fs=1.0, window=('tukey_periodic', 0.25), nperseg=None, noverlap=None, nfft=None, detrend='constant', "
        "return_onesided=True, scaling='density', axis=-1, mode='psd'",
        "Power spectra segment by segment.",
        (
            "a(20), nperseg=8",
            "a(2, 20), 2.0, nperseg=7, noverlap=3",
            "a(20), nperseg=8, mode='magnitude'",
            "a(20), nperseg=8, mode='complex'",
        ),
        precise_as={2: "x"},
        options={**OPTIONS, "mode": ("psd", "magnitude", "complex")},
    ),
    _entry(
        model.stft,
        "x, fs=1.0, window='hann_periodic', nperseg=256, noverlap=None, nfft=None, detrend=False, "
        "return_onesided=True, boundary='zeros', padded=True, axis=-1, scaling='spectrum'",
        "Short-time Fourier transform.",
        (
            "a(20), nperseg=8",
            "a(18, 2), 2.0, nperseg=6, axis=0, noverlap=4",
            "a(21), nperseg=8, boundary=None, padded=False, scaling='psd'",
            "a(20), nperseg=8, boundary='odd'",
        ),
        precise_as={2: "x"},
        options={"detrend": TRENDS, "boundary": BOUNDARIES, "scaling": ("spectrum", "psd")},
    ),
    _entry(
        model.istft,
        "Zxx, fs=1.0, window='hann_periodic', nperseg=None, noverlap=None, nfft=None, input_onesided=True, "
        "boundary=True, scaling='spectrum'",
        "Inverse of stft.",
        ("c(5, 6)", "c(5, 6), 2.0, window='hamming', boundary=False, noverlap=6"),
        precise_as={1: "Zxx"},
        options={"scaling": ("spectrum", "psd")},
        refused_keywords={"time_axis": "time must be last", "freq_axis": "frequencies must be last but one"},
    ),
)
