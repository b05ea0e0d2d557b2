"""Machine learning: a pre-norm transformer block with causal multi-head attention, parameters in a dictionary."""

import numpy as np


def layer_norm(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    return gain * (x - mean) / np.sqrt(var + eps) + bias


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def attention(x, Wqkv, Wo, heads):
    T, D = x.shape
    q, k, v = np.split(x @ Wqkv, 3, axis=-1)
    q = q.reshape(T, heads, D // heads).transpose(1, 0, 2)
    k = k.reshape(T, heads, D // heads).transpose(1, 0, 2)
    v = v.reshape(T, heads, D // heads).transpose(1, 0, 2)
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(D // heads)
    scores = np.where(np.tril(np.ones((T, T), dtype=bool)), scores, -1e9)
    out = softmax(scores) @ v
    return out.transpose(1, 0, 2).reshape(T, D) @ Wo


def block_loss(p, x, target):
    x = x + attention(layer_norm(x, p["g1"], p["b1"]), p["Wqkv"], p["Wo"], heads=2)
    x = x + gelu(layer_norm(x, p["g2"], p["b2"]) @ p["W1"]) @ p["W2"]
    return np.mean((x - target) ** 2)


def arguments(rng, T):
    D = 4
    shapes = {
        "g1": (D,),
        "b1": (D,),
        "Wqkv": (D, 3 * D),
        "Wo": (D, D),
        "g2": (D,),
        "b2": (D,),
        "W1": (D, 6),
        "W2": (6, D),
    }
    return (
        {name: 0.5 * rng.normal(size=shape) for name, shape in shapes.items()},
        rng.normal(size=(T, D)),
        rng.normal(size=(T, D)),
    )


PROGRAM = block_loss
SIZES = (3, 64)
