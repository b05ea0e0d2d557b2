"""All passes together: the same results, the same effects, in work that grows with the program."""

import numpy as np
import pytest

from gradscribe.ad.transforms import gradient, pushforward, split_vjp
from gradscribe.ir import graph
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.text import to_text
from gradscribe.ir.types import FLOAT, ArrayType
from gradscribe.ir.walk import walk
from gradscribe.ops.execute import execute
from gradscribe.passes.pipelines import MAX_ROUNDS, ROUND, optimise
from tests.ad.programs import CASES, weighted
from tests.graphs import RandomProgram, as_program, block_of

SEEDS = range(25)


def run(program, values):
    return evaluate(program, values, execute)


@pytest.mark.parametrize("seed", SEEDS)
def test_primal_values_are_bitwise_the_same(seed):
    random = RandomProgram(seed)
    optimised = optimise(random.program, verify_between=True)
    for before, after in zip(
        run(random.program, random.arguments), run(optimised, random.arguments), strict=True
    ):
        assert type(after) is type(before)
        np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize("seed", SEEDS)
def test_derivative_values_are_the_same_to_rounding(seed):
    random = RandomProgram(seed, derivative=0.7)
    optimised = optimise(random.program, verify_between=True)
    for before, after in zip(
        run(random.program, random.arguments), run(optimised, random.arguments), strict=True
    ):
        np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-11)


def computations(program):
    """How many nodes compute something, rather than keep it in a list."""
    return sum(not node.op.name.startswith("list_") for node in walk(program.entry.body))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_gradients_are_the_same_to_second_order(case):
    program, values, wrt = case()
    first = gradient(program, wrt, name="g")
    weights = [np.cos(np.asarray(values[k])) if np.ndim(values[k]) else 0.7 for k in wrt]
    for derived, given in (
        (first, values),
        (gradient(weighted(optimise(first), weights), wrt, name="gg"), [*values, *weights]),
    ):
        optimised = optimise(derived, verify_between=True)
        assert computations(optimised) <= computations(derived)
        for before, after in zip(run(derived, given), run(optimised, given), strict=True):
            assert type(after) is type(before)
            np.testing.assert_allclose(after, before, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_both_functions_of_a_vjp_and_forward_mode_are_the_same(case):
    program, values, wrt = case()
    halves = split_vjp(program, wrt, name="f")
    optimised = optimise(halves, verify_between=True)
    assert list(optimised.graphs)[:2] == list(halves.graphs)[:2]
    tangents = [np.sin(np.asarray(values[k])) if np.ndim(values[k]) else 0.3 for k in wrt]
    forward = pushforward(program, wrt, name="p")
    expected = run(forward, [*values, *tangents])
    for before, after in zip(expected, run(optimise(forward), [*values, *tangents]), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_optimising_twice_is_optimising_once(seed):
    optimised = optimise(RandomProgram(seed, derivative=0.7).program)
    assert optimise(optimised) is optimised


@pytest.mark.parametrize("transform", ROUND, ids=lambda transform: transform.__name__)
def test_pass_returns_the_same_object_when_nothing_changes(transform):
    optimised = optimise(RandomProgram(1, derivative=0.7).program)
    assert transform(optimised) is optimised


def test_result_does_not_depend_on_the_run():
    texts = {to_text(optimise(RandomProgram(4, derivative=0.7).program)) for _ in range(2)}
    assert len(texts) == 1


def test_dumps_name_each_pass_that_changed_something():
    names = []
    optimise(RandomProgram(2, derivative=0.7).program, dump=lambda name, _: names.append(name))
    assert names[0] == "01-eliminate_dead_code"
    assert [name[:2] for name in names] == [f"{k:02d}" for k in range(1, len(names) + 1)]


def optimised_gradient(build, *params, wrt=(0,), order=1):
    program = as_program(block_of(params, build))
    for k in range(order):
        program = optimise(gradient(program, wrt, name=f"d{k}"), verify_between=True)
    return program


def body_of(program):
    """The text of the entry's nodes, without types and places."""
    lines = to_text(program).splitlines()
    return [line.split("#")[0].strip() for line in lines[1:] if "constant" not in line]


def test_second_derivative_of_a_cube():
    second = optimised_gradient(lambda b, x: b.op("pow", x, 3), Value(FLOAT, "x"), order=2)
    assert to_text(second).splitlines()[1:] == [
        "    %0: float = constant(value=6.0)  # d",
        "    d_x: float = mul(%0, x)  # d",
    ]


def test_gradient_of_least_squares():
    n, m = fresh("n"), fresh("m")
    shapes = {"w": (n,), "x": (m, n), "y": (m,)}
    params = [Value(ArrayType(np.dtype(float), shape), name) for name, shape in shapes.items()]

    def loss(b, w, x, y):
        r = b.op("sub", b.op("matmul", x, w), y, hint="r")
        return b.op("mean", b.op("pow", r, 2))

    assert body_of(optimised_gradient(loss, *params)) == [
        "%0: float64[n1] = matmul(x, w)",
        "r: float64[n1] = sub(%0, y)",
        "%1: int = size(r)",
        "%3: float64[n1] = mul(%2, r)",
        "d_r: float64[n1] = div(%3, %1)",
        "%4: float64[n0, n1] = transpose(x)",
        "d_w: float64[n0] = matmul(%4, d_r)",
    ]


def visits(transform, program, monkeypatch):
    """How many nodes a pass makes or looks at through `substitute` and `Node`."""
    counted = []
    original = graph.Node.__post_init__
    monkeypatch.setattr(graph.Node, "__post_init__", lambda node: (counted.append(1), original(node))[1])
    transform(program)
    monkeypatch.undo()
    return len(counted)


def chain(count):
    def build(b, x):
        value = x
        for k in range(count):
            value = b.op("add", b.op("mul", value, 2.0), b.op("neg", b.op("sin", value)))
        return value

    return as_program(block_of([Value(FLOAT, "x")], build, derivative=True))


def test_rounds_and_nodes_made_do_not_grow_faster_than_the_program(monkeypatch):
    made = [visits(optimise, chain(count), monkeypatch) for count in (50, 100, 200)]
    assert made[2] <= 2.2 * made[1] <= 4.8 * made[0]


def test_few_rounds_are_enough():
    rounds = []
    optimise(chain(200), dump=lambda name, _: rounds.append(name))
    assert len(rounds) < len(ROUND) * MAX_ROUNDS / 2
