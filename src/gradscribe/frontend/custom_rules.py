"""Rules of the user, lowered: each half becomes a closed block over leaves.

A rule is an ordinary function. It is lowered once for each call of its function, for arguments of those types, and
what it returns is checked against them. A rule may call its own function: that call has the same rules, which are
then still being made.

In:  a `CustomFunction`, its arguments and results.   Out: `Rules`, and the values that function and rules capture.
Not here: the call (custom_calls.py), differentiating (ad/custom_rules.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import FunctionType

import libcst as cst

from gradscribe.extend import CustomFunction
from gradscribe.frontend.blocks import captured_by, close
from gradscribe.frontend.operands import describe, present
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.scope import container_of, outside
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    BoundMethod,
    Closure,
    ListCell,
    PartialCall,
    Static,
    TupleValue,
)
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.signature import Container, Fixed, Leaf, Structure
from gradscribe.ir.types import ArrayType, ScalarType, Type, is_inexact, shape_of, type_text
from gradscribe.ops.custom_rules import Rules

MAX_NESTED_RULES = 20
RESULT = "the result"
TAKEN = {
    "forward": "what its function takes",
    "backward": "arguments named by nondiff_argnums, the residuals and the cotangent of the result",
    "pushforward": "arguments named by nondiff_argnums, a tuple of arguments and a tuple of tangents",
}


class LeafTaker(Taker):
    """Takes values apart, and remembers the object of each leaf."""

    def __init__(self, run: Lowering, node: cst.CSTNode | None, *, keep_literals: bool) -> None:
        super().__init__(run, node, keep_literals=keep_literals)
        self.abstract: list[Abstract] = []

    def take(self, value: Abstract) -> Structure:
        """The structure of a value."""
        structure = super().take(value)
        if isinstance(structure, Leaf):
            self.abstract.append(present(self.run, value, self.node))
        return structure


Taken = tuple[Structure, LeafTaker]


def held(structure: Structure, leaves: Sequence[Abstract]) -> Abstract:
    """The value with this structure and these leaves."""
    match structure:
        case Leaf(index):
            return leaves[index]
        case Container(kind, type_, keys, children):
            return container_of(kind, type_, keys, [held(child, leaves) for child in children])
        case Fixed(value=value):
            return value if isinstance(value, Closure | BoundMethod | PartialCall) else Static(value)


@dataclass
class _Part:
    """A block being made: its own parameters, nodes and results."""

    params: list[Value]
    nodes: Sequence[Node]
    results: list[Value]

    def closed(self, captured: Sequence[Value]) -> Block:
        return close(self.nodes, self.results, self.params, captured)


def lower_rules(
    run: Lowering,
    node: cst.CSTNode,
    target: CustomFunction,
    arguments: tuple[Sequence[Structure], LeafTaker],
    results: Taken,
    captured: Sequence[Value],
) -> tuple[Rules, list[Value]]:
    """The rules for a call, and what they and the function read besides the arguments.

    Args:
        run: the lowering.
        node: the call.
        target: what is called.
        arguments: structure of each argument, and their leaves.
        results: structure of the result, and its leaves.
        captured: what the function reads.
    """
    structures, taker = arguments
    key = (target, *(_kind(structure, taker.leaves) for structure in structures))
    if key in run.open_rules:
        rules, assumed = run.open_rules[key]
        rules.is_recursive = True
        return rules, list(assumed)
    if len(run.open_rules) >= MAX_NESTED_RULES:
        raise run.refusal(
            node,
            "GS206",
            f"the rules of `{target.name}` call it again and again, on other kinds of arguments",
            why="the rules of each such call are lowered in turn",
            fix="call a plain function of the same meaning in the rule",
        )
    # What a recursive rule captures is known when it has been lowered: then it is lowered again.
    assumed = list(captured)
    while True:
        rules = Rules(target.name)
        run.open_rules[key] = (rules, assumed)
        try:
            made = _RuleMaker(run, node, target, structures, taker.leaves, results)
            parts = made.parts(rules)
        finally:
            del run.open_rules[key]
        found = [captured_by((part.nodes, part.results), own=part.params) for part in parts.values()]
        everything = list(dict.fromkeys([*assumed, *(value for values in found for value in values)]))
        if not rules.is_recursive or len(everything) == len(assumed):
            break
        assumed = everything
    for name, part in parts.items():
        setattr(rules, name, part.closed(everything))
    return rules, everything


def _kind(structure: Structure, leaves: Sequence[Value]) -> object:
    match structure:
        case Leaf(index):
            return leaves[index].type
        case Container(kind, type_, keys, children):
            return (kind, type_, keys, *(_kind(child, leaves) for child in children))
        case Fixed(value=value):
            return value if isinstance(value, str | bool | int | float | None) else id(value)


class _RuleMaker:
    """Lowers the rules of one call."""

    def __init__(
        self,
        run: Lowering,
        node: cst.CSTNode,
        target: CustomFunction,
        structures: Sequence[Structure],
        leaves: Sequence[Value],
        results: Taken,
    ) -> None:
        self.run = run
        self.node = node
        self.target = target
        self.structures = structures
        self.leaves = leaves
        self.result, self.result_leaves = results[0], results[1].leaves

    def parts(self, rules: Rules) -> dict[str, _Part]:
        """The blocks of the rules that the user has given."""
        found: dict[str, _Part] = {}
        if self.target.forward is not None and self.target.backward is not None:
            forward, residuals, structure = self._forward(self.target.forward)
            found["forward"] = forward
            found["backward"] = self._backward(self.target.backward, residuals, structure, rules)
        if self.target.pushforward is not None:
            found["pushforward"] = self._pushforward(self.target.pushforward, rules)
        return found

    def _part(self, params: list[Value], body: Callable[[], list[Value]]) -> _Part:
        heap, self.run.heap = self.run.heap, dict(self.run.heap)
        try:
            with self.run.block() as builder:
                results = body()
        finally:
            self.run.heap = heap
        return _Part(params, builder.nodes, results)

    def _call(self, rule: FunctionType, name: str, args: Sequence[Abstract]) -> Abstract:
        self._check_arity(rule, name, len(args))
        called = outside(self.run, rule, self.target, name, name, self.node)
        return self.run.call(self.run, self.node, called, args, {})

    def _check_arity(self, rule: FunctionType, name: str, count: int) -> None:
        try:
            inspect.signature(rule).bind(*[None] * count)
        except TypeError:
            what = {"forward": "first half of the vjp", "backward": "second half of the vjp"}.get(name, "jvp")
            wanted = f"it must take {count}: {TAKEN[name]}"
            parameters = ", ".join(map(str, inspect.signature(rule).parameters.values()))
            title = f"the {what} rule of `{self.target.name}` takes ({parameters})"
            raise self._wrong(title, wanted) from None

    def _unchanged(self, params: Sequence[Value], given: Sequence[Abstract]) -> None:
        """A rule leaves the arguments of its function as they are: others may read them later."""
        for param, value in zip(params, given, strict=True):
            if isinstance(value, ArrayCell) and self.run.heap.get(value, param) is not param:
                raise self.run.refusal(
                    self.node,
                    "GS206",
                    f"a rule of `{self.target.name}` changes an array that it is given",
                    why="the caller may read it afterwards, and would find it changed in the derivative only",
                    fix="let it work on a copy",
                )

    def _forward(self, rule: FunctionType) -> tuple[_Part, list[Value], Structure]:
        params = _fresh(self.leaves)
        kept: list[tuple[list[Value], Structure]] = []

        def body() -> list[Value]:
            leaves = [self.run.wrap(value) for value in params]
            found = self._call(rule, "forward", [held(part, leaves) for part in self.structures])
            self._unchanged(params, leaves)
            pair = self._items(found, 2, "the first half of the vjp rule", "(result, residuals)")
            values = self._matching(pair[0], self.result, params, RESULT)
            taker = LeafTaker(self.run, self.node, keep_literals=True)
            kept.append((taker.leaves, taker.take(pair[1])))
            return [*values, *taker.leaves]

        part = self._part(params, body)
        residuals, structure = kept[0]
        return part, residuals, structure

    def _backward(
        self, rule: FunctionType, residuals: Sequence[Value], structure: Structure, rules: Rules
    ) -> _Part:
        params, saved, cts = _fresh(self.leaves), _fresh(residuals), _fresh(_floats(self.result_leaves), "d_")

        def body() -> list[Value]:
            ct = _with_none(self.result, self.result_leaves, [self.run.wrap(value) for value in cts])
            held_back = held(structure, [self.run.wrap(value) for value in saved])
            found = self._call(rule, "backward", [*self._static(params), held_back, ct])
            count = len(self._moving())
            wanted = f"{count}: one cotangent for each argument"
            items = self._items(found, count, "the second half of the vjp rule", wanted)
            slots: list[int | None] = [None] * len(self.leaves)
            values: list[Value] = []
            for number, item in zip(self._moving(), items, strict=True):
                said = f"the cotangent of argument {number + 1}"
                for leaf, value in self._parts_of(item, self.structures[number], params, said):
                    slots[leaf] = len(values)
                    values.append(value)
            rules.cotangents = tuple(slots)
            return values

        return self._part([*params, *saved, *cts], body)

    def _pushforward(self, rule: FunctionType, rules: Rules) -> _Part:
        params, tangents = _fresh(self.leaves), _fresh(_floats(self.leaves), suffix="_dot")

        def body() -> list[Value]:
            leaves = [self.run.wrap(value) for value in params]
            arguments = [held(part, leaves) for part in self.structures]
            given = [self.run.wrap(value) for value in tangents]
            moves = held_with_none(self.structures, self.leaves, given)
            moving = self._moving()
            pairs = [TupleValue(tuple(values[k] for k in moving)) for values in (arguments, moves)]
            found = self._call(rule, "pushforward", [*self._static(params), *pairs])
            self._unchanged(params, leaves)
            pair = self._items(found, 2, "the jvp rule", "(result, tangent of the result)")
            values = self._matching(pair[0], self.result, params, RESULT)
            slots: list[int | None] = [None] * len(self.result_leaves)
            moved: list[Value] = []
            for leaf, value in self._parts_of(pair[1], self.result, values, "the tangent of the result"):
                slots[leaf] = len(moved)
                moved.append(value)
            rules.tangents = tuple(slots)
            return [*values, *moved]

        return self._part([*params, *tangents], body)

    # Arguments

    def _arguments(self, params: Sequence[Value]) -> list[Abstract]:
        leaves = [self.run.wrap(value) for value in params]
        return [held(structure, leaves) for structure in self.structures]

    def _static(self, params: Sequence[Value]) -> list[Abstract]:
        arguments = self._arguments(params)
        return [arguments[k] for k in self.target.static]

    def _moving(self) -> list[int]:
        return [k for k in range(len(self.structures)) if k not in self.target.static]

    # Results

    def _items(self, value: Abstract, count: int, what: str, wanted: str) -> Sequence[Abstract]:
        items: Sequence[Abstract] | Value = ()
        if isinstance(value, TupleValue):
            items = value.items
        elif isinstance(value, ListCell):
            items = read_list(self.run, value, self.node)
        if isinstance(items, Value) or len(items) != count:
            raise self._wrong(f"{what} of `{self.target.name}` returns {describe(self.run, value)}", wanted)
        return items

    def _matching(self, value: Abstract, wanted: Structure, like: Sequence[Value], what: str) -> list[Value]:
        """The leaves of a result, which must be all there."""
        found = dict(self._parts_of(value, wanted, like, what))
        count = len(self.result_leaves)
        if len(found) != count:
            raise self._wrong(f"{what} that a rule of `{self.target.name}` returns is not whole", "all parts")
        return [found[k] for k in range(count)]

    def _parts_of(
        self, value: Abstract, wanted: Structure, like: Sequence[Value], what: str
    ) -> Iterable[tuple[int, Value]]:
        """The leaves that are there, each with the leaf of `wanted` that it belongs to."""
        value = present(self.run, value, self.node)
        if isinstance(value, Static) and value.value is None:
            return
        slots = self.result_leaves if wanted is self.result else self.leaves
        taker = LeafTaker(self.run, self.node, keep_literals=False)
        yield from self._fitting(taker.take(value), wanted, taker.leaves, slots, like, what)

    def _fitting(
        self,
        found: Structure,
        wanted: Structure,
        values: Sequence[Value],
        slots: Sequence[Value],
        like: Sequence[Value],
        what: str,
    ) -> Iterable[tuple[int, Value]]:
        match found, wanted:
            case Fixed(value=None), _:
                return
            case Leaf(), Leaf(slot) if what != RESULT and not is_inexact(slots[slot].type):
                return
            case Leaf(index), Leaf(slot):
                yield slot, self._fitting_leaf(values[index], slots[slot], like, slot, what)
                return
            case Container(), Container() if set(found.keys) == set(wanted.keys):
                parts = dict(zip(found.keys, found.children, strict=True))
                for key, expected in zip(wanted.keys, wanted.children, strict=True):
                    yield from self._fitting(parts[key], expected, values, slots, like, what)
                return
            case _, Fixed():
                return
        raise self._wrong(
            f"{what}, as a rule of `{self.target.name}` returns it, has other parts", _parts_text(wanted)
        )

    def _fitting_leaf(
        self, value: Value, slot: Value, like: Sequence[Value], position: int, what: str
    ) -> Value:
        given, wanted = value.type, slot.type
        if not isinstance(wanted, ScalarType | ArrayType):
            raise self.run.refusal(
                self.node,
                "GS206",
                f"a list of a length known at run time only is given to `{self.target.name}`",
                why="its items are no arguments of their own, so that a rule cannot return a cotangent for each",
                fix="stack them in an array: `np.array(...)` of numbers, `np.stack(...)` of arrays",
            )
        is_int = isinstance(given, ScalarType) and given.python and not is_inexact(given)
        if is_int and isinstance(wanted, ScalarType) and is_inexact(wanted):
            return self.run.op(self.node, "convert", value, to="float")
        if not _may_fit(given, wanted):
            text = f"{what}, as a rule of `{self.target.name}` returns it, is {type_text(given)}"
            raise self._wrong(text, f"it must be {type_text(wanted)}")
        if shape_of(given) == shape_of(wanted):
            return value
        twin = next((v for v in like if shape_of(v.type) == shape_of(wanted)), None)
        if twin is None:
            return value
        return self.run.op(self.node, "of_shape", value, twin, what=f"{what} of `{self.target.name}`")

    def _wrong(self, title: str, wanted: str) -> Refusal:
        rule = self.target.backward or self.target.pushforward
        place = f"{rule.__code__.co_filename}:{rule.__code__.co_firstlineno}" if rule is not None else ""
        return self.run.refusal(
            self.node,
            "GS207",
            title,
            why=f"{wanted}" if wanted.startswith("it must") else f"it must return {wanted}",
            fix="a cotangent or tangent has the shape and dtype of what it belongs to; None stands for zero",
            notes=(f"the rule stands at {place}",) if place else (),
        )


def _parts_text(wanted: Structure) -> str:
    """The parts that a rule must return, in the words of the user."""
    if not isinstance(wanted, Container):
        return "one number or array"
    return f"a {wanted.type.__name__} of {', '.join(map(repr, wanted.keys))}"


def _fresh(leaves: Iterable[Value], prefix: str = "", suffix: str = "") -> list[Value]:
    return [Value(leaf.type, f"{prefix}{leaf.hint}{suffix}" if leaf.hint else "") for leaf in leaves]


def _floats(leaves: Sequence[Value]) -> list[Value]:
    return [leaf for leaf in leaves if is_inexact(leaf.type)]


def _with_none(structure: Structure, leaves: Sequence[Value], given: Sequence[Abstract]) -> Abstract:
    """The value whose float leaves are `given`; None in place of other leaves."""
    rest = iter(given)
    return held(structure, [next(rest) if is_inexact(leaf.type) else NOTHING for leaf in leaves])


def held_with_none(
    structures: Sequence[Structure], leaves: Sequence[Value], given: Sequence[Abstract]
) -> list[Abstract]:
    """The values whose float leaves are `given`; None in place of other leaves, and of what has none."""
    rest = iter(given)
    filled = [next(rest) if is_inexact(leaf.type) else NOTHING for leaf in leaves]
    return [NOTHING if isinstance(part, Fixed) else held(part, filled) for part in structures]


def _may_fit(given: Type, wanted: ScalarType | ArrayType) -> bool:
    """Whether a value of this type may be a cotangent, tangent or result where that type is expected."""
    if isinstance(given, ScalarType) and isinstance(wanted, ScalarType):
        return given.python or given.dtype == wanted.dtype
    if not isinstance(given, ArrayType) or not isinstance(wanted, ArrayType):
        return False
    if given.dtype != wanted.dtype or given.ndim != wanted.ndim:
        return False
    pairs = zip(given.shape, wanted.shape, strict=True)
    return not any((mine - other).constant not in (None, 0) for mine, other in pairs)
