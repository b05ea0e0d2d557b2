"""Time series: an LSTM cell as a class over a batch of sequences, mean squared error of its readout."""

import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


class LSTMCell:
    def __init__(self, W, U, b):
        self.W = W
        self.U = U
        self.b = b

    def __call__(self, x, state):
        h, c = state
        gates = x @ self.W + h @ self.U + self.b
        i, f, o, g = np.split(gates, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        return h, c


def forecast_loss(W, U, b, readout, series, target):
    cell = LSTMCell(W, U, b)
    batch, hidden = series.shape[1], U.shape[0]
    state = (np.zeros((batch, hidden)), np.zeros((batch, hidden)))
    for x in series:
        state = cell(x, state)
    prediction = state[0] @ readout
    return np.mean((prediction - target) ** 2)


def arguments(rng, steps):
    d, hidden, batch = 2, 3, 2
    return (
        rng.normal(size=(d, 4 * hidden)),
        rng.normal(size=(hidden, 4 * hidden)),
        rng.normal(size=4 * hidden),
        rng.normal(size=hidden),
        rng.normal(size=(steps, batch, d)),
        rng.normal(size=batch),
    )


PROGRAM = forecast_loss
SIZES = (3, 60)
