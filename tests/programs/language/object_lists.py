"""Simulations over lists of objects that are made from the rows of an argument.

In:  nothing.   Out: `PROGRAMS`.
Not here: single objects (objects.py).
"""

from __future__ import annotations

import itertools

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(12)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


class _Body:
    def __init__(self, x, mass):
        self.x, self.mass = x, mass
        self.v = np.zeros_like(x)
        self.force = None
        self.trail = []

    def kick(self, dt):
        self.v = self.v + dt * self.force / self.mass

    def drift(self, dt):
        self.x = self.x + dt * self.v
        self.trail.append(self.x[0])


class _World:
    def __init__(self, positions, masses):
        self.bodies = []
        for x, mass in zip(positions, masses, strict=True):
            self.bodies.append(_Body(x, mass))
        self.time = 0.0

    def attract(self):
        for body in self.bodies:
            body.force = np.zeros_like(body.x)
        for i, a in enumerate(self.bodies):
            for b in self.bodies[i + 1 :]:
                d = b.x - a.x
                force = a.mass * b.mass * d / (d @ d + 0.01) ** 1.5
                a.force = a.force + force
                b.force = b.force - force

    def step(self, dt):
        self.attract()
        for body in self.bodies:
            body.kick(dt)
            body.drift(dt)
        self.time += dt


@at(rng.normal(size=(3, 2)), np.array([1.0, 2.0, 0.5]))
def bodies_that_attract_each_other(positions, masses):
    world = _World(positions, masses)
    for _ in range(3):
        world.step(0.05)
    energy = sum(body.mass * body.v @ body.v for body in world.bodies)
    return energy + world.time * sum(sum(body.trail) for body in world.bodies)


class _Particle:
    __slots__ = ("f", "v", "x")

    def __init__(self, x, v):
        self.x, self.v, self.f = x, v, np.zeros_like(x)


@at(np.array([[0.0, 0.0], [1.1, 0.1], [0.3, 1.2]]), 0.8)
def particles_written_in_place(positions, strength):
    particles = [_Particle(x.copy(), np.zeros(2)) for x in positions]

    def forces():
        energy = 0.0
        for p in particles:
            p.f[:] = 0
        for p, q in itertools.combinations(particles, 2):
            d = p.x - q.x
            inverse = 1 / (d @ d) ** 3
            energy += 4 * strength * (inverse**2 - inverse)
            pull = 24 * strength * (2 * inverse**2 - inverse) / (d @ d) * d
            p.f += pull
            q.f -= pull
        return energy

    energy = forces()
    for _ in range(2):
        for p in particles:
            p.v += 0.005 * p.f
            p.x += 0.01 * p.v
        energy = forces()
    return energy + sum(0.5 * p.v @ p.v for p in particles)


class _Neuron:
    def __init__(self, weight):
        self.weight, self.state, self.spikes = weight, 0.0, 0

    def feed(self, current):
        self.state = 0.9 * self.state + self.weight * current
        if self.state > 1.0:
            self.state -= 1.0
            self.spikes += 1
        return self.state


@at(np.array([0.6, 1.3]), np.array([1.0, 0.4, 0.9]))
def neurons_that_spike(weights, current):
    neurons = [_Neuron(weight) for weight in weights]
    total = 0.0
    for t in range(len(current)):
        for neuron in neurons:
            total += neuron.feed(current[t])
    return total + sum(neuron.state**2 + neuron.spikes for neuron in neurons)


@at(rng.normal(size=(3, 2)))
def arrays_in_dicts_written_in_place(x):
    parts = [{"row": row.copy(), "count": 0} for row in x]
    for part in parts:
        part["row"] *= 2.0
        part["count"] += 1
    return sum(part["row"] @ part["row"] * part["count"] for part in parts)


class _Spring:
    def __init__(self, length, stiffness):
        self.length, self.stiffness = length, stiffness

    def energy(self):
        return self.stiffness * self.length**2


class _Stiff(_Spring):
    def energy(self):
        return self.stiffness + self.length


class _Chain:
    def __init__(self, lengths, kind):
        self.parts = [kind(length, 1.0 + k) for k, length in enumerate(lengths)]

    def __len__(self):
        return len(self.parts)

    def energy(self):
        return sum(part.energy() for part in self.parts)

    def damped(self, n):
        return 0.0 if n <= 0 else self.energy() * 0.5**n + self.damped(n - 1)


def _energy_of(parts, n):
    return 0.0 if n <= 0 else sum(part.energy() for part in parts) + _energy_of(parts, n - 1)


@at(rng.normal(size=4), 4)
def objects_of_collected_objects_in_recursions(x, n):
    soft, stiff = _Chain(x, _Spring), _Chain(x, _Stiff)
    for _ in range(3):
        x = x * soft.energy() / len(soft)
    return soft.damped(n) + 2.0 * stiff.damped(n) + np.sum(x)


@at(rng.normal(size=4), 4)
def lists_of_two_classes_in_one_recursion(x, n):
    return _energy_of([_Spring(v, 2.0) for v in x], n) + 3.0 * _energy_of([_Stiff(v, 2.0) for v in x], n)


class _Order:
    def __init__(self, price, size):
        self.price, self.size = price, size


class _OrderBook:
    def __init__(self):
        self.bids, self.trades = [], []

    def add(self, order):
        if order.size <= 0.0:
            raise ValueError("an order needs a size")
        k = 0
        while k < len(self.bids) and self.bids[k].price > order.price:
            k += 1
        self.bids.insert(k, order)

    def sell(self, size):
        earned = 0.0
        while size > 1e-12:
            if not self.bids:
                raise RuntimeError("no bids are left")
            best = self.bids[0]
            traded = min(size, best.size)
            earned += traded * best.price
            best.size -= traded
            size -= traded
            self.trades.append(traded)
            if best.size <= 1e-12:
                self.bids.pop(0)
        return earned


@at(np.array([3.0, 5.0, 4.0, 2.0]), np.array([1.0, 0.4, 0.9, 2.0]))
def orders_in_the_order_of_their_prices(prices, sizes):
    book = _OrderBook()
    for price, size in zip(prices, sizes, strict=True):
        book.add(_Order(price, size))
    earned = book.sell(1.7) + 0.5 * book.sell(0.55)
    rest = sum(order.size * order.price for order in book.bids)
    return earned + sum(traded**2 for traded in book.trades) + rest


def _rank(order, orders):
    for k in range(len(orders)):
        if orders[k][0] <= order[0]:
            return k
    return len(orders)


@at(np.array([3.0, 5.0, 4.0, 2.0]), 2)
def pairs_put_in_at_places_found_by_a_function(x, n):
    orders = []
    for k, price in enumerate(x):
        orders.insert(_rank((price, k), orders), (price, 0.5 * k))
    kept = [x[0], x[1]]
    i = n
    while i > 0 and kept[i - 1] < 4.0:
        i -= 1
    kept.insert(i, x[2] * x[3])
    return sum(price * weight for price, weight in orders) + sum(k * v for k, v in enumerate(kept))
