"""Names at module level: imports, runtime functions, and objects of the user that the text refers to.

In:  dotted names and objects.   Out: expressions that mean them; import lines; the namespace.
Not here: variables of functions (variables.py).
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

import numpy as np

from gradscribe.location import Location
from gradscribe.naming import Names, identifier

# Modules under the names that everybody gives them.
ALIASES = {"numpy": "np"}
RUNTIME = "gradscribe.runtime."


class ModuleNames:
    """What the text of one module refers to.

    Attributes:
        namespace: objects that cannot be imported, by name.
        runtime: dotted name of each runtime function that is called -> its name in the text.
        modules: imported modules.
        graphs: name of the function of each graph.
        opaque: names of functions that cannot be read -> where the user calls them.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = frozenset(taken)
        self.names = Names(self.taken)
        self.namespace: dict[str, object] = {}
        self.runtime: dict[str, str] = {}
        self.modules: set[str] = set()
        self.graphs: dict[str, str] = {}
        self.opaque: dict[str, Location | None] = {}
        self._objects: dict[int, str] = {}

    def dotted(self, name: str) -> ast.expr:
        """The function or module attribute of this full name: 'numpy.linalg.norm'."""
        if name.startswith(RUNTIME):
            return ast.Name(self._runtime_name(name))
        if name.startswith("builtins."):
            return ast.Name(name.removeprefix("builtins."))
        module, *rest = name.split(".")
        # SciPy's subpackages are modules of their own: scipy.stats of scipy.stats.norm.logpdf.
        depth = 2 if name.startswith("scipy.sparse.") else 1
        self.modules.add(".".join([module, *rest[:depth]]) if module == "scipy" else module)
        expression: ast.expr = ast.Name(ALIASES.get(module, module))
        for part in rest:
            expression = ast.Attribute(expression, part)
        return expression

    def numpy(self, name: str) -> ast.expr:
        """An attribute of NumPy."""
        return self.dotted(f"numpy.{name}")

    def object(self, value: object, hint: str) -> ast.expr:
        """An object of the user: an exception class, a callable, an array known at compile time."""
        name = getattr(value, "__name__", "")
        if name and getattr(builtins, name, None) is value and name not in self.taken:
            return ast.Name(name)
        if id(value) not in self._objects:
            fresh = self.names.fresh(identifier(name or hint, "value"))
            self._objects[id(value)] = fresh
            self.namespace[fresh] = value
        return ast.Name(self._objects[id(value)])

    def exception(self, exception: type[BaseException]) -> ast.expr:
        """An exception class; that of NumPy by its full name."""
        if exception is np.linalg.LinAlgError:
            return self.numpy("linalg.LinAlgError")
        return self.object(exception, "error")

    def function(self, wanted: str) -> str:
        """The name of a generated function."""
        return self.names.fresh(identifier(wanted, "function"))

    def imports(self, *, runtime: bool) -> list[str]:
        """Import lines, sorted.

        Args:
            runtime: import runtime functions from gradscribe too.
        """
        lines = []
        for module in sorted(self.modules):
            alias = ALIASES.get(module)
            lines.append(f"import {module} as {alias}" if alias else f"import {module}")
        if runtime:
            functions: dict[str, list[str]] = {}
            for dotted, name in sorted(self.runtime.items()):
                module, _, original = dotted.rpartition(".")
                renamed = "" if name == original else f" as {name}"
                functions.setdefault(module, []).append(original + renamed)
            lines += [f"from {module} import {', '.join(names)}" for module, names in functions.items()]
        return lines

    def _runtime_name(self, dotted: str) -> str:
        if dotted not in self.runtime:
            self.runtime[dotted] = self.names.fresh(dotted.rpartition(".")[2])
        return self.runtime[dotted]
