"""A rare branch that saves what it needs, and a `break` two branches deep."""

import math


def height(speed, loss, steps):
    position, work, bounces = 1.0, 0.0, 0
    for _ in range(steps):
        speed = speed - 0.2
        position = position + 0.1 * speed
        work = work + position * speed
        if position < 0.0:
            lost = math.exp(-loss * speed)
            speed = -speed * math.tanh(lost)
            position = 0.0
            bounces += 1
            if bounces > 1:
                break
    return work + speed**2


def by_hand(speed, loss, steps):
    """Forward mode, one direction after the other."""
    return _tangent(speed, loss, steps, 1.0, 0.0), _tangent(speed, loss, steps, 0.0, 1.0)


def _tangent(speed, loss, steps, d_speed, d_loss):
    position, d_position, d_work, bounces = 1.0, 0.0, 0.0, 0
    for _ in range(steps):
        speed = speed - 0.2
        position, d_position = position + 0.1 * speed, d_position + 0.1 * d_speed
        d_work += d_position * speed + position * d_speed
        if position < 0.0:
            lost = math.exp(-loss * speed)
            d_lost = -lost * (d_loss * speed + loss * d_speed)
            tanh = math.tanh(lost)
            speed, d_speed = -speed * tanh, -d_speed * tanh - speed * (1.0 - tanh**2) * d_lost
            position, d_position = 0.0, 0.0
            bounces += 1
            if bounces > 1:
                break
    return d_work + 2.0 * speed * d_speed


def arguments(rng):
    return 0.71 + 0.01 * rng.uniform(), 0.05, 40


PROGRAM, ARGNUMS = height, (0, 1)
