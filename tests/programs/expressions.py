"""Random expressions whose values stay within about ±2, smooth where they are evaluated.

In:  a scope, a shape.   Out: text of an expression of exactly that shape.
Not here: statements (generate.py).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np

from tests.programs.scope import Scope, Shape, Variable

NUMPY_UNARY = (
    "np.sin({0})",
    "np.cos({0})",
    "np.tanh({0})",
    "np.exp(-0.3 * ({0}) ** 2)",
    "0.5 * np.sqrt(1.5 + ({0}) ** 2)",
    "0.6 * np.log(2.5 + ({0}) * ({0}))",
    "0.6 * np.log1p(np.square({0}))",
    "1.0 / (1.5 + ({0}) ** 2)",
    "np.arctan({0})",
    "0.4 * np.exp(0.5 * ({0}))",
    "np.maximum({0}, 0.3137) + 0.3 * ({0})",
    "0.5 * np.abs({0} - 0.4137)",
    "np.where({0} > 0.2173, np.sin({0}), 0.4 * ({0}))",
    "-({0})",
    "0.2 * ({0}) ** 3",
    "np.clip({0}, -0.8713, 0.9117) + 0.2 * ({0})",
)
MATH_UNARY = (
    "math.sin({0})",
    "math.cos({0})",
    "math.tanh({0})",
    "math.exp(-0.3 * ({0}) ** 2)",
    "0.5 * math.sqrt(1.5 + ({0}) ** 2)",
    "0.6 * math.log(2.5 + ({0}) * ({0}))",
    "({0} if {0} > 0.1173 else 0.5 * ({0}))",
    "0.5 * abs({0} - 0.4137)",
    "0.4 * ({0}) ** 1.0",
)
BINARY = (
    "0.4 * ({0}) * ({1})",
    "0.5 * ({0}) + 0.4 * ({1})",
    "0.6 * ({0}) - 0.3 * ({1})",
    "({0}) / (2.5 + np.cos({1}))",
    "0.5 * np.hypot({0}, 1.5 + np.sin({1}))",
    "np.sin({0}) * ({1})",
    "0.4 * np.multiply({0}, {1})",
    "np.tanh(np.add({0}, {1}))",
    "(1.5 + 0.4 * np.sin({0})) ** (0.5 * ({1}))",
)
COMPARISONS = ("<", ">", "<=", ">=")


class ExpressionWriter:
    """Writes expressions over the names of a scope; notes which variables it has read."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.scope = Scope()
        # Reads inside a part of an expression that may not count (a mask, a branch) leave the variable pending.
        self.weak = 0

    # --- leaves ---

    def read(self, variable: Variable) -> str:
        """The variable's name; its value has been used."""
        if not self.weak:
            self.scope.pending.discard(variable.name)
        return variable.name

    def pick(self, candidates: list[Variable]) -> Variable:
        """One of them, rather one that nothing has read yet."""
        waiting = [v for v in candidates if v.name in self.scope.pending]
        if waiting and self.rng.random() < 0.7:
            return self.rng.choice(waiting)
        return self.rng.choice(candidates)

    def constant(self) -> str:
        """A literal float."""
        return f"{self.rng.uniform(-1.5, 1.5):.3f}"

    def weight(self) -> str:
        """A literal that is not near zero."""
        return f"{self.rng.choice((-1, 1)) * self.rng.uniform(0.3, 1.4):.4f}"

    def index(self, length: int) -> str | None:
        """A valid index of an axis of this length, a loop index where one fits."""
        fitting = [
            name for name, (low, high) in self.scope.indices.items() if -length <= low and high < length
        ]
        if fitting and self.rng.random() < 0.75:
            return self.rng.choice(fitting)
        shifted = [name for name, (low, high) in self.scope.indices.items() if low >= 1 and high <= length]
        if shifted and self.rng.random() < 0.5:
            return f"{self.rng.choice(shifted)} - 1"
        return str(self.rng.randrange(-length, length)) if length else None

    # --- numbers ---

    def number(self, depth: int) -> str:
        """An expression whose value is one number."""
        options: list[Callable[[int], str | None]] = [self.number_leaf]
        if depth > 0:
            options += [
                self.number_unary,
                self.number_unary,
                self.number_binary,
                self.number_binary,
                self.number_reduction,
                self.number_call,
                self.number_ternary,
            ]
        while True:
            made = self.rng.choice(options)(depth)
            if made is not None:
                return made

    def number_leaf(self, depth: int) -> str | None:
        numbers = self.scope.of_shape(())
        arrays = [v for v in self.scope.arrays() if 0 not in v.shape]
        kind = self.rng.random()
        if arrays and kind < 0.35:
            return self.element(self.pick(arrays))
        if numbers and kind < 0.92:
            return self.read(self.pick(numbers))
        return self.constant()

    def element(self, variable: Variable) -> str:
        """One element of an array; the variable stays pending, since the others may matter too."""
        return f"{variable.name}[{', '.join(str(self.index(n)) for n in variable.shape)}]"

    def number_unary(self, depth: int) -> str:
        pattern = self.rng.choice(NUMPY_UNARY + MATH_UNARY)
        inner = self.guarded(pattern, lambda: self.number(depth - 1))
        return pattern.format(inner)

    def number_binary(self, depth: int) -> str:
        return self.rng.choice(BINARY).format(self.number(depth - 1), self.number(depth - 1))

    def number_reduction(self, depth: int) -> str | None:
        arrays = self.scope.arrays()
        if not arrays:
            return None
        variable = self.pick(arrays)
        shape = variable.shape
        options = ["0.1 * np.sum({0})", "0.1 * ({0}).sum()", "0.1 * np.sum(np.sin({0}))"]
        if 0 not in shape:
            options += ["np.mean({0})", "({0}).mean()", "0.3 * np.sqrt(1.2 + np.sum(({0}) ** 2))"]
            options += ["0.2 * np.linalg.norm({0} + 2.5)"]
        if len(shape) == 1:
            other = self.array(shape, depth - 1)
            options += [
                f"0.1 * ({{0}} @ ({other}))",
                f"0.1 * np.dot({{0}}, {other})",
                f"0.1 * np.einsum('i,i->', {{0}}, {other})",
            ]
        return self.rng.choice(options).format(self.read(variable))

    def number_call(self, depth: int) -> str | None:
        return self.call((), depth)

    def call(self, shape: Shape, depth: int) -> str | None:
        """A call of a helper, closure or lambda that returns this shape."""
        names = [name for name, (_, returned) in self.scope.functions.items() if returned == shape]
        if not names:
            return None
        name = self.rng.choice(names)
        arguments = [self.expression(one, depth - 1) for one in self.scope.functions[name][0]]
        return f"{name}({', '.join(arguments)})"

    def number_ternary(self, depth: int) -> str:
        condition = self.condition()
        self.weak += 1
        one, other = self.number(depth - 1), self.number(depth - 1)
        self.weak -= 1
        return f"({one} if {condition} else {other})"

    def guarded(self, pattern: str, write: Callable[[], str]) -> str:
        """The operand of a pattern; where the pattern may drop it, its reads do not count."""
        drops = "maximum" in pattern or "where" in pattern or "clip" in pattern
        self.weak += drops
        text = write()
        self.weak -= drops
        return text

    def condition(self) -> str:
        """A condition of run-time values."""
        self.weak += 1
        text = self.comparison()
        if self.rng.random() < 0.2:
            text = f"{text} {self.rng.choice(('and', 'or'))} {self.comparison()}"
        elif self.rng.random() < 0.1:
            text = f"not {text}"
        self.weak -= 1
        return text

    def comparison(self) -> str:
        if self.scope.indices and self.rng.random() < 0.35:
            name = self.rng.choice(sorted(self.scope.indices))
            return self.rng.choice((f"{name} % 2 == 0", f"{name} > 0", f"{name} != 1"))
        if self.rng.random() < 0.15:
            return f"-0.5117 < {self.number(1)} < 0.7219"
        threshold = f"{self.rng.uniform(-0.6, 0.8):.3f}7"
        return f"{self.number(1)} {self.rng.choice(COMPARISONS)} {threshold}"

    # --- arrays ---

    def expression(self, shape: Shape, depth: int) -> str:
        """An expression of this shape."""
        return self.array(shape, depth) if shape else self.number(depth)

    def array(self, shape: Shape, depth: int) -> str:
        """An expression whose value is an array of this shape; maybe a variable or a view of one."""
        if depth <= 0:
            return self.array_leaf(shape)
        options: list[Callable[[Shape, int], str | None]] = [
            self.array_unary,
            self.array_unary,
            self.array_binary,
            self.array_binary,
            self.array_broadcast,
            self.array_rearranged,
            self.array_product,
            self.array_joined,
            self.call,
        ]
        while True:
            made = self.rng.choice(options)(shape, depth)
            if made is not None:
                return made

    def fresh(self, shape: Shape, depth: int) -> str:
        """An expression whose value is a new array that nothing else holds."""
        return self.rng.choice((self.array_unary, self.array_binary))(shape, max(1, depth))

    def array_leaf(self, shape: Shape) -> str:
        candidates = self.scope.of_shape(shape)
        if candidates and self.rng.random() < 0.85:
            return self.read(self.pick(candidates))
        rearranged = self.array_rearranged(shape, 0)
        if rearranged is not None and self.rng.random() < 0.8:
            return rearranged
        text = repr(shape[0]) if len(shape) == 1 else repr(shape)
        return f"({self.number(0)} * np.ones({text}))"

    def array_unary(self, shape: Shape, depth: int) -> str:
        pattern = self.rng.choice(NUMPY_UNARY)
        return pattern.format(self.guarded(pattern, lambda: self.array(shape, depth - 1)))

    def array_binary(self, shape: Shape, depth: int) -> str:
        return self.rng.choice(BINARY).format(self.array(shape, depth - 1), self.array(shape, depth - 1))

    def array_broadcast(self, shape: Shape, depth: int) -> str:
        """An operation whose other operand has fewer axes or axes of length one."""
        smaller = [v for v in self.scope.arrays() if v.shape != shape and _broadcasts(v.shape, shape)]
        other = self.read(self.pick(smaller)) if smaller else self.number(depth - 1)
        operands = [self.array(shape, depth - 1), other]
        self.rng.shuffle(operands)
        return self.rng.choice(BINARY).format(*operands)

    def array_rearranged(self, shape: Shape, depth: int) -> str | None:
        """An index, slice, transpose, reduction or reshape of a variable that gives this shape."""
        found = [
            (variable, form)
            for variable in self.scope.arrays()
            for form in rearrangements(self.rng, variable, shape)
        ]
        if not found:
            return None
        variable, form = self.rng.choice(found)
        return form.format(variable.name)

    def array_product(self, shape: Shape, depth: int) -> str | None:
        """A matrix product."""
        arrays = self.scope.arrays()
        pairs = [
            (one, other)
            for one in arrays
            for other in arrays
            if _matmul_shape(one.shape, other.shape) == shape
        ]
        if len(shape) == 2:
            rows = self.scope.of_shape(shape[:1])
            columns = self.scope.of_shape(shape[1:])
            if rows and columns and self.rng.random() < 0.5:
                row, column = self.read(self.pick(rows)), self.read(self.pick(columns))
                return self.rng.choice(("0.4 * np.outer({0}, {1})", "0.4 * {0}[:, None] * {1}")).format(
                    row, column
                )
        if not pairs:
            return None
        one, other = self.rng.choice(pairs)
        pattern = self.rng.choice(
            ("0.2 * ({0} @ {1})", "0.2 * np.dot({0}, {1})", "0.2 * np.matmul({0}, {1})")
        )
        return pattern.format(self.read(one), self.read(other))

    def array_joined(self, shape: Shape, depth: int) -> str | None:
        """Parts put together."""
        if len(shape) == 1 and 1 <= shape[0] <= 3 and self.rng.random() < 0.5:
            return f"np.array([{', '.join(self.number(depth - 1) for _ in range(shape[0]))}])"
        if len(shape) == 2 and 1 <= shape[0] <= 3 and self.rng.random() < 0.5:
            return f"np.stack([{', '.join(self.array(shape[1:], depth - 1) for _ in range(shape[0]))}])"
        if shape and shape[0] >= 2:
            first = self.rng.randrange(1, shape[0])
            parts = [(first, *shape[1:]), (shape[0] - first, *shape[1:])]
            return f"np.concatenate([{', '.join(self.array(part, depth - 1) for part in parts)}])"
        return None


def _broadcasts(small: Shape, shape: Shape) -> bool:
    try:
        return np.broadcast_shapes(small, shape) == shape
    except ValueError:
        return False


def _matmul_shape(one: Shape, other: Shape) -> Shape | None:
    if one[-1] != other[0] or len(one) > 2 or len(other) > 2:
        return None
    return one[:-1] + other[1:]


def rearrangements(rng: Random, variable: Variable, shape: Shape) -> list[str]:
    """Patterns that make this shape of the variable."""
    own, found = variable.shape, []
    if len(own) == 2 and own[::-1] == shape:
        found += ["{0}.T", "np.transpose({0})"]
    if len(own) == len(shape) and all(n <= m for n, m in zip(shape, own)) and shape != own:
        starts = [rng.randrange(m - n + 1) for n, m in zip(shape, own)]
        parts = [_slice(start, n, m) for start, n, m in zip(starts, shape, own)]
        found += [f"{{0}}[{', '.join(parts)}]"] * 2
    if len(own) == 1 and own == shape:
        found += ["{0}[::-1]", "0.3 * np.cumsum({0})"]
        found += ["np.roll({0}, 1)"] if own[0] else []
        found += ["{0}.copy()"]
    if own[1:] == shape and own[0] > 0:
        found += [f"{{0}}[{rng.randrange(-own[0], own[0])}]"]
    if own[1:] == shape and shape:
        found += ["0.3 * np.sum({0}, axis=0)", "0.3 * ({0}).sum(axis=0)"]
        found += ["np.mean({0}, axis=0)"] if own[0] else []
    if own[:-1] == shape and shape:
        found += ["0.3 * np.sum({0}, axis=-1)"]
        found += [f"{{0}}[:, {rng.randrange(own[1])}]"] if len(own) == 2 and own[1] else []
    if len(own) == 2 and shape == (own[0], 1):
        found += ["0.3 * np.sum({0}, axis=1, keepdims=True)"]
    if shape == (*own, 1):
        found += ["{0}[:, None]" if len(own) == 1 else "{0}[..., None]"]
    if shape == (1, *own):
        found += ["{0}[None]", "{0}[np.newaxis, :]"]
    if int(np.prod(own)) == int(np.prod(shape)) and len(own) != len(shape) and shape:
        found += [f"{{0}}.reshape({', '.join(map(str, shape))})", f"np.reshape({{0}}, {shape!r})"]
    if shape and own[1:] == shape[1:] and own[0] > 0 and shape[0] > 0:
        rows = [rng.randrange(own[0]) for _ in range(shape[0])]
        found += [f"{{0}}[np.array({rows})]"]
    return found


def _slice(start: int, count: int, length: int) -> str:
    if count == length:
        return ":"
    if start == 0:
        return f":{count}" if count else ":0"
    if start + count == length:
        return f"{start}:"
    return f"{start}:{start + count - length}"
