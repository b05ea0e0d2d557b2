"""Train a network on real handwritten digits with a gradient that gradscribe wrote.

The loss is plain NumPy over a list of `(W, b)`. gradscribe turns it into another NumPy function, printed below
before it is used. Training is `gs.optim.fit` with Adam, whose rate falls along half a cosine. The data are the
1,797 digits that ship inside scikit-learn; nothing is downloaded.

Run:  python examples/digits.py
"""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure
from rich.console import Console
from rich.syntax import Syntax
from sklearn.datasets import load_digits

import gradscribe as gs

SIZES = (64, 128, 10)
EPOCHS = 25
BATCH = 32
RATE = 3e-3
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


def draw(params, images, labels, history, path):
    """The losses, and some digits with what the network takes them for."""
    figure = Figure(figsize=(9.0, 3.5), layout="constrained")
    left, right = figure.subfigures(1, 2)
    history.plot(left.subplots())
    guesses = np.argmax(predict(params, images), axis=1)
    # The wrong ones first.
    chosen = np.argsort(guesses == labels, kind="stable")[:18]
    for axes, i in zip(right.subplots(3, 6).flat, chosen, strict=True):
        axes.imshow(images[i].reshape(8, 8), cmap="gray_r")
        axes.set_title(guesses[i], color="black" if guesses[i] == labels[i] else "red", fontsize=9)
        axes.axis("off")
    figure.savefig(path)


def main():
    """Train, report, plot, and check the result."""
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

    batches = gs.optim.minibatches(images[train], labels[train], size=BATCH)
    rate = gs.optim.cosine_decay_schedule(RATE, EPOCHS * len(batches))
    result = gs.optim.fit(
        loss,
        params,
        batches,
        gs.optim.adam(rate),
        EPOCHS,
        validation=(images[test], labels[test]),
        progress=console.is_terminal,
    )
    console.print(str(result))

    reached = accuracy(result.params, images[test], labels[test])
    seconds = time.perf_counter() - started
    console.print(f"test accuracy {reached:.1%}, {seconds:.1f} s in all")
    draw(result.params, images[test], labels[test], result.history, "digits.png")
    console.print("losses and digits drawn in digits.png")
    assert reached >= 0.97, reached


if __name__ == "__main__":
    main()
