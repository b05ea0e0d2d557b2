"""A generative adversarial network in one dimension: two players, two optimisers, one state.

The generator turns noise into numbers, the critic tells them from real ones, which come from two hills. The
critic's loss holds a penalty on its slope, itself a derivative: gradscribe differentiates through it. Each
player has its own loss and its own Adam; `gs.optim.partition` makes one optimiser of both.

Run:  python examples/gan.py
"""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure
from rich.console import Console
from rich.progress import track

import gradscribe as gs

STEPS = 2000
BATCH = 128
PENALTY = 0.05


def real_numbers(rng, n):
    """Numbers from two hills, the right one higher."""
    return np.where(rng.random(n) < 0.35, rng.normal(-2.0, 0.4, n), rng.normal(1.5, 0.6, n))[:, None]


def network(layers, x):
    """A tanh network with a linear last layer."""
    for W, b in layers[:-1]:
        x = np.tanh(x @ W + b)
    W, b = layers[-1]
    return x @ W + b


def critic_loss(critic, generator, real, noise):
    """Logistic loss of telling real from made, and a penalty on the slope where numbers are real."""
    made = network(generator, noise)

    def total_score(x):
        return np.sum(network(critic, x))

    slope = gs.grad(total_score, create_graph=True)(real)
    doubt = np.mean(np.logaddexp(0.0, -network(critic, real))) + np.mean(
        np.logaddexp(0.0, network(critic, made))
    )
    return doubt + 0.5 * PENALTY * np.mean(slope**2)


def generator_loss(generator, critic, noise):
    """Logistic loss of being taken for real."""
    return np.mean(np.logaddexp(0.0, -network(critic, network(generator, noise))))


def layers(rng, *sizes):
    """Weights of a network, at random."""
    return [(rng.normal(size=(m, n)) / np.sqrt(m), np.zeros(n)) for m, n in pairwise(sizes)]


def distance(made, real):
    """Wasserstein distance of two samples of equal size: how far numbers must be moved, on average."""
    return np.mean(np.abs(np.sort(made[:, 0]) - np.sort(real[:, 0])))


def draw(made, real, path):
    """Histograms of both."""
    figure = Figure(figsize=(6.0, 3.5), layout="constrained")
    axes = figure.add_subplot()
    bins = np.linspace(-4.0, 4.0, 81)
    axes.hist(real[:, 0], bins, density=True, color="0.8", label="real")
    axes.hist(made[:, 0], bins, density=True, histtype="step", color="tab:red", label="made")
    axes.legend()
    figure.savefig(path)


def main():
    """Train, measure, plot."""
    console = Console()
    rng = np.random.default_rng(0)
    params = {"generator": layers(rng, 2, 32, 32, 1), "critic": layers(rng, 1, 32, 32, 1)}
    opt = gs.optim.partition(
        {"slow": gs.optim.adam(2e-3, b1=0.0), "fast": gs.optim.adam(5e-3, b1=0.0)},
        {"generator": "slow", "critic": "fast"},
    )
    state = opt.init(params)
    critic_grad, generator_grad = gs.grad(critic_loss), gs.grad(generator_loss)
    test, noise = real_numbers(rng, 4000), rng.normal(size=(4000, 2))
    before = distance(network(params["generator"], noise), test)

    # The two players circle around the equilibrium; an average over the last steps is nearer to it.
    average = params["generator"]
    started = time.perf_counter()
    for _ in track(range(STEPS), description="training", console=console):
        real, z = real_numbers(rng, BATCH), rng.normal(size=(BATCH, 2))
        generator, critic = params["generator"], params["critic"]
        grads = {
            "generator": generator_grad(generator, critic, z),
            "critic": critic_grad(critic, generator, real, z),
        }
        params, state = opt.step(params, grads, state)
        average = gs.optim.incremental_update(params["generator"], average, 0.01)
    made = network(average, noise)
    after = distance(made, test)
    console.print(f"{STEPS} steps in {time.perf_counter() - started:.1f} s")
    console.print(f"distance to the real numbers: {before:.3f} before, {after:.3f} after")
    console.print(f"share of the left hill: {np.mean(test < -0.5):.1%} real, {np.mean(made < -0.5):.1%} made")
    draw(made, test, "gan.png")
    console.print("both drawn in gan.png")
    assert before > 1.0
    assert after < 0.25
    assert abs(np.mean(test < -0.5) - np.mean(made < -0.5)) < 0.1


if __name__ == "__main__":
    main()
