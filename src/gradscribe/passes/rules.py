"""What a rewriting rule is: the operations it starts from, and what it makes of a node of one of them.

In:  a function of a scope and a node.   Out: `Rule`.
Not here: the rules, the order in which they are tried (simplify.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from gradscribe.ir.graph import Node, Op, Value
from gradscribe.passes.scope import Scope

Rewriting = Callable[[Scope, Node], Value | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rewriting of derivative nodes.

    Attributes:
        starts_from: whether nodes of an operation may be rewritten; the others are not shown to the rule.
        rewrite: gives a value that can stand for the node's output, or None.
    """

    starts_from: Callable[[Op], bool]
    rewrite: Rewriting


def rule_for(operations: Collection[str]) -> Callable[[Rewriting], Rule]:
    """Decorator: a rule for the operations of these names."""
    names = frozenset(operations)
    return rule_where(lambda op: op.name in names)


def rule_where(starts_from: Callable[[Op], bool]) -> Callable[[Rewriting], Rule]:
    """Decorator: a rule for the operations of which something holds."""
    return lambda rewrite: Rule(starts_from, rewrite)
