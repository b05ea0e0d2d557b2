"""A Gaussian process on the diabetes data: its hyperparameters by maximising the evidence.

The negative log marginal likelihood is plain NumPy over positive hyperparameters in log space, one length scale
for each measurement; its gradient is derived through the Cholesky factorisation. The small relevance of most
measurements is read off their length scales. scikit-learn, started there, finds nothing better.

Run:  python examples/gaussian_process.py
"""

from __future__ import annotations

import time

import numpy as np
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table
from sklearn.datasets import load_diabetes
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

import gradscribe as gs

N_TRAIN = 150


def kernel(params, x, z):
    """Squared exponential with a length scale for each column."""
    scaled_x, scaled_z = x * np.exp(-params["log_length"]), z * np.exp(-params["log_length"])
    squares = np.sum(scaled_x**2, axis=1)[:, None] + np.sum(scaled_z**2, axis=1) - 2.0 * scaled_x @ scaled_z.T
    return np.exp(2.0 * params["log_signal"] - 0.5 * squares)


def loss(params, x, y):
    """Negative log marginal likelihood of y (Rasmussen & Williams, eq. 2.30)."""
    covariance = kernel(params, x, x) + np.exp(2.0 * params["log_noise"]) * np.eye(len(y))
    L = np.linalg.cholesky(covariance)
    whitened = np.linalg.solve(L, y)
    return 0.5 * whitened @ whitened + np.sum(np.log(np.diag(L))) + 0.5 * len(y) * np.log(2.0 * np.pi)


def predict(params, x, y, new):
    """Mean of the process at new points."""
    covariance = kernel(params, x, x) + np.exp(2.0 * params["log_noise"]) * np.eye(len(y))
    return kernel(params, new, x) @ np.linalg.solve(covariance, y)


def draw(names, relevance, history, path):
    """How the evidence grew, and what it found relevant."""
    figure = Figure(figsize=(9.0, 3.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(-history, marker=".")
    left.set_xlabel("iteration")
    left.set_ylabel("log marginal likelihood")
    right.barh(names, relevance)
    right.set_xlabel("relevance, 1 / length scale")
    figure.savefig(path)


def main():
    """Fit, compare, predict, plot."""
    console = Console()
    data = load_diabetes(scaled=False)
    order = np.random.default_rng(0).permutation(len(data.target))
    x, y = data.data[order], data.target[order]
    x, y = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()
    train, test = slice(None, N_TRAIN), slice(N_TRAIN, None)

    started = time.perf_counter()
    start = {"log_length": np.full(10, np.log(3.0)), "log_signal": 0.0, "log_noise": -0.5}
    limits = {"lower": -5.0, "upper": 5.0}
    result = gs.optim.minimize(loss, start, x[train], y[train], method="L-BFGS-B", tol=1e-12, **limits)
    console.print(f"{result} ({time.perf_counter() - started:.1f} s)")

    params = result.params
    table = Table("measurement", "length scale", title="what the progression of diabetes depends on")
    for i in np.argsort(params["log_length"]):
        table.add_row(data.feature_names[i], f"{np.exp(params['log_length'][i]):.2f}")
    console.print(table)

    signal, noise = np.exp(2.0 * params["log_signal"]), np.exp(2.0 * params["log_noise"])
    theirs = GaussianProcessRegressor(
        ConstantKernel(signal) * RBF(np.exp(params["log_length"])) + WhiteKernel(noise),
        optimizer=None,
        alpha=0.0,
    ).fit(x[train], y[train])
    evidence = theirs.log_marginal_likelihood_value_
    console.print(f"log marginal likelihood {-result.value:.9f}, by scikit-learn there {evidence:.9f}")
    theta, slope = (
        theirs.kernel_.theta,
        theirs.log_marginal_likelihood(theirs.kernel_.theta, eval_gradient=True)[1],
    )
    free = (np.abs(theta) < 9.9) & (np.abs(theta - 5.0) > 1e-6)
    console.print(f"largest slope by scikit-learn's derivatives there: {np.max(np.abs(slope[free])):.1e}")

    mean = predict(params, x[train], y[train], x[test])
    explained = 1.0 - np.mean((mean - y[test]) ** 2) / np.var(y[test])
    console.print(f"explained variance of {len(mean)} other patients: {explained:.0%}")
    draw(data.feature_names, np.exp(-params["log_length"]), result.history, "gaussian_process.png")
    console.print("evidence and relevance drawn in gaussian_process.png")
    assert result.converged
    assert abs(-result.value - evidence) < 1e-7
    assert np.max(np.abs(slope[free])) < 0.05
    assert explained > 0.4


if __name__ == "__main__":
    main()
