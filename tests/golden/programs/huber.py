"""Early returns, one in each branch."""


def huber(residual, delta):
    size = abs(residual)
    if size <= delta:
        return 0.5 * residual**2
    return delta * (size - 0.5 * delta)


def by_hand(residual, delta):
    if abs(residual) <= delta:
        return residual, 0.0
    return (delta if residual > 0.0 else -delta), abs(residual) - delta


def arguments(rng):
    return -2.5, 1.25


PROGRAM = huber
ARGNUMS = (0, 1)
