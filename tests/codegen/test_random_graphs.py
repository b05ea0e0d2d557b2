"""Generated code computes, bit for bit, what a graph means: versions, views, lists, branches, loops at random."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gradscribe.codegen import storage
from gradscribe.codegen.numpy_source import generate
from gradscribe.codegen.opened import open_block
from gradscribe.codegen.order import reads_first
from gradscribe.codegen.reads import read_inputs
from gradscribe.ir.verify import verify
from tests.codegen.random_graphs import Drawing
from tests.codegen.running import check

SEEDS = range(120)

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@pytest.mark.parametrize("seed", SEEDS)
def test_generated_code_means_the_graph(seed: int) -> None:
    program, values = Drawing(seed, 8 if seed % 4 else 24).program()
    verify(program)
    check(program, values)


def failures(seeds: range) -> int:
    """How many programs come out wrong."""
    count = 0
    for seed in seeds:
        program, values = Drawing(seed, 12).program()
        try:
            check(program, values)
        except (AssertionError, ValueError):
            count += 1
    return count


def test_overlooked_readers_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.StoragePass, "_is_used_later", lambda self, value: False)
    assert failures(range(40)) > 5


def test_arguments_written_in_place_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    original = storage.fresh_region
    monkeypatch.setattr(
        storage,
        "fresh_region",
        lambda value, depth, owned=True, inside=False: original(value, depth, inside=inside),
    )
    assert failures(range(40)) > 5


def test_shared_slots_of_loops_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.StoragePass, "_end_of_iteration", lambda *_: None)
    assert failures(range(150)) > 0


def test_order_of_a_block_respects_its_values() -> None:
    for seed in range(30):
        program, _ = Drawing(seed, 12).program()
        body = open_block(program.entry.body).block
        ordered = reads_first(body)
        seen = set(body.params)
        for node in ordered.nodes:
            assert seen.issuperset(read_inputs(node))
            seen.update(node.outputs)


def test_text_is_the_same_under_every_hash_seed() -> None:
    script = (
        "from tests.codegen.random_graphs import Drawing\n"
        "from gradscribe.codegen.numpy_source import generate\n"
        "print([generate(Drawing(seed, 14).program()[0]).text for seed in range(12)])\n"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(texts) == 1


def test_text_is_the_same_twice() -> None:
    for seed in range(10):
        assert generate(Drawing(seed, 12).program()[0]).text == generate(Drawing(seed, 12).program()[0]).text
