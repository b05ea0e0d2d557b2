"""Sums in the form a person writes: like terms together, signs as operators.

    before:  ct * x + ct * x      a + -6.0 * x      (a - t) - t
    after:   2.0 * ct * x         a - 6.0 * x       a - 2.0 * t

In:  a derivative node that adds or subtracts.   Out: its value in this form, or None where it has it already.
Not here: the terms (products.py).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import Type, dtype_of, is_inexact, is_number, same_shape
from gradscribe.passes.precision import is_computed_in
from gradscribe.passes.products import (
    MAX_DEPTH,
    Apply,
    Expression,
    Term,
    as_term,
    emit_tree,
    read_tree,
    tree_type,
    write_operand,
    write_term,
)
from gradscribe.passes.rules import rule_for
from gradscribe.passes.scope import Scope

SUM = frozenset({"add", "sub"})


@rule_for(SUM)
def normalise_sum(scope: Scope, node: Node) -> Value | None:
    """The sum with like terms merged and no negative term added."""
    type_ = node.output.type
    if not is_number(type_) or not is_inexact(type_):
        return None
    if not scope.is_inside(node, SUM):
        terms = _terms(scope, node, MAX_DEPTH)
        merged = _merge(terms)
        if len(merged) < len(terms):
            return _emit_sum(scope, node, merged)
    first, second = (_term(scope, value) for value in node.inputs)
    if second.negative or (first.negative and node.op.name == "add"):
        signed = [(first, node.inputs[0].type), (_signed(second, node.op.name == "sub"), node.inputs[1].type)]
        return _emit_sum(scope, node, signed)
    return None


Summand = tuple[Term, Type]


def _terms(scope: Scope, node: Node, depth: int) -> list[Summand]:
    """The terms of a sum and of the sums of the same shape inside, from left to right, with their signs."""
    found: list[Summand] = []
    for position, value in enumerate(node.inputs):
        negative = position == 1 and node.op.name == "sub"
        inner = scope.sole(value)
        is_sum = inner is not None and inner.op.name in SUM and is_inexact(value.type)
        if inner is not None and is_sum and same_shape(value.type, node.output.type) and depth > 0:
            found += [(_signed(term, negative), type_) for term, type_ in _terms(scope, inner, depth - 1)]
        else:
            found.append((_signed(_term(scope, value), negative), value.type))
    return found


def _term(scope: Scope, value: Value) -> Term:
    """The value as a term, which is read once for the sum that it stands in and for its sign."""
    term = scope.trees.get(value)
    if not isinstance(term, Term):
        term = scope.trees[value] = as_term(read_tree(scope, value, 1))
    return term


def _signed(term: Term, negative: bool) -> Term:
    return replace(term, negative=not term.negative) if negative else term


def _merge(terms: list[Summand]) -> list[Summand]:
    """Terms that differ only by a literal become one, at the place of the first."""
    merged: list[Summand] = []
    places: dict[object, int] = {}
    for term, type_ in terms:
        key = (
            frozenset(Counter(term.factors).items()),
            frozenset(Counter(term.lengths).items()),
            term.divisor,
        )
        place = places.get(key) if term.factors else None
        total = _total(merged[place][0], term) if place is not None else None
        if place is not None and total is not None:
            merged[place] = (total, merged[place][1])
        else:
            places.setdefault(key, len(merged))
            merged.append((term, type_))
    return merged


def _total(left: Term, right: Term) -> Term | None:
    """Both as one term; None where they cancel, since `x - x` is not 0 for an infinite x."""
    total = sum(-term.number if term.negative else term.number for term in (left, right))
    if total == 0.0 or not math.isfinite(total):
        return None
    return replace(left, negative=total < 0, number=abs(total))


def _emit_sum(scope: Scope, node: Node, terms: list[Summand]) -> Value | None:
    written = _write_sum(terms, node.output.type)
    return emit_tree(scope, node, None, written) if written is not None else None


def _write_sum(terms: list[Summand], type_: Type) -> Expression | None:
    """The terms added from left to right, a positive one first where there is one among the first two.

    None where the first two would be added in fewer bits than all of them.
    """
    if len(terms) > 1 and terms[0][0].negative and not terms[1][0].negative:
        terms = [terms[1], terms[0], *terms[2:]]
    (first, first_type), *rest = terms
    written = [(term, write_operand(replace(term, negative=False), term_type)) for term, term_type in rest]
    result = write_operand(first, first_type)
    if rest and not is_computed_in(dtype_of(type_), [tree_type(result), tree_type(written[0][1])]):
        result = write_term(first, first_type)
        if not is_computed_in(dtype_of(type_), [tree_type(result), tree_type(written[0][1])]):
            return None
    for term, summand in written:
        result = Apply("sub" if term.negative else "add", (result, summand), type_)
    return result
