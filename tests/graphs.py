"""Programs built by hand or at random, for tests of everything that reads or changes graphs.

In:  a seed, or a function that fills a builder.   Out: programs, and values for their arguments.
Not here: programs from source (tests/frontend).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from inspect import Parameter as InspectParameter

import numpy as np

from gradscribe.ir.control import ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Graph, Node, Program, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.signature import Container, ContainerKind, Leaf, Parameter, Signature
from gradscribe.ir.types import INT, ArrayType, ScalarType, SequenceType, Type
from gradscribe.ops.build import OpBuilder

# An upper bound: at run time a Python float may be there as well.
NUMBER = ScalarType(np.dtype(float))


def flat_signature(params: Sequence[Value], results: int) -> Signature:
    """Plain parameters; one result as it is, several as a tuple."""
    kind = InspectParameter.POSITIONAL_OR_KEYWORD
    parameters = [Parameter(value.hint or f"arg{k}", kind, Leaf(k)) for k, value in enumerate(params)]
    keys = tuple(range(results))
    many = Container(ContainerKind.TUPLE, tuple, keys, tuple(map(Leaf, keys)))
    return Signature(tuple(parameters), Leaf(0) if results == 1 else many)


def as_graph(name: str, body: Block) -> Graph:
    """A graph of this body."""
    return Graph(name, flat_signature(body.params, len(body.results)), body)


def as_program(*bodies: Block, names: Sequence[str] = ("f", "g", "h")) -> Program:
    """A program of these bodies, the first one the entry."""
    graphs = [as_graph(name, body) for name, body in zip(names, bodies, strict=False)]
    return Program(graphs[0].name, {graph.name: graph for graph in graphs})


def block_of(
    params: Sequence[Value], build: Callable[..., Value | Sequence[Value]], *, derivative: bool = False
) -> Block:
    """The block that `build(b, *params)` writes; what it returns are the results.

    A builder of derivatives folds on the way; here derivative nodes are made as they are written.
    """
    b = OpBuilder()
    results = build(b, *params)
    if derivative:
        b.nodes[:] = [as_derivative(node) for node in b.nodes]
    return b.finish(params, [results] if isinstance(results, Value) else list(results))


def as_derivative(node: Node) -> Node:
    """The same node as part of a derivative."""
    return Node(node.op, node.inputs, node.outputs, node.attrs, node.blocks, node.location, derivative=True)


class RandomProgram:
    """A program with nested branches and loops, of every kind of control node and every part they have.

    Values are floats and one-dimensional arrays of one length, kept bounded. The last result depends on every
    value of the entry block, so that nothing can go wrong unseen; the others are values taken at random.

    Attributes:
        program: the program f(x, a, n).
        arguments: values for it.
    """

    def __init__(self, seed: int, *, derivative: float = 0.0, depth: int = 2) -> None:
        self.rng = random.Random(seed)
        self.share = derivative
        self.length = fresh("n", not_one=True)
        params = [Value(NUMBER, "x"), Value(self.array, "a"), Value(INT, "n")]
        b = OpBuilder()
        pool = self.fill(b, params, depth)
        chosen = self.rng.sample(pool, min(2, len(pool)))
        self.program = as_program(self.finish(b, params, [*chosen, self.total(b, pool)]))
        values = np.random.default_rng(seed)
        self.arguments: list[object] = [float(values.normal()), values.normal(size=4), self.rng.randrange(4)]

    @property
    def array(self) -> ArrayType:
        return ArrayType(np.dtype(float), (self.length,))

    def finish(self, b: OpBuilder, params: Sequence[Value], results: Sequence[Value]) -> Block:
        """The block, with a share of its nodes marked as derivative ones."""
        b.nodes[:] = [as_derivative(node) if self.rng.random() < self.share else node for node in b.nodes]
        return b.finish(params, results)

    def fill(self, b: OpBuilder, given: Sequence[Value], depth: int) -> list[Value]:
        """Add nodes that read `given`; return all numbers there are then."""
        pool = list(given)
        for _ in range(self.rng.randint(2, 5)):
            kinds = [self.unary, self.binary, self.scaled]
            kinds += [self.branch, self.counted, self.counted, self.repeated] if depth else []
            pool += self.rng.choice(kinds)(b, pool, depth - 1)
        return [value for value in pool if value.type != INT]

    def pick(self, pool: Sequence[Value]) -> Value:
        return self.rng.choice([value for value in pool if value.type != INT])

    def unary(self, b: OpBuilder, pool: list[Value], depth: int) -> list[Value]:
        return [b.op(self.rng.choice(["sin", "tanh", "neg", "cos"]), self.pick(pool), hint=self.hint())]

    def binary(self, b: OpBuilder, pool: list[Value], depth: int) -> list[Value]:
        value = b.op(self.rng.choice(["add", "sub", "mul"]), self.pick(pool), self.pick(pool))
        return [b.op("tanh", value, hint=self.hint())]

    def scaled(self, b: OpBuilder, pool: list[Value], depth: int) -> list[Value]:
        literal = self.rng.choice([0.5, 1.0, -1.0, 2.0, 0.25])
        value = b.op("mul", literal, self.pick(pool))
        return (
            [b.op(self.rng.choice(["sub", "add"]), value, b.op("neg", value))] if literal > 0.5 else [value]
        )

    def hint(self) -> str:
        return self.rng.choice(["", "", "y", "z"])

    def total(self, b: OpBuilder, pool: Sequence[Value]) -> Value:
        """A number that depends on each value of the pool."""
        result = b.constant(0.0)
        for k, value in enumerate(pool):
            number = b.op("mean", value) if isinstance(value.type, ArrayType) else value
            result = b.op("add", result, b.op("mul", number, (1.0 + 0.1 * k) / (4 * len(pool))))
        return b.op("sin", result)

    def inside(self, values: Sequence[Value]) -> list[Value]:
        return [Value(value.type, value.hint) for value in values]

    def results(self, b: OpBuilder, pool: Sequence[Value], types: Sequence[Type]) -> list[Value]:
        """One value of each type that depends on what the block computed."""
        total = self.total(b, pool)
        found = []
        for type_ in types:
            same = [value for value in pool if value.type == type_]
            value = self.rng.choice(same)
            found.append(b.op("tanh", b.op("add", value, total)) if self.rng.random() < 0.7 else value)
        return found

    def shared(self, pool: list[Value]) -> list[Value]:
        """What a block captures: some values, at least a number and an array, sometimes one of them twice."""
        some = self.rng.sample(pool, self.rng.randint(0, len(pool)))
        number = self.rng.choice([value for value in pool if value.type == NUMBER])
        array = self.rng.choice([value for value in pool if isinstance(value.type, ArrayType)])
        return [*some, number, array]

    def branch(self, b: OpBuilder, pool: list[Value], depth: int) -> list[Value]:
        types: list[Type] = [self.rng.choice([NUMBER, self.array]) for _ in range(self.rng.randint(1, 2))]
        captured = self.shared(pool)
        blocks = []
        for _ in range(2):
            params, inner = self.inside(captured), OpBuilder()
            values = self.fill(inner, params, depth)
            blocks.append(self.finish(inner, params, self.results(inner, values, types)))
        number = self.rng.choice([value for value in pool if value.type == NUMBER])
        condition = b.op("gt", number, self.rng.choice([0.0, 0.3]))
        outputs = [Value(type_, self.hint()) for type_ in types]
        b.append(
            IfView.make(
                condition,
                captured,
                *blocks,
                outputs,
            )
        )
        return outputs

    def counted(self, b: OpBuilder, pool: list[Value], depth: int) -> list[Value]:
        """A loop that collects, and often a second one, in the same or the other order, that reads the lists."""
        counts = [value for value in pool if value.type == INT] + [b.constant(self.rng.choice([0, 2, 3]))]
        bounds = (b.constant(0), self.rng.choice(counts), b.constant(1))
        leaves = self.rng.random() < 0.25
        first = self.loop(
            b, bounds, pool, [], depth, backwards=not leaves and self.rng.random() < 0.3, leaves=leaves
        )
        values = [
            value for value in first if isinstance(value.type, ScalarType | ArrayType) and value.type != INT
        ]
        lists = [value for value in first if isinstance(value.type, SequenceType)]
        if self.rng.random() < 0.7:
            bounds = (b.constant(0), first[-1], b.constant(1)) if leaves else bounds
            second = self.loop(b, bounds, pool, lists, depth, backwards=self.rng.random() < 0.6, leaves=False)
            values += [value for value in second if not isinstance(value.type, SequenceType)]
        return values

    def loop(
        self,
        b: OpBuilder,
        bounds: tuple[Value, Value, Value],
        pool: list[Value],
        sequences: Sequence[Value],
        depth: int,
        *,
        backwards: bool,
        leaves: bool,
    ) -> list[Value]:
        initial = [self.pick(pool) for _ in range(self.rng.randint(1, 3))]
        captured = self.shared(pool)
        index, carried, shared = Value(INT, "i"), self.inside(initial), self.inside(captured)
        elements = [Value(sequence.type.element) for sequence in sequences]
        params = [index, *elements, *carried, *shared]
        inner = OpBuilder()
        values = self.fill(inner, params, depth)
        collect: list[Type] = [self.rng.choice([NUMBER, self.array]) for _ in range(self.rng.randint(0, 2))]
        results = self.results(inner, values, [value.type for value in initial])
        if self.rng.random() < 0.3:
            results[0] = carried[0]
        results += self.results(inner, values, collect)
        leave = [inner.op("gt", self.total(inner, values), 0.4)] if leaves else []
        outputs = [*self.inside(initial), *(Value(SequenceType(type_)) for type_ in collect)]
        outputs += [Value(INT)] if leaves else []
        body = self.finish(inner, params, [*results, *leave])
        b.append(
            ForView.make(
                bounds,
                body,
                sequences=sequences,
                initial=initial,
                captured=captured,
                outputs=outputs,
                backwards=backwards,
                leaves=leaves,
            )
        )
        return outputs

    def repeated(self, b: OpBuilder, pool: list[Value], depth: int) -> list[Value]:
        """A loop that runs while a counter is small, and perhaps leaves before."""
        leaves = self.rng.random() < 0.4
        initial = [b.constant(0), self.pick(pool)]
        captured = self.shared(pool)
        tested = [*self.inside(initial), *self.inside(captured)]
        check = OpBuilder()
        condition = check.finish(tested, [check.op("lt", tested[0], self.rng.choice([0, 1, 3]))])
        params = [*self.inside(initial), *self.inside(captured)]
        params[0] = Value(INT, "k")
        inner = OpBuilder()
        values = self.fill(inner, params[1:], depth)
        results = [inner.op("add", params[0], 1), *self.results(inner, values, [initial[1].type, NUMBER])]
        leave = [inner.op("gt", self.total(inner, values), 0.5)] if leaves else []
        body = self.finish(inner, params, [*results, *leave])
        saved, trips = Value(SequenceType(NUMBER)), Value(INT, "trips")
        outputs = [Value(INT), Value(initial[1].type), saved, trips]
        b.append(
            WhileView.make(
                condition,
                body,
                initial=initial,
                captured=captured,
                outputs=outputs,
                leaves=leaves,
            )
        )
        bounds = (b.constant(0), trips, b.constant(1))
        after = self.loop(b, bounds, pool, [saved], 0, backwards=True, leaves=False)
        return [outputs[1], *(value for value in after if not isinstance(value.type, SequenceType))]
