"""Generated functions that take one structure apart and put it together, by fixed indices.

In:  a structure and its leaves.   Out: `read`, `read_like`, `cut` and `nest`, compiled from source.
Not here: what is said when a tree does not fit (misfit.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gradscribe.frontend.structure import attributes, rebuilt
from gradscribe.ir.signature import OBJECTS, Container, ContainerKind, Fixed, Leaf, Structure

if TYPE_CHECKING:
    from gradscribe.optim.layout import Part


FUNCTIONS = ("read", "read_again", "read_like", "cut", "nest")


def generate(structure: Structure, parts: Sequence[Part]) -> dict[str, Callable[..., Any]]:
    """The functions for one structure.

    `read(tree)` and `read_like(tree)` return the leaves, or None if the tree does not fit exactly;
    `read` compares static parts too, and `read_again(tree, known)` does so without looking at leaves that are the
    known ones. `cut(buffers)` returns leaves that are views of flat arrays, `nest(leaves)`
    a tree of leaves.
    """
    source = _Source(parts)
    text = "\n".join(
        [
            *source.reader("read", structure, static=True),
            *source.reader("read_again", structure, static=True, known=True),
            *source.reader("read_like", structure, static=False),
            "def cut(flat):",
            f"    return [{', '.join(map(source.view, parts))}]",
            "def nest(leaves):",
            f"    return {source.nested(structure)}",
        ]
    )
    namespace = source.namespace
    exec(compile(text, "<gradscribe layout of params>", "exec"), namespace)
    return {name: namespace[name] for name in FUNCTIONS}


class _Source:
    """The text of the functions, and what it refers to by name."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.namespace: dict[str, Any] = {"ndarray": np.ndarray}
        self.lines: list[str] = []
        self.variables = 0
        self.knows = False

    def constant(self, value: Any) -> str:
        """A name for a value."""
        for name, known in self.namespace.items():
            if known is value:
                return name
        name = f"c{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def reader(self, name: str, structure: Structure, *, static: bool, known: bool = False) -> list[str]:
        """The function that reads a tree."""
        self.lines, self.variables, self.knows = [], 0, known
        leaves: dict[int, str] = {}
        self._read(structure, "tree", leaves, static=static)
        ordered = ", ".join(leaves[index] for index in sorted(leaves))
        body = [*self.lines, f"return [{ordered}]"]
        return [
            f"def {name}(tree{', known' * known}):",
            "    try:",
            *(f"        {line}" for line in body),
            "    except (KeyError, AttributeError):",
            "        return None",
        ]

    def _unless(self, condition: str) -> None:
        self.lines.append(f"if {condition}: return None")

    def _read(self, structure: Structure, place: str, leaves: dict[int, str], *, static: bool) -> None:
        match structure:
            case Fixed(value):
                if static:
                    self._fixed(value, self._variable(place))
            case Leaf(index):
                leaves[index] = self._leaf(index, self._variable(place))
            case Container(kind, type_, keys, children):
                variable = self._variable(place)
                self._unless(f"type({variable}) is not {self.constant(type_)}")
                if static and kind is ContainerKind.OBJECT:
                    self._unless(
                        f"{self.constant(attributes)}({variable}).keys() != {self.constant(set(keys))}"
                    )
                if kind not in (*OBJECTS, ContainerKind.NAMED_TUPLE):
                    self._unless(f"len({variable}) != {len(keys)}")
                for position, (key, child) in enumerate(zip(keys, children, strict=True)):
                    self._read(child, self._place(kind, variable, position, key), leaves, static=static)

    def _fixed(self, value: Any, x: str) -> None:
        known, kind = self.constant(value), self.constant(type(value))
        is_array = isinstance(value, np.ndarray)
        same = f"{self.constant(np.array_equal)}({x}, {known})" if is_array else f"{x} == {known}"
        self._unless(f"{x} is not {known} and (type({x}) is not {kind} or not {same})")

    def _place(self, kind: ContainerKind, variable: str, position: int, key: object) -> str:
        if kind in OBJECTS:
            return f"{variable}.{key}"
        if kind is ContainerKind.DICT:
            return f"{variable}[{key!r}]" if type(key) in (str, int) else f"{variable}[{self.constant(key)}]"
        return f"{variable}[{position}]"

    def _variable(self, place: str) -> str:
        self.variables += 1
        name = f"x{self.variables}"
        self.lines.append(f"{name} = {place}")
        return name

    def _leaf(self, index: int, x: str) -> str:
        part = self.parts[index]
        differs = f"type({x}) is not {self.constant(part.kind)}"
        if part.kind is np.ndarray:
            dtype = self.constant(part.dtype)
            # Of a dtype there is one object, nearly always; to compare two takes longer.
            other = f"{x}.dtype is not {dtype} and {x}.dtype != {dtype}"
            differs += f" or {x}.shape != {part.shape} or {other}"
        self._unless(f"{x} is not known[{index}] and ({differs})" if self.knows else differs)
        return x

    def nested(self, structure: Structure) -> str:
        """An expression for a tree of `leaves`."""
        match structure:
            case Fixed(value):
                return f"{self.constant(value)}{'.copy()' * isinstance(value, np.ndarray)}"
            case Leaf(index):
                return f"leaves[{index}]"
            case Container(kind, _, keys, children):
                parts = [self.nested(child) for child in children]
                match kind:
                    case ContainerKind.LIST:
                        return f"[{', '.join(parts)}]"
                    case ContainerKind.DICT:
                        names = [repr(k) if type(k) in (str, int) else self.constant(k) for k in keys]
                        pairs = [f"{name}: {part}" for name, part in zip(names, parts, strict=True)]
                        return f"{{{', '.join(pairs)}}}"
                    case ContainerKind.TUPLE:
                        return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
                    case _:
                        whole, make = self.constant(structure), self.constant(rebuilt)
                        return f"{make}({whole}, [{', '.join(parts)}])"

    def view(self, part: Part) -> str:
        """An expression for a leaf over `flat`."""
        name = f"part{part.group}_{part.start}_{part.stop}"
        self.namespace[name] = slice(part.start, part.stop)
        values = f"flat[{part.group}][{name}]"
        if part.kind is not np.ndarray:
            wrap = "" if issubclass(part.kind, np.generic) else part.kind.__name__
            return f"{wrap}({values}[0])"
        return values if len(part.shape) == 1 else f"{values}.reshape({part.shape})"
