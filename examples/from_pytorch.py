"""The idioms of PyTorch's autograd, each beside its functional counterpart, each result checked.

A tape records what runs and keeps gradients in `.grad` of its tensors. Here the derivative is a function of its
own: gradients are what it returns, and adding, clipping or dropping them is ordinary arithmetic. The lines of
PyTorch are quoted in the docstring of each idiom; the code below it is what you write instead. Idioms of
training are in from_pytorch_training.py, and run from here too.

Run:  python examples/from_pytorch.py
"""

from __future__ import annotations

import numpy as np
from from_pytorch_training import TRAINING_IDIOMS

import gradscribe as gs


def backward_of_a_scalar():
    """The derivative of x² + 3x + 1 at 2.

    PyTorch:
        x = torch.tensor(2.0, requires_grad=True)
        y = x**2 + 3 * x + 1
        y.backward()
        x.grad
    """

    def f(x):
        return x**2 + 3.0 * x + 1.0

    slope = gs.grad(f)(2.0)
    assert slope == 7.0
    return slope


def gradient_argument():
    """A result that is not a scalar needs the cotangent to pull back.

    PyTorch:
        x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = x**2
        y.backward(gradient=torch.ones(3))
        x.grad
    """

    def f(x):
        return x**2

    _, pullback = gs.vjp(f, np.array([1.0, 2.0, 3.0]))
    (d_x,) = pullback(gradient=np.ones(3))
    assert np.array_equal(d_x, [2.0, 4.0, 6.0])

    _, pullback = gs.vjp(f, np.array([1.0, 2.0, 3.0]))
    try:
        pullback()
    except gs.errors.UsageError as error:
        print(error)
    else:
        raise AssertionError("an array was pulled back without a gradient")
    return d_x


def retain_graph():
    """Pulling back twice: the saved values live until the first call without `retain_graph`.

    PyTorch:
        x = torch.tensor(2.0, requires_grad=True)
        y = x**3
        y.backward(retain_graph=True)   # x.grad is 12
        y.backward()                    # x.grad is 24
        y.backward()                    # RuntimeError
    """

    def f(x):
        return x**3

    _, pullback = gs.vjp(f, 2.0)
    accumulated = 0.0
    accumulated += pullback(retain_graph=True)[0]
    assert accumulated == 12.0
    accumulated += pullback()[0]
    assert accumulated == 24.0
    try:
        pullback()
    except gs.errors.UsageError as error:
        print(error)
    else:
        raise AssertionError("the saved values were used after they were freed")
    return accumulated


def create_graph():
    """Second derivatives: a derivative made with `create_graph=True` can be differentiated again.

    PyTorch:
        x = torch.tensor(2.0, requires_grad=True)
        (first,) = torch.autograd.grad(x**3, x, create_graph=True)
        (second,) = torch.autograd.grad(first, x)
    """

    def f(x):
        return x**3

    second = gs.grad(gs.grad(f, create_graph=True))
    assert second(2.0) == 12.0
    assert second(1.0) == 6.0
    return second(2.0), second(1.0)


def several_arguments():
    """The gradient with respect to several arguments: a tuple, in the order asked.

    PyTorch:
        x1, x2, x3 = (torch.tensor(v, requires_grad=True) for v in (2.0, 3.0, 1.0))
        ((x1 * x2 + x3) ** 2).backward()
        x1.grad, x2.grad, x3.grad
    """

    def f(x1, x2, x3):
        return (x1 * x2 + x3) ** 2

    slopes = gs.grad(f, argnums=(0, 1, 2))(2.0, 3.0, 1.0)
    assert slopes == (42.0, 28.0, 14.0)
    return slopes


def mean_of_a_vector():
    """A reduction to a scalar needs no `gradient`.

    PyTorch:
        x = torch.ones(3, requires_grad=True)
        (2 * x).mean().backward()
        x.grad
    """

    def f(x):
        return np.mean(2.0 * x)

    d_x = gs.grad(f)(np.ones(3))
    assert np.allclose(d_x, 2.0 / 3.0, rtol=1e-15)
    return d_x


def accumulation():
    """Gradients add up because you add them; nothing needs `zero_grad`.

    PyTorch:
        x = torch.tensor(2.0, requires_grad=True)
        (x**2).backward()    # x.grad is 4
        (3 * x).backward()   # x.grad is 7
        x.grad.zero_()
    """

    def square(x):
        return x**2

    def triple(x):
        return 3.0 * x

    d_x = gs.grad(square)(2.0)
    assert d_x == 4.0
    d_x += gs.grad(triple)(2.0)
    assert d_x == 7.0
    return d_x


def linear_fit():
    """A training loop: `backward`, `step` and `zero_grad` become one update of the parameters.

    PyTorch:
        optimizer = torch.optim.SGD([w, b], lr=0.1)
        for _ in range(500):
            optimizer.zero_grad()
            ((w * x + b - y) ** 2).mean().backward()
            optimizer.step()
    """

    def loss(params, x, y):
        return np.mean((params["w"] * x + params["b"] - y) ** 2)

    x = np.linspace(-1.0, 1.0, 50)
    y = 2.0 * x + 1.0
    params = {"w": 0.0, "b": 0.0}
    loss_grad = gs.grad(loss)
    for _ in range(500):
        d_params = loss_grad(params, x, y)
        params = {name: params[name] - 0.1 * d_params[name] for name in params}
    assert abs(params["w"] - 2.0) < 1e-6
    assert abs(params["b"] - 1.0) < 1e-6
    return params


def relu_network():
    """A 1-10-1 ReLU network fitted to y = 2x + 3 with noise.

    PyTorch:
        net = torch.nn.Sequential(torch.nn.Linear(1, 10), torch.nn.ReLU(), torch.nn.Linear(10, 1))
    """

    def predict(params, x):
        (W1, b1), (W2, b2) = params
        return np.maximum(x @ W1 + b1, 0.0) @ W2 + b2

    def loss(params, x, y):
        return np.mean((predict(params, x) - y) ** 2)

    rng = np.random.default_rng(0)
    x = rng.uniform(-1.0, 1.0, size=(200, 1))
    y = 2.0 * x + 3.0 + 0.1 * rng.normal(size=(200, 1))
    params = [
        (rng.normal(size=(1, 10)), np.zeros(10)),
        (rng.normal(size=(10, 1)) / np.sqrt(10.0), np.zeros(1)),
    ]
    loss_and_grad = gs.value_and_grad(loss)
    value = np.inf
    for _ in range(1000):
        value, d_params = loss_and_grad(params, x, y)
        params = [
            (W - 0.05 * d_W, b - 0.05 * d_b) for (W, b), (d_W, d_b) in zip(params, d_params, strict=True)
        ]
    truth = 2.0 * x + 3.0
    assert value < 0.012, "the noise alone leaves 0.01"
    assert np.max(np.abs(predict(params, x) - truth)) < 0.15
    return value


def clipping():
    """Clipping a gradient by its norm is a line of arithmetic between the gradient and the update.

    PyTorch:
        torch.nn.utils.clip_grad_norm_([x], max_norm=1.0)
    """

    def f(x):
        return np.sum(x**4)

    d_x = gs.grad(f)(np.array([3.0, 4.0]))
    clipped = d_x * min(1.0, 1.0 / np.linalg.norm(d_x))
    assert np.array_equal(d_x, [108.0, 256.0])
    assert np.isclose(np.linalg.norm(clipped), 1.0)
    assert np.allclose(clipped / d_x, clipped[0] / d_x[0])
    return clipped


def two_players():
    """Updating only part of the parameters, as the two players of a GAN do: choose it with `argnums`.

    PyTorch:
        loss_d = critic_loss(critic(real), critic(generator(z).detach()))
        optimizer_d.step()
        loss_g = generator_loss(critic(generator(z)))
        optimizer_g.step()
    """

    def generate(player, z):
        return z + player["shift"]

    def score(critic, x):
        return critic["a"] * x

    def critic_loss(critic, player, real, z):
        gap = np.mean(score(critic, real)) - np.mean(score(critic, generate(player, z)))
        return 0.5 * critic["a"] ** 2 - gap

    def player_loss(critic, player, z):
        return -np.mean(score(critic, generate(player, z)))

    critic_grad = gs.grad(critic_loss)
    player_grad = gs.grad(player_loss, argnums=1)
    rng = np.random.default_rng(0)
    critic, player = {"a": 0.0}, {"shift": 0.0}
    for _ in range(400):
        real, z = 3.0 + rng.normal(size=64), rng.normal(size=64)
        before = player["shift"]
        critic = {"a": critic["a"] - 0.2 * critic_grad(critic, player, real, z)["a"]}
        assert player["shift"] == before, "the critic's step leaves the player alone"
        player = {"shift": player["shift"] - 0.05 * player_grad(critic, player, z)["shift"]}
    assert abs(player["shift"] - 3.0) < 0.3
    return player


def detach():
    """What is computed outside the differentiated function, or not asked for, is constant.

    PyTorch:
        target = net(x).detach()
        ((net(x) - target - 1) ** 2).backward()
    """

    def net(w, x):
        return w * x

    def loss(w, x, target):
        return (net(w, x) - target - 1.0) ** 2

    target = net(2.0, 3.0)
    slope = gs.grad(loss)(2.0, 3.0, target)
    assert slope == -6.0
    return slope


def in_place_update():
    """Overwriting a value that the derivative needs: a tape refuses it, here it is simply right.

    PyTorch:
        y = torch.exp(u)
        y[0] *= 2.0
        y.sum().backward()   # RuntimeError: ... has been modified by an inplace operation
    """

    def f(u):
        y = np.exp(u)
        y[0] *= 2.0
        y[1:] = y[1:] ** 2
        return np.sum(y)

    u = np.array([0.0, 1.0, 2.0])
    d_u = gs.grad(f)(u)
    expected = [2.0, 2.0 * np.exp(2.0), 2.0 * np.exp(4.0)]
    assert np.allclose(d_u, expected, rtol=1e-14)
    assert np.array_equal(u, [0.0, 1.0, 2.0])
    return d_u


IDIOMS = (
    backward_of_a_scalar,
    gradient_argument,
    retain_graph,
    create_graph,
    several_arguments,
    mean_of_a_vector,
    accumulation,
    linear_fit,
    relu_network,
    clipping,
    two_players,
    detach,
    in_place_update,
    *TRAINING_IDIOMS,
)


def main():
    """Run every idiom and print what it found."""
    for idiom in IDIOMS:
        title = idiom.__doc__.splitlines()[0]
        print(f"{idiom.__name__}: {title}")
        print(f"    {idiom()}")


if __name__ == "__main__":
    main()
