"""Speech and genomics: log-likelihood of a hidden Markov model by the forward algorithm in log space."""

import numpy as np


def log_normalise(scores, axis=-1):
    shifted = scores - np.max(scores, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def logsumexp(a, axis):
    top = np.max(a, axis=axis)
    return top + np.log(np.sum(np.exp(a - np.expand_dims(top, axis)), axis=axis))


def hmm_negative_log_likelihood(start, transition, emission, observations):
    log_start = log_normalise(start)
    log_T = log_normalise(transition, axis=1)
    log_E = log_normalise(emission, axis=1)
    alpha = log_start + log_E[:, observations[0]]
    for t in range(1, len(observations)):
        alpha = logsumexp(alpha[:, None] + log_T, axis=0) + log_E[:, observations[t]]
    return -logsumexp(alpha, axis=0)


def arguments(rng, steps):
    return (
        rng.normal(size=3),
        rng.normal(size=(3, 3)),
        rng.normal(size=(3, 4)),
        rng.integers(0, 4, size=steps),
    )


PROGRAM = hmm_negative_log_likelihood
SIZES = (6, 200)
