"""Language models: a character RNN trained on next-character cross-entropy, parameters in a NamedTuple."""

from typing import NamedTuple

import numpy as np


class Params(NamedTuple):
    embedding: np.ndarray
    Wxh: np.ndarray
    Whh: np.ndarray
    bh: np.ndarray
    Why: np.ndarray


def cross_entropy(logits, target):
    shifted = logits - logits.max()
    return np.log(np.exp(shifted).sum()) - shifted[target]


def loss(params, text, h):
    total = 0.0
    for now, following in zip(text[:-1], text[1:]):
        x = params.embedding[now]
        h = np.tanh(params.Wxh @ x + params.Whh @ h + params.bh)
        total += cross_entropy(params.Why @ h, following)
    return total / (len(text) - 1)


def arguments(rng, length):
    d, hidden = 3, 4
    params = Params(
        rng.normal(size=(5, d)),
        rng.normal(size=(hidden, d)),
        0.5 * rng.normal(size=(hidden, hidden)),
        rng.normal(size=hidden),
        rng.normal(size=(5, hidden)),
    )
    return params, rng.integers(0, 5, size=length), np.zeros(hidden)


PROGRAM = loss
SIZES = (5, 100)
