"""A small transformer that learns how the documentation of Python is written.

Two blocks of causal self-attention in plain NumPy: a dict of arrays for the parameters, a Python loop over blocks.
gradscribe writes the derivative; Adam with warmup, a cosine schedule and clipping trains it by `gs.optim.fit`. The
text is two chapters of the language reference that ships inside Python, for `help()`; nothing is downloaded.

Run:  python examples/transformer.py
"""

from __future__ import annotations

import time
from pydoc_data.topics import topics

import numpy as np
from matplotlib.figure import Figure
from rich.console import Console
from rich.panel import Panel

import gradscribe as gs

WIDTH = 48
HEADS = 3
BLOCKS = 2
CONTEXT = 32
BATCH = 16
EPOCHS = 15
STEPS_PER_EPOCH = 40
RATE = 1.5e-2


def normalised(x, gain):
    """Each row with mean 0 and variance 1, times a gain."""
    centred = x - np.mean(x, axis=-1, keepdims=True)
    return gain * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=True) + 1e-5)


def attention(block, x):
    """How much each letter looks at those up to itself: (batch, head, letter, letter)."""
    batch, letters, _ = x.shape
    shape = (batch, letters, HEADS, WIDTH // HEADS)
    q = np.transpose(np.reshape(x @ block["query"], shape), (0, 2, 1, 3))
    k = np.transpose(np.reshape(x @ block["key"], shape), (0, 2, 3, 1))
    scores = (q @ k) / np.sqrt(WIDTH // HEADS)
    scores = np.where(np.tril(np.ones((letters, letters))) > 0, scores, -1e9)
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return weights / np.sum(weights, axis=-1, keepdims=True)


def attended(block, x):
    """What each letter gathers from those up to itself."""
    batch, letters, _ = x.shape
    shape = (batch, letters, HEADS, WIDTH // HEADS)
    v = np.transpose(np.reshape(x @ block["value"], shape), (0, 2, 1, 3))
    gathered = np.transpose(attention(block, x) @ v, (0, 2, 1, 3))
    return np.reshape(gathered, (batch, letters, WIDTH)) @ block["out"]


def predict(params, letters):
    """Logits of the letter after each of these; `letters` has one row for each piece of text."""
    x = params["letters"][letters] + params["places"][: letters.shape[1]]
    for block in params["blocks"]:
        x = x + attended(block, normalised(x, block["gain"]))
        h = normalised(x, block["gain_2"]) @ block["up"] + block["bias"]
        x = x + np.maximum(h, 0.0) @ block["down"]
    return normalised(x, params["gain"]) @ params["readout"]


def loss(params, windows):
    """Mean cross-entropy of the next letter, in nats."""
    logits = predict(params, windows[:, :-1])
    return np.mean(gs.optim.softmax_cross_entropy_with_integer_labels(logits, windows[:, 1:]))


def start(rng, classes):
    """Parameters to begin with."""

    def matrix(rows, columns, scale=1.0):
        return scale * rng.normal(size=(rows, columns)) / np.sqrt(rows)

    blocks = [
        {name: matrix(WIDTH, WIDTH) for name in ("query", "key", "value")}
        | {"out": matrix(WIDTH, WIDTH, 0.3), "gain": np.ones(WIDTH), "gain_2": np.ones(WIDTH)}
        | {"up": matrix(WIDTH, 4 * WIDTH), "bias": np.zeros(4 * WIDTH), "down": matrix(4 * WIDTH, WIDTH, 0.3)}
        for _ in range(BLOCKS)
    ]
    return {
        "letters": 0.5 * rng.normal(size=(classes, WIDTH)),
        "places": 0.5 * rng.normal(size=(CONTEXT, WIDTH)),
        "blocks": blocks,
        "gain": np.ones(WIDTH),
        "readout": matrix(WIDTH, classes, 0.3),
    }


def write(params, text, alphabet, length, rng):
    """Continue a text, each letter drawn with the probability that the network gives it."""
    for _ in range(length):
        letters = np.array([[alphabet.index(letter) for letter in text[-CONTEXT:]]])
        logits = predict(params, letters)[0, -1] / 0.5
        p = np.exp(logits - np.max(logits))
        text += alphabet[rng.choice(len(alphabet), p=p / p.sum())]
    return text


def draw(history, params, text, alphabet):
    """Losses, and where the heads of the first block look."""
    figure = Figure(figsize=(14, 4), layout="constrained")
    curve, *pictures = figure.subplots(1, 1 + HEADS, width_ratios=[1.6] + [1.0] * HEADS)
    curve.plot(history.loss, color="0.8", label="batch loss")
    curve.plot(history.epoch_end, history.epoch_loss, ".-", label="epoch mean")
    curve.plot(history.epoch_end, history.validation["validation"], ".-", label="chapter held out")
    curve.set(xlabel="step", ylabel="nats a letter")
    curve.legend()
    letters = np.array([[alphabet.index(letter) for letter in text]])
    x = params["letters"][letters] + params["places"][: len(text)]
    block = params["blocks"][0]
    weights = attention(block, normalised(x, block["gain"]))[0]
    for head, picture in enumerate(pictures):
        picture.imshow(weights[head], cmap="Blues")
        picture.set(title=f"head {head + 1} looks back", xticks=range(len(text)), yticks=range(len(text)))
        picture.set_xticklabels(text, fontsize=6)
        picture.set_yticklabels(text, fontsize=6)
    figure.savefig("transformer.png", dpi=120)


def main():
    """Train, write, plot."""
    console = Console()
    text, other = topics["import"] + topics["function"], topics["try"]
    alphabet = sorted(set(text))
    letters = np.array([alphabet.index(letter) for letter in text])
    held_out = np.array([alphabet.index(letter) for letter in other if letter in alphabet])
    held_out = held_out[: len(held_out) // (CONTEXT + 1) * (CONTEXT + 1)].reshape(-1, CONTEXT + 1)[:64]
    params = start(np.random.default_rng(0), len(alphabet))
    size = sum(flat.size for flat in gs.optim.flatten(params))
    console.print(f"{len(text)} letters, {len(alphabet)} different ones; {size} parameters")

    def windows(rng):
        for _ in range(STEPS_PER_EPOCH):
            starts = rng.integers(0, len(letters) - CONTEXT, size=BATCH)
            yield (letters[starts[:, None] + np.arange(CONTEXT + 1)],)

    steps = EPOCHS * STEPS_PER_EPOCH
    rate = gs.optim.warmup_cosine_decay_schedule(0.0, RATE, warmup_steps=steps // 10, decay_steps=steps)
    optimizer = gs.optim.chain(gs.optim.clip_by_global_norm(1.0), gs.optim.adam(rate))
    began = time.perf_counter()
    result = gs.optim.fit(
        loss, params, windows, optimizer, EPOCHS, validation=(held_out,), progress=console.is_terminal
    )
    console.print(f"{result} ({time.perf_counter() - began:.1f} s)")

    counts = np.bincount(letters) / len(letters)
    frequency = -np.sum(counts * np.log(counts))
    console.print(
        f"nats a letter: {result.history.epoch_loss[-1]:.2f} on its own chapters, "
        f"{result.best_value:.2f} on another; {frequency:.2f} by frequencies of letters alone"
    )
    written = write(result.params, "The import ", alphabet, 300, np.random.default_rng(1))
    console.print(Panel(written, title="written after 'The import'"))
    draw(result.history, result.params, "import a module as", alphabet)
    console.print("losses and attention drawn in transformer.png")
    assert result.history.epoch_loss[-1] < 1.8
    assert result.best_value < 0.8 * frequency


if __name__ == "__main__":
    main()
