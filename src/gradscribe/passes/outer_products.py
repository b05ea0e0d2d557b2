"""Outer products that a loop adds up are one product of matrices after the loop.

    before:  for x, h in zip(...):            after:  for x, h in zip(...):
                 t = ...                                  t = ...
                 d_W += np.outer(t, x)                    t_saved.append(t)
                                                      d_W += np.array(t_saved).T @ np.array(x_saved)

    where d_W begins with the loop:
        d_W = np.array(t_saved).T @ np.array(x_saved) if t_saved else np.zeros_like(W)

A product for each iteration passes over the whole matrix twice; one product of matrices passes over it once, in
BLAS. This is what the gradient of a weight comes to that each step of a recurrence applies to a vector. The
vectors of an iteration are the entries of a list that the loop reads, or are collected.

In:  a program after all other simplification.   Out: one whose loops carry no sums of outer products.
Not here: lists with entries for some iterations only (sink_saves.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradscribe.ir.control import FOR, ForView, IfView, collected_value
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.types import ArrayType, is_inexact
from gradscribe.ir.walk import definitions, map_blocks, map_graphs, use_counts, with_body
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.spec import function


def gather_outer_products(program: Program) -> Program:
    """Take sums of outer products out of the loops that add them up."""
    return map_graphs(program, lambda graph: with_body(graph, _block(graph.body)))


def _block(block: Block) -> Block:
    nodes: list[Node] = []
    changed = False
    uses = use_counts(block)
    zeros = {
        node.output: node
        for node in block.nodes
        if node.op.name == "zeros_like" and uses.get(node.output) == 1
    }
    for node in block.nodes:
        inner = map_blocks(node, _block)
        found = _without_sums(inner, zeros) if inner.op is FOR and inner.derivative else [inner]
        changed |= found != [node]
        nodes += found
    return Block(block.params, tuple(nodes), block.results) if changed else block


def _without_sums(loop: Node, zeros: Mapping[Value, Node]) -> list[Node]:
    """The nodes that stand for a loop; `zeros` are those that nothing else reads."""
    view = ForView.of(loop)
    body = _Body(view)
    sums = [body.sum_of(k) for k in range(len(view.initial))]
    if not any(sums):
        return [loop]
    times = Counter(value for terms in sums for term in terms for value in dict.fromkeys(term.inputs))
    vectors = _Vectors(view, {value for value, count in times.items() if count > 1})
    after = OpBuilder(derivative=True, location=loop.location)
    for k, terms in enumerate(sums):
        if not terms:
            continue
        with after.at(terms[0].location):
            factors = [(vectors.factor(after, a), vectors.factor(after, b)) for a, b in map(_inputs, terms)]
            made = zeros.get(view.initial[k])
            if made is None:
                _add_products(after, view.initial[k], factors)
            else:
                _products_or_zeros(after, vectors.list_of(terms[0].inputs[0]), factors, made)
            after.append(_with_output(after.nodes.pop(), view.final[k]))
    return [_smaller_loop(loop, view, sums, vectors), *after.nodes]


Factors = Sequence[tuple[Value, Value]]
"""Matrices of vectors, or the lists that they are made of."""


def _inputs(node: Node) -> tuple[Value, Value]:
    left, right = node.inputs
    return left, right


def _matrix(b: OpBuilder, factor: Value) -> Value:
    """The matrix of which each row is the vector of one iteration."""
    if isinstance(factor.type, ArrayType):
        return factor
    return b.apply("stack_list", (factor,), {"spelling": function("numpy.array")})[0]


def _add_products(b: OpBuilder, total: Value | None, factors: Factors) -> Value:
    """The total, if there is one, and the products of these matrices."""
    for left, right in factors:
        product = b.op("matmul", b.op("transpose", _matrix(b, left)), _matrix(b, right))
        total = product if total is None else b.op("add", total, product)
    assert total is not None
    return total


def _products_or_zeros(b: OpBuilder, items: Value, factors: Factors, zeros: Node) -> None:
    """The products, or zeros where there was no iteration: no vectors make a matrix without columns."""
    (like,) = zeros.inputs
    captured = list(dict.fromkeys([*(value for pair in factors for value in pair), like]))
    blocks: list[Block] = []
    for empty in (False, True):
        params = {value: Value(value.type, value.hint) for value in captured}
        inner = OpBuilder(derivative=True, location=b.location)
        if empty:
            result = inner.apply("zeros_like", (params[like],), zeros.attrs)[0]
        else:
            result = _add_products(inner, None, [(params[one], params[other]) for one, other in factors])
        blocks.append(inner.finish(tuple(params.values()), (result,)))
    (length,) = b.apply("list_length", (items,))
    # Without a name it is printed as a conditional expression.
    output = Value(zeros.output.type)
    some, none = blocks
    node = IfView.make(length, captured, some, none, (output,), location=b.location, derivative=True)
    b.append(node)
    b.op("identity", output)


def _with_output(node: Node, output: Value) -> Node:
    return Node(node.op, node.inputs, (output,), node.attrs, node.blocks, node.location, node.derivative)


@dataclass
class _Body:
    """The body of a loop, in which sums are recognised."""

    view: ForView

    def __post_init__(self) -> None:
        self.defined = definitions(self.view.body.nodes)
        self.uses = use_counts(self.view.body)

    def sum_of(self, k: int) -> list[Node]:
        """The outer products that the loop adds to its k-th carried value, if it does nothing else with it."""
        param, value = self.view.carried_params[k], self.view.carried_results[k]
        terms: list[Node] = []
        while value is not param:
            node = self.defined.get(value)
            if node is None or node.op.name != "add" or self.uses[value] != 1:
                return []
            left, right = node.inputs
            term = self.term(right, param) or self.term(left, param)
            if term is None:
                return []
            terms.append(term)
            value = left if term.output is right else right
        return terms[::-1] if self.uses.get(param) == 1 else []

    def term(self, value: Value, total: Value) -> Node | None:
        """The node that makes an outer product of vectors of this iteration, for the sum alone."""
        node = self.defined.get(value)
        if node is None or node.op.name != "outer" or self.uses[value] != 1 or value.type != total.type:
            return None
        captured = self.view.captured_params
        fits = all(
            isinstance(one.type, ArrayType)
            and len(one.type.shape) == 1
            and is_inexact(one.type)
            and one.type.dtype == node.output.type.dtype  # type: ignore[union-attr]
            and one not in captured
            for one in node.inputs
        )
        return node if fits else None


@dataclass
class _Vectors:
    """The lists of the vectors of all iterations.

    Attributes:
        view: the loop.
        shared: vectors that several products read.
        collected: vectors that the loop is to collect, and their lists.
    """

    view: ForView
    shared: set[Value]
    collected: dict[Value, Value] = field(default_factory=dict)
    _matrices: dict[Value, Value] = field(default_factory=dict)

    def factor(self, b: OpBuilder, vector: Value) -> Value:
        """The list of a vector, or the matrix of the list where several products read it."""
        if vector not in self.shared:
            return self.list_of(vector)
        if vector not in self._matrices:
            self._matrices[vector] = _matrix(b, self.list_of(vector))
        return self._matrices[vector]

    def list_of(self, vector: Value) -> Value:
        """The list that has the vector of each iteration."""
        for element, sequence in zip(self.view.elements, self.view.sequences, strict=True):
            if vector is element:
                return sequence
        for result, collected in zip(self.view.collected_results, self.view.collected, strict=True):
            if vector is result:
                return collected
        return self.collected.setdefault(vector, collected_value(vector))


def _smaller_loop(loop: Node, view: ForView, sums: Sequence[Sequence[Node]], vectors: _Vectors) -> Node:
    """The loop without these sums, which collects the vectors."""
    kept = [k for k, terms in enumerate(sums) if not terms]
    removed = {node for terms in sums for node in terms}
    gone = {view.carried_results[k] for k in range(len(sums)) if k not in kept}
    nodes = _needed(view.body.nodes, removed, gone)
    carried = [view.carried_params[k] for k in kept]
    params = (view.index, *view.elements, *carried, *view.captured_params)
    leave = () if view.leave is None else (view.leave,)
    results = (
        *(view.carried_results[k] for k in kept),
        *view.collected_results,
        *vectors.collected,
        *leave,
    )
    trips = () if view.trips is None else (view.trips,)
    return ForView.make(
        (view.start, view.stop, view.step),
        Block(params, tuple(nodes), results),
        sequences=view.sequences,
        initial=[view.initial[k] for k in kept],
        captured=view.captured,
        outputs=(*(view.final[k] for k in kept), *view.collected, *vectors.collected.values(), *trips),
        backwards=view.backwards,
        leaves=view.leaves,
        location=loop.location,
        derivative=loop.derivative,
    )


def _needed(nodes: Sequence[Node], products: set[Node], sums: set[Value]) -> list[Node]:
    """The nodes of a body without the products and the additions that lead to the sums."""
    gone = set(sums)
    kept: list[Node] = []
    for node in reversed(nodes):
        if node in products:
            continue
        if node.op.name == "add" and node.output in gone:
            gone.update(node.inputs)
            continue
        kept.append(node)
    return kept[::-1]
