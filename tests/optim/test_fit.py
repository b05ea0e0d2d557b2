"""The training loop: same steps as by hand, deterministic, early stopping, validation, clear errors."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe import optim
from gradscribe.errors import UsageError


def loss(params, x, y):
    return np.mean((np.tanh(x @ params["W"]) @ params["v"] + params["b"] - y) ** 2)


def data(n=40):
    rng = np.random.default_rng(7)
    x = rng.normal(size=(n, 3))
    return x, np.sin(x[:, 0]) - 0.5 * x[:, 1]


def start():
    rng = np.random.default_rng(1)
    return {"W": rng.normal(size=(3, 5)), "v": rng.normal(size=5), "b": 0.0}


def test_the_steps_are_those_of_a_loop_by_hand():
    x, y = data()
    batches = optim.minibatches(x, y, size=16)
    result = optim.fit(loss, start(), batches, optim.adam(0.01), epochs=3, seed=5)
    opt, params = optim.adam(0.01), start()
    state, losses = opt.init(params), []
    for epoch in range(3):
        order = np.random.default_rng((5, epoch)).permutation(40)
        for rows in (order[:16], order[16:32], order[32:]):
            losses.append(loss(params, x[rows], y[rows]))
            params, state = opt.step(params, gs.grad(loss)(params, x[rows], y[rows]), state)
    assert np.array_equal(result.params["W"], params["W"])
    assert result.params["b"] == params["b"]
    assert np.array_equal(result.history.loss, losses)
    assert np.array_equal(result.history.epoch_end, [3, 6, 9])
    assert np.allclose(result.history.epoch_loss, np.reshape(losses, (3, 3)).mean(axis=1), rtol=1e-15)
    assert result.steps == 9
    assert result.reason == "all epochs are done"


def test_the_seed_decides_and_arguments_are_left_alone():
    params, batches = start(), optim.minibatches(*data(), size=8)
    params["W"].flags.writeable = False

    def run(seed):
        return optim.fit(loss, params, batches, optim.sgd(0.05), epochs=4, seed=seed)

    one, same, other = run(1), run(1), run(2)
    assert np.array_equal(one.params["W"], same.params["W"])
    assert not np.array_equal(one.params["W"], other.params["W"])
    assert np.array_equal(params["W"], start()["W"])
    none = optim.fit(loss, params, batches, optim.sgd(0.05), epochs=0)
    assert not np.shares_memory(none.params["W"], params["W"])
    assert np.array_equal(none.params["W"], params["W"])


def test_optimizers_that_ask_for_the_loss_itself_get_it_on_the_batch_at_hand():
    stiffness = np.array([1.0, 100.0])
    seen = []

    def init(params):
        return 0

    def update(updates, state, params=None, *, obj_fn, value_and_grad, value, **extra):
        seen.append((obj_fn, obj_fn(params), value_and_grad(params)[0], value))
        return updates, state + 1

    opt = optim.chain(optim.GradientTransformation(init, update), optim.sophia(0.05, update_interval=1))
    batches = [(np.array([1.0, 2.0]),), (np.array([3.0, 0.0]),)]
    result = optim.fit(lambda w, t: np.sum(stiffness * (w - t) ** 2), np.zeros(2), batches, opt, epochs=3)
    assert len({id(function) for function, *_ in seen}) == 1, "compiled once"
    for _, by_objective, by_derivative, value in seen:
        assert by_objective == by_derivative == value
    assert len({value for *_, value in seen}) == 6
    assert np.all(result.params > 0.0)


def test_batches_may_be_a_list_or_a_function_of_the_generator():
    x, y = data()
    by_list = optim.fit(loss, start(), [(x, y)], optim.sgd(0.05), epochs=3)
    by_function = optim.fit(loss, start(), lambda rng: iter([(x, y)]), optim.sgd(0.05), epochs=3)
    assert np.array_equal(by_list.params["W"], by_function.params["W"])
    single = optim.fit(lambda w, t: np.sum((w - t) ** 2), np.zeros(2), [np.ones(2)], optim.sgd(0.5), epochs=1)
    assert np.array_equal(single.params, np.ones(2))
    seen = []

    def noisy(rng):
        for _ in range(2):
            seen.append(rng.normal())
            yield x + seen[-1], y

    optim.fit(loss, start(), noisy, optim.sgd(0.01), epochs=2, seed=3)
    expected = [v for k in range(2) for v in np.random.default_rng((3, k)).normal(size=2)]
    assert np.array_equal(seen, expected)


def test_the_last_batch_may_be_dropped():
    batches = optim.minibatches(np.arange(10), size=4, drop_last=True)
    assert [len(rows) for (rows,) in batches(np.random.default_rng(0))] == [4, 4] == [4] * len(batches)


def test_early_stopping_keeps_the_best_parameters():
    x, y = data()
    held_out = data(9)
    seen = []
    result = optim.fit(
        loss,
        start(),
        optim.minibatches(x, y, size=8),
        # Too long steps: the validation gets worse soon.
        optim.sgd(0.9),
        epochs=200,
        validation=held_out,
        early_stopping=optim.EarlyStopping(patience=5),
        callbacks=[lambda epoch: seen.append((epoch.validation["validation"], epoch.params["W"].copy()))],
    )
    values = [value for value, _ in seen]
    assert result.reason == "no improvement in 5 epochs"
    assert result.epochs == len(values) == result.best_epoch + 5 < 200
    assert result.best_value == min(values) == values[result.best_epoch - 1]
    assert np.array_equal(result.best_params["W"], seen[result.best_epoch - 1][1])
    assert loss(result.best_params, *held_out) == result.best_value
    assert np.array_equal(result.history.validation["validation"], values)


def test_small_improvements_do_not_count():
    x, y = data()
    stopping = optim.EarlyStopping(patience=2, min_delta=10.0)
    result = optim.fit(loss, start(), [(x, y)], optim.sgd(0.01), epochs=50, early_stopping=stopping)
    assert result.best_epoch == 1
    assert result.epochs == 3


def test_validation_may_measure_several_things_and_callbacks_may_stop():
    x, y = data()
    result = optim.fit(
        loss,
        start(),
        [(x, y)],
        optim.sgd(0.05),
        epochs=50,
        validation=lambda params: {"size": np.sum(params["W"] ** 2), "shift": params["b"]},
        callbacks=[lambda epoch: epoch.number == 4, lambda epoch: None],
    )
    assert result.epochs == 4
    assert result.reason == "a callback asked to stop"
    assert set(result.history.validation) == {"size", "shift"}
    assert result.best_value == np.min(result.history.validation["size"])


def test_history_is_plotted(tmp_path):
    result = optim.fit(loss, start(), [data()], optim.sgd(0.05), epochs=3, validation=data(5))
    axes = result.history.plot(tmp_path / "loss.png")
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["batch loss", "epoch mean", "validation"]


def test_a_bar_is_drawn_when_asked_for(capsys):
    optimizer = optim.chain(
        optim.clip_by_global_norm(1.0), optim.inject_hyperparams(optim.sgd)(learning_rate=0.05)
    )
    result = optim.fit(loss, start(), [data()], optimizer, epochs=3, progress=True)
    shown = " ".join(capsys.readouterr().out.split())
    assert "3/3" in shown
    assert f"epoch 3 loss {result.history.loss[-1]:.4g} rate 0.05" in shown
    optim.fit(loss, start(), [data()], optim.sgd(0.05), epochs=3)
    assert capsys.readouterr().out == ""


def test_a_loss_that_is_not_finite_is_named_by_its_batch():
    x, y = data()
    bad = y.copy()
    bad[0] = np.nan
    with pytest.raises(UsageError, match="the loss is nan, in batch 2 of epoch 1") as caught:
        optim.fit(loss, start(), [(x, y), (x, bad)], optim.sgd(0.05))
    assert caught.value.code == "GS332"


def test_a_gradient_that_is_not_finite_is_named_by_its_path():
    def root(params, x):
        return np.sum(np.sqrt(params["layers"][1])) + np.sum(x)

    params = {"layers": [1.0, np.array([1.0, 0.0])]}
    with (
        pytest.raises(UsageError, match=r"`grads\['layers'\]\[1\]\[1\]` is inf") as caught,
        np.errstate(all="ignore"),
    ):
        optim.fit(root, params, [(np.zeros(1),)], optim.sgd(0.05))
    assert caught.value.code == "GS332"


@pytest.mark.parametrize(
    ("batches", "words"),
    [
        (iter([1.0]), "used up"),
        ([], "gave no batch in epoch 1"),
        (np.ones(3), "gs.optim.minibatches"),
        (lambda rng: [], "gave no batch in epoch 1"),
        (lambda: [(np.ones(3),)], "a function that takes no generator"),
    ],
)
def test_batches_that_no_loop_can_use(batches, words):
    with pytest.raises(UsageError) as caught:
        optim.fit(loss, start(), batches, optim.sgd(0.05))
    assert caught.value.code == "GS339"
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("arrays", "size"), [((np.ones(3), np.ones(4)), 2), ((), 2), ((np.ones(3),), 0), ((np.ones(0),), 1)]
)
def test_minibatches_that_cannot_be_made(arrays, size):
    with pytest.raises(UsageError) as caught:
        optim.minibatches(*arrays, size=size)
    assert caught.value.code == "GS339"


@pytest.mark.parametrize(
    ("validation", "code", "words"),
    [
        (lambda params: np.nan, "GS332", "the validation 'validation' is nan, after epoch 1"),
        (lambda params: {"error": 1.0, "share": "good"}, "GS356", "`validation` returned str as 'share'"),
        (lambda params: np.ones(2), "GS356", "`validation` returned float64[2] as 'validation'"),
        (lambda params: {}, "GS356", "`validation` returned an empty dict"),
    ],
)
def test_a_validation_that_decides_nothing_is_refused(validation, code, words):
    with pytest.raises(UsageError) as caught:
        optim.fit(loss, start(), [data()], optim.sgd(0.1), validation=validation)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_what_stops_a_run_from_outside_goes_through(tmp_path):
    """An interrupt of the keyboard, say; the checkpoint is that of the epoch before."""

    def stop(epoch):
        if epoch.number == 2:
            raise KeyboardInterrupt

    path = tmp_path / "run.npz"
    arguments = (loss, start(), optim.minibatches(*data(), size=20), optim.adam(0.1), 4)
    with pytest.raises(KeyboardInterrupt):
        optim.fit(*arguments, callbacks=[stop], checkpoint=path)
    continued, whole = optim.fit(*arguments, checkpoint=path), optim.fit(*arguments)
    assert continued.params["W"].tobytes() == whole.params["W"].tobytes()
