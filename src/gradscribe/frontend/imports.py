"""`import` inside a function: of modules that are loaded already, or of NumPy and its like.

In:  import statements.   Out: bound names.
"""

from __future__ import annotations

import importlib
import sys

import libcst as cst

from gradscribe.frontend.scope import bind, is_trusted, outside
from gradscribe.frontend.state import FALLS, Flow, Lowering
from gradscribe.frontend.values import UNKNOWN, Static


def execute_import(run: Lowering, node: cst.Import | cst.ImportFrom) -> Flow:
    """Bind what is imported."""
    if isinstance(node, cst.ImportFrom):
        return _import_from(run, node)
    for alias in node.names:
        dotted = _dotted(alias.name)
        _forget(run, alias)
        module = _module(run, node, dotted)
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            bind(run, alias.asname.name.value, Static(module))
        else:
            bind(run, dotted.partition(".")[0], Static(sys.modules[dotted.partition(".")[0]]))
    return FALLS


def _import_from(run: Lowering, node: cst.ImportFrom) -> Flow:
    if node.module is None or node.relative or isinstance(node.names, cst.ImportStar):
        raise run.refusal(
            node,
            "GS110",
            "this form of import is outside the supported subset inside a function",
            why="which module is meant depends on the package",
            fix="import at the top of the module",
        )
    for alias in node.names:
        _forget(run, alias)
    module = _module(run, node, _dotted(node.module))
    for alias in node.names:
        assert isinstance(alias.name, cst.Name)
        name = alias.name.value
        bound = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
        if not hasattr(module, name):
            raise run.refusal(
                node,
                "GS120",
                f"`{name}` is not in the module",
                why="the import raises ImportError",
                fix="check the name",
            )
        bind(run, bound, outside(run, getattr(module, name), module, name, bound, node))
    return FALLS


def _forget(run: Lowering, alias: cst.ImportAlias) -> None:
    """An import that is refused binds its name all the same: nothing more is said of it."""
    name: cst.BaseExpression = alias.asname.name if alias.asname is not None else alias.name
    while isinstance(name, cst.Attribute):
        name = name.value
    if isinstance(name, cst.Name):
        bind(run, name.value, UNKNOWN)


def _module(run: Lowering, node: cst.CSTNode, dotted: str) -> object:
    found = sys.modules.get(dotted)
    if found is None and is_trusted(dotted):
        found = importlib.import_module(dotted)
    if found is None:
        raise run.refusal(
            node,
            "GS110",
            f"the module `{dotted}` is imported inside the function",
            why="importing it may do anything",
            fix="import it at the top of the module",
        )
    return found


def _dotted(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    assert isinstance(node, cst.Name)
    return node.value
