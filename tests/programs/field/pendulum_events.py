"""Mechanics: a damped pendulum bouncing off a wall; semi-implicit steps, the impact found by interpolation."""

import math


def swing(angle, speed, damping, restitution, wall, dt, t_end):
    t = 0.0
    bounces = 0
    work = 0.0
    while t < t_end:
        previous = angle
        speed += dt * (-9.81 * math.sin(angle) - damping * speed)
        angle += dt * speed
        if angle > wall and speed > 0:
            fraction = (wall - previous) / (angle - previous)
            remaining = (1.0 - fraction) * dt
            lost = 0.5 * speed**2 * (1.0 - restitution**2)
            speed = -restitution * speed
            angle = wall + remaining * speed
            work += lost
            bounces += 1
            if bounces >= 3:
                break
        t += dt
    height = 1.0 - math.cos(angle)
    return 0.5 * speed**2 + 9.81 * height + work


def arguments(rng, n):
    return -0.8, 0.3, 0.1, 0.8, 0.4, 2.0 / n, 1.97


PROGRAM = swing
SIZES = (40, 400)
