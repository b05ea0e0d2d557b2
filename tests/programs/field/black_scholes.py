"""Finance: Black-Scholes prices of calls and puts against quotes; its gradient holds the greeks."""

import math

import numpy as np


def norm_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def price(spot, strike, rate, sigma, maturity, kind):
    d1 = (math.log(spot / strike) + (rate + 0.5 * sigma**2) * maturity) / (sigma * math.sqrt(maturity))
    d2 = d1 - sigma * math.sqrt(maturity)
    discount = math.exp(-rate * maturity)
    if kind == "call":
        return spot * norm_cdf(d1) - strike * discount * norm_cdf(d2)
    return strike * discount * norm_cdf(-d2) - spot * norm_cdf(-d1)


def calibration_error(spot, rate, sigma, maturity, strikes, calls, puts):
    error = 0.0
    for strike, call, put in zip(strikes, calls, puts):
        error += (price(spot, strike, rate, sigma, maturity, "call") - call) ** 2
        error += (price(spot, strike, rate, sigma, maturity, "put") - put) ** 2
    return np.sqrt(error / (2 * len(strikes)))


def arguments(rng, n):
    return 100.0, 0.03, 0.2, 0.75, np.linspace(80.0, 120.0, n), rng.uniform(5, 20, n), rng.uniform(5, 20, n)


PROGRAM = calibration_error
SIZES = (4, 50)
