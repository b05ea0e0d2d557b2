"""scipy.ndimage: filters along axes, derivatives of images, values between pixels by splines, moved images.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/images.py, written/sampled_images.py), kernels of several dimensions and what is
its own transpose (images.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradscribe.ops.composite import modelled
from gradscribe.ops.options import Options
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import images as model
from gradscribe.ops.written import sampled_images as sampled

NDIMAGE = "scipy.ndimage."
RUNTIME = "gradscribe.runtime.images."
MODES: Options = {"mode": tuple(model.NAMES)}
SAMPLED: Options = {**MODES, "order": (0, 1, 2, 3)}
# Places half between pixels are many here, and which is nearest depends on rounding.
TURNED: Options = {**MODES, "order": (1, 2, 3)}
EDGES = "mode='reflect', cval=0.0"
REFUSED = {
    "output": "it writes into another array",
    "axes": "all axes are filtered",
    "prefilter": "the image is filtered first",
    "output_shape": "the image keeps its shape",
    "grid_mode": "pixels are points",
}
PLACES = "array([[0.3, 2.6, 7.2], [3.2, -1.7, 1.1]])"


def _entry(
    function: Callable[..., Any],
    signature: str,
    doc: str,
    *samples: str,
    options: Options = MODES,
    by_runtime: bool = False,
) -> OpSpec:
    name = function.__name__
    return modelled(
        f"general_{name}" if by_runtime else f"image_{name}",
        f"{RUNTIME if by_runtime else NDIMAGE}{name}",
        signature,
        function,
        doc,
        why="pixels read where the mode puts them, times weights",
        real_only=True,
        refused_keywords=REFUSED,
        options=options,
        known_as=f"{NDIMAGE}{name}" if by_runtime else "",
        samples=samples,
    )


OPERATIONS = (
    _entry(
        model.correlate1d,
        f"input, weights, axis=-1, *, {EDGES}, origin=0",
        "Correlation along an axis.",
        "a(6), a(3)",
        "a(4, 5), a(4), axis=0, mode='mirror'",
        "a(6), a(3), mode='constant', cval=0.3, origin=1",
    ),
    _entry(
        model.convolve1d,
        f"input, weights, axis=-1, *, {EDGES}, origin=0",
        "Convolution along an axis.",
        "a(6), a(3)",
        "a(4, 5), a(4), axis=0, mode='nearest'",
    ),
    _entry(
        model.uniform_filter1d,
        f"input, size, axis=-1, *, {EDGES}, origin=0",
        "Mean of a moving window.",
        "a(6), 3",
        "a(4, 5), 4, axis=0, mode='wrap'",
    ),
    _entry(
        model.uniform_filter,
        f"input, size=3, *, {EDGES}, origin=0",
        "Mean of a window that moves along all axes.",
        "a(4, 5)",
        "a(4, 5), (3, 2), mode='nearest'",
    ),
    _entry(model.sobel, f"input, axis=-1, *, {EDGES}", "Sobel filter.", "a(4, 5)", "a(4, 5), 0, mode='wrap'"),
    _entry(model.prewitt, f"input, axis=-1, *, {EDGES}", "Prewitt filter.", "a(4, 5)", "a(4, 5), axis=0"),
    _entry(model.laplace, f"input, *, {EDGES}", "Laplacian of an image.", "a(4, 5)", "a(6), mode='nearest'"),
    _entry(
        model.gaussian_laplace,
        f"input, sigma, *, {EDGES}, truncate=4.0",
        "Laplacian of the filtered image.",
        "a(4, 5), 0.6",
        "a(4, 5), (0.6, 0.8), mode='nearest'",
    ),
    _entry(
        model.gaussian_gradient_magnitude,
        f"input, sigma, *, {EDGES}, truncate=4.0",
        "Length of the gradient of the filtered image.",
        "a(4, 5), 0.6",
    ),
    _entry(
        model.gaussian_filter1d,
        f"input, sigma, *, axis=-1, order=0, {EDGES}, truncate=4.0, radius=None",
        "Gaussian filter along an axis, or a derivative of it.",
        "a(6), 0.7 + 0.2 * f().value",
        "a(4, 5), 0.8, order=1, axis=0, mode='mirror'",
        "a(6), 0.8, order=2, radius=2",
        by_runtime=True,
    ),
    _entry(
        model.gaussian_filter,
        f"input, sigma, *, order=0, {EDGES}, truncate=4.0, radius=None",
        "Gaussian filter along all axes, or a derivative of it.",
        "a(6), 0.7 + 0.2 * f().value",
        "a(4, 5), (0.6, 0.8), mode='nearest'",
        "a(4, 5), 0.6, order=(0, 1), mode='constant', cval=0.3",
        by_runtime=True,
    ),
    _entry(
        sampled.map_coordinates,
        "input, coordinates, *, order=3, mode='constant', cval=0.0",
        "Values of an image between its pixels, by splines.",
        f"a(9, 10), {PLACES}",
        f"a(9, 10), {PLACES}, order=1, mode='reflect'",
        f"a(9, 10), {PLACES}, order=2, mode='nearest'",
        "a(10), array([[0.3, 2.6, 7.2]]), mode='wrap'",
        "a(10), array([[0.3, 2.6, 7.2]]), mode='mirror', order=3",
        options=SAMPLED,
        by_runtime=True,
    ),
    _entry(
        sampled.shift,
        "input, shift, *, order=3, mode='constant', cval=0.0",
        "A moved image.",
        "a(9, 10), 0.3 + 0.1 * f().value",
        "a(9, 10), array([0.3, -0.6]), order=1, mode='nearest'",
        options=SAMPLED,
    ),
    _entry(
        sampled.affine_transform,
        "input, matrix, offset=0.0, *, order=3, mode='constant', cval=0.0",
        "An image that a linear map and an offset move.",
        "a(9, 10), array([[1.02, 0.0], [-0.0, 1.0]]), array([0.38, 0.31])",
        "a(9, 10), array([0.91, 1.07]), 0.23, order=1, mode='nearest'",
        options=SAMPLED,
    ),
    _entry(
        sampled.zoom,
        "input, zoom, *, order=3, mode='constant', cval=0.0",
        "An image with more or fewer pixels.",
        "a(12), 2.0",
        "a(9, 10), 1.5, order=1",
        "a(9, 10), (2, 0.5), order=1, mode='nearest'",
        options=TURNED,
    ),
    _entry(
        sampled.rotate,
        "input, angle, *, reshape=True, order=3, mode='constant', cval=0.0",
        "An image, turned by an angle in degrees.",
        "a(12, 13), 20.0, reshape=False",
        "a(9, 10), 30.0 + f().value, order=1, mode='nearest'",
        options=TURNED,
    ),
)
