"""Black-Scholes: five partial derivatives of scalar code from one reverse sweep."""

import math


def cumulative(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def price(spot, strike, rate, volatility, time):
    spread = volatility * math.sqrt(time)
    d1 = (math.log(spot / strike) + (rate + 0.5 * volatility**2) * time) / spread
    d2 = d1 - spread
    return spot * cumulative(d1) - strike * math.exp(-rate * time) * cumulative(d2)


def by_hand(spot, strike, rate, volatility, time):
    root = math.sqrt(time)
    d1 = (math.log(spot / strike) + (rate + 0.5 * volatility**2) * time) / (volatility * root)
    d2 = d1 - volatility * root
    density = math.exp(-0.5 * d1 * d1) / math.sqrt(2.0 * math.pi)
    discount = math.exp(-rate * time)
    d_strike = -discount * cumulative(d2)
    d_rate = -strike * time * d_strike
    d_volatility = spot * density * root
    d_time = 0.5 * spot * density * volatility / root - rate * strike * d_strike
    return cumulative(d1), d_strike, d_rate, d_volatility, d_time


def arguments(rng):
    return 100.0, 95.0, 0.03, 0.25, 0.75


PROGRAM = price
ARGNUMS = (0, 1, 2, 3, 4)
