import math


def price_grad(spot, strike, rate, volatility, time):
    """Gradient of `price` with respect to `spot`, `strike`, `rate`, `volatility`, `time`.

    For spot: float, strike: float, rate: float, volatility: float, time: float.
    """
    sqrt_time = math.sqrt(time)                                              # option.py:11
    spread = volatility * sqrt_time                                          # option.py:11
    log = math.log(spot / strike)                                            # option.py:12
    t = rate + 0.5 * volatility ** 2                                         # option.py:12
    d1 = (log + t * time) / spread                                           # option.py:12
    d2 = d1 - spread                                                         # option.py:13
    sqrt = math.sqrt(2.0)                                                    # option.py:7
    t_1 = d1 / sqrt                                                          # option.py:7
    t_2 = 0.5 * (1.0 + math.erf(t_1))                                        # option.py:7
    t_3 = -rate                                                              # option.py:14
    exp = math.exp(t_3 * time)                                               # option.py:14
    t_4 = d2 / math.sqrt(2.0)                                                # option.py:7
    t_5 = -0.5 * (1.0 + math.erf(t_4))                                       # option.py:14
    d_d2 = -0.5641895835477563 * strike * exp * math.exp(-t_4 * t_4) / sqrt  # option.py:7
    t_4 = t_5 * strike * exp                                                 # option.py:14
    d_d1 = 0.5641895835477563 * spot * math.exp(-t_1 * t_1) / sqrt + d_d2    # option.py:13
    t_1 = d_d1 / spread                                                      # option.py:12
    d_spread = -d_d1 * d1 / spread - d_d2                                    # option.py:12
    t_6 = t_1 * time                                                         # option.py:12
    d_rate = t_6 - t_4 * time                                                # option.py:12
    d_spot = t_2 + t_1 / spot                                                # option.py:12
    d_strike = t_5 * exp - t_1 / strike                                      # option.py:12
    d_volatility = t_6 * volatility + d_spread * sqrt_time                   # option.py:11
    d_time = t_4 * t_3 + t_1 * t + 0.5 * d_spread * volatility / sqrt_time   # option.py:11
    return d_spot, d_strike, d_rate, d_volatility, d_time
