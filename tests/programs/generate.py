"""A generator of random programs over NumPy, the same for the same seed.

Programs have nested if, for and while, reassignment, zero-trip loops, element stores, in-place forms on arrays
they own, lists, helper functions, closures, recursion, early returns, axes of length 0 and 1.

In:  a seed.   Out: `Program`.
Not here: statements (statements.py, bodies.py), expressions (expressions.py), checks (checks.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np

from tests.programs.bodies import FunctionWriter
from tests.programs.expressions import ExpressionWriter
from tests.programs.scope import Shape, Variable

IMPORTS = "import math\n\nimport numpy as np\n"
NAME = "program"


@dataclass(frozen=True)
class Program:
    """A module text with one function to differentiate.

    Attributes:
        source: text of the module; `program` is the function.
        shapes: of the arguments to differentiate, () for a float.
        dtype: of the argument arrays.
        seed: that made it.
        returns: "number", or "values" for a tuple of numbers and arrays.
        complex_numbers: it computes with complex numbers, or raises of real ones alone, so that the complex step
            is no reference.
        writes_arguments: it changes the arrays it is given.
        plain: the function to call for the value: one that undoes what the program changes outside of it.
        own_exceptions: it raises exceptions of its own, which a saved derivative imports from its module.
    """

    source: str
    shapes: tuple[Shape, ...]
    dtype: str
    seed: int
    returns: str
    complex_numbers: bool = False
    writes_arguments: bool = False
    plain: str = NAME
    own_exceptions: bool = False

    def arguments(self) -> tuple[Any, ...]:
        """Fresh values of the arguments to differentiate; the counts after them have defaults."""
        rng = np.random.default_rng(self.seed)
        made = [rng.uniform(-1.2, 1.2, size=shape) for shape in self.shapes]
        return tuple(
            array.astype(self.dtype) if shape else float(array)
            for array, shape in zip(made, self.shapes, strict=True)
        )

    def with_source(self, source: str) -> Program:
        """The same program with another text."""
        return replace(self, source=source)


def generate(seed: int, *, size: int = 14, scalars: bool = False, catches: bool = False) -> Program:
    """The program of this seed.

    Args:
        seed: any integer.
        size: about how many statements.
        scalars: no arrays at all, so that the program runs with SymPy's or mpmath's numbers too.
        catches: exceptions are raised and caught.
    """
    rng = Random(seed)
    shapes = _argument_shapes(rng, scalars)
    dtype = "float32" if not scalars and rng.random() < 0.12 else "float64"
    returns = "values" if not scalars and rng.random() < 0.2 else "number"
    writer = ModuleWriter(rng, scalars, catches)
    source = writer.module(shapes, size, returns)
    return Program(source, shapes, dtype, seed, returns)


def _argument_shapes(rng: Random, scalars: bool) -> tuple[Shape, ...]:
    if scalars:
        return ((),) * rng.randrange(1, 3)
    n, m = rng.choice((0, 1, 2, 3, 3, 4)), rng.choice((1, 2, 3))
    menu: list[Shape] = [(), (n,), (n,), (n, m), (m, n), (m,), (1, m), (n, 1), (1,)]
    chosen = [rng.choice(menu) for _ in range(rng.randrange(1, 4))]
    if not any(chosen):
        chosen.append((3,))
    return tuple(chosen)


class ModuleWriter:
    """Writes one module: helper functions, then the program."""

    def __init__(self, rng: Random, scalars: bool, catches: bool = False) -> None:
        self.rng = rng
        self.scalars = scalars
        self.catches = catches

    def module(self, shapes: tuple[Shape, ...], size: int, returns: str) -> str:
        helpers: dict[str, tuple[tuple[Shape, ...], Shape]] = {}
        texts = [IMPORTS]
        for number in range(self.rng.choice((0, 0, 1, 1, 2))):
            text, entry = self.helper(f"helper{number}", shapes, dict(helpers))
            texts.append(text)
            helpers[f"helper{number}"] = entry
        if self.rng.random() < 0.25:
            texts.append(self.recursive())
            helpers["descend"] = (((),), ())
        writer = FunctionWriter(self.rng, self.scalars)
        writer.catches = self.catches
        writer.e.scope.functions.update(helpers)
        texts.append(writer.function(NAME, shapes, size, returns))
        return "\n\n".join(texts)

    def helper(
        self, name: str, shapes: tuple[Shape, ...], known: dict[str, Any]
    ) -> tuple[str, tuple[tuple[Shape, ...], Shape]]:
        """A function that the program calls."""
        arrays = [shape for shape in shapes if shape]
        takes: tuple[Shape, ...] = ((),) if self.rng.random() < 0.5 else ((), ())
        returned: Shape = ()
        if arrays and self.rng.random() < 0.6:
            returned = self.rng.choice(arrays)
            takes = (*takes, returned)
        writer = FunctionWriter(self.rng, self.scalars)
        writer.catches = self.catches
        writer.e.scope.functions.update(known)
        text = writer.helper(name, takes, returned, self.rng.randrange(1, 5))
        return text, (takes, returned)

    def recursive(self) -> str:
        """A function that calls itself, on a run-time count."""
        writer = ExpressionWriter(self.rng)
        writer.scope.variables["z"] = Variable("z", (), False, 0, 0)
        base, step = writer.number(2), writer.number(2)
        extra = self.rng.choice(("", "    z = z * 0.9\n"))
        condition = self.rng.choice(("depth <= 0", "depth < 1 or z > 5.17"))
        return (
            f"def descend(z, depth={self.rng.randrange(4)}):\n"
            f"    if {condition}:\n        return {base} + 0.1 * z\n{extra}"
            f"    return 0.5 * descend({step}, depth - 1) + 0.3 * math.sin(z)\n"
        )
