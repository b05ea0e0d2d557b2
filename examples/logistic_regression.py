"""Logistic regression on the breast-cancer data, and the same coefficients as scikit-learn.

The loss is the one that scikit-learn minimises, written in plain NumPy. `gs.optim.minimize` derives its
gradient and its Hessian, and hands them to Newton's method with a trust region. The data are those that ship
inside scikit-learn; nothing is downloaded.

Run:  python examples/logistic_regression.py
"""

from __future__ import annotations

import time

import numpy as np
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

import gradscribe as gs

INVERSE_STRENGTH = 1.0


def loss(params, x, sign):
    """Penalised negative log-likelihood; `sign` is +1 for benign, -1 for malignant."""
    margin = sign * (x @ params["w"] + params["b"])
    return 0.5 * np.sum(params["w"] ** 2) + INVERSE_STRENGTH * np.sum(np.logaddexp(0.0, -margin))


def draw(names, w, path):
    """The coefficients as bars, the strongest on top."""
    figure = Figure(figsize=(7.0, 6.0), layout="constrained")
    axes = figure.add_subplot()
    order = np.argsort(np.abs(w))
    axes.barh([names[i] for i in order], w[order], color=np.where(w[order] > 0.0, "tab:green", "tab:red"))
    axes.set_xlabel("coefficient (towards benign)")
    axes.tick_params(axis="y", labelsize=7)
    figure.savefig(path)


def main():
    """Fit, compare, plot."""
    console = Console()
    data = load_breast_cancer()
    x = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    sign = np.where(data.target == 1, 1.0, -1.0)

    started = time.perf_counter()
    start = {"w": np.zeros(x.shape[1]), "b": 0.0}
    result = gs.optim.minimize(loss, start, x, sign, method="trust-exact", tol=1e-6)
    seconds = time.perf_counter() - started
    console.print(f"{result} ({seconds:.2f} s, compiling included)")

    theirs = LogisticRegression(C=INVERSE_STRENGTH, tol=1e-12, max_iter=10_000, solver="newton-cholesky")
    theirs.fit(x, data.target)
    table = Table("measurement", "gradscribe", "scikit-learn", title="strongest coefficients")
    for i in np.argsort(-np.abs(result.params["w"]))[:8]:
        table.add_row(data.feature_names[i], f"{result.params['w'][i]:+.9f}", f"{theirs.coef_[0, i]:+.9f}")
    console.print(table)

    predicted = np.sign(x @ result.params["w"] + result.params["b"])
    difference = max(
        np.max(np.abs(result.params["w"] - theirs.coef_[0])), abs(result.params["b"] - theirs.intercept_[0])
    )
    console.print(f"{np.mean(predicted == sign):.1%} classified right; largest difference {difference:.1e}")
    draw(data.feature_names, result.params["w"], "logistic_regression.png")
    console.print("coefficients drawn in logistic_regression.png")
    assert result.converged
    assert difference < 1e-6, difference


if __name__ == "__main__":
    main()
