"""Programs built by hand, for tests of differentiation that need no front end.

Each maker returns (program, values of its parameters, positions to differentiate).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter as InspectParameter

import numpy as np

from gradscribe.ir.control import ForView, IfView, WhileView, make_call, trips_value
from gradscribe.ir.graph import Block, Graph, Input, Program, Value
from gradscribe.ir.signature import Leaf, Parameter, Signature
from gradscribe.ir.types import FLOAT, INT, ArrayType, ScalarType, Type, type_of
from gradscribe.ops.build import OpBuilder

NUMBER = ScalarType(np.dtype(float))
Case = tuple[Program, list[object], tuple[int, ...]]


def leaf_signature(names: Sequence[str]) -> Signature:
    """Plain positional parameters and one result."""
    kind = InspectParameter.POSITIONAL_OR_KEYWORD
    return Signature(tuple(Parameter(name, kind, Leaf(k)) for k, name in enumerate(names)), Leaf(0))


def program_of(name: str, values: dict[str, object], build: Callable[..., Value]) -> Program:
    """A program of one graph whose body `build(builder, *parameters)` writes."""
    params = [Value(type_of(value), hint) for hint, value in values.items()]
    b = OpBuilder()
    body = b.finish(params, [build(b, *params)])
    return Program(name, {name: Graph(name, leaf_signature(list(values)), body)})


def read(b: OpBuilder, array: Value, *index: Value | int) -> Value:
    """`array[index]` with run-time or static positions."""
    inputs = [item for item in index if isinstance(item, Value)]
    positions = iter(range(1, 1 + len(inputs)))
    template = tuple(Input(next(positions)) if isinstance(item, Value) else item for item in index)
    return b.apply("get_item", (array, *inputs), {"index": template})[0]


def write(b: OpBuilder, array: Value, value: Value, index: Value) -> Value:
    """The version of `array` after `array[index] = value`."""
    return b.apply("set_item", (array, value, index), {"index": (Input(2),)})[0]


def counted(
    b: OpBuilder,
    stop: Value,
    body: Block,
    initial: Sequence[Value],
    captured: Sequence[Value],
    type_: Type,
    start: int = 0,
) -> Value:
    """The last value of the one carried variable of `for i in range(start, stop)`."""
    output = Value(type_, initial[0].hint)
    bounds = (b.constant(start), stop, b.constant(1))
    b.append(ForView.make(bounds, body, initial=initial, captured=captured, outputs=[output]))
    return output


def broadcasting() -> Case:
    """sum(tanh((W + x) * s)): a row and a number are broadcast."""
    values: dict[str, object] = {"x": np.array([0.3, -0.7, 1.2]), "W": _matrix(), "s": 0.7}

    def build(b: OpBuilder, x: Value, w: Value, s: Value) -> Value:
        return b.op("sum", b.op("tanh", b.op("mul", b.op("add", w, x), s)))

    return program_of("broadcasting", values, build), list(values.values()), (0, 1, 2)


def carried_loop() -> Case:
    """for _ in range(n): x = x + 0.1 * tanh(x)."""
    values: dict[str, object] = {"x": np.array([0.3, -0.7, 1.2]), "n": 4}

    def build(b: OpBuilder, x: Value, n: Value) -> Value:
        index, carried = Value(INT, "i"), Value(x.type, "x")
        inner = OpBuilder()
        step = inner.op("mul", inner.op("tanh", carried), 0.1)
        body = inner.finish([index, carried], [inner.op("add", carried, step)])
        last = counted(b, n, body, [x], [], x.type)
        return b.op("sum", b.op("mul", last, last))

    return program_of("carried_loop", values, build), list(values.values()), (0,)


def branch_in_loop() -> Case:
    """A captured array read under `if` in a loop; each branch reads the carried number differently."""
    values: dict[str, object] = {"x": np.array([0.3, -0.7, 1.2]), "w": 0.4, "n": 3}

    def branch(element: Type, weight: Type, *, positive: bool) -> Block:
        e, w, s = Value(element, "e"), Value(weight, "w"), Value(NUMBER, "s")
        b = OpBuilder()
        term = b.op("mul", b.op("sin", b.op("mul", e, s)), w) if positive else b.op("exp", e)
        return b.finish([e, w, s], [b.op("add", s, term)])

    def build(b: OpBuilder, x: Value, w: Value, n: Value) -> Value:
        index, s, array, weight = Value(INT, "i"), Value(NUMBER, "s"), Value(x.type, "x"), Value(w.type, "w")
        inner = OpBuilder()
        element = read(inner, array, index)
        condition = inner.op("gt", element, 0.0)
        output = Value(NUMBER, "s")
        blocks = (branch(element.type, w.type, positive=True), branch(element.type, w.type, positive=False))
        inner.append(IfView.make(condition, [element, weight, s], *blocks, [output]))
        body = inner.finish([index, s, array, weight], [output])
        last = counted(b, n, body, [w], [x, w], NUMBER)
        return b.op("mul", last, last)

    return program_of("branch_in_loop", values, build), list(values.values()), (0, 1)


def while_loop() -> Case:
    """while x < 3: x = x + sin(x) * x."""
    values: dict[str, object] = {"x": 0.5}

    def build(b: OpBuilder, x: Value) -> Value:
        asked, carried = Value(FLOAT, "x"), Value(FLOAT, "x")
        test, inner = OpBuilder(), OpBuilder()
        condition = test.finish([asked], [test.op("lt", asked, 3.0)])
        factor = inner.op("convert", inner.op("sin", carried), to="float")
        body = inner.finish([carried], [inner.op("add", carried, inner.op("mul", factor, carried))])
        output = Value(FLOAT, "x")
        b.append(WhileView.make(condition, body, initial=[x], outputs=[output, trips_value()]))
        return b.op("mul", output, output)

    return program_of("while_loop", values, build), list(values.values()), (0,)


def nested_loops() -> Case:
    """An inner loop whose trip count is the index of the outer one, reading a captured matrix."""
    values: dict[str, object] = {"x": 0.7, "A": _matrix(), "n": 3}

    def build(b: OpBuilder, x: Value, matrix: Value, n: Value) -> Value:
        j, s, a, i = Value(INT, "j"), Value(NUMBER, "s"), Value(matrix.type, "A"), Value(INT, "i")
        inner = OpBuilder()
        term = inner.op("sin", inner.op("mul", read(inner, a, i, j), s))
        inner_body = inner.finish([j, s, a, i], [inner.op("add", s, inner.op("mul", term, 0.5))])
        index, total, captured = Value(INT, "i"), Value(NUMBER, "s"), Value(matrix.type, "A")
        outer = OpBuilder()
        last = counted(outer, index, inner_body, [total], [captured, index], NUMBER)
        body = outer.finish([index, total, captured], [outer.op("add", outer.op("tanh", last), last)])
        final = counted(b, n, body, [x], [matrix], NUMBER)
        return b.op("mul", final, final)

    return program_of("nested_loops", values, build), list(values.values()), (0, 1)


def stores() -> Case:
    """y[i] = y[i-1] * x[i] + sin(y[i-1]): an array filled element by element."""
    values: dict[str, object] = {"x": np.array([0.3, -0.7, 1.2]), "n": 3}

    def build(b: OpBuilder, x: Value, n: Value) -> Value:
        first = b.apply("set_item", (b.op("zeros_like", x), read(b, x, 0)), {"index": (0,)})[0]
        i, y, array = Value(INT, "i"), Value(x.type, "y"), Value(x.type, "x")
        inner = OpBuilder()
        before = read(inner, y, inner.op("sub", i, 1))
        value = inner.op("add", inner.op("mul", before, read(inner, array, i)), inner.op("sin", before))
        body = inner.finish([i, y, array], [write(inner, y, value, i)])
        last = counted(b, n, body, [first], [x], x.type, start=1)
        return b.op("sum", b.op("mul", last, last))

    return program_of("stores", values, build), list(values.values()), (0,)


def recursion() -> Case:
    """f(x, n) = 1 if n == 0 else sin(x) * f(x + 0.1, n - 1); the result is x * f(x, n)."""
    values: dict[str, object] = {"x": 0.7, "n": 3}

    def build(b: OpBuilder, x: Value, n: Value) -> Value:
        result = Value(NUMBER, "r")
        b.append(make_call("f", [x, n], [result]))
        return b.op("mul", result, x)

    program = program_of("recursion", values, build)
    return program.with_graph(_recursive_graph()), list(values.values()), (0,)


def _recursive_graph() -> Graph:
    x, n = Value(NUMBER, "x"), Value(INT, "n")
    stop, go_on = OpBuilder(), OpBuilder()
    then = stop.finish([Value(NUMBER, "x"), Value(INT, "n")], [stop.constant(1.0)])
    inner_x, inner_n, result = Value(NUMBER, "x"), Value(INT, "n"), Value(NUMBER, "r")
    arguments = [go_on.op("add", inner_x, 0.1), go_on.op("sub", inner_n, 1)]
    go_on.append(make_call("f", arguments, [result]))
    otherwise = go_on.finish([inner_x, inner_n], [go_on.op("mul", go_on.op("sin", inner_x), result)])
    b, output = OpBuilder(), Value(NUMBER, "out")
    b.append(IfView.make(b.op("eq", n, 0), [x, n], then, otherwise, [output]))
    return Graph("f", leaf_signature(["x", "n"]), b.finish([x, n], [output]))


def weighted(program: Program, values: Sequence[object]) -> Program:
    """The program that returns the sum of its results, each times one more parameter of its shape."""
    graph = program.entry
    b = OpBuilder(derivative=True)
    b.nodes.extend(graph.body.nodes)
    weights = [Value(type_of(value), f"weight{k}") for k, value in enumerate(values)]
    total: Value | None = None
    for result, weight in zip(graph.body.results, weights, strict=True):
        term = b.op("mul", result, weight)
        term = b.op("sum", term) if isinstance(term.type, ArrayType) else term
        total = term if total is None else b.op("add", total, term)
    assert total is not None
    params = (*graph.body.params, *weights)
    signature = leaf_signature([f"p{k}" for k in range(len(params))])
    body = Block(params, tuple(b.nodes), (total,))
    others = {name: other for name, other in program.graphs.items() if name != program.main}
    return Program("weighted", {**others, "weighted": Graph("weighted", signature, body)})


def _matrix() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(3, 3))


CASES = (
    broadcasting,
    carried_loop,
    branch_in_loop,
    while_loop,
    nested_loops,
    stores,
    recursion,
)
