"""Random graphs that read old versions, share memory and nest control flow: what scheduling must get right.

They are drawn in the pure language, where every version of an array lives for ever, with no regard for how Python
would have to run them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from inspect import Parameter as Formal

import numpy as np

from gradscribe.ir.control import ForView, IfView, WhileView, collected_value, trips_value
from gradscribe.ir.graph import Block, Graph, Program, Value
from gradscribe.ir.signature import Container, ContainerKind, Leaf, Parameter, Signature
from gradscribe.ir.types import FLOAT, INT, SequenceType, Type, type_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.table import lookup

VECTOR = type_of(np.ones(4))
NUMBER = type_of(np.float64(1.0))
LIST = SequenceType(VECTOR)
HINTS = ("", "", "", "x", "y", "d_x", "u")
WHOLE_VIEWS = ((slice(None),), (slice(None, None, -1),))


class Drawing:
    """Draws one program."""

    def __init__(self, seed: int, size: int) -> None:
        self.random = random.Random(seed)
        self.size = size

    def program(self) -> tuple[Program, list[object]]:
        """A program and arguments for it."""
        params = [Value(VECTOR, "x"), Value(VECTOR, "w"), Value(FLOAT, "c"), Value(INT, "n")]
        b = OpBuilder()
        pool = list(params)
        self.fill(b, pool, self.size, depth=0)
        results = self.results(pool)
        keys = tuple(range(len(results)))
        structure = Container(ContainerKind.TUPLE, tuple, keys, tuple(map(Leaf, keys)))
        kind = Formal.POSITIONAL_OR_KEYWORD
        parameters = tuple(Parameter(value.hint, kind, Leaf(k)) for k, value in enumerate(params))
        graph = Graph("f", Signature(parameters, structure), b.finish(params, results))
        generator = np.random.default_rng(self.random.randrange(1000))
        return Program("f", {"f": graph}), [
            generator.normal(size=4),
            generator.normal(size=4),
            0.7,
            self.random.choice((0, 1, 2, 3)),
        ]

    def results(self, pool: Sequence[Value]) -> list[Value]:
        """A few arrays and lists; more than one, so that results may share memory."""
        chosen = [value for value in pool if value.type in (VECTOR, NUMBER, LIST)]
        return [self.random.choice(chosen) for _ in range(min(4, len(chosen)))]

    def pick(self, pool: Sequence[Value], type_: Type) -> Value | None:
        """A value of this type, later ones more often."""
        found = [value for value in pool if value.type == type_]
        if not found:
            return None
        return found[-1 - min(int(self.random.expovariate(0.5)), len(found) - 1)]

    def fill(self, b: OpBuilder, pool: list[Value], size: int, depth: int) -> None:
        """Append nodes to a block."""
        for type_, number in ((FLOAT, 0.3), (INT, 2)):
            if self.pick(pool, type_) is None:
                pool.append(b.constant(number))
        if self.pick(pool, VECTOR) is None:
            pool.append(b.emit(lookup("zeros"), [], [VECTOR], {"shape": (4,)})[0])
        for _ in range(size):
            b.derivative = self.random.random() < 0.6
            draw = self.random.random()
            if depth < 3 and draw < 0.08:
                self.branch(b, pool, depth)
            elif depth < 3 and draw < 0.2:
                self.loop(b, pool, depth)
            elif depth < 2 and draw < 0.23:
                self.repeat(b, pool, depth)
            else:
                self.operation(b, pool)

    def hint(self) -> str:
        """A name or none."""
        return self.random.choice(HINTS)

    def operation(self, b: OpBuilder, pool: list[Value]) -> None:
        """One ordinary node."""
        makers = (
            self.arithmetic, self.arithmetic, self.view, self.store, self.store, self.accumulate,
            self.read, self.make_list, self.append, self.entry, self.replace, self.add_to_entry,
            self.pop, self.copy, self.shape, self.write_through,
        )  # fmt: skip
        made = self.random.choice(makers)(b, pool)
        pool += [value for value in made if value is not None]

    def arithmetic(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        kind = self.random.choice((VECTOR, VECTOR, NUMBER, FLOAT))
        left, right = self.pick(pool, VECTOR), self.pick(pool, kind)
        if left is None or right is None:
            return []
        name = self.random.choice(("add", "add", "sub", "mul", "tanh"))
        operands = (
            (left,) if name == "tanh" else (left, right) if self.random.random() < 0.7 else (right, left)
        )
        return [b.op(name, *operands, hint=self.hint())]

    def view(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        array = self.pick(pool, VECTOR)
        index = self.random.choice(WHOLE_VIEWS)
        if array is None:
            return []
        return [self._typed(b.apply("get_item", [array], {"index": index}, hint=self.hint()))]

    def _typed(self, made: tuple[Value, ...]) -> Value:
        """The value with the common type (lengths of slices are not always equal in normal form)."""
        object.__setattr__(made[0], "type", VECTOR)
        return made[0]

    def store(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        array, value = self.pick(pool, VECTOR), self.pick(pool, self.random.choice((VECTOR, NUMBER, FLOAT)))
        if array is None or value is None:
            return []
        index: object = (slice(None),)
        if value.type != VECTOR:
            index = self.random.choice(((0,), (slice(1, 3),), (Ellipsis,), (-1,)))
        return list(b.apply("set_item", [array, value], {"index": index}, hint=self.hint()))

    def write_through(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        """A view, stores into it, and the view stored back."""
        array, number = self.pick(pool, VECTOR), self.pick(pool, self.random.choice((NUMBER, FLOAT)))
        if array is None or number is None:
            return []
        index = {"index": self.random.choice(WHOLE_VIEWS)}
        view = self._typed(b.apply("get_item", [array], index, hint=self.hint()))
        new = view
        for _ in range(self.random.choice((1, 2))):
            new = b.apply("set_item", [new, number], {"index": (self.random.randrange(4),)}, hint="v")[0]
        made = [view, new]
        if self.random.random() < 0.3:
            made += self.arithmetic(b, [*pool, new])
        return [*made, b.apply("set_item", [array, new], index, hint=self.hint())[0]]

    def accumulate(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        array, value = self.pick(pool, VECTOR), self.pick(pool, self.random.choice((VECTOR, NUMBER)))
        if array is None or value is None:
            return []
        index = (slice(None),) if value.type == VECTOR else (self.random.randrange(4),)
        attrs = {"index": index, "repeats": False}
        return list(b.apply("accumulate_at", [array, value], attrs, hint=self.hint()))

    def read(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        array = self.pick(pool, VECTOR)
        index = (self.random.randrange(4),)
        return [] if array is None else list(b.apply("get_item", [array], {"index": index}, hint=self.hint()))

    def make_list(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        found = [self.pick(pool, VECTOR) for _ in range(self.random.choice((1, 2)))]
        items = [item for item in found if item is not None]
        return list(b.emit(lookup("list_new"), items, [LIST], hint=self.hint())) if items else []

    def append(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        items, value = self.pick(pool, LIST), self.pick(pool, VECTOR)
        if items is None or value is None:
            return []
        return list(b.emit(lookup("list_append"), [items, value], [LIST], hint=self.hint()))

    def entry(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        items = self.pick(pool, LIST)
        return (
            []
            if items is None
            else list(b.emit(lookup("list_get"), [items, b.constant(0)], [VECTOR], hint=self.hint()))
        )

    def replace(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        items, value = self.pick(pool, LIST), self.pick(pool, VECTOR)
        if items is None or value is None:
            return []
        return list(b.emit(lookup("list_set"), [items, b.constant(0), value], [LIST], hint=self.hint()))

    def add_to_entry(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        items, value = self.pick(pool, LIST), self.pick(pool, VECTOR)
        if items is None or value is None:
            return []
        return list(
            b.emit(lookup("list_accumulate"), [items, b.constant(-1), value], [LIST], hint=self.hint())
        )

    def pop(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        items, value = self.pick(pool, LIST), self.pick(pool, VECTOR)
        if items is None or value is None:
            return []
        # Lists of the pool are never empty.
        longer = b.emit(lookup("list_append"), [items, value], [LIST], hint=self.hint())[0]
        return list(b.emit(lookup("list_pop"), [longer], [LIST, VECTOR], hint=self.hint()))

    def copy(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        array = self.pick(pool, VECTOR)
        return [] if array is None else [b.op("copy", array, hint=self.hint())]

    def shape(self, b: OpBuilder, pool: list[Value]) -> list[Value]:
        array = self.pick(pool, VECTOR)
        return [] if array is None else [b.op("zeros_like", array, hint=self.hint())]

    # Control flow: everything of the pool may be captured.

    def captured(self, pool: Sequence[Value]) -> tuple[list[Value], list[Value]]:
        """Some outer values, and the parameters that stand for them inside."""
        outer = [value for value in pool if self.random.random() < 0.5]
        return outer, [Value(value.type, value.hint) for value in outer]

    def branch(self, b: OpBuilder, pool: list[Value], depth: int) -> None:
        number = self.pick(pool, FLOAT)
        assert number is not None
        condition = b.op("gt", number, self.random.choice((0.0, 1.0)))
        outer = [value for value in pool if self.random.random() < 0.6]
        kinds = [t for t in (VECTOR, LIST) if any(value.type == t for value in outer)]
        blocks: list[Block] = []
        for _ in range(2):
            params = [Value(value.type, value.hint) for value in outer]
            inner, inside = OpBuilder(), list(params)
            self.fill(inner, inside, self.random.randrange(4), depth + 1)
            results = [self.pick(inside, kind) for kind in kinds]
            blocks.append(inner.finish(params, [value for value in results if value is not None]))
        outputs = [Value(kind, self.hint()) for kind in kinds]
        b.append(IfView.make(condition, outer, *blocks, outputs, derivative=b.derivative))
        pool += outputs

    def loop(self, b: OpBuilder, pool: list[Value], depth: int) -> None:
        stop = self.pick(pool, INT)
        assert stop is not None
        outer, captured = self.captured(pool)
        initial = [v for v in (self.pick(pool, t) for t in (VECTOR, VECTOR, LIST)) if v is not None]
        hints = [self.hint() for _ in initial]
        carried = [Value(value.type, hint) for value, hint in zip(initial, hints, strict=True)]
        index = Value(INT, "i")
        inner, inside = OpBuilder(), [index, *captured, *carried]
        self.fill(inner, inside, self.random.randrange(1, 6), depth + 1)
        results = [self.pick(inside, value.type) for value in carried]
        saved = [value for value in (self.pick(inside, VECTOR) for _ in range(2)) if value is not None]
        outputs = [Value(value.type, hint) for value, hint in zip(initial, hints, strict=True)]
        lists = [collected_value(value) for value in saved]
        body = inner.finish([index, *carried, *captured], [*(v for v in results if v is not None), *saved])
        bounds = (b.constant(0), stop, b.constant(1))
        backwards = self.random.random() < 0.4
        b.append(
            ForView.make(
                bounds, body, initial=initial, captured=outer, outputs=[*outputs, *lists], backwards=backwards,
                derivative=b.derivative,
            )
        )  # fmt: skip
        pool += outputs
        if lists and self.random.random() < 0.8:
            self.loop_over(b, pool, lists, stop, depth)

    def loop_over(self, b: OpBuilder, pool: list[Value], lists: list[Value], stop: Value, depth: int) -> None:
        """A second loop that reads the lists of the first."""
        outer, captured = self.captured(pool)
        start = self.pick(pool, VECTOR)
        assert start is not None
        carried, index = Value(VECTOR, self.hint()), Value(INT, "i")
        elements = [Value(VECTOR, "") for _ in lists]
        inner, inside = OpBuilder(derivative=True), [index, *captured, carried, *elements]
        self.fill(inner, inside, self.random.randrange(1, 5), depth + 1)
        total = inner.op("add", carried, self.pick(inside, VECTOR) or carried)
        last = Value(VECTOR, carried.hint)
        body = inner.finish([index, *elements, carried, *captured], [total])
        bounds = (b.constant(0), stop, b.constant(1))
        b.append(
            ForView.make(
                bounds, body, sequences=lists, initial=[start], captured=outer, outputs=[last],
                backwards=self.random.random() < 0.6, derivative=True,
            )
        )  # fmt: skip
        pool.append(last)

    def repeat(self, b: OpBuilder, pool: list[Value], depth: int) -> None:
        """while k < n, with an array and a counter carried."""
        stop, start = self.pick(pool, INT), self.pick(pool, VECTOR)
        assert stop is not None
        assert start is not None
        outer, captured = self.captured(pool)
        test = OpBuilder()
        k, array, limit = Value(INT, "k"), Value(VECTOR, "x"), Value(INT, "n")
        rest = [Value(value.type, value.hint) for value in outer]
        condition = test.finish([k, array, limit, *rest], [test.op("lt", k, limit)])
        counter, carried, unused = Value(INT, "k"), Value(VECTOR, "x"), Value(INT, "n")
        inner, inside = OpBuilder(), [*captured, carried]
        self.fill(inner, inside, self.random.randrange(1, 5), depth + 1)
        new = self.pick(inside, VECTOR)
        saved = self.pick(inside, VECTOR)
        leave = inner.op("gt", counter, self.random.choice((0, 5)))
        assert new is not None
        assert saved is not None
        results = [inner.op("add", counter, 1), new, saved, leave]
        body = inner.finish([counter, carried, unused, *captured], results)
        outputs = [Value(INT, "k"), Value(VECTOR, "x"), collected_value(saved), trips_value()]
        b.append(
            WhileView.make(
                condition, body, initial=[b.constant(0), start], captured=[stop, *outer],
                outputs=outputs, leaves=True, derivative=b.derivative,
            )
        )  # fmt: skip
        pool += outputs[1:2]
        if self.random.random() < 0.7:
            self.loop_over(b, pool, [outputs[2]], outputs[3], depth)
