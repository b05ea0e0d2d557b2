"""Bodies in a tree of objects that one recursion builds and another one goes down: a tree code for gravity."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Cell:
    centre: float
    mass: float
    halves: list = field(default_factory=list)


def build(xs, masses):
    if len(xs) == 1:
        return Cell(xs[0], masses[0])
    middle = len(xs) // 2
    left, right = build(xs[:middle], masses[:middle]), build(xs[middle:], masses[middle:])
    mass = left.mass + right.mass
    return Cell((left.centre * left.mass + right.centre * right.mass) / mass, mass, [left, right])


def potential(cell, x, size):
    distance = np.sqrt((x - cell.centre) ** 2 + 0.01)
    if not cell.halves or size < 0.7 * distance:
        return cell.mass / distance
    inner = 0.0
    for half in cell.halves:
        inner += potential(half, x, size / 2)
    return inner


def total(xs, masses, points):
    cell = build(xs, masses)
    energy = 0.0
    for point in points:
        energy += potential(cell, point, 4.0)
    return energy


def arguments(rng):
    return np.sort(rng.uniform(-2.0, 2.0, 6)), rng.uniform(0.5, 2.0, 6), np.array([-1.7, 0.3, 3.1])


PROGRAM = total
ARGNUMS = (0, 1)
