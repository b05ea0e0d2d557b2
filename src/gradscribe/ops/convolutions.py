"""scipy.signal: convolutions of matrices that are continued beyond their edges; rational rates; responses.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/convolutions.py), convolutions of what ends and filters (signals.py, filters.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradscribe.ops.composite import modelled
from gradscribe.ops.options import Options
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import convolutions as model

BOUNDED: Options = {"mode": ("full", "same", "valid"), "boundary": ("fill", "wrap", "symm")}
EDGES = (
    "a(4, 5), a(2, 3), boundary='symm'",
    "a(4, 5), a(3, 2), mode='same', boundary='wrap'",
    "a(4, 5), a(2, 2), 'same', 'fill', f().value",
    "a(4, 5), a(2, 3), mode='valid', boundary='symm'",
)


def _entry(
    name: str, function: Callable[..., Any], signature: str, doc: str, *samples: str, **fields: Any
) -> OpSpec:
    return modelled(
        name,
        f"scipy.signal.{function.__name__}",
        signature,
        function,
        doc,
        why="what it is computed from",
        samples=samples,
        **fields,
    )


SURROUNDED = "in1, in2, mode='full', boundary='fill', fillvalue=0"
OPERATIONS = (
    _entry(
        "bounded_convolve2d",
        model.convolve2d,
        SURROUNDED,
        "Convolution of a matrix that is continued beyond its edges.",
        *EDGES,
        options=BOUNDED,
    ),
    _entry(
        "correlate2d",
        model.correlate2d,
        SURROUNDED,
        "Correlation of matrices.",
        "a(4, 5), a(2, 3)",
        "a(4, 5), a(2, 2), mode='same'",
        "a(4, 5), a(2, 3), mode='valid'",
        *EDGES,
        options=BOUNDED,
    ),
    _entry(
        "freqz",
        model.freqz,
        "b, a=1, worN=512, whole=False, *, fs=6.283185307179586",
        "Response of a filter to frequencies.",
        "a(3), worN=4",
        "a(3), 2.0 + a(2), n(5)",
        "a(3), array([1.0, 0.3]), worN=array([0.2, 0.9]), fs=3.0",
        "a(3), worN=4, whole=True",
        double_only=True,
        refused_keywords={"plot": "plot the results", "include_nyquist": "pass the frequencies as worN"},
    ),
    _entry(
        "upfirdn",
        model.upfirdn,
        "h, x, up=1, down=1, axis=-1",
        "Filtering at rational rates.",
        "a(3), a(5)",
        "a(3), a(5), 3, 2",
        "a(4), a(5, 2), 2, axis=0",
        refused_keywords={"mode": "pad the signal instead", "cval": "pad the signal instead"},
    ),
)
