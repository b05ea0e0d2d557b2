"""A character model that learns the Zen of Python by heart.

A recurrent network reads a window of the text letter by letter, in an ordinary Python loop, and guesses the
next one. The derivative of the loop is a loop, which reads backwards what the first one kept. Training is
`gs.optim.fit` with random windows and Adam; at the end the network recites.

Run:  python examples/zen_of_python.py
"""

from __future__ import annotations

import contextlib
import io
import time

import numpy as np
from rich.console import Console
from rich.panel import Panel

import gradscribe as gs

HIDDEN = 128
WINDOW = 40
BATCH = 24
EPOCHS = 24
STEPS_PER_EPOCH = 20


def zen():
    """The text of `import this`."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        import this  # noqa: F401
    return printed.getvalue()


def step(params, h, letters):
    """The next state of the network, after one letter for each row."""
    return np.tanh(params["embedding"][letters] + h @ params["recurrent"] + params["bias"])


def loss(params, windows):
    """Mean cross-entropy of the next letter, in nats; the rows of `windows` are pieces of the text."""
    h = np.zeros((windows.shape[0], HIDDEN))
    total = 0.0
    for t in range(windows.shape[1] - 1):
        h = step(params, h, windows[:, t])
        logits = h @ params["readout"]
        shifted = logits - np.max(logits, axis=1, keepdims=True)
        log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
        total = total - np.mean(log_p[np.arange(len(windows)), windows[:, t + 1]])
    return total / (windows.shape[1] - 1)


def recite(params, text, alphabet, length):
    """Continue a text by the most likely letters."""
    h = np.zeros((1, HIDDEN))
    for letter in text[:-1]:
        h = step(params, h, np.array([alphabet.index(letter)]))
    for _ in range(length):
        h = step(params, h, np.array([alphabet.index(text[-1])]))
        text += alphabet[int(np.argmax(h @ params["readout"]))]
    return text


def main():
    """Train, recite, plot."""
    console = Console()
    text = zen()
    alphabet = sorted(set(text))
    letters = np.array([alphabet.index(letter) for letter in text])
    console.print(f"{len(text)} letters, {len(alphabet)} different ones")

    def windows(rng):
        for _ in range(STEPS_PER_EPOCH):
            starts = rng.integers(0, len(letters) - WINDOW, size=BATCH)
            # Some windows begin where the text does: there the network must find its feet.
            starts[:2] = 0
            yield (letters[starts[:, None] + np.arange(WINDOW + 1)],)

    rng = np.random.default_rng(0)
    params = {
        "embedding": rng.normal(size=(len(alphabet), HIDDEN)) * 0.5,
        "recurrent": np.linalg.qr(rng.normal(size=(HIDDEN, HIDDEN)))[0] * 0.9,
        "bias": np.zeros(HIDDEN),
        "readout": rng.normal(size=(HIDDEN, len(alphabet))) / np.sqrt(HIDDEN),
    }
    started = time.perf_counter()
    result = gs.optim.fit(loss, params, windows, gs.optim.adam(4e-3), EPOCHS, progress=console.is_terminal)
    console.print(f"{result} ({time.perf_counter() - started:.1f} s)")

    recited = recite(result.params, text[:3], alphabet, 300)
    known = next((i for i, (a, b) in enumerate(zip(recited, text, strict=False)) if a != b), len(recited))
    console.print(Panel(recited, title="recited after 'The'"))
    console.print(f"the first {known} letters are right")
    result.history.plot("zen_of_python.png")
    console.print("losses drawn in zen_of_python.png")
    assert result.history.epoch_loss[0] > 2.0
    assert result.history.epoch_loss[-1] < 0.3
    assert known > 100


if __name__ == "__main__":
    main()
