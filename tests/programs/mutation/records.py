"""Run-time lists of tuples, named tuples, dicts and objects; methods of lists and dicts.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x5 = np.array([0.3, 0.8, -0.4, 1.2, 0.5])


class S(NamedTuple):
    p: float
    q: np.ndarray


class Particle:
    def __init__(self, place, mass):
        self.place = place
        self.mass = mass

    def energy(self):
        return self.mass * np.sum(self.place**2)


@at(x5, 5)
def objects_in_a_list(x, n):
    found = []
    for i in range(n):
        found.append(Particle(x * x[i], x[i] ** 2))
    return sum(p.energy() for p in found) + found[-1].mass


@at(x5, 5)
def pairs_written_after(x, n):
    pairs = []
    for i in range(n):
        pairs.append((x[i], i))
    pairs[1] = (x[0] * x[1], 7)
    pairs[n - 1] = pairs[0]
    return sum(a * k for a, k in pairs)


@at(x5, 5)
def tup_append(x, n):
    h = []
    for i in range(n):
        h.append((x[i], x[i] ** 2))
    s = 0.0
    for a, b in h:
        s += a * b
    return s + h[-1][0]


@at(x5, 5)
def tup_index(x, n):
    h = [(x[0], 0.0)]
    for i in range(1, n):
        a, b = h[-1]
        h.append((a * x[i] + b, b + a))
    return h[-1][0] * h[n - 2][1] + len(h)


@at(x5, 5)
def tup_arrays(x, n):
    h = []
    v = x * 1.0
    for i in range(n):
        v = v * 0.9 + x[i]
        h.append((v, i, np.sum(v)))
    s = 0.0
    for v, k, t in h:
        s += v[0] * k + t
    return s


@at(x5, 5)
def zipped(x, n):
    a = [x[i] * 2 for i in range(n)]
    b = [x[i] ** 2 for i in range(n)]
    p = list(zip(a, b))
    return sum(u * v for u, v in p) + p[0][1]


@at(x5, 5)
def sort_pairs(x, n):
    p = [(x[i], i * x[i] ** 2) for i in range(n)]
    p = sorted(p, key=lambda t: t[0])
    return p[0][1] * 2 + p[-1][1] + p[1][0]


@at(x5, 5)
def sort_pairs_inplace(x, n):
    p = []
    for i in range(n):
        p.append((x[i], i * x[i] ** 2))
    p.sort(key=lambda t: -t[0])
    return p[0][1] * 2 + p[n - 1][1]


@at(x5, 5)
def list_sort(x, n):
    p = []
    for i in range(n):
        p.append(x[i] ** 2)
    p.sort()
    p.reverse()
    return p[0] * 2 + p[-1] * 3


@at(x5, 5)
def list_sort_static(x, n):
    p = [x[0], x[1] ** 2, x[2]]
    p.sort(reverse=True)
    return p[0] * 2 + p[-1] * 3


@at(x5, 5)
def dict_ops(x, n):
    d = {"a": x[0]}
    d |= {"b": x[1]}
    e = d | {"a": x[2]}
    d.setdefault("c", x[3])
    d.setdefault("a", 5.0)
    v = d.pop("b")
    d.update(q=x[4])
    d.update({"a": v * 2})
    f = dict(d, z=1.0)
    g = {**e, "y": x[0]}
    k, w = d.popitem()
    del g["b"]
    return sum(d.values()) * v + sum(e.values()) + sum(f.values()) + sum(g.values()) + w + len(d)


@at(x5, 5)
def lst_methods(x, n):
    items = [x[i] for i in range(n)]
    items.insert(1, x[0] ** 2)
    items.extend([x[1], 2.0])
    items += [x[2]]
    m = items.copy()
    m.reverse()
    items.clear()
    items.append(m[0])
    del m[1]
    m[1:3] = [x[3] ** 2]
    m = m * 2
    m = [1.0] + m
    return sum(m) * items[0] + m[2] * m[-1] + len(m)


@at(x5, 5)
def lst_rt_slices(x, n):
    items = []
    for i in range(n):
        items.append(x[i])
    items[1:3] = [x[0] ** 2, x[1] ** 2, x[2] ** 2]
    b = [0.5 * v for v in items[::2]]
    items[4:2] = b
    items[-1:] = b[:1] * 2
    del items[0:2]
    del items[-1]
    a = items[:2]
    b = items[::-1]
    return sum(items) * a[0] + b[0]


@at(x5, 5)
def namedhist(x, n):
    h = []
    s = S(x[0], x)
    for i in range(n):
        s = s._replace(p=s.p * x[i] + 1, q=s.q * 0.5)
        h.append(s)
    return h[-1].p + np.sum(h[2].q) + sum(t.p for t in h)


@at(x5, 5)
def dict_hist(x, n):
    h = []
    for i in range(n):
        h.append({"l": x[i] ** 2, "k": x[i]})
    return sum(r["l"] * r["k"] for r in h) + h[-1]["l"]


@at(x5, 5)
def stack_while(x, n):
    st = [(x[0], 0)]
    s = 0.0
    while st:
        v, d = st.pop()
        s += v * v
        if d < 3:
            st.append((v * x[1], d + 1))
            st.append((v + x[2], d + 1))
    return s


@at(x5, 5)
def enumerate_hist(x, n):
    h = []
    for i, v in enumerate(x):
        h.append((i, v * v))
    return sum(i * v for i, v in h) + sum(v for _, v in h[1:]) + sum(b for a, b in reversed(h) if a > 1)


@at(x5, 5)
def popped_pairs(x, n):
    h = []
    for i in range(n):
        h.append((x[i], x[i] ** 2))
    a, b = h.pop()
    c, d = h.pop(0)
    h.insert(0, (a, d))
    h[1] = (b, c)
    h.extend([(x[0], x[1])])
    h.reverse()
    return sum(p * q for p, q in h)


@at(x5, 5)
def nested_pairs(x, n):
    h = []
    for i in range(n):
        h.append((x[i], (x[i] ** 2, [x[0], x[1] * i])))
    return sum(a * b * c[1] for a, (b, c) in h)


@at(x5, 5)
def params(x, n):
    p = {}
    for i in range(3):
        p[f"W{i}"] = x * x[i]
        p[f"b{i}"] = x[i]
    h = x
    for i in range(3):
        h = np.tanh(p[f"W{i}"] * h + p[f"b{i}"])
    for k in p:
        p[k] = p[k] * 0.9
    for k, v in p.items():
        h = h + np.sum(v)
    return np.sum(h)


class Held:
    def __init__(self, part):
        self.part = part


@at(np.array([0.4, -1.1, 0.7, 1.6]), 4)
@at(np.array([0.4, -1.1, 0.7, 1.6]), 0)
def of_one_part(x, n):
    tuples, objects, rows = [], [], []
    for i in range(n):
        tuples.append((x[i] ** 2,))
        objects.append(Held(np.sin(x[i])))
        rows.append({"row": x[i : i + 2]})
    s = x[0]
    for (a,) in tuples:
        s += a * a
    for held in objects:
        s += held.part**2
    for row in rows:
        s += np.sum(row["row"]) ** 2
    return s + sum(pair[0] for pair in tuples)
