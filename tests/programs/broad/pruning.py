"""Definitions that a program does not use are left out of its text.

In:  text of a module.   Out: the same with fewer definitions.
"""

from __future__ import annotations

import ast

from tests.programs.generate import NAME


def pruned(source: str) -> str:
    """The program, with the classes and functions that it reaches."""
    tree = ast.parse(source)
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    reached, waiting = set[str](), [NAME]
    while waiting:
        name = waiting.pop()
        if name in defined and name not in reached:
            reached.add(name)
            waiting += [node.id for node in ast.walk(defined[name]) if isinstance(node, ast.Name)]
    kept = [node for node in tree.body if getattr(node, "name", None) not in set(defined) - reached]
    lines = source.splitlines()
    return "\n\n".join("\n".join(lines[_start(node) - 1 : node.end_lineno]) for node in kept) + "\n"


def _start(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
