"""Which leaves GaLore sees as matrices, and how. Its steps are in the table."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe import optim
from gradscribe.optim import GaLoreDimensionNumbers

RNG = np.random.default_rng(2)
PARAMS = {"heads": RNG.normal(size=(3, 2, 4)), "w": RNG.normal(size=(5, 2)), "b": RNG.normal(size=2)}
GRADS = {name: RNG.normal(size=leaf.shape) for name, leaf in PARAMS.items()}
HEADS = GaLoreDimensionNumbers(0, (1, -1))


@pytest.mark.parametrize(
    "axes", [{"heads": HEADS, "w": None, "b": None}, lambda params: {"heads": HEADS, "w": None, "b": None}]
)
def test_axes_are_joined_to_rows_and_columns(axes):
    opt = optim.scale_by_galore(2, base_optimizer=optim.identity(), weight_dimension_numbers=axes)
    state = opt.init(PARAMS)
    found, after = opt.update(GRADS, state, PARAMS)
    left, sizes, right = np.linalg.svd(GRADS["heads"].reshape(3, 8), full_matrices=False)
    nearest = (left[:, :2] * sizes[:2]) @ right[:2]
    np.testing.assert_allclose(found["heads"], nearest.reshape(3, 2, 4), rtol=1e-12)
    np.testing.assert_array_equal(found["w"], GRADS["w"])
    assert [basis if basis is None else basis.shape for basis in after.projector] == [(8, 2), None, None]


def test_one_choice_of_axes_is_for_all_matrices_and_rows_may_be_last():
    two = {"v": PARAMS["w"].T, "w": PARAMS["w"], "b": PARAMS["b"]}
    grads = {"v": GRADS["w"].T, "w": GRADS["w"], "b": GRADS["b"]}
    opt = optim.scale_by_galore(
        1, scale=2.0, base_optimizer=optim.identity(), weight_dimension_numbers=GaLoreDimensionNumbers(1, 0)
    )
    found, _ = opt.update(grads, opt.init(two), two)
    left, sizes, right = np.linalg.svd(GRADS["w"], full_matrices=False)
    np.testing.assert_allclose(found["w"], 2.0 * sizes[0] * np.outer(left[:, 0], right[0]), rtol=1e-12)
    np.testing.assert_allclose(found["v"], found["w"].T, rtol=1e-12)


def test_axes_that_do_not_fit_are_named():
    with pytest.raises(gs.GradscribeError, match="GS356: `galore`: `params.'heads'.` has 3 axes"):
        optim.galore(0.1, weight_dimension_numbers=GaLoreDimensionNumbers()).init(PARAMS)
    with pytest.raises(gs.GradscribeError, match="GS355: `weight_dimension_numbers.'heads'.` is True"):
        optim.galore(0.1, weight_dimension_numbers={"heads": True, "w": None, "b": None}).init(PARAMS)
    opt = optim.galore(0.1, rank=1, base_optimizer=optim.adamw(1.0))
    with pytest.raises(gs.GradscribeError, match="GS352: .* needs the parameters"):
        opt.step(PARAMS, GRADS, opt.init(PARAMS))
