"""A cotangent that all branches hand on is not moved to another variable in each of them."""

import numpy as np

import gradscribe as gs


def misfit(u, readings, steps):
    total = 0.0
    for n in range(steps):
        new = u.copy()
        new[1:-1] += 0.1 * (u[2:] - u[:-2])
        new[0] = 0.0
        if n % 2 == 1:
            total += np.sum((new[[0, 2]] - readings[n // 2]) ** 2)
        u = new
    return total


POINT = (np.array([0.3, -0.2, 0.9, 0.4]), np.array([[0.1, 0.5], [-0.3, 0.2]]), 4)


def test_branch_that_only_adds_leaves_the_variable_as_it_is():
    source = gs.grad(misfit).compile(*POINT).source
    assert "else:" not in source
    assert not [line for line in source.splitlines() if line.strip().split("#")[0].strip() == "d_new = d_u"]
    gs.testing.check_grads(lambda u, readings: misfit(u, readings, 4), POINT[:2], order=2)
