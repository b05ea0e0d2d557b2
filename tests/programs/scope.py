"""What a random program knows at a point of its text: variables and shapes, loop indices, what is not yet read.

In:  statements that the generator writes.   Out: candidates for operands.
Not here: expressions (expressions.py), statements (generate.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

Shape = tuple[int, ...]


@dataclass
class Variable:
    """A variable of the program.

    Attributes:
        shape: () for a number.
        owned: the function made this array and nothing else is the same memory: it may be written in place.
        level: nesting of the block that bound it first.
        loop: number of loops around that block.
    """

    name: str
    shape: Shape
    owned: bool
    level: int
    loop: int


@dataclass
class Scope:
    """Names of one function at one point.

    Attributes:
        variables: by name.
        indices: loop indices with their inclusive ranges.
        counts: integer names with their values.
        pending: variables whose value nothing has read yet; every value must reach the result.
        functions: callable names with argument shapes and the shape they return.
    """

    variables: dict[str, Variable] = field(default_factory=dict)
    indices: dict[str, tuple[int, int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    functions: dict[str, tuple[tuple[Shape, ...], Shape]] = field(default_factory=dict)

    def copy(self) -> Scope:
        """The same names, to be changed apart."""
        variables = {name: Variable(**vars(variable)) for name, variable in self.variables.items()}
        return Scope(
            variables, dict(self.indices), dict(self.counts), set(self.pending), dict(self.functions)
        )

    def of_shape(self, shape: Shape) -> list[Variable]:
        """Variables of exactly this shape."""
        return [variable for variable in self.variables.values() if variable.shape == shape]

    def arrays(self) -> list[Variable]:
        """Variables that are arrays."""
        return [variable for variable in self.variables.values() if variable.shape]

    def writable(self) -> list[Variable]:
        """Arrays that may be written in place."""
        return [variable for variable in self.arrays() if variable.owned]
