"""Three problems over nested parameters, with gradients written by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SHAPES = ((3, 4), (4,), ())


def parts(params):
    return [np.asarray(params["layer"]["W"]), np.asarray(params["layer"]["b"]), np.asarray(params["scale"])]


def tree(leaves):
    W, b, scale = leaves
    return {"layer": {"W": W, "b": b}, "scale": np.asarray(scale)}


def start(seed, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return tree([np.asarray(0.5 + rng.normal(size=shape), dtype) for shape in SHAPES])


TARGET = np.linspace(-1.0, 1.0, 17)
STIFFNESS = np.linspace(0.5, 3.0, 17)


# The gradients of three examples, whose mean is the gradient.
EXAMPLES = (0.2, 0.7, 2.1)


def per_example(grads):
    return tree([np.stack([leaf.dtype.type(share) * leaf for share in EXAMPLES]) for leaf in parts(grads)])


def joined(leaves):
    return np.concatenate([leaf.reshape(-1) for leaf in leaves])


def cut(vector):
    ends = np.cumsum([int(np.prod(shape)) for shape in SHAPES])[:-1]
    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends), SHAPES)]


@dataclass(frozen=True)
class Problem:
    """A loss of 17 numbers, its gradient, and the loss over nested parameters, which the compiler can read."""

    loss: object
    gradient: object
    obj_fn: object

    def value(self, params):
        return float(self.loss(joined(parts(params))))

    def grads(self, params, dtype=None):
        return tree([np.asarray(g, dtype) for g in cut(self.gradient(joined(parts(params))))])

    def curvature(self, leaves, directions):
        """The Hessian times a direction: a complex step of the gradient."""
        x = joined(leaves) + 1e-30j * joined(directions)
        return cut(self.gradient(x).imag / 1e-30)


def quadratic(x):
    return 0.5 * np.sum(STIFFNESS * (x - TARGET) ** 2)


def rosenbrock(x):
    return np.sum((1 - x[:-1]) ** 2 + (x[1:] - x[:-1] ** 2) ** 2)


def rosenbrock_gradient(x):
    g = np.zeros_like(x)
    for i in range(len(x) - 1):
        g[i] += -2 * (1 - x[i]) - 4 * x[i] * (x[i + 1] - x[i] ** 2)
        g[i + 1] += 2 * (x[i + 1] - x[i] ** 2)
    return g


FEATURES = np.random.default_rng(3).normal(size=(40, 17))
CLASSES = np.where(FEATURES @ np.linspace(-1, 2, 17) > 0, 1.0, -1.0)


def logistic(x):
    return np.mean(np.log1p(np.exp(-CLASSES * (FEATURES @ x))))


def logistic_gradient(x):
    return -(FEATURES * (CLASSES / (1 + np.exp(CLASSES * (FEATURES @ x))))[:, None]).mean(axis=0)


def all_numbers(params):
    W, b, scale = params["layer"]["W"], params["layer"]["b"], params["scale"]
    return np.concatenate((np.reshape(W, (-1,)), b, np.reshape(scale, (-1,))))


PROBLEMS = {
    "quadratic": Problem(
        quadratic, lambda x: STIFFNESS * (x - TARGET), lambda params: quadratic(all_numbers(params))
    ),
    "rosenbrock": Problem(rosenbrock, rosenbrock_gradient, lambda params: rosenbrock(all_numbers(params))),
    "logistic": Problem(logistic, logistic_gradient, lambda params: logistic(all_numbers(params))),
}
