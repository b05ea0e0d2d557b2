"""Likelihoods of scipy.stats as users write them; the table tests check every entry."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import scipy.stats
from scipy.stats import gamma, norm

import gradscribe as gs
from gradscribe.ops.continuous import DISTRIBUTIONS
from gradscribe.ops.discrete import DISTRIBUTIONS as DISCRETE
from tests.references import difference

X = np.array([0.3, 1.1, 2.4])


def nll(p, x):
    return -np.sum(gamma.logpdf(x, p[0], loc=-0.1, scale=p[1]) + norm.logpdf(x, loc=p[0], scale=p[1]))


def test_a_fit_in_both_modes_and_to_second_order():
    p = np.array([2.3, 1.2])
    found, hessian = gs.grad(nll)(p, X), gs.hessian(nll)(p, X)
    for k, unit in enumerate(np.eye(2)):
        assert np.isclose(found[k], difference(lambda h, u=unit: nll(p + h * u, X)), rtol=1e-8)
        column = difference(lambda h, u=unit: gs.grad(nll)(p + h * u, X))
        np.testing.assert_allclose(hessian[:, k], column, rtol=1e-7)
        assert np.isclose(gs.jvp(lambda p: nll(p, X), (p,), (unit,))[1], found[k], rtol=1e-12)
    value, _ = gs.value_and_grad(nll)(p, X)
    assert value == nll(p, X)


@pytest.mark.parametrize(
    "row", [row for row in (*DISTRIBUTIONS, *DISCRETE) if row.support], ids=lambda r: r.name
)
def test_outside_of_the_support_everything_is_constant(row):
    outside = {"wrapcauchy": 7.0, "weibull_max": 0.5}.get(row.name, -3.0)
    distribution = getattr(scipy.stats, row.name)
    density = distribution.pdf if hasattr(distribution, "pdf") and row in DISTRIBUTIONS else distribution.pmf
    shapes = [float(value) for value in row.shapes.values()]
    x = np.full(2, outside)
    for k in range(len(shapes)):

        def function(value, k=k):
            given = [value if j == k else shape for j, shape in enumerate(shapes)]
            return np.sum(density(x, *given))

        assert gs.grad(function)(shapes[k]) == 0.0


def test_enough_distributions():
    assert len(DISTRIBUTIONS) + len(DISCRETE) >= 27


def test_saved_modules_import_only_what_they_use(tmp_path):
    def loss(mu):
        return np.sum(norm.logcdf(X, mu))

    gradient = gs.grad(loss)
    expected = gradient(0.2)
    gradient.save(tmp_path / "loss_grad.py")
    text = (tmp_path / "loss_grad.py").read_text()
    assert "gradscribe" not in text.split("from __future__")[1]
    program = "import loss_grad, inspect; print(len(inspect.signature(loss_grad.loss_grad).parameters))"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "2"
    assert np.isclose(expected, -np.sum(norm.pdf(X - 0.2) / norm.cdf(X - 0.2)))


def test_a_distribution_that_is_missing_is_named():
    with pytest.raises(gs.GradscribeError, match="logpdf") as caught:
        gs.grad(lambda x: scipy.stats.genextreme.logpdf(x, 0.3))(0.5)
    assert caught.value.code == "GS201"
