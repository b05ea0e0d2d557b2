"""Objects in lists of run-time length that are changed after several lists hold them, and that refer to others.

In:  nothing.   Out: `PROGRAMS`.
Not here: lists of objects whose length is known (object_lists.py), what is refused (refused_rows.py).
"""

from __future__ import annotations

import copy
import heapq
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.7, -0.4, 1.3, -0.2, 0.9, 1.6])
Y = np.array([-0.5, 2.0, 0.3, 0.83, -0.25, -1.1])


class _Particle:
    kinds = 3

    def __init__(self, v, w=1.0):
        self.v, self.w = v, w

    def scaled(self, factor):
        self.v = self.v * factor
        return self

    @property
    def half(self):
        return self.v / 2

    @half.setter
    def half(self, value):
        self.v = value * 2

    @classmethod
    def light(cls, v):
        return cls(v, 0.1)


def _spawned(x):
    particles = []
    for i, v in enumerate(x):
        if v > -0.3:
            particles.append(_Particle(v, 1.0 + i))
    return particles


@at(X)
def those_that_a_filter_kept(x):
    particles = _spawned(x)
    alive = [p for p in particles if p.v > 0]
    for p in alive:
        p.v = p.v * 2
    return sum(p.v**2 * p.w for p in particles)


@at(X)
def those_that_were_sorted(x):
    particles = _spawned(x)
    order = sorted(particles, key=lambda p: p.v)
    order[0].v = 10.0 * order[1].v
    particles.sort(key=lambda p: (-p.w, p.v))
    particles[-1].scaled(x[2])
    return sum(p.v**2 * (k + 1) for k, p in enumerate(order))


@at(Y)
def those_of_two_lists_together(x):
    left = [_Particle(v) for v in x if v > 0]
    right = [_Particle.light(v) for v in x if v <= 0]
    for p in left + right[:1]:
        p.half += p.w
    both = [*left, *right]
    both.reverse()
    both[0].v = x[0] * x[1]
    return sum(p.v**2 for p in left) * _Particle.kinds + sum(p.v * p.w for p in right)


@at(X)
def the_greatest_and_the_least(x):
    particles = _spawned(x)
    best, worst = max(particles, key=lambda p: p.v), min(particles, key=lambda p: p.v)
    best.v = best.v * worst.v
    total = 0.0
    for p in particles:
        if p is best:
            total += 10 * p.v
        elif p == worst or p is not particles[1]:
            total += p.v**2
    return total * (1 + particles.index(best))


@at(X)
def in_another_list_or_not(x):
    particles = _spawned(x)
    chosen = [p for p in particles if p.v > 0.8]
    total = 0.0
    for p in particles:
        if p in chosen:
            total += p.v * 3
        else:
            p.v = x[0]
    particles.remove(chosen[0])
    return total + sum(p.v for p in particles)


@at(Y)
def pairs_that_push_each_other(x):
    particles = _spawned(x)
    for i in range(len(particles)):
        for j in range(i + 1, len(particles)):
            a, b = particles[i], particles[j]
            d = a.v - b.v
            a.w += 0.1 * d
            b.w -= 0.1 * d
    for a, b in zip(particles, particles[1:]):
        b.v = b.v + a.v * 0.5
    return sum(p.v * p.w for p in particles)


@at(X)
def exchanged_places(x):
    particles = _spawned(x)
    for i in range(len(particles) - 1):
        if particles[i].v > particles[i + 1].v:
            particles[i], particles[i + 1] = particles[i + 1], particles[i]
    particles[0].v *= 3
    return sum(p.v * (k + 1) for k, p in enumerate(particles))


@at(X, 100)
def exchanged_at_an_index_of_the_run(x, n):
    particles = []
    for k in range(n):
        particles.append(_Particle(x[k % 3]))
    i = int(np.argmax(x))
    particles[i], particles[0] = particles[0], particles[i]
    particles[0].v = particles[0].v * x[1]
    return particles[1].v * particles[i].v + particles[0].v


@at(X)
def from_a_queue_and_back(x):
    queue = deque(_spawned(x))
    total = 0.0
    while queue:
        p = queue.popleft()
        p.w -= 1.0
        total += p.v * p.w
        if p.w > 2.0:
            queue.append(p)
    return total


@at(Y)
def from_a_heap_of_tuples(x):
    heap = []
    for i, p in enumerate(_spawned(x)):
        heapq.heappush(heap, (p.v, i, p))
    total, rank = 0.0, 1.0
    while heap:
        v, _, p = heapq.heappop(heap)
        p.w = p.w * rank
        total += v * p.w
        rank += 1
    return total


@at(X)
def seen_once_and_looked_up(x):
    particles = _spawned(x)
    seen, found = set(), {}
    for p in particles + particles:
        if p not in seen:
            seen.add(p)
            p.v = p.v * 2
        found[p] = p.v**2
    return sum(found[p] * p.w for p in particles)


@at(X)
def one_of_two_in_every_place(x):
    a, b = _Particle(x[0]), _Particle(x[1])
    particles = []
    for v in x:
        particles.append(a if v > 0 else b)
    for p in particles:
        p.v = p.v * 1.5
    return a.v + 2 * b.v


@at(X)
def shallow_copies(x):
    particles = _spawned(x)
    others = [copy.copy(p) for p in particles if p.v > 0.8]
    for p in others:
        p.w = x[0] * p.v
    return sum(p.w * p.v for p in particles) + sum(p.w * p.v for p in others)


@at(X)
def attributes_by_name(x):
    particles = _spawned(x)
    for p in [p for p in particles if p.v > 0.8]:
        setattr(p, "w", 1.0 * x[0])
    total = 0.0
    for p in particles:
        if hasattr(p, "w") and isinstance(p, _Particle) and not hasattr(p, "missing"):
            total += getattr(p, "w") * getattr(p, "missing", 2.0) * getattr(p, "v", 9.0)
    return total


@at(X)
def class_patterns(x):
    particles = _spawned(x)
    total = 0.0
    for p in [p for p in particles if p.v > 0]:
        p.w = x[0]
        match p:
            case _Particle(v=v, w=w):
                total += v * w
    return total


@at(X)
def the_last_of_a_kind_if_any(x):
    last = None
    particles = _spawned(x)
    for p in particles:
        if p.v > 1.0:
            last = p
    if last:
        last.v = last.v * 2
    return sum(p.w * p.v for p in particles)


@at(X)
def until_one_is_small(x):
    particles = _spawned(x)
    for p in reversed(particles):
        if p.v < 0.8:
            break
        p.v = x[1] * p.v
    else:
        particles[0].v = 3.0
    for p in particles:
        p.w = p.w * 2
        if p.w > 6.0:
            return p.v * p.w + sum(q.v**2 for q in particles)
    return 0.0


@at(X)
def what_generators_and_functions_inside_change(x):
    particles = _spawned(x)
    first = particles[0]

    def alive():
        for p in particles:
            if p.v > 0:
                yield p

    def bump(p, by):
        p.v = p.v + by

    for p in alive():
        bump(p, x[2] * first.v)
    return sum(p.v for p in alive()) * first.v


@dataclass
class _Sample:
    v: float
    weight: float = 2.0
    tags: list = field(default_factory=list)
    best: float | None = None
    kind: str = "new"


@at(X)
def dataclasses_with_what_may_be_missing(x):
    samples = []
    for v in x:
        if v > 0:
            samples.append(_Sample(v))
    for k, s in enumerate([s for s in samples if s.v > 0.8]):
        s.weight = s.v * k
        s.best = s.v**2
        s.kind = "done"
        s.tags.append(k)
    total = 0.0
    for s in samples:
        total += s.best * s.weight if s.best is not None else s.v
        if s.kind == "done":
            total += s.v * len(s.tags)
    return total


class _Body:
    def __init__(self, position, velocity):
        self.position, self.velocity = position, velocity

    def step(self, dt):
        self.position = self.position + dt * self.velocity

    def kick(self, by):
        self.velocity += by


@at(X)
def arrays_of_objects(x):
    bodies = []
    for i, v in enumerate(x):
        if v > 0:
            bodies.append(_Body(x * (i + 0.5), np.zeros(len(x))))
    near = [b for b in bodies if b.position[0] > 1.0]
    for _ in range(3):
        for b in near:
            b.kick(x * 0.1)
            b.step(0.1)
    return sum(np.sum(b.position**2) for b in bodies)


class _Vector:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def __add__(self, other):
        return _Vector(self.a + other.a, self.b + other.b)

    def __mul__(self, factor):
        return _Vector(self.a * factor, self.b * factor)

    def dot(self, other):
        return self.a * other.a + self.b * other.b


@at(X)
def objects_of_objects(x):
    bodies = []
    for v in x:
        if v > -0.3:
            bodies.append(_Body(_Vector(v, 1.0), _Vector(0.0, x[0])))
    fast = [b for b in bodies if b.position.a > 0.5]
    for _ in range(3):
        for b in fast:
            b.velocity.a -= 0.1 * b.position.a
            b.position = b.position + b.velocity * 0.1
    return sum(b.position.dot(b.position) + b.velocity.a for b in bodies)


class _Animal:
    legs = 4

    def __init__(self, weight):
        self.weight = weight

    def eat(self, amount):
        self.weight += amount * self.rate()

    def rate(self):
        return 1.0


class _Cat(_Animal):
    def __init__(self, weight):
        super().__init__(weight)
        self.lives = 9

    def rate(self):
        return 2.0 * super().rate()


@at(X)
def methods_of_a_base(x):
    cats = []
    for v in x:
        if v > -0.3:
            cats.append(_Cat(v))
    for cat in [cat for cat in cats if cat.weight > 0.8]:
        cat.eat(x[0])
        cat.lives -= 1
    return sum(cat.weight * cat.lives * cat.legs for cat in cats)


class _World:
    def __init__(self):
        self.particles, self.time = [], 0.0

    def add(self, particle):
        self.particles.append(particle)

    def step(self, dt):
        self.time += dt
        for p in self.particles:
            p.v = p.v + dt * p.w
        self.particles = [p for p in self.particles if p.v < 1.2]


@at(X)
def a_world_from_which_some_vanish(x):
    world = _World()
    for i, v in enumerate(x):
        world.add(_Particle(v, x[0] * i))
    watched = world.particles[-1]
    for _ in range(4):
        world.step(0.05)
    return sum(p.v * p.w for p in world.particles) * world.time + watched.v
