"""Running entries: nodes, their derivatives by rule, and by differences."""

from __future__ import annotations

import builtins

import numpy as np

from gradscribe.ad.forward import push_block
from gradscribe.ad.reverse import reverse_block
from gradscribe.ad.state import Transformation
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.template import fill
from gradscribe.ir.types import is_inexact, python_scalar
from gradscribe.ops.build import OpBuilder, literals_of
from gradscribe.ops.execute import execute
from gradscribe.ops.spec import At, Bilinear, Composite, Custom, Dense, Elementwise, Linear, Masked, NoRule
from tests.rules.samples import Case, Lengths


class Run:
    """One node on given values, with everything that can be asked of it."""

    def __init__(self, case: Case, spelling=None) -> None:
        self.case = case
        self.lengths = Lengths()
        builder = OpBuilder()
        self.inputs = []
        for value, literal in zip(case.values, case.literal, strict=True):
            if literal and isinstance(value, bool | builtins.int | builtins.float | builtins.complex):
                self.inputs.append(builder.constant(value))
            else:
                self.inputs.append(Value(self.lengths.type_of(value)))
        attrs = dict(case.attrs)
        if spelling is not None:
            attrs["spelling"] = spelling
        self.outputs = builder.apply(case.spec.name, self.inputs, attrs)
        self.node: Node = builder.nodes[-1]
        self.literals = literals_of(builder.nodes)
        self.results = execute(self.node, case.values)

    def active(self) -> list[int]:
        """Positions of inputs that a derivative may pass through."""
        return [k for k, v in enumerate(self.inputs) if is_inexact(v.type) and v not in self.literals]

    def differentiable_outputs(self) -> list[int]:
        return [k for k, v in enumerate(self.outputs) if is_inexact(v.type)]

    def at(self, shifts: dict[int, object], h: float) -> list:
        """The results with some inputs moved by h times a direction."""
        values = list(self.case.values)
        for position, direction in shifts.items():
            values[position] = values[position] + h * direction
        return list(execute(self.node, values))

    def difference(self, shifts: dict[int, object], h: float = 1e-3) -> list:
        """The tangents of the results, by central differences extrapolated twice."""

        def central(step):
            up, down = self.at(shifts, step), self.at(shifts, -step)
            return [(np.asarray(p) - np.asarray(q)) / (2 * step) for p, q in zip(up, down, strict=True)]

        coarse, fine, finest = central(h), central(h / 2), central(h / 4)
        once = [
            [(4 * b - a) / 3 for a, b in zip(*pair, strict=True)] for pair in ((coarse, fine), (fine, finest))
        ]
        return [(16 * b - a) / 15 for a, b in zip(*once, strict=True)]

    def _environment(self) -> dict[Value, object]:
        env = dict(zip(self.inputs, self.case.values, strict=True))
        env.update(zip(self.outputs, self.results, strict=True))
        return env

    def evaluate(self, builder: OpBuilder, env: dict[Value, object]) -> dict[Value, object]:
        """Execute the nodes of a builder."""
        from tests.rules.samples import mismatch

        for node in builder.nodes:
            results = execute(node, [env[value] for value in node.inputs])
            for value, result in zip(node.outputs, results, strict=True):
                problem = mismatch(value.type, result, self.lengths, exact=False)
                assert not problem, f"{node.op} in a rule of {self.case.spec}: {problem}"
                env[value] = result
        return env

    def vjp(self, cts: list) -> list:
        """Cotangents of the inputs by rule, as arrays of the shapes of the inputs; None for zero."""
        b = OpBuilder(derivative=True, literals=self.literals)
        env = self._environment()
        ct_values = []
        for output, ct in zip(self.outputs, cts, strict=True):
            ct_values.append(None if ct is None else Value(output.type))
            if ct is not None:
                env[ct_values[-1]] = ct
        contributions = list(self._pull(b, ct_values))
        contributions += [None] * (len(self.inputs) - len(contributions))
        env = self.evaluate(b, env)
        return [
            None if part is None or isinstance(part, NoRule) else self._dense(part, env, np.asarray(value))
            for part, value in zip(contributions, self.case.values, strict=True)
        ]

    def _pull(self, b: OpBuilder, cts: list):
        node, form = self.node, self.case.spec.form
        match form:
            case Elementwise():
                env = {**dict(zip(node.op.operand_names(node), node.inputs, strict=True)), "out": node.output}
                for name, value in zip(node.op.operand_names(node), node.inputs, strict=True):
                    moves = is_inexact(value.type) and value not in self.literals
                    partial = form.partial(b, node, name) if moves else None
                    yield None if partial is None else b.op("mul", cts[0], b.expression(partial, env))
            case Linear(transpose=transpose):
                yield transpose(b, node, cts[0])
            case Bilinear(left=left, right=right):
                yield left(b, node, cts[0])
                yield right(b, node, cts[0])
            case Custom(vjp=vjp):
                yield from vjp(b, node, cts)
            case Composite():
                yield from self._pull_body(b, cts)

    def _pull_body(self, b: OpBuilder, cts: list):
        """The adjoint of the body, as the compiler writes it."""
        block = Block(tuple(self.inputs), (self.node,), self.node.outputs)
        run = Transformation(Program("", {}), reverse_block, push_block)
        pulled = reverse_block(run, block, [is_inexact(v.type) for v in self.inputs], cts, {})
        found = [pulled.cotangents.dense(value) for value in dict.fromkeys(self.inputs)]
        for made in pulled.b.nodes:
            b.append(made)
        yield from found

    def _dense(self, part, env, like: np.ndarray) -> np.ndarray:
        if isinstance(part, At):
            result = np.zeros(like.shape, like.dtype)
            np.add.at(result, fill(part.index, [env[value] for value in part.inputs]), env[part.value])
            return result
        if isinstance(part, Masked):
            condition = np.asarray(env[part.condition], bool)
            value = np.where(condition if part.taken_if else ~condition, env[part.value], 0.0)
        else:
            value = np.asarray(env[part.value if isinstance(part, Dense) else part])
        full = np.broadcast_shapes(value.shape, like.shape)
        value = np.broadcast_to(value, full)
        value = value.sum(axis=tuple(range(len(full) - like.ndim)))
        axes = tuple(k for k, n in enumerate(like.shape) if n == 1 and value.shape[k] != 1)
        return value.sum(axis=axes, keepdims=True)

    def jvp(self, tangents: list) -> list:
        """Tangents of the outputs by rule; None for zero."""
        b = OpBuilder(derivative=True, literals=self.literals)
        env = self._environment()
        given = []
        for value, tangent in zip(self.inputs, tangents, strict=True):
            given.append(None if tangent is None else Value(value.type))
            if tangent is not None:
                env[given[-1]] = tangent
        outputs = list(self._push(b, given))
        env = self.evaluate(b, env)
        return [None if value is None else env[value] for value in outputs]

    def _push(self, b: OpBuilder, tangents: list):
        node, form = self.node, self.case.spec.form
        match form:
            case Elementwise():
                env = {**dict(zip(node.op.operand_names(node), node.inputs, strict=True)), "out": node.output}
                total = None
                for name, tangent in zip(node.op.operand_names(node), tangents, strict=True):
                    partial = form.partial(b, node, name) if tangent is not None else None
                    if partial is not None:
                        term = b.op("mul", tangent, b.expression(partial, env))
                        total = term if total is None else b.op("add", total, term)
                return [total]
            case Linear():
                inputs = [
                    t if t is not None else b.op("zeros_like", v) if is_inexact(v.type) else v
                    for t, v in zip(tangents, node.inputs, strict=True)
                ]
                return b.apply(node.op.name, inputs, node.attrs)
            case Bilinear():
                total = None
                for side in (0, 1):
                    if tangents[side] is not None:
                        inputs = list(node.inputs)
                        inputs[side] = tangents[side]
                        term = b.apply(node.op.name, inputs, node.attrs)[0]
                        total = term if total is None else b.op("add", total, term)
                return [total]
            case Custom(jvp=jvp):
                return jvp(b, node, tangents)
            case Composite():
                return self._push_body(b, tangents)
        return [None] * len(node.outputs)

    def _push_body(self, b: OpBuilder, tangents: list):
        """The tangent of the body, as the compiler writes it."""
        block = Block(tuple(self.inputs), (self.node,), self.node.outputs)
        given = {v: t for v, t in zip(self.inputs, tangents, strict=True) if t is not None}
        pushed = push_block(Transformation(Program("", {}), reverse_block, push_block), block, given)
        for made in pushed.b.nodes[1:]:
            b.append(made)
        return pushed.tangents


def direction_like(value, rng: np.random.Generator):
    """A random tangent of the kind of a value."""
    drawn = rng.uniform(-1, 1, np.shape(value))
    if np.iscomplexobj(value):
        drawn = drawn + 1j * rng.uniform(-1, 1, np.shape(value))
    if isinstance(value, np.ndarray):
        return drawn.astype(value.dtype)
    if isinstance(value, np.generic):
        return value.dtype.type(drawn)
    return type(value)(drawn)


def inner(left, right) -> float:
    """The real part of the sum of products."""
    return float(np.sum(np.asarray(left) * np.asarray(right)).real)


def scalar_type(value):
    return python_scalar(value)
