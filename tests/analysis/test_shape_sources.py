"""No array is saved for its shape alone where another one has that shape."""

import numpy as np

import gradscribe as gs


def assembled(nodes, areas):
    """Duplicate indices: which of the values stay is asked of the shape of the matrix."""
    K = np.zeros((len(nodes), len(nodes)))
    for e in range(len(areas)):
        at = np.array([e, e + 1])
        rows, columns = np.ix_(at, at)
        K[rows, columns] = K[rows, columns] + areas[e] * np.outer(nodes[at], nodes[at])
    return np.sum(K**2)


def eliminated(diagonal, right):
    """Copies that an iteration writes into, and whose cotangents start at zero."""
    u = right
    for _ in range(3):
        scaled = diagonal.copy()
        shifted = u.copy()
        for i in range(1, len(u)):
            scaled[i] = scaled[i] - 0.1 * scaled[i - 1]
            shifted[i] = shifted[i] - 0.2 * shifted[i - 1] * scaled[i]
        u = shifted
    return np.sum(u**2)


def replaced(x, w):
    """A whole store ends the cotangent of what was there before."""
    p = np.exp(x)
    for _ in range(3):
        p /= p.sum()
        p[:] = p * w
    p[...] = np.tanh(p)
    return np.sum(p**2)


def source_of(function, *args):
    derivative = gs.grad(function, argnums=(0, 1))
    derivative.compile(*args)
    return derivative.source


RNG = np.random.default_rng(4)


def test_matrix_is_not_saved_for_its_shape():
    args = RNG.uniform(0.5, 1.5, 5), RNG.uniform(0.5, 1.5, 4)
    assert "K_saved" not in source_of(assembled, *args)
    gs.testing.check_grads(assembled, args, order=2)


def test_zeros_take_the_shape_of_what_is_there():
    args = RNG.uniform(0.5, 1.5, 5), RNG.uniform(0.5, 1.5, 5)
    source = source_of(eliminated, *args)
    assert "scaled_saved.append(scaled)" not in source
    assert "shifted_saved.append(shifted)" not in source
    gs.testing.check_grads(eliminated, args, order=2)


def test_a_whole_store_leaves_no_zeros_behind():
    args = RNG.normal(size=4), RNG.uniform(0.5, 1.5, 4)
    source = source_of(replaced, *args)
    assert "= 0.0" not in source
    assert "copy('K')\n" not in source.replace("_saved.append", "")
    gs.testing.check_grads(replaced, args, order=2)
