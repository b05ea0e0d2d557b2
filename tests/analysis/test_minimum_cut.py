"""Cuts against SciPy's maximum flow, and against every cut of small networks."""

from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from gradscribe.analysis.minimum_cut import Network


def random_capacities(seed, size):
    rng = np.random.default_rng(seed)
    capacities = rng.integers(0, 8, (size, size)) * (rng.random((size, size)) < 0.4)
    np.fill_diagonal(capacities, 0)
    return capacities


def sink_side(capacities):
    network = Network()
    vertices = [network.vertex() for _ in capacities]
    for i, j in np.argwhere(capacities):
        network.connect(vertices[i], vertices[j], int(capacities[i, j]))
    return network.sink_side(vertices[0], vertices[-1])


def cost(capacities, side):
    inside = np.isin(np.arange(len(capacities)), list(side))
    return capacities[np.ix_(~inside, inside)].sum()


@pytest.mark.parametrize("seed", range(40))
def test_cut_costs_what_the_maximum_flow_carries(seed):
    capacities = random_capacities(seed, 3 + seed)
    flow = maximum_flow(csr_array(capacities.astype(np.int32)), 0, len(capacities) - 1).flow_value
    assert cost(capacities, sink_side(capacities)) == flow


@pytest.mark.parametrize("seed", range(40))
def test_side_of_the_sink_is_the_smallest_of_all_minimum_cuts(seed):
    capacities = random_capacities(seed, 7)
    sides = [
        frozenset([6, *(vertex for vertex, chosen in enumerate(choice, start=1) if chosen)])
        for choice in product((False, True), repeat=5)
    ]
    least = min(cost(capacities, side) for side in sides)
    smallest = frozenset.intersection(*(side for side in sides if cost(capacities, side) == least))
    assert sink_side(capacities) == smallest


def test_sink_that_nothing_reaches_is_alone():
    network = Network()
    source, middle, sink = network.vertex(), network.vertex(), network.vertex()
    network.connect(source, middle, 3)
    assert network.sink_side(source, sink) == {sink}
