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


def summed(x):
    def rest(k):
        return 0.0 if k >= len(x) else np.sin(x[k]) * x[k] + 0.5 * rest(k + 1)

    return rest(0)


def running(x):
    def extremes(a, k):
        if k >= len(a):
            return a[0], a[0]
        a[k] = a[k] * a[k - 1]
        low, high = extremes(a, k + 1)
        return min(low, a[k]), max(high, a[k])

    a = x.copy()
    low, high = extremes(a, 1)
    return low * high + a @ x


def bisected(x):
    def root(low, high, tries):
        middle = 0.5 * (low + high)
        if tries == 0 or high - low < 0.3:
            return middle
        return root(low, middle, tries - 1) if middle**3 > x[0] else root(middle, high, tries - 1)

    return root(-x[0], 2.0 * x[1], 50) * x[2]


def bordered(x):
    def grown(a, k):
        return np.sum(a) * k if np.sum(a) > 40 else grown(np.concatenate([a, np.ones(k)]), k + 1)

    return grown(x, 1)


COUNTING = (summed, running, bisected, bordered)


@pytest.mark.parametrize("program", COUNTING)
def test_a_recursion_that_counts_is_written_once(program):
    x = np.linspace(0.4, 1.2, 7)
    gs.testing.check_grads(program, (x,), order=2, rtol=1e-5)
    source = gs.grad(program).compile(x).source
    assert source.count("def ") == 3
    assert len(source.splitlines()) < 110


@pytest.mark.parametrize("program", COUNTING)
def test_no_factor_of_one_is_left_in_functions_that_call_themselves(program):
    source = gs.grad(program).compile(np.linspace(0.4, 1.2, 7)).source
    assert "1.0 * " not in source


def test_what_an_array_has_of_length_is_known_after_a_call_that_changes_it():
    source = gs.grad(running).compile(np.linspace(0.4, 1.2, 7)).source
    assert "x.copy())" in source
    assert "a += d_a" in source


def test_an_int_that_must_be_known_stays_known():
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(3 + (k + 1) % 3, 3 + k % 3)) for k in range(14)]
    offsets = [0.1 if k % 2 else np.zeros(3 + (k + 1) % 3) for k in range(14)]

    def layers(h, k):
        if k == len(weights):
            return h
        h = np.tanh(weights[k] @ h + offsets[k])
        return h[:1] if np.max(np.abs(h)) > 100 else layers(h, k + 1)

    def program(x):
        return np.sum(layers(x, 0) ** 2)

    gs.testing.check_grads(program, (np.array([0.3, 0.5, 0.8]),), order=2, rtol=1e-5)
    assert gs.grad(program).compile(np.ones(3)).source.count("np.tanh") == 14


def test_an_int_of_numpy_in_one_branch_does_not_wrap():
    def scaled(x, k):
        big = np.int64(2) ** 40 if k > 3 else x
        return big if k > 5 else scaled(x, k + 1) * 0.5 + big * 1e-12

    def program(x):
        factor = scaled(x, 0)
        return factor * factor * x

    gs.testing.check_grads(program, (0.7,), rtol=1e-6)


def test_a_recursion_to_a_known_depth_in_branches_is_written_once():
    def program(x):
        def go(k):
            if k >= 6:
                return x[k]
            return x[k] * go(k + 1) if x[k] > 0.5 else 0.5 * go(k + 2) + x[0]

        return go(0)

    x = np.linspace(0.4, 1.2, 9)
    gs.testing.check_grads(program, (x,), order=2, rtol=1e-5)
    assert gs.grad(program).compile(x).source.count("def ") == 3


def test_an_axis_that_takes_turns_stays_known():
    def program(x):
        def go(k, axis):
            if x[0] * k > 2.1:
                return np.sum(np.outer(x, x[::-1]), axis=axis)[1]
            return np.sum(np.outer(x, x), axis=axis)[0] + 0.5 * go(k + 1, 1 - axis)

        return go(0, 0)

    gs.testing.check_grads(program, (np.linspace(0.4, 1.2, 5),), order=2, rtol=1e-5)
