"""Checkpoints: whole or refused, nothing unpickled, and a killed run ends with the same bits."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import UsageError
from gradscribe.optim.archive import write_archive
from tests.optim.problems import PROBLEMS, parts, start
from tests.optim.table import ROWS, Row, keywords


class Pair(NamedTuple):
    mean: np.ndarray
    count: int


@dataclass
class Model:
    W: np.ndarray
    name: str
    scale: float


def tree():
    return {
        "model": Model(np.asfortranarray(np.arange(6.0).reshape(2, 3)), "m", 0.1),
        "state": [Pair(np.array([np.nan, -0.0], np.float32), 3), None, (np.float32(0.1), True, 1 + 2j)],
        3: np.zeros((0, 2)),
    }


def test_trees_come_back_bit_for_bit(tmp_path):
    saved = tree()
    optim.save(tmp_path / "t.npz", tree=saved, seed=5)
    loaded = optim.load(tmp_path / "t.npz", seed=0, tree=tree())
    assert loaded["seed"] == 5
    back = loaded["tree"]
    assert back["model"].W.tobytes() == saved["model"].W.tobytes()
    assert back["model"].W.flags.f_contiguous
    assert back["model"].name == "m"
    assert type(back["model"].scale) is float
    assert type(back["state"][0]) is Pair
    assert back["state"][0].mean.tobytes() == saved["state"][0].mean.tobytes()
    assert type(back["state"][0].count) is int
    assert [type(part) for part in back["state"][2]] == [np.float32, bool, complex]
    assert back[3].shape == (0, 2)
    assert "tree['model'].W" in np.load(tmp_path / "t.npz", allow_pickle=False)


def test_every_damaged_byte_and_every_cut_is_noticed(tmp_path):
    path = tmp_path / "t.npz"
    optim.save(path, w=np.arange(3.0))
    whole = path.read_bytes()
    for position in range(0, len(whole), 7):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x40]) + whole[position + 1 :])
        with pytest.raises(UsageError) as caught:
            optim.load(path, w=np.zeros(3))
        assert caught.value.code == "GS337", position
    for length in range(0, len(whole), 11):
        path.write_bytes(whole[:length])
        with pytest.raises(UsageError) as caught:
            optim.load(path, w=np.zeros(3))
        assert caught.value.code == "GS337", length


def test_foreign_files_are_refused_and_nothing_is_unpickled(tmp_path):
    path = tmp_path / "t.npz"
    np.savez(path, w=np.arange(3.0))
    with pytest.raises(UsageError, match="was not written by gradscribe"):
        optim.load(path, w=np.zeros(3))

    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "sprung"),))

    with pytest.raises(ValueError, match="allow_pickle=False"):
        write_archive(path, {"w": np.array([Trap()], dtype=object)}, {"kinds": {"w": "array"}})
    assert not (tmp_path / "sprung").exists()
    path.write_text("hello")
    with pytest.raises(UsageError, match="is not a checkpoint"):
        optim.load(path, w=np.zeros(3))
    with pytest.raises(FileNotFoundError):
        optim.load(tmp_path / "none.npz", w=np.zeros(3))


@pytest.mark.parametrize(
    ("like", "words"),
    [
        ({"W": np.zeros((2, 3)), "b": 0.0}, "`params['W']` is float64[2, 2] in the file, but float64[2, 3]"),
        ({"W": np.zeros((2, 2), np.float32), "b": 0.0}, "float32[2, 2] is wanted"),
        ({"W": np.zeros((2, 2))}, "the file has `params['b']`"),
        ({"W": np.zeros((2, 2)), "b": 0.0, "c": 1.0}, "does not have `params['c']`"),
        ([np.zeros((2, 2)), 0.0], "params"),
    ],
)
def test_another_structure_is_refused_by_path(tmp_path, like, words):
    optim.save(tmp_path / "p.npz", params={"W": np.ones((2, 2)), "b": 1.0})
    with pytest.raises(UsageError) as caught:
        optim.load(tmp_path / "p.npz", params=like)
    assert caught.value.code == "GS338"
    assert words in str(caught.value)


def test_what_is_not_a_number_is_not_stored(tmp_path):
    for part in (np.random.default_rng(0), {1, 2}, np.array(["a"])):
        with pytest.raises(UsageError, match=r"`state\[1\]`") as caught:
            optim.save(tmp_path / "p.npz", state=[1.0, part])
        assert caught.value.code == "GS338"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "content").touch()
    with pytest.raises(OSError):
        optim.save(tmp_path / "folder", w=1.0)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_file_of_another_version_is_named_so(tmp_path):
    path = tmp_path / "w.npz"
    optim.save(path, w=1.0)
    path.write_bytes(path.read_bytes().replace(b"checkpoint 1 sha256", b"checkpoint 7 sha512"))
    with pytest.raises(UsageError, match="was written by another version") as caught:
        optim.load(path, w=0.0)
    assert caught.value.code == "GS337"


def test_processes_that_write_one_file_do_not_disturb_each_other(tmp_path):
    program = """
import sys
import numpy as np
from gradscribe import optim
for _ in range(60):
    optim.save(sys.argv[1], w=np.full(5000, float(sys.argv[2])), k=float(sys.argv[2]))
"""
    path, root = tmp_path / "w.npz", Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])}
    optim.save(path, w=np.zeros(5000), k=0.0)
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(path), str(k)], env=environment)
        for k in (1, 2, 3)
    ]
    while any(writer.poll() is None for writer in writers):
        found = optim.load(path, w=np.zeros(5000), k=0.0)
        assert set(found["w"]) == {found["k"]}
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert [one.name for one in tmp_path.iterdir()] == ["w.npz"]


def test_a_full_disk_leaves_the_old_file_and_is_named(tmp_path):
    path = tmp_path / "w.npz"
    optim.save(path, w=np.ones(10))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(OSError, match="what was there before is untouched: '.*w.npz'"):
            optim.save(path, w=np.ones(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert optim.load(path, w=np.zeros(10))["w"].sum() == 10.0
    assert [one.name for one in tmp_path.iterdir()] == ["w.npz"]


def test_drafts_of_killed_processes_are_removed_some_day(tmp_path):
    old, fresh, other = (tmp_path / f".{name}.partial" for name in ("w.npz.17-1", "w.npz.18-1", "v.npz.17-1"))
    for draft in (old, fresh, other):
        draft.touch()
    for draft in (old, other):
        os.utime(draft, (0, 0))
    optim.save(tmp_path / "w.npz", w=1.0)
    assert {one.name for one in tmp_path.iterdir()} == {fresh.name, other.name, "w.npz"}


def loss(params, x, y):
    return np.mean((np.tanh(x @ params["W"]) @ params["v"] - y) ** 2)


def run(path=None, epochs=6, optimizer=None, seed=3, size=8, every=1):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 4))
    batches = optim.minibatches(x, np.sin(x[:, 0]), size=size)
    params = {"W": rng.normal(size=(4, 8)), "v": rng.normal(size=8)}
    stopping = optim.EarlyStopping(patience=epochs)
    return optim.fit(
        loss,
        params,
        batches,
        optimizer or optim.adam(0.01),
        epochs,
        seed=seed,
        validation=(x[:9], np.sin(x[:9, 0])),
        early_stopping=stopping,
        checkpoint=path,
        checkpoint_every=None if path is None else every,
    )


def same(one, other):
    assert one.params["W"].tobytes() == other.params["W"].tobytes()
    assert one.params["v"].tobytes() == other.params["v"].tobytes()
    assert one.best_params["W"].tobytes() == other.best_params["W"].tobytes()
    assert (one.best_epoch, one.best_value, one.steps) == (other.best_epoch, other.best_value, other.steps)
    assert one.history.loss.tobytes() == other.history.loss.tobytes()
    assert np.array_equal(one.history.epoch_loss, other.history.epoch_loss)
    assert np.array_equal(one.history.validation["validation"], other.history.validation["validation"])


@pytest.mark.parametrize(
    "optimizer",
    [optim.adam(0.01), optim.sgd(0.05, momentum=0.9), optim.lbfgs(memory_size=4)],
    ids=["adam", "momentum", "lbfgs"],
)
def test_a_run_that_is_continued_after_each_step_ends_with_the_same_bits(tmp_path, optimizer):
    class Interrupted(Exception):
        pass

    def batches(rng):
        x = rng.normal(size=(3, 10, 4))
        for rows in x:
            nonlocal left
            left -= 1
            if left < 0:
                raise Interrupted
            yield rows, np.sin(rows[:, 0])

    def attempt(path):
        params = {"W": np.linspace(-1.0, 1.0, 32).reshape(4, 8), "v": np.ones(8)}
        return optim.fit(
            loss,
            params,
            batches,
            optimizer,
            3,
            checkpoint=path,
            checkpoint_every=None if path is None else 1,
            validation=lambda params: np.sum(params["W"] ** 2),
        )

    left = 1000
    whole = attempt(None)
    path, result, attempts = tmp_path / "run.npz", None, 0
    while result is None and attempts < 20:
        attempts += 1
        steps = len(np.load(path)["history/loss"]) if path.exists() else 0
        # As many batches as are skipped, and one more.
        left = steps % 3 + 1
        try:
            result = attempt(path)
        except Interrupted:
            continue
    assert attempts >= 9
    same(result, whole)


WORKER = """
import sys
from tests.optim.test_checkpoint import run
run(sys.argv[1], epochs=int(sys.argv[2]))
"""


def test_a_run_killed_at_any_moment_ends_with_the_same_bits(tmp_path):
    path, root = tmp_path / "run.npz", Path(__file__).parents[2]
    whole = run(epochs=40)
    choose, kills = random.Random(5), 0
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])}
    for _ in range(4):
        worker = subprocess.Popen([sys.executable, "-c", WORKER, str(path), "40"], env=environment, cwd=root)
        known = path.stat().st_mtime_ns if path.exists() else 0
        deadline = time.monotonic() + 60.0
        # Once it has begun to write, it is killed somewhere among its next steps.
        while worker.poll() is None and time.monotonic() < deadline:
            if path.exists() and path.stat().st_mtime_ns != known:
                time.sleep(choose.uniform(0.0, 0.03))
                break
            time.sleep(0.001)
        if worker.poll() is None:
            worker.send_signal(signal.SIGKILL)
            kills += 1
        worker.wait()
    assert kills == 4
    same(run(path, epochs=40), whole)


def test_more_epochs_continue_a_finished_run(tmp_path):
    path = tmp_path / "run.npz"
    run(path, epochs=2)
    same(run(path, epochs=5), run(epochs=5))
    again = run(path, epochs=5)
    assert again.reason == "all epochs are done"
    same(again, run(epochs=5))


def test_a_checkpoint_of_another_run_is_refused(tmp_path):
    path = tmp_path / "run.npz"
    run(path, epochs=1)
    with pytest.raises(UsageError, match="has the seed 3, not 4") as caught:
        run(path, seed=4)
    assert caught.value.code == "GS338"
    with pytest.raises(UsageError, match="has 8 batches in an epoch, not 6") as caught:
        run(path, size=10)
    assert caught.value.code == "GS338"
    with pytest.raises(UsageError, match="state") as caught:
        run(path, optimizer=optim.sgd(0.1))
    assert caught.value.code == "GS338"
    optim.save(path, w=1.0)
    with pytest.raises(UsageError, match="holds no training run"):
        run(path)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(UsageError, match="GS337"):
        run(path)


def test_writing_needs_a_place():
    with pytest.raises(UsageError, match="but not where"):
        optim.fit(loss, {}, [()], optim.sgd(0.1), checkpoint_every=5)


WRAPPED = {
    "multi_steps": optim.multi_steps(optim.adam(0.05), 3),
    "lookahead": optim.lookahead(optim.sgd(0.05, 0.9), 4, 0.5),
    "apply_if_finite": optim.apply_if_finite(optim.adam(0.05), 3),
    "inject_hyperparams": optim.inject_hyperparams(optim.adam)(learning_rate=0.05),
    "partition": optim.partition(
        {"a": optim.adam(0.05), "s": optim.sgd(0.05, 0.9)}, {"layer": "a", "scale": "s"}
    ),
    "schedule": optim.adam(optim.cosine_decay_schedule(0.1, 20)),
}


@pytest.mark.parametrize("name", [*ROWS, *WRAPPED])
def test_every_optimizer_goes_on_with_the_same_bits_from_a_file(tmp_path, name):
    problem = PROBLEMS["quadratic"]
    row = ROWS.get(name) or Row(WRAPPED[name], None)
    opt, params = row.make, start(2)

    def go_on(params, state, steps):
        for _ in range(steps):
            grads = row.given(problem.grads(params))
            params, state = opt.step(params, grads, state, **keywords(row, problem, params))
        return params, state

    params, state = go_on(params, opt.init(params), 7)
    optim.save(tmp_path / "run.npz", params=params, state=state)
    loaded = optim.load(tmp_path / "run.npz", params=start(3), state=opt.init(start(3)))
    unbroken, _ = go_on(params, state, 9)
    continued, _ = go_on(loaded["params"], loaded["state"], 9)
    for one, other in zip(parts(unbroken), parts(continued), strict=True):
        assert one.tobytes() == other.tobytes()


def test_the_note_is_text_that_anyone_can_read(tmp_path):
    path = tmp_path / "run.npz"
    run(path, epochs=1)
    with np.load(path, allow_pickle=False) as stored:
        note = json.loads(stored["note.json"].tobytes())
    assert note["what"] == "training run"
    assert note["epoch"] == 1
