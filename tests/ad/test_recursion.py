"""Recursive functions that change what they are given: what they change is handed through, not copied."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pytest

import gradscribe as gs


def table(x, n):
    known = np.zeros(n + 1)

    def value(k):
        if k < 2:
            return x[k]
        if known[k] != 0.0:
            return known[k]
        known[k] = np.sin(value(k - 1)) + 0.3 * value(k - 2) * x[k]
        return known[k]

    return value(n)


def collected(x, n):
    found = [x[0]]

    def walk(k):
        if k < n:
            found.append(found[0] * x[k] + found[-1])
            walk(2 * k)
            walk(2 * k + 1)

    walk(1)
    return sum(found)


@dataclass
class Node:
    weight: float
    below: list


def tree(x, n):
    def build(k):
        if k >= n:
            return Node(0.5, [])
        left, right = build(2 * k), build(2 * k + 1)
        left.weight *= x[k]
        return Node(left.weight + x[k] * right.weight**2, [left, right])

    def total(node):
        return node.weight + 0.5 * sum(total(inner) for inner in node.below)

    return total(build(1))


def marked(x, n):
    def mark(weights, k, factor):
        weights[k] += factor
        for child in (2 * k, 2 * k + 1):
            if child < n and weights[child] < 2.0:
                mark(weights, child, factor * x[child])

    weights = x.copy()
    mark(weights, 1, x[0])
    return np.sum(weights**2)


PROGRAMS = (table, collected, tree, marked)


def arguments(n):
    return np.linspace(0.4, 1.2, n + 1), n


@pytest.mark.parametrize("n", [2, 3, 9])
@pytest.mark.parametrize("program", PROGRAMS)
def test_derivatives_are_those_of_differences(program, n):
    gs.testing.check_grads(program, arguments(n), order=2, rtol=1e-5)


@pytest.mark.parametrize("program", PROGRAMS)
def test_both_ways_to_second_order_agree(program):
    x, n = arguments(7)
    weights = np.cos(np.arange(x.size))
    inner = gs.grad(program, create_graph=True)
    twice = gs.grad(lambda x: weights @ inner(x, n))(x)
    np.testing.assert_allclose(gs.hvp(program, (x, n), (weights, None))[0], twice, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_changed_is_not_copied_at_each_level(program):
    source = gs.grad(program).compile(*arguments(7)).source
    bodies = {text.partition("(")[0]: text for text in re.split(r"^def ", source, flags=re.MULTILINE)[1:]}
    levels = [text for name, text in bodies.items() if text.count(f"{name}(") > 1]
    assert len(levels) >= 2
    for text in levels:
        assert not re.search(r"copy|zeros_like\((?!t)|add_lists", text.partition('"""')[2]), text
