"""Structural engineering: compliance of a planar truss, stiffness assembled element by element."""

import numpy as np


def element_stiffness(p, q, area, young):
    d = q - p
    length = np.sqrt(d @ d)
    c, s = d / length
    t = np.array([-c, -s, c, s])
    return young * area / length * np.outer(t, t)


def compliance(nodes, areas, load, young, bars, free):
    n = len(nodes)
    K = np.zeros((2 * n, 2 * n))
    volume = 0.0
    for e, (a, b) in enumerate(bars):
        dofs = np.array([2 * a, 2 * a + 1, 2 * b, 2 * b + 1])
        K[np.ix_(dofs, dofs)] += element_stiffness(nodes[a], nodes[b], areas[e], young)
        volume += areas[e] * np.linalg.norm(nodes[b] - nodes[a])
    u = np.zeros(2 * n)
    u[free] = np.linalg.solve(K[np.ix_(free, free)], load[free])
    return load @ u + 0.01 * volume


def arguments(rng, bays):
    top = np.stack([np.arange(bays + 1.0), np.ones(bays + 1)], axis=1)
    nodes = np.concatenate([top * [1, 0], top]) + 0.05 * rng.normal(size=(2 * bays + 2, 2))
    m = bays + 1
    bars = [(k, k + 1) for k in range(bays)] + [(m + k, m + k + 1) for k in range(bays)]
    bars += [(k, m + k) for k in range(m)] + [(k, m + k + 1) for k in range(bays)]
    bars += [(k + 1, m + k) for k in range(bays)]
    free = np.array([i for i in range(4 * m) if i not in (0, 1, 2 * m, 2 * m + 1)])
    return nodes, rng.uniform(0.5, 1.5, len(bars)), rng.normal(size=4 * m), 10.0, np.array(bars), free


PROGRAM = compliance
SIZES = (1, 12)
