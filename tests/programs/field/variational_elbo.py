"""Machine learning: reparametrised evidence lower bound of Bayesian linear regression, normal posterior."""

import numpy as np


def gaussian_kl(mu, log_sigma, prior_sigma):
    sigma2 = np.exp(2 * log_sigma)
    return np.sum(np.log(prior_sigma) - log_sigma + (sigma2 + mu**2) / (2 * prior_sigma**2) - 0.5)


def log_likelihood(w, X, y, log_noise):
    residuals = y - X @ w
    n = y.size
    return -0.5 * np.sum((residuals / np.exp(log_noise)) ** 2) - n * log_noise - 0.5 * n * np.log(2 * np.pi)


def negative_elbo(mu, log_sigma, log_noise, X, y, eps):
    samples = [mu + np.exp(log_sigma) * e for e in eps]
    expected = sum(log_likelihood(w, X, y, log_noise) for w in samples) / len(samples)
    return gaussian_kl(mu, log_sigma, 2.0) - expected


def arguments(rng, n):
    d = 3
    return (
        rng.normal(size=d),
        -np.ones(d),
        -0.3,
        rng.normal(size=(n, d)),
        rng.normal(size=n),
        rng.normal(size=(4, d)),
    )


PROGRAM = negative_elbo
SIZES = (6, 200)
