"""A function that calls itself on run-time values."""


def power(x, n):
    if n == 0:
        return 1.0
    if n % 2 == 1:
        return x * power(x, n - 1)
    half = power(x, n // 2)
    return half * half


def by_hand(x, n):
    return n * x ** (n - 1)


def arguments(rng):
    return 1.1, 13


PROGRAM = power
