"""A function called from a function, tuples returned and unpacked, `math` on scalars."""

import math


def slope(angle, speed, drag):
    return speed, -math.sin(angle) - drag * speed


def swing(angle, speed, drag, n):
    for _ in range(n):
        d_angle, d_speed = slope(angle, speed, drag)
        middle, middle_speed = angle + 0.05 * d_angle, speed + 0.05 * d_speed
        d_angle, d_speed = slope(middle, middle_speed, drag)
        angle, speed = angle + 0.1 * d_angle, speed + 0.1 * d_speed
    return 0.5 * speed * speed - math.cos(angle)


def arguments(rng):
    return 0.8, -0.3, 0.2, 10


PROGRAM = swing
ARGNUMS = (0, 1, 2)
