"""Language processing: a linear-chain CRF with smoothed max-plus recursion; loss of a labelled sentence."""

import numpy as np


def smooth_max(scores, temperature):
    peak = scores.max(axis=0)
    return peak + temperature * np.log(np.exp((scores - peak) / temperature).sum(axis=0))


def crf_loss(unary, pairwise, labels, temperature):
    T, K = unary.shape
    table = np.empty((T, K))
    table[0] = unary[0]
    for t in range(1, T):
        table[t] = unary[t] + smooth_max(table[t - 1][:, None] + pairwise, temperature)
    best = smooth_max(table[-1], temperature)

    score = unary[0, labels[0]]
    previous = labels[0]
    for t, label in enumerate(labels[1:], start=1):
        score += unary[t, label] + pairwise[previous, label]
        previous = label
    return best - score


def arguments(rng, T):
    return rng.normal(size=(T, 3)), rng.normal(size=(3, 3)), rng.integers(0, 3, size=T), 0.5


PROGRAM = crf_loss
SIZES = (5, 150)
