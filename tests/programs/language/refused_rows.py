"""What is refused, or raises, of objects in lists of run-time length that are changed.

In:  nothing.   Out: `REFUSED`, `RAISING`.
Not here: what works (rows.py, linked.py, mixed_rows.py).
"""

from __future__ import annotations

import copy
import functools
import heapq
from dataclasses import dataclass

import numpy as np

from tests.programs.idioms import Idiom, collecting
from tests.programs.language.refused import Refused

REFUSED: list[Refused] = []
RAISING: list[Idiom] = []
raising = collecting(RAISING)
X = np.array([0.7, -0.4, 1.3, -0.2, 0.9, 1.6])


def refused(code):
    def register(function):
        REFUSED.append(Refused(function, (X,), code))
        return function

    return register


class _Particle:
    def __init__(self, v):
        self.v = v


@dataclass
class _Sample:
    v: float


class _Body:
    def __init__(self, position):
        self.position = position


def _changed(x, cls=_Particle):
    """Objects that are changed through another list."""
    particles = []
    for v in x:
        if v > -0.3:
            particles.append(cls(v))
    for p in [p for p in particles if p.v > 0.8]:
        p.v = p.v * 2
    return particles


@refused("GS131")
def printed(x):
    particles = _changed(x)
    print(particles[0])
    return particles[0].v


@refused("GS131")
def in_a_text(x):
    particles = _changed(x)
    return particles[0].v * len(f"{particles}")


@refused("GS131")
def copied_deeply(x):
    others = copy.deepcopy(_changed(x))
    return others[0].v


@refused("GS131")
def compared_by_their_fields(x):
    samples = _changed(x, _Sample)
    return sum(s.v for s in samples if s == samples[0])


@refused("GS131")
def keys_of_a_class_that_says_what_is_equal(x):
    seen = set()
    for s in _changed(x, _Sample):
        seen.add(s)
    return x[0] * len(seen)


@refused("GS131")
def attributes_that_come_later(x):
    particles = _changed(x)
    for p in particles:
        p.late = p.v
    return particles[0].late


@refused("GS131")
def arrays_that_several_share(x):
    bodies, zero = [], np.zeros(3)
    for v in x:
        if v > 0:
            bodies.append(_Body(zero))
    for b in [b for b in bodies if b.position[0] < 1.0]:
        b.position += x[0]
    return sum(b.position[0] for b in bodies)


@refused("GS131")
def given_to_a_function_with_a_cache(x):
    @functools.cache
    def square(p):
        return p.v**2

    particles = _changed(x)
    before = square(particles[0])
    particles[0].v = 2.0
    return before + square(particles[0])


@refused("GS131")
def used_as_numbers(x):
    particles = _changed(x)
    return x[0] * particles[0] + sum(particles)


@refused("GS131")
def items_of_objects(x):
    particles = _changed(x)
    a, b = particles[0]
    return a + b


@raising(X)
def compared_where_numbers_are_equal(x):
    heap = []
    for v in x:
        heapq.heappush(heap, (1.0, _Particle(v)))
    return heap[0][1].v


class _Registered:
    def __init__(self, v, registry):
        self.v = v
        registry.append(self)


@refused("GS131")
def put_into_a_list_while_it_is_made(x):
    registry, particles = [], []
    for v in x:
        particles.append(_Registered(v, registry))
    for p in [p for p in particles if p.v > 0.8]:
        p.v = p.v * 2
    return sum(r.v for r in registry)
