"""The three examples of the design as graphs, written as differentiation and passes would leave them."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import Parameter as Formal

import numpy as np

from gradscribe.ir.control import ForView, collected_value
from gradscribe.ir.graph import Graph, Program, Value
from gradscribe.ir.signature import Container, ContainerKind, Leaf, Parameter, Signature
from gradscribe.ir.types import FLOAT, INT, ArrayType, type_of
from gradscribe.location import Location
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.spec import attribute, method

VECTOR = type_of(np.ones(5))
INNER, UPPER, LOWER = (slice(1, -1),), (slice(2, None),), (slice(None, -2),)


def program(name: str, params: Sequence[Value], b: OpBuilder, results: Sequence[Value]) -> Program:
    """A program of one graph with plain parameters."""
    kind = Formal.POSITIONAL_OR_KEYWORD
    parameters = tuple(Parameter(value.hint, kind, Leaf(k)) for k, value in enumerate(params))
    keys = tuple(range(len(results)))
    several = Container(ContainerKind.TUPLE, tuple, keys, tuple(map(Leaf, keys)))
    signature = Signature(parameters, Leaf(0) if len(results) == 1 else several)
    return Program(name, {name: Graph(name, signature, b.finish(params, results))})


def at(file: str, line: int) -> Location:
    """A place in the user's source."""
    return Location(file, line)


def get(b: OpBuilder, array: Value, index: object) -> Value:
    """`array[index]`."""
    return b.apply("get_item", [array], {"index": index})[0]


def put(b: OpBuilder, array: Value, value: Value, index: object, hint: str) -> Value:
    """`array` after `array[index] = value`."""
    return b.apply("set_item", [array, value], {"index": index}, hint=hint)[0]


def accumulate(b: OpBuilder, array: Value, value: Value, index: object) -> Value:
    """`array` after `array[index] += value`."""
    attrs = {"index": index, "repeats": False}
    return b.apply("accumulate_at", [array, value], attrs, hint=array.hint)[0]


def loss_grad() -> Program:
    """The gradient of mean((x @ w - y) ** 2)."""
    x_type = ArrayType(np.dtype(float), (*type_of(np.ones(7)).shape, *VECTOR.shape))  # type: ignore[union-attr]
    w, x = Value(VECTOR, "w"), Value(x_type, "x")
    y = Value(ArrayType(np.dtype(float), x_type.shape[:1]), "y")
    b = OpBuilder(location=at("loss.py", 2))
    r = b.op("sub", b.op("matmul", x, w), y, hint="r")
    b.derivative, b.location = True, at("loss.py", 3)
    d_r = b.op("div", b.op("mul", 2.0, r), b.op("size", r), hint="d_r")
    b.location = at("loss.py", 2)
    d_w = b.op("matmul", b.op("transpose", x, spelling=attribute("T")), d_r, hint="d_w")
    return program("loss_grad", [w, x, y], b, [d_w])


def rollout_grad() -> Program:
    """The gradient by theta of the sum of squares of the last state."""
    theta = Value(ArrayType(np.dtype(float), VECTOR.shape * 2), "theta")  # type: ignore[union-attr]
    x0, n = Value(VECTOR, "x0"), Value(INT, "n")
    b = OpBuilder(location=at("rollout.py", 3))

    index, x, inner_theta = Value(INT, "t"), Value(VECTOR, "x"), Value(theta.type, "theta")
    body = OpBuilder(location=at("rollout.py", 4))
    h = body.op("tanh", body.op("matmul", inner_theta, x), hint="h")
    body.location = at("rollout.py", 5)
    new_x = body.op("add", x, body.op("mul", 0.01, h), hint="x")
    last, x_saved, h_saved = Value(VECTOR, "x"), collected_value(x), collected_value(h)
    bounds = (b.constant(0), n, b.constant(1))
    b.append(
        ForView.make(
            bounds,
            body.finish([index, x, inner_theta], [new_x, x, h]),
            initial=[x0],
            captured=[theta],
            outputs=[last, x_saved, h_saved],
            location=b.location,
        )
    )
    b.derivative, b.location = True, at("rollout.py", 6)
    d_x0 = b.op("mul", 2.0, last, hint="d_x")
    b.location = at("rollout.py", 4)
    zeros = b.op("zeros_like", theta, hint="d_theta")

    i, x, h = Value(INT), Value(VECTOR, "x"), Value(VECTOR, "h")
    d_x, d_theta, inner_theta = Value(VECTOR, "d_x"), Value(theta.type, "d_theta"), Value(theta.type, "theta")
    back = OpBuilder(derivative=True, location=at("rollout.py", 4))
    slope = back.op("sub", 1.0, back.op("mul", h, h))
    d_a = back.op("mul", back.op("mul", 0.01, d_x), slope, hint="d_a")
    grown = back.op("add", d_theta, back.op("outer", d_a, x), hint="d_theta")
    pulled = back.op("matmul", back.op("transpose", inner_theta, spelling=attribute("T")), d_a)
    new_d_x = back.op("add", d_x, pulled, hint="d_x")
    outputs = [Value(VECTOR, "d_x"), Value(theta.type, "d_theta")]
    bounds = (b.constant(0), n, b.constant(1))
    b.append(
        ForView.make(
            bounds,
            back.finish([i, x, h, d_x, d_theta, inner_theta], [new_d_x, grown]),
            sequences=[x_saved, h_saved],
            initial=[d_x0, zeros],
            captured=[theta],
            outputs=outputs,
            backwards=True,
            location=b.location,
            derivative=True,
        )
    )
    return program("rollout_grad", [theta, x0, n], b, [outputs[1]])


def heat_grad() -> Program:
    """The gradient by u of the sum of squares after some steps of an explicit scheme."""
    u, k, steps = Value(VECTOR, "u"), Value(FLOAT, "k"), Value(INT, "steps")
    b = OpBuilder(location=at("heat.py", 2))
    own = b.op("copy", u, spelling=method("copy"), hint="u")
    b.location = at("heat.py", 3)

    inner_u, inner_k = Value(VECTOR, "u"), Value(FLOAT, "k")
    body = OpBuilder(location=at("heat.py", 4))
    old = get(body, inner_u, INNER)
    curvature = body.op("sub", get(body, inner_u, UPPER), body.op("mul", 2.0, get(body, inner_u, INNER)))
    step = body.op("mul", inner_k, body.op("add", curvature, get(body, inner_u, LOWER)))
    new_u = put(body, inner_u, body.op("add", old, step), INNER, "u")
    last = Value(VECTOR, "u")
    bounds = (b.constant(0), steps, b.constant(1))
    b.append(
        ForView.make(
            bounds,
            body.finish([Value(INT, "_"), inner_u, inner_k], [new_u]),
            initial=[own],
            captured=[k],
            outputs=[last],
            location=b.location,
        )
    )
    b.derivative, b.location = True, at("heat.py", 7)
    d_last = b.op("mul", 2.0, last, hint="d_u")

    b.location = at("heat.py", 3)
    d_u, inner_k = Value(VECTOR, "d_u"), Value(FLOAT, "k")
    back = OpBuilder(derivative=True, location=at("heat.py", 4))
    d_lap = back.op("mul", inner_k, get(back, d_u, INNER), hint="d_lap")
    new_d_u = accumulate(back, d_u, d_lap, UPPER)
    new_d_u = accumulate(back, new_d_u, back.op("neg", back.op("mul", 2.0, d_lap)), INNER)
    new_d_u = accumulate(back, new_d_u, d_lap, LOWER)
    d_first = Value(VECTOR, "d_u")
    bounds = (b.constant(0), steps, b.constant(1))
    b.append(
        ForView.make(
            bounds,
            back.finish([Value(INT, "_"), d_u, inner_k], [new_d_u]),
            initial=[d_last],
            captured=[k],
            outputs=[d_first],
            backwards=True,
            location=b.location,
            derivative=True,
        )
    )
    return program("heat_grad", [u, k, steps], b, [d_first])
