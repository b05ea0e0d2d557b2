"""Generated functions that take one structure apart and put it together, by fixed indices.

In:  a structure and its leaves.   Out: `read`, `read_like`, `cut` and `nest`, compiled from source; their text.
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


FUNCTIONS = ("read", "read_like", "cut", "nest")


def generate(structure: Structure, parts: Sequence[Part]) -> dict[str, Callable[..., Any]]:
    """The functions for one structure.

    `read(tree)` and `read_like(tree)` return the leaves, or None if the tree does not fit exactly; `read` compares
    static parts too. `cut(buffers)` returns leaves that are views of flat arrays, `nest(leaves)` a tree of leaves.
    """
    source = Source(parts)
    text = "\n".join(
        [
            *source.reader("read", structure, static=True),
            *source.reader("read_like", structure, static=False),
            "def cut(flat):",
            f"    return [{', '.join(source.view(part, f'flat[{part.group}]') for part in parts)}]",
            "def nest(leaves):",
            f"    return {source.nested(structure, [f'leaves[{k}]' for k in range(len(parts))])}",
        ]
    )
    namespace = source.namespace
    exec(compile(text, "<gradscribe layout of params>", "exec"), namespace)
    return {name: namespace[name] for name in FUNCTIONS}


def guarded(lines: Sequence[str]) -> list[str]:
    """Lines that read trees: a part that is missing makes them return None."""
    return [
        "try:",
        *(f"    {line}" for line in lines),
        "except (KeyError, AttributeError):",
        "    return None",
    ]


class Source:
    """The text of the functions, and what it refers to by name."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.namespace: dict[str, Any] = {"ndarray": np.ndarray}
        self.lines: list[str] = []
        self.variables = 0
        self.known: Sequence[str] = ()

    def constant(self, value: Any) -> str:
        """A name for a value."""
        for name, known in self.namespace.items():
            if known is value:
                return name
        name = f"c{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def reader(self, name: str, structure: Structure, *, static: bool) -> list[str]:
        """The function that reads a tree."""
        self.variables = 0
        lines, leaves = self.reading(structure, "tree", static=static)
        body = guarded([*lines, f"return [{', '.join(leaves)}]"])
        return [f"def {name}(tree):", *(f"    {line}" for line in body)]

    def reading(
        self, structure: Structure, place: str, *, static: bool, known: Sequence[str] = ()
    ) -> tuple[list[str], list[str]]:
        """Lines that read the tree of this name, and the names of its leaves.

        Args:
            structure: of the tree.
            place: its name.
            static: compare static parts too.
            known: names of leaves that were read before: one that is the same object is not looked at.
        """
        self.lines, self.known = [], known
        leaves: dict[int, str] = {}
        self._read(structure, place, leaves, static=static)
        return self.lines, [leaves[index] for index in sorted(leaves)]

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
                places = [self._place(kind, variable, k, key) for k, key in enumerate(keys)]
                if children and kind in (ContainerKind.LIST, ContainerKind.TUPLE):
                    places = [self._name() for _ in children]
                    self.lines.append(f"{', '.join(places)}, = {variable}")
                for place_of, child in zip(places, children, strict=True):
                    self._read(child, place_of, leaves, static=static)

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

    def _name(self) -> str:
        self.variables += 1
        return f"x{self.variables}"

    def _variable(self, place: str) -> str:
        """A name for what stands there."""
        if place.isidentifier():
            return place
        name = self._name()
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
        self._unless(f"{x} is not {self.known[index]} and ({differs})" if self.known else differs)
        return x

    def nested(self, structure: Structure, leaves: Sequence[str]) -> str:
        """An expression for a tree of leaves of these names."""
        match structure:
            case Fixed(value):
                return f"{self.constant(value)}{'.copy()' * isinstance(value, np.ndarray)}"
            case Leaf(index):
                return leaves[index]
            case Container(kind, _, keys, children):
                parts = [self.nested(child, leaves) for child in children]
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

    def view(self, part: Part, flat: str) -> str:
        """An expression for a leaf over the flat array of this name."""
        name = f"part{part.group}_{part.start}_{part.stop}"
        self.namespace[name] = slice(part.start, part.stop)
        values = f"{flat}[{name}]"
        if part.kind is not np.ndarray:
            wrap = "" if issubclass(part.kind, np.generic) else part.kind.__name__
            return f"{wrap}({values}[0])"
        return values if len(part.shape) == 1 else f"{values}.reshape({part.shape})"
