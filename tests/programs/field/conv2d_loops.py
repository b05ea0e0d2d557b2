"""Computer vision: a convolution, max-pooling and a linear layer, the convolution written as loops."""

import numpy as np


def conv2d(image, kernels, bias):
    C, H, W = image.shape
    F, _, kh, kw = kernels.shape
    out = np.zeros((F, H - kh + 1, W - kw + 1))
    for f in range(F):
        for i in range(H - kh + 1):
            for j in range(W - kw + 1):
                patch = image[:, i : i + kh, j : j + kw]
                out[f, i, j] = np.sum(patch * kernels[f]) + bias[f]
    return out


def max_pool(x, size):
    C, H, W = x.shape
    blocks = x[:, : H // size * size, : W // size * size].reshape(C, H // size, size, W // size, size)
    return blocks.max(axis=(2, 4))


def classify(image, kernels, bias, weights, label):
    features = np.maximum(conv2d(image, kernels, bias), 0.0)
    pooled = max_pool(features, 2)
    logits = weights @ pooled.ravel()
    logits = logits - np.max(logits)
    return -(logits[label] - np.log(np.sum(np.exp(logits))))


def arguments(rng, n):
    pooled = 2 * ((n - 2) // 2) ** 2
    return (
        rng.normal(size=(2, n, n)),
        rng.normal(size=(2, 2, 3, 3)),
        rng.normal(size=2),
        rng.normal(size=(3, pooled)),
        1,
    )


PROGRAM = classify
SIZES = (6, 16)
