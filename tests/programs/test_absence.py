"""Second derivatives where nested branches decide which residuals exist."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs


def replaced_in_one_branch(x):
    start = x.copy()
    if x[0] > 2.0:
        pass
    elif x[1] > 1.0:
        pass
    else:
        x = np.array([0.241, start[-2]])
    return np.sum(x * x)


def used_in_an_inner_branch_only(x):
    s = x[0]
    if x[0] > 0.0:
        y = np.sin(x) * x
        if x[1] > 0.0:
            s = s + np.sum(y**3)
        elif x[1] > -1.0:
            s = s * 2.0
        else:
            s = s + np.sum(y) * s
    else:
        z = np.exp(x)
        s = s + np.sum(z * z)
    return s * s


def in_a_loop(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.0:
            row = np.tanh(x * x[i])
            if i > 0:
                s = s + np.sum(row**2)
            if x[0] > 1.0:
                s = s * np.sum(row)
        else:
            s = s + x[i] ** 3
    return np.exp(-s) + s


def twice_by_one_test(x):
    test = x[0] > 0.0
    y = x
    if test:
        y = np.sin(x)
        w = y * y
    t = np.sum(y)
    if test:
        t = t * np.sum(w) + np.sum(w * x)
    return t * t


POINTS = [
    np.array([0.5, 0.7]),
    np.array([0.5, -0.7]),
    np.array([0.5, -1.7]),
    np.array([-0.5, 0.7]),
    np.array([2.5, 0.3]),
    np.array([1.5, 1.2]),
    np.array([-0.5, -0.7]),
]


@pytest.mark.parametrize("point", POINTS, ids=str)
@pytest.mark.parametrize(
    "function", [replaced_in_one_branch, used_in_an_inner_branch_only, in_a_loop, twice_by_one_test]
)
def test_second_derivative_is_right_in_every_branch(function, point) -> None:
    first = gs.grad(function, create_graph=True)
    vector = np.array([0.3, -0.8])

    def along(x, v):
        return np.sum(first(x) * v)

    h = 1e-6
    slope = (function(point + h * vector) - function(point - h * vector)) / (2 * h)
    assert float(first(point) @ vector) == pytest.approx(slope, rel=1e-6, abs=1e-8)
    second = gs.grad(along)(point, vector)
    wanted = (first(point + h * vector) - first(point - h * vector)) / (2 * h)
    np.testing.assert_allclose(second, wanted, rtol=1e-5, atol=1e-7)
    value, tangent = gs.jvp(along, (point, vector), (vector, np.zeros(2)))
    assert float(tangent) == pytest.approx(float(second @ vector), rel=1e-9, abs=1e-12)
