"""Means, losses, histograms, order statistics."""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(11)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

V = rng.uniform(0.2, 1.5, 6)
W = rng.uniform(-1.0, 1.0, 7)
M = rng.uniform(-1.0, 1.0, (4, 3))


@at(M)
def standardised(x):
    z = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    return np.sum(np.tanh(z) ** 2)


@at(M, np.array([[True, False, True], [True, True, True], [False, True, True], [True, True, False]]))
def masked_moments(x, mask):
    mean = np.mean(x, axis=1, where=mask, keepdims=True)
    var = np.var(x, axis=1, where=mask, ddof=1)
    return np.sum(mean**2) + np.sum(np.sqrt(var))


@at(M, np.array([0, 2, 1, 2]))
def one_hot_loss(logits, labels):
    target = np.eye(3)[labels]
    shifted = logits - logits.max(axis=1, keepdims=True)
    return -np.mean(
        np.sum(target * (shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))), axis=1)
    )


@at(M, np.array([0, 2, 1, 2]))
def picked_log_softmax(logits, labels):
    top = np.max(logits, axis=-1, keepdims=True)
    logp = logits - top - np.log(np.exp(logits - top).sum(-1, keepdims=True))
    return -np.take_along_axis(logp, labels[:, None], axis=1).mean()


@at(V, rng.uniform(0, 1, 6))
def weighted_histogram(w, x):
    counts, edges = np.histogram(x, bins=4, range=(0.0, 1.0), weights=w)
    density = counts / (counts.sum() * np.diff(edges))
    return np.sum(density**2)


@at(W)
def pinball(residual):
    loss = 0.0
    for q in (0.1, 0.5, 0.9):
        loss += np.mean(np.maximum(q * residual, (q - 1.0) * residual))
    return loss + np.percentile(residual, 30.0) * np.quantile(residual, [0.2, 0.7]).sum()


@at(V)
def weighted_quantities(x):
    w = np.linspace(0.5, 1.5, x.size)
    mean = np.average(x, weights=w)
    spread = np.average((x - mean) ** 2, weights=w)
    return mean / np.sqrt(spread)


@at(M, np.array([1.0, 2.0, 0.5]))
def weighted_covariance(x, w):
    c = np.cov(x, aweights=w)
    return np.sum(c**2) + np.corrcoef(x[0], x[1])[0, 1]


@at(V)
def log_returns(prices):
    r = np.diff(np.log(prices))
    peak = np.maximum.accumulate(prices)
    return np.std(r, ddof=1) * np.sqrt(252.0) + np.max((peak - prices) / peak)


@at(W)
def trimmed_mean(x):
    kept = np.partition(x, 2)[2:]
    return kept.mean() + np.median(x) ** 2 + np.sort(x)[1:-1].std()


@at(W[:6])
def with_gaps(y):
    x = np.where(np.array([True, False, True, True, False, True]), y, np.nan)
    filled = np.where(np.isnan(x), np.nanmean(x), x)
    return np.nansum(x**2) + np.sum(filled**3) + np.nanstd(x) + np.nan_to_num(x, nan=0.5).prod()


@at(V)
def geometric_means(x):
    return np.exp(np.mean(np.log(x))) + x.size / np.sum(1.0 / x) + np.prod(x) ** (1.0 / x.size)


@at(V, np.array([2, 0, 1, 1, 0, 2]))
def grouped_means(x, group):
    totals = np.bincount(group, weights=x, minlength=3)
    counts = np.bincount(group, minlength=3)
    means = totals / counts
    return np.sum((x - means[group]) ** 2)


@at(W)
def soft_sorting(x):
    order = np.argsort(x)
    ranks = np.empty_like(order)
    ranks[order] = np.arange(x.size)
    return np.sum(np.sort(x)[::-1] * x) + np.sum(x[order][:3] ** 2) + x[ranks == 2].sum()


@at(V, 0.9)
def discounted_return(rewards, gamma):
    discounts = np.cumprod(np.full(rewards.size, gamma)) / gamma
    return np.sum(discounts * rewards) + np.sum(np.cumsum((rewards * discounts)[::-1])[::-1] ** 2)


@at(W, 0.3)
def exponential_average(x, alpha):
    powers = (1.0 - alpha) ** np.arange(x.size)[::-1]
    return np.dot(powers, x) * alpha + np.vdot(x[::-1], powers)
