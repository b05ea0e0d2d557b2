"""Reductions with `keepdims`, a maximum that shifts, and reading by index arrays."""

import numpy as np


def loss(logits, labels):
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def by_hand(logits, labels):
    p = np.exp(logits)
    p /= np.sum(p, axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1.0
    return p / len(labels)


def arguments(rng):
    return rng.normal(size=(6, 4)), rng.integers(4, size=6)


PROGRAM = loss
