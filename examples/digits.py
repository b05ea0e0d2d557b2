"""Train a network on real handwritten digits with a gradient that gradscribe wrote.

The loss is plain NumPy over a list of `(W, b)`. gradscribe turns it into another NumPy function, printed below
before it is used. The data are the 1,797 digits that ship inside scikit-learn; nothing is downloaded.

Run:  python examples/digits.py
"""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.syntax import Syntax
from sklearn.datasets import load_digits

import gradscribe as gs

SIZES = (64, 64, 10)
EPOCHS = 30
BATCH = 32
STEP = 0.5
N_TRAIN = 1437


def predict(params, images):
    """Logits of a tanh network, one row per image."""
    h = images
    for W, b in params[:-1]:
        h = np.tanh(h @ W + b)
    W, b = params[-1]
    return h @ W + b


def loss(params, images, labels):
    """Mean cross-entropy."""
    logits = predict(params, images)
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def accuracy(params, images, labels):
    """Share of images whose largest logit is the right one."""
    return np.mean(np.argmax(predict(params, images), axis=1) == labels)


def main():
    """Train, report, and check the result."""
    console = Console()
    started = time.perf_counter()
    rng = np.random.default_rng(0)
    images, labels = load_digits(return_X_y=True)
    order = rng.permutation(len(images))
    images, labels = images[order] / 16.0, labels[order]
    train, test = slice(None, N_TRAIN), slice(N_TRAIN, None)
    params = [(rng.normal(size=(m, n)) / np.sqrt(m), np.zeros(n)) for m, n in pairwise(SIZES)]

    loss_and_grad = gs.value_and_grad(loss).compile(params, images[:BATCH], labels[:BATCH])
    colours = Syntax("", "python", theme="ansi_dark")
    console.print(colours.highlight(loss_and_grad.source), soft_wrap=True)

    value = loss(params, images[train], labels[train])
    for _ in track(range(EPOCHS), description="training", console=console):
        shuffled = rng.permutation(N_TRAIN)
        for start in range(0, N_TRAIN, BATCH):
            batch = shuffled[start : start + BATCH]
            value, d_params = loss_and_grad(params, images[batch], labels[batch])
            params = [
                (W - STEP * d_W, b - STEP * d_b) for (W, b), (d_W, d_b) in zip(params, d_params, strict=True)
            ]

    reached = accuracy(params, images[test], labels[test])
    seconds = time.perf_counter() - started
    console.print(f"last batch loss {value:.4f}, test accuracy {reached:.1%}, {seconds:.1f} s in all")
    assert reached >= 0.95, reached
    assert seconds < 10.0, seconds


if __name__ == "__main__":
    main()
