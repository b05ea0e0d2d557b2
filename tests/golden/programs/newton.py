"""A `while` loop whose number of trips depends on the values."""


def root(a):
    x = a
    while abs(x * x - a) > 1e-12 * a:
        x = 0.5 * (x + a / x)
    return x


def by_hand(a):
    return 0.5 / root(a)


def arguments(rng):
    return (float(rng.uniform(1.0, 9.0)),)


PROGRAM = root
