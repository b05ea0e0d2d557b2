"""The second derivative of a power: what is left is one product."""


def cube(x):
    return x**3


def by_hand(x):
    return 6.0 * x


def arguments(rng):
    return (1.75,)


PROGRAM = cube
ORDER = 2
