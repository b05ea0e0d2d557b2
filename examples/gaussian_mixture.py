"""A Gaussian mixture fitted to the iris data by maximum likelihood, without the EM algorithm.

Every covariance is L Lᵀ with a triangular L, every weight a softmax, so the search is without bounds. The
likelihood is plain NumPy with a loop over the components; `gs.optim.minimize` derives its gradient for BFGS.
The optimum is that of scikit-learn's EM.

Run:  python examples/gaussian_mixture.py
"""

from __future__ import annotations

import time
from itertools import permutations

import numpy as np
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table
from sklearn.datasets import load_iris
from sklearn.mixture import GaussianMixture

import gradscribe as gs

COMPONENTS = 3


def factor(component):
    """The triangular factor of a covariance: any matrix below the diagonal, exponentials on it."""
    return np.tril(component["lower"], -1) + np.diag(np.exp(component["log_diagonal"]))


def log_densities(params, x):
    """Logarithms of weight times density, one row for each point, one column for each component."""
    logits = params["logits"]
    log_weights = logits - np.log(np.sum(np.exp(logits)))
    columns = []
    for k, component in enumerate(params["components"]):
        whitened = np.linalg.solve(factor(component), (x - component["mean"]).T)
        log_volume = np.sum(component["log_diagonal"]) + 0.5 * x.shape[1] * np.log(2.0 * np.pi)
        columns.append(log_weights[k] - log_volume - 0.5 * np.sum(whitened**2, axis=0))
    return np.stack(columns, axis=1)


def loss(params, x):
    """Mean negative log-likelihood."""
    found = log_densities(params, x)
    highest = np.max(found, axis=1, keepdims=True)
    return -np.mean(highest[:, 0] + np.log(np.sum(np.exp(found - highest), axis=1)))


def start(x, rng):
    """Means at random points, everything else alike."""
    spread = np.log(np.std(x, axis=0))
    means = x[rng.choice(len(x), COMPONENTS, replace=False)]
    components = [
        {"mean": mean, "lower": np.zeros((x.shape[1], x.shape[1])), "log_diagonal": spread} for mean in means
    ]
    return {"logits": np.zeros(COMPONENTS), "components": components}


def draw(params, x, chosen, path):
    """Petals, coloured by component, with ellipses of one and two standard deviations."""
    figure = Figure(figsize=(6.0, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.scatter(x[:, 2], x[:, 3], c=chosen, cmap="Set2", s=15)
    angle = np.linspace(0.0, 2.0 * np.pi, 100)
    for component in params["components"]:
        L = factor(component)
        covariance = (L @ L.T)[2:, 2:]
        ring = np.linalg.cholesky(covariance) @ np.stack([np.cos(angle), np.sin(angle)])
        for radius in (1.0, 2.0):
            axes.plot(*(component["mean"][2:, None] + radius * ring), color="0.4", linewidth=0.8)
    axes.set_xlabel("petal length, cm")
    axes.set_ylabel("petal width, cm")
    figure.savefig(path)


def main():
    """Fit from several starts, compare with EM, plot."""
    console = Console()
    x, species = load_iris(return_X_y=True)
    rng = np.random.default_rng(4)
    started = time.perf_counter()
    results = [gs.optim.minimize(loss, start(x, rng), x, method="L-BFGS-B", tol=1e-12) for _ in range(4)]
    best = min(results, key=lambda result: result.value)
    console.print(f"best of {len(results)} starts: {best} ({time.perf_counter() - started:.1f} s)")

    em = GaussianMixture(COMPONENTS, n_init=10, tol=1e-10, reg_covar=0.0, max_iter=5000, random_state=0).fit(
        x
    )
    console.print(f"mean log-likelihood: {-best.value:.8f}, by scikit-learn's EM: {em.score(x):.8f}")
    chosen = np.argmax(log_densities(best.params, x), axis=1)
    agreement = max(np.mean(np.take(order, chosen) == species) for order in permutations(range(COMPONENTS)))
    table = Table("component", "share", *("sepal length", "sepal width", "petal length", "petal width"))
    for k, component in enumerate(best.params["components"]):
        table.add_row(str(k), f"{np.mean(chosen == k):.0%}", *(f"{m:.3f}" for m in component["mean"]))
    console.print(table)
    console.print(f"{agreement:.1%} of the flowers are with their species, which the fit never saw")
    draw(best.params, x, chosen, "gaussian_mixture.png")
    console.print("components drawn in gaussian_mixture.png")
    assert abs(-best.value - em.score(x)) < 1e-6
    assert agreement > 0.95


if __name__ == "__main__":
    main()
