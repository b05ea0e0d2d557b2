"""The idioms of training in PyTorch, each beside its functional counterpart, each result checked.

An optimiser of PyTorch owns parameters and changes them in place. Here it is a pair of functions: `init` makes a
state, `step` returns new parameters and the next state. The lines of PyTorch are quoted in the docstring of each
idiom; the code below it is what you write instead.

Run:  python examples/from_pytorch_training.py    (`from_pytorch.py` runs those of differentiation, and these)
"""

from __future__ import annotations

import os
import tempfile

import numpy as np

import gradscribe as gs


def training_loop():
    """The loop of every tutorial: the optimiser is a pair of functions, its state a value.

    PyTorch:
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
        for x, y in loader:
            optimizer.zero_grad()
            loss = loss_fn(net(x), y)
            loss.backward()
            optimizer.step()
    """

    def loss(params, x, y):
        return np.mean((x @ params["w"] + params["b"] - y) ** 2)

    rng = np.random.default_rng(0)
    x = rng.normal(size=(256, 3))
    y = x @ np.array([1.0, -2.0, 0.5]) + 4.0
    loss_and_grad = gs.value_and_grad(loss)
    params = {"w": np.zeros(3), "b": 0.0}
    optimizer = gs.optim.sgd(0.1, momentum=0.9)
    state = optimizer.init(params)
    for _ in range(60):
        for start in range(0, 256, 32):
            rows = slice(start, start + 32)
            value, grads = loss_and_grad(params, x[rows], y[rows])
            params, state = optimizer.step(params, grads, state)
    assert value < 1e-8
    assert np.allclose(params["w"], [1.0, -2.0, 0.5], atol=1e-4)
    assert abs(params["b"] - 4.0) < 1e-4
    return params


def whole_training_loop():
    """The same loop in one call, with shuffling, a held-out part, early stopping and a checkpoint.

    PyTorch:
        loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
        ... a page of loop, or a framework around it
    """

    def loss(w, x, y):
        return np.mean((x @ w - y) ** 2)

    rng = np.random.default_rng(0)
    x = rng.normal(size=(256, 3))
    y = x @ np.array([1.0, -2.0, 0.5])
    with tempfile.TemporaryDirectory() as folder:

        def run(epochs):
            return gs.optim.fit(
                loss,
                np.zeros(3),
                gs.optim.minibatches(x[:200], y[:200], size=32),
                gs.optim.adam(0.05),
                epochs,
                validation=(x[200:], y[200:]),
                early_stopping=gs.optim.EarlyStopping(patience=10),
                checkpoint=os.path.join(folder, "run.npz"),
            )

        run(20)
        continued = run(60)
    unbroken = gs.optim.fit(
        loss, np.zeros(3), gs.optim.minibatches(x[:200], y[:200], size=32), gs.optim.adam(0.05), 60
    )
    assert np.array_equal(continued.params, unbroken.params), "a continued run ends with the same bits"
    assert np.allclose(continued.best_params, [1.0, -2.0, 0.5], atol=1e-3)
    return continued


def micro_batches():
    """Gradient accumulation: gradients of small batches, averaged, are that of the large one.

    PyTorch:
        for x, y in micro_batches:
            (loss_fn(net(x), y) / len(micro_batches)).backward()
        optimizer.step()
        optimizer.zero_grad()
    """

    def loss(w, x, y):
        return np.mean((np.tanh(x @ w) - y) ** 2)

    rng = np.random.default_rng(0)
    x, y, w = rng.normal(size=(64, 3)), rng.normal(size=64), rng.normal(size=3)
    loss_grad = gs.grad(loss)
    total = np.zeros(3)
    for start in range(0, 64, 16):
        total += loss_grad(w, x[start : start + 16], y[start : start + 16]) / 4
    assert np.allclose(total, loss_grad(w, x, y), rtol=1e-13)

    in_parts = gs.optim.microbatch(loss_grad, argnums=(1, 2), microbatch_size=16, accumulator="mean")
    assert np.allclose(in_parts(w, x, y), total, rtol=1e-13)

    optimizer = gs.optim.multi_steps(gs.optim.adam(0.1), every_k_schedule=4)
    accumulated, state = w, optimizer.init(w)
    for start in range(0, 64, 16):
        d_w = loss_grad(accumulated, x[start : start + 16], y[start : start + 16])
        accumulated, state = optimizer.step(accumulated, d_w, state)
        assert np.array_equal(accumulated, w) == (start < 48), "it moves when all four have come"
    once = gs.optim.adam(0.1)
    at_once, _ = once.step(w, loss_grad(w, x, y), once.init(w))
    assert np.allclose(accumulated, at_once, rtol=1e-13)
    return accumulated


def clipping_in_the_optimizer():
    """Clipping as a part of the optimiser: a transformation before the others.

    PyTorch:
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm=1.0)
        optimizer.step()
    """
    optimizer = gs.optim.chain(gs.optim.clip_by_global_norm(1.0), gs.optim.sgd(0.5))
    params = {"w": np.zeros(2), "b": 0.0}
    grads = {"w": np.array([3.0, 0.0]), "b": 4.0}
    params, _ = optimizer.step(params, grads, optimizer.init(params))
    assert np.allclose(params["w"], [-0.3, 0.0], rtol=1e-15)
    assert np.isclose(params["b"], -0.4, rtol=1e-15)
    return params


def parameter_groups():
    """Parameter groups and frozen layers: labels say which optimiser moves what.

    PyTorch:
        for p in net.backbone.parameters():
            p.requires_grad_(False)
        optimizer = torch.optim.SGD([
            {"params": net.head.parameters(), "lr": 0.1},
            {"params": net.neck.parameters(), "lr": 0.01},
        ])
    """
    params = {"backbone": np.ones(2), "neck": np.ones(2), "head": [np.ones(2), 1.0]}
    grads = {"backbone": np.ones(2), "neck": np.ones(2), "head": [np.ones(2), 1.0]}
    optimizer = gs.optim.partition(
        {"fast": gs.optim.sgd(0.1), "slow": gs.optim.sgd(0.01), "frozen": gs.optim.set_to_zero()},
        {"backbone": "frozen", "neck": "slow", "head": "fast"},
    )
    params, _ = optimizer.step(params, grads, optimizer.init(params))
    assert np.array_equal(params["backbone"], [1.0, 1.0])
    assert np.array_equal(params["neck"], [0.99, 0.99])
    assert np.array_equal(params["head"][0], [0.9, 0.9])
    assert params["head"][1] == 0.9
    return params


def scheduler():
    """A schedule is a function of the step count, handed to the optimiser in place of the rate.

    PyTorch:
        optimizer = torch.optim.SGD([w], lr=0.1)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=4)
        optimizer.step()
        scheduler.step()
    """
    optimizer = gs.optim.sgd(gs.optim.cosine_decay_schedule(0.1, decay_steps=4))
    w, moved = 0.0, []
    state = optimizer.init(w)
    for _ in range(4):
        before = w
        w, state = optimizer.step(w, 1.0, state)
        moved.append(before - w)
    expected = [0.05 * (1.0 + np.cos(np.pi * k / 4.0)) for k in range(4)]
    assert np.allclose(moved, expected, rtol=1e-12)
    return moved


def two_optimizers():
    """A GAN's two steps: each player has its loss and its optimiser, and only its own part moves.

    PyTorch:
        optimizer_d.zero_grad()
        critic_loss(critic(real), critic(generator(z).detach())).backward()
        optimizer_d.step()
        optimizer_g.zero_grad()
        generator_loss(critic(generator(z))).backward()
        optimizer_g.step()
    """

    def critic_loss(critic, player, real, z):
        made = z + player["shift"]
        gap = np.mean(critic["a"] * real) - np.mean(critic["a"] * made)
        return 0.5 * critic["a"] ** 2 - gap

    def player_loss(player, critic, z):
        return -np.mean(critic["a"] * (z + player["shift"]))

    critic_grad, player_grad = gs.grad(critic_loss), gs.grad(player_loss)
    optimizer = gs.optim.partition(
        {"fast": gs.optim.sgd(0.2), "slow": gs.optim.sgd(0.05)}, {"critic": "fast", "player": "slow"}
    )
    params = {"critic": {"a": 0.0}, "player": {"shift": 0.0}}
    still = {"critic": {"a": 0.0}, "player": {"shift": 0.0}}
    state = optimizer.init(params)
    rng = np.random.default_rng(0)
    for _ in range(400):
        real, z = 3.0 + rng.normal(size=64), rng.normal(size=64)
        d_critic = critic_grad(params["critic"], params["player"], real, z)
        before = params["player"]["shift"]
        params, state = optimizer.step(params, {**still, "critic": d_critic}, state)
        assert params["player"]["shift"] == before, "the critic's step leaves the player alone"
        d_player = player_grad(params["player"], params["critic"], z)
        params, state = optimizer.step(params, {**still, "player": d_player}, state)
    assert abs(params["player"]["shift"] - 3.0) < 0.3
    return params


def lbfgs():
    """L-BFGS by changing one line: the loop passes the loss along, which other optimisers do not look at.

    PyTorch:
        optimizer = torch.optim.LBFGS([x], line_search_fn="strong_wolfe")
        def closure():
            optimizer.zero_grad()
            loss = rosenbrock(x)
            loss.backward()
            return loss
        optimizer.step(closure)
    """

    def rosenbrock(x):
        return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)

    loss_and_grad = gs.value_and_grad(rosenbrock)

    def train(optimizer, steps):
        x = np.array([-1.2, 1.0, -0.5])
        state = optimizer.init(x)
        for _ in range(steps):
            value, d_x = loss_and_grad(x)
            x, state = optimizer.step(x, d_x, state, value=value, value_and_grad=loss_and_grad)
        return x

    by_adam = train(gs.optim.adam(0.05), 3000)
    by_lbfgs = train(gs.optim.lbfgs(), 40)
    assert np.max(np.abs(by_adam - 1.0)) < 1e-2
    assert np.max(np.abs(by_lbfgs - 1.0)) < 1e-8
    return by_adam, by_lbfgs


def averaged_model():
    """The average of the parameters along the way, as for stochastic weight averaging: it is part of the state.

    PyTorch:
        averaged = torch.optim.swa_utils.AveragedModel(net)
        ... after each step past the first hundred: averaged.update_parameters(net)
    """

    def loss(w, x, y):
        return np.mean((x @ w - y) ** 2)

    rng = np.random.default_rng(0)
    x, truth = rng.normal(size=(400, 3)), np.array([1.0, -2.0, 0.5])
    y = x @ truth + rng.normal(size=400)
    optimizer = gs.optim.averaged(gs.optim.sgd(0.2), start=100)
    result = gs.optim.fit(loss, np.zeros(3), gs.optim.minibatches(x, y, size=8), optimizer, 20)
    average = gs.optim.averaged_params(result.state, result.params)
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    assert np.linalg.norm(average - best) < 0.3 * np.linalg.norm(result.params - best)
    return average


def state_dict():
    """Saving and loading: parameters and state are nested values, which one file holds; nothing is unpickled.

    PyTorch:
        torch.save({"model": net.state_dict(), "optimizer": optimizer.state_dict()}, path)
        checkpoint = torch.load(path)
        net.load_state_dict(checkpoint["model"])
        optimizer.load_state_dict(checkpoint["optimizer"])
    """
    optimizer = gs.optim.adam(0.1)
    params = {"w": np.array([1.0, 2.0]), "b": 0.5}
    state = optimizer.init(params)
    grads = {"w": np.array([0.3, -0.7]), "b": 1.0}
    params, state = optimizer.step(params, grads, state)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.npz")
        gs.optim.save(path, params=params, state=state)
        fresh = {"w": np.zeros(2), "b": 0.0}
        loaded = gs.optim.load(path, params=fresh, state=optimizer.init(fresh))
    went_on, _ = optimizer.step(params, grads, state)
    loaded_and_went_on, _ = optimizer.step(loaded["params"], grads, loaded["state"])
    assert np.array_equal(went_on["w"], loaded_and_went_on["w"])
    assert went_on["b"] == loaded_and_went_on["b"]
    return loaded["params"]


TRAINING_IDIOMS = (
    training_loop,
    whole_training_loop,
    micro_batches,
    clipping_in_the_optimizer,
    parameter_groups,
    scheduler,
    two_optimizers,
    lbfgs,
    averaged_model,
    state_dict,
)


def main():
    """Run every idiom of training and print what it found."""
    for idiom in TRAINING_IDIOMS:
        title = idiom.__doc__.splitlines()[0]
        print(f"{idiom.__name__}: {title}")
        print(f"    {idiom()}")


if __name__ == "__main__":
    main()
