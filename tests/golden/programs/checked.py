"""Arguments and intermediate values are checked first: of what raises, nothing is left in the reverse sweep."""

import math


def likelihood(returns, decay, start):
    if returns.ndim != 1:
        raise ValueError("returns must be a vector")
    if not 0.0 < decay < 1.0:
        raise ValueError("decay must lie between 0 and 1")
    variance = start
    total = 0.0
    for value in returns:
        variance = decay * variance + (1.0 - decay) * value * value
        if variance <= 0.0:
            raise ArithmeticError("no variance is left")
        total += math.log(variance) + value * value / variance
    return 0.5 * total / len(returns)


def by_hand(returns, decay, start):
    variances = [start]
    for value in returns:
        variances.append(decay * variances[-1] + (1.0 - decay) * value * value)
    d_variance = d_decay = 0.0
    for value, before, after in zip(returns[::-1], variances[-2::-1], variances[::-1], strict=False):
        d_variance += 0.5 / len(returns) * (1.0 / after - value * value / (after * after))
        d_decay += d_variance * (before - value * value)
        d_variance *= decay
    return d_decay, d_variance


def arguments(rng):
    return rng.normal(size=12), 0.9, 1.0


PROGRAM, ARGNUMS = likelihood, (1, 2)
