"""A generator of random programs over NumPy, the same for the same seed.

Programs have nested if, for and while, reassignment, zero-trip loops, element stores, in-place forms on arrays they
own, lists, helper functions, closures, recursion, early returns, axes of length 0 and 1. Their result depends on
every value computed: a value that nothing has read is added to the result before its name is used again.

In:  a seed.   Out: `Program`.
Not here: expressions (expressions.py), checks (checks.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from tests.programs.expressions import ExpressionWriter
from tests.programs.scope import Scope, Shape, Variable

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
    """

    source: str
    shapes: tuple[Shape, ...]
    dtype: str
    seed: int
    returns: str

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
        return Program(source, self.shapes, self.dtype, self.seed, self.returns)


def generate(seed: int, *, size: int = 14, scalars: bool = False) -> Program:
    """The program of this seed.

    Args:
        seed: any integer.
        size: about how many statements.
        scalars: no arrays at all, so that the program runs with SymPy's or mpmath's numbers too.
    """
    rng = Random(seed)
    shapes = _argument_shapes(rng, scalars)
    dtype = "float32" if not scalars and rng.random() < 0.12 else "float64"
    returns = "values" if not scalars and rng.random() < 0.2 else "number"
    writer = ModuleWriter(rng, scalars)
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

    def __init__(self, rng: Random, scalars: bool) -> None:
        self.rng = rng
        self.scalars = scalars

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


class FunctionWriter:
    """Writes the statements of one function."""

    def __init__(self, rng: Random, scalars: bool) -> None:
        self.rng = rng
        self.scalars = scalars
        self.e = ExpressionWriter(rng)
        self.lines: list[str] = []
        self.level = 0
        self.loops = 0
        self.trips = 1
        self.names = 0
        self.weights = 0
        self.frozen: list[str] = []

    # --- functions ---

    def function(self, name: str, shapes: tuple[Shape, ...], size: int, returns: str) -> str:
        arguments = self.parameters(shapes)
        counts = {"n": self.rng.choice((0, 1, 2, 3)), "m": self.rng.choice((1, 2, 4))}
        self.e.scope.counts.update(counts)
        defaults = ", ".join(f"{key}={value}" for key, value in counts.items())
        self.line(f"def {name}({', '.join(arguments)}, {defaults}):")
        self.level = 1
        self.line("total = 0.0")
        while size > 0:
            size -= self.statement(size, returns == "number")
        self.result(returns)
        return "\n".join(self.lines) + "\n"

    def helper(self, name: str, takes: tuple[Shape, ...], returned: Shape, size: int) -> str:
        arguments = self.parameters(takes)
        self.line(f"def {name}({', '.join(arguments)}):")
        self.level = 1
        self.line("total = 0.0")
        while size > 0:
            size -= self.statement(size, False)
        value = self.e.expression(returned, 1)
        self.line(f"return {value} + 0.2 * ({self.sum_of_everything()})")
        return "\n".join(self.lines) + "\n"

    def parameters(self, shapes: tuple[Shape, ...]) -> list[str]:
        names = ["x", "y", "z", "w", "v"][: len(shapes)]
        for name, shape in zip(names, shapes, strict=True):
            self.e.scope.variables[name] = Variable(name, shape, False, 1, 0)
            self.e.scope.pending.add(name)
        return names

    def result(self, returns: str) -> None:
        if returns == "number":
            self.line(f"return {self.sum_of_everything()}")
            return
        names = [v.name if v.owned or not v.shape else f"1.0 * {v.name}" for v in self.visible()]
        self.line(f"return {', '.join(['total', *names])},")

    def visible(self) -> list[Variable]:
        return [self.e.scope.variables[name] for name in sorted(self.e.scope.variables)]

    def sum_of_everything(self) -> str:
        return " + ".join(["total", *map(self.contribution, self.visible())])

    def contribution(self, variable: Variable) -> str:
        """The variable, weighted like no other, as one number."""
        self.weights += 1
        weight = f"{0.1 + 0.07 * self.weights:.2f}"
        self.e.scope.pending.discard(variable.name)
        form = self.rng.choice(("{0}", "{0} * {0}", "np.sin({0})")).format(variable.name)
        return f"{weight} * np.sum({form})" if variable.shape else f"{weight} * {form}"

    # --- statements ---

    def line(self, text: str) -> None:
        self.lines.append("    " * self.level + text)

    def statement(self, budget: int, may_return: bool = False) -> int:
        """Write one statement, maybe with a body; how much of the budget it took."""
        simple: list[Callable[[], None]] = [
            self.assign,
            self.assign,
            self.reassign,
            self.reassign,
            self.augment,
        ]
        simple += [self.several]
        if not self.scalars:
            simple += [self.store, self.store, self.write_slice, self.whole_update, self.alias]
        if budget <= 2 or self.level > 4 or self.rng.random() < 0.55:
            self.rng.choice(simple)()
            return 1
        compound: list[Callable[[int], int]] = [self.branch, self.branch, self.counted, self.counted]
        compound += [self.conditional_loop, self.over_container]
        if not self.scalars:
            compound += [self.element_loop, self.collect]
        if self.level == 1:
            compound += [self.closure]
            compound += [self.early_return] if may_return else []
        return self.rng.choice(compound)(budget)

    def new_name(self) -> str:
        self.names += 1
        return f"{self.rng.choice('abcdefghpqrstu')}{self.names}"

    def shape(self) -> Shape:
        shapes = [variable.shape for variable in self.e.scope.variables.values()]
        return self.rng.choice([(), *shapes]) if shapes else ()

    def bind(self, name: str, shape: Shape, owned: bool = True) -> None:
        """Note that the name now has a new value."""
        before = self.e.scope.variables.get(name)
        level, loop = (before.level, before.loop) if before else (self.level, self.loops)
        self.e.scope.variables[name] = Variable(name, shape, owned, level, loop)
        self.e.scope.pending.add(name)

    def value(self, shape: Shape, depth: int) -> str:
        return self.e.fresh(shape, depth) if shape else self.e.number(depth)

    def assign(self) -> None:
        """A new name."""
        name, shape = self.new_name(), self.shape()
        self.line(f"{name} = {self.value(shape, 2)}")
        self.bind(name, shape)

    def reassign(self) -> None:
        """A name again; what it held is read first, so that nothing is lost."""
        variables = [v for v in self.e.scope.variables.values() if v.name not in self.frozen]
        if not variables:
            return self.assign()
        variable = self.rng.choice(variables)
        shape = variable.shape
        if self.level == 1 and self.rng.random() < 0.2:
            # Shadowing: the same name for something else.
            self.spend(variable)
            shape = self.shape()
            self.line(f"{variable.name} = {self.value(shape, 2)}")
        else:
            new = self.value(shape, 2)
            self.line(f"{variable.name} = 0.5 * {variable.name} + 0.5 * ({new})")
        self.bind(variable.name, shape)
        return None

    def spend(self, variable: Variable) -> None:
        """Add the variable to the result."""
        self.line(f"total = total + {self.contribution(variable)}")

    def augment(self) -> None:
        numbers = [v for v in self.e.scope.of_shape(()) if v.name not in self.frozen]
        if not numbers:
            return self.assign()
        variable = self.rng.choice(numbers)
        form = self.rng.choice(
            (
                "{0} *= 0.5\n{0} += 0.4 * ({1})",
                "{0} -= 0.3 * ({1})",
                "{0} *= math.cos({1})",
                "{0} /= 1.5 + ({1}) ** 2",
            )
        )
        text = form.format(variable.name, self.e.number(2))
        for part in text.split("\n"):
            self.line(part)
        self.bind(variable.name, ())
        return None

    def several(self) -> None:
        """Tuple assignment or a swap."""
        pairs = [
            (a, b)
            for a in self.e.scope.variables.values()
            for b in self.e.scope.variables.values()
            if a.name < b.name and a.shape == b.shape and not {a.name, b.name} & set(self.frozen)
        ]
        if pairs and self.rng.random() < 0.6:
            a, b = self.rng.choice(pairs)
            if self.rng.random() < 0.5:
                self.line(f"{a.name}, {b.name} = {b.name}, {a.name}")
                a.owned, b.owned = b.owned, a.owned
                self.e.scope.pending |= {a.name, b.name}
                return
            new = self.value(a.shape, 1)
            self.line(f"{a.name}, {b.name} = 0.5 * {b.name} - 0.3 * {a.name}, 0.4 * {a.name} + ({new})")
            self.bind(a.name, a.shape)
            self.bind(b.name, b.shape)
            return
        names, shapes = (self.new_name(), self.new_name()), (self.shape(), self.shape())
        values = [self.value(shape, 1) for shape in shapes]
        self.line(f"{names[0]}, {names[1]} = {values[0]}, {values[1]}")
        for name, shape in zip(names, shapes):
            self.bind(name, shape)

    # --- writing in place ---

    def target(self, *, nonempty: bool) -> Variable | None:
        """An array that may be written here; made first if there is none."""
        found = [
            v
            for v in self.e.scope.writable()
            if v.name not in self.frozen and not (nonempty and 0 in v.shape)
        ]
        if found:
            return self.rng.choice(found)
        arrays = [v for v in self.e.scope.arrays() if not (nonempty and 0 in v.shape)]
        if not arrays:
            return None
        source, name = self.rng.choice(arrays), self.new_name()
        self.line(f"{name} = {source.name}.copy()")
        self.e.scope.pending.discard(source.name)
        self.bind(name, source.shape)
        return self.e.scope.variables[name]

    def store(self) -> None:
        """x[i] = v, x[i] += v."""
        variable = self.target(nonempty=True)
        if variable is None:
            return self.assign()
        place = f"{variable.name}[{', '.join(str(self.e.index(n)) for n in variable.shape)}]"
        form = self.rng.choice(
            ("{0} = 0.4 * {0} + {1}", "{0} += 0.3 * ({1})", "{0} *= {1}", "{0} -= np.sin({1})")
        )
        self.line(form.format(place, self.e.number(2)))
        self.bind(variable.name, variable.shape)
        return None

    def write_slice(self) -> None:
        """x[a:b] *= w."""
        variable = self.target(nonempty=False)
        if variable is None:
            return self.assign()
        name, (length, *rest) = variable.name, variable.shape
        start = self.rng.randrange(length + 1)
        stop = self.rng.randrange(start, length + 1)
        part, shape = f"{name}[{start}:{stop}]", (stop - start, *rest)
        whole = f"{name}[{start}:]", (length - start, *rest)
        part, shape = self.rng.choice(((part, shape), whole))
        operand = self.e.array(shape, 1) if self.rng.random() < 0.6 else self.e.number(1)
        form = self.rng.choice(
            (
                "{0} *= np.cos({1})",
                "{0} += 0.3 * ({1})",
                "{0} = 0.4 * {0} + 0.4 * ({1})",
                "{0} -= 0.2 * {0} * ({1})",
            )
        )
        self.line(form.format(part, operand))
        self.bind(name, variable.shape)
        return None

    def whole_update(self) -> None:
        """x += y on an array that the function owns."""
        variable = self.target(nonempty=False)
        if variable is None:
            return self.assign()
        form = self.rng.choice(("{0} += 0.3 * ({1})", "{0} *= np.cos({1})", "{0} /= 1.5 + ({1}) ** 2"))
        operand = self.e.expression(self.rng.choice((variable.shape, ())), 1)
        self.line(form.format(variable.name, operand))
        self.bind(variable.name, variable.shape)
        return None

    def alias(self) -> None:
        """Another name or a view; neither name is written afterwards."""
        arrays = self.e.scope.arrays()
        if not arrays or self.level > 1:
            return self.assign()
        variable, name = self.rng.choice(arrays), self.new_name()
        form, shape = self.rng.choice(
            [
                ("{0}", variable.shape),
                ("{0}.T", variable.shape[::-1]),
                ("{0}[:]", variable.shape),
                ("{0}[..., None]", (*variable.shape, 1)),
            ]
        )
        self.line(f"{name} = {form.format(variable.name)}")
        variable.owned = False
        self.frozen_for_writing(variable.name)
        self.bind(name, shape, owned=False)
        return None

    def frozen_for_writing(self, name: str) -> None:
        self.e.scope.variables[name].owned = False

    # --- bodies ---

    def body(self, budget: int) -> Scope:
        """Write statements one level deeper; the scope at their end, names of the body still in it."""
        self.level += 1
        start = len(self.lines)
        while budget > 0:
            budget -= self.statement(budget)
        if len(self.lines) == start:
            self.line("pass")
        return self.e.scope

    def leave(self, before: Scope) -> None:
        """Add what only the body knows to the result, and forget it."""
        for name in sorted(set(self.e.scope.variables) - set(before.variables)):
            if name in self.e.scope.pending:
                self.spend(self.e.scope.variables[name])
            del self.e.scope.variables[name]
        self.level -= 1

    def branch(self, budget: int) -> int:
        """if, elif, else."""
        inner = self.rng.randrange(1, max(2, budget))
        before = self.e.scope.copy()
        self.line(f"if {self.e.condition()}:")
        ends = [self.arm(inner)]
        if self.rng.random() < 0.3:
            self.e.scope = before.copy()
            self.line(f"elif {self.e.condition()}:")
            ends.append(self.arm(max(1, inner // 2)))
        self.e.scope = before.copy()
        joined = self.rng.random() < 0.6
        if joined:
            self.line("else:")
            ends.append(self.arm(max(1, inner // 2), new=self.joint_name()))
        else:
            ends.append(before.copy())
        self.join(before, ends)
        return inner + 1

    def joint_name(self) -> None:
        return None

    def arm(self, budget: int, new: None = None) -> Scope:
        before = self.e.scope.copy()
        self.body(budget)
        self.leave(before)
        return self.e.scope

    def join(self, before: Scope, ends: list[Scope]) -> None:
        """After a branch: pending if it is in any arm, owned if it is in all."""
        merged = before.copy()
        merged.pending = set().union(*(end.pending for end in ends))
        for name, variable in merged.variables.items():
            variable.owned = all(end.variables[name].owned for end in ends)
        self.e.scope = merged

    def loop_body(self, header: str, budget: int, prepare: Callable[[], None], trips: int) -> None:
        before = self.e.scope.copy()
        self.line(header)
        self.loops += 1
        outer, self.trips = self.trips, self.trips * max(1, trips)
        prepare()
        self.body(budget)
        for name in [n for n in self.e.scope.variables if n not in before.variables]:
            self.e.scope.pending.add(name)
        self.leave(before)
        self.trips = outer
        self.loops -= 1
        self.join(before, [before, self.e.scope])

    def counted(self, budget: int) -> int:
        """for over a range."""
        if self.trips > 8:
            self.assign()
            return 1
        inner = self.rng.randrange(1, max(2, budget))
        name = f"{self.rng.choice('ijk')}{self.level}"
        text, low, high, trips = self.range_of()
        self.loop_body(
            f"for {name} in {text}:", inner, lambda: self.e.scope.indices.update({name: (low, high)}), trips
        )
        return inner + 1

    def range_of(self) -> tuple[str, int, int, int]:
        """A range, its least and greatest number, its length."""
        count, known = self.rng.choice(list(self.e.scope.counts.items()) or [("2", 2)])
        arrays = [v for v in self.e.scope.arrays()]
        options = [
            (f"range({count})", range(known)),
            ("range(3)", range(3)),
            (f"range(1, {count} + 1)", range(1, known + 1)),
            (f"range({count}, 0, -1)", range(known, 0, -1)),
            (f"reversed(range({count}))", range(known)),
            ("range(0, 4, 2)", range(0, 4, 2)),
            ("range(0)", range(0)),
        ]
        for variable in arrays:
            n = variable.shape[0]
            options += [
                (f"range(len({variable.name}))", range(n)),
                (f"range({variable.name}.shape[0])", range(n)),
            ]
            options += [(f"range(1, len({variable.name}))", range(1, n))]
        text, numbers = self.rng.choice(options)
        low, high = (min(numbers), max(numbers)) if numbers else (0, -1)
        return text, low, high, len(numbers)

    def conditional_loop(self, budget: int) -> int:
        """while, counted or on a value."""
        if self.trips > 4:
            self.assign()
            return 1
        inner = self.rng.randrange(1, max(2, budget))
        name, count = f"k{self.level}", self.rng.choice(("3", "2", "0", *self.e.scope.counts))
        self.line(f"{name} = 0")
        condition = f"{name} < {count}"
        numbers = self.e.scope.of_shape(())
        if numbers and self.rng.random() < 0.6:
            self.e.weak += 1
            measured = self.e.read(self.rng.choice(numbers))
            self.e.weak -= 1
            condition = self.rng.choice(
                (f"{condition} and {measured} < 0.8717", f"{condition} and abs({measured}) < 5.17")
            )
        top = self.e.scope.counts.get(count, int(count) if count.isdigit() else 0)

        def prepare() -> None:
            self.e.scope.indices[name] = (0, top - 1)
            self.lines.append("    " * (self.level + 1) + f"total = total + 0.01 * {name}")

        self.loop_body(f"while {condition}:", inner, prepare, top)
        self.lines.append("    " * (self.level + 1) + f"{name} += 1")
        return inner + 1

    def over_container(self, budget: int) -> int:
        """for over an array, enumerate or zip."""
        arrays = [v for v in self.e.scope.arrays()]
        if self.trips > 8 or not arrays:
            self.assign()
            return 1
        inner = self.rng.randrange(1, max(2, budget))
        one = self.rng.choice(arrays)
        name, other_name = self.new_name(), self.new_name()
        length, rest = one.shape[0], one.shape[1:]
        same = [v for v in arrays if v.shape[0] == length]
        other = self.rng.choice(same)
        index = f"i{self.level}"
        forms: list[tuple[str, dict[str, Shape], bool]] = [
            (f"for {name} in {one.name}:", {name: rest}, False),
            (f"for {index}, {name} in enumerate({one.name}):", {name: rest}, True),
            (
                f"for {name}, {other_name} in zip({one.name}, {other.name}):",
                {name: rest, other_name: other.shape[1:]},
                False,
            ),
            (
                f"for {index}, ({name}, {other_name}) in enumerate(zip({one.name}, {other.name})):",
                {name: rest, other_name: other.shape[1:]},
                True,
            ),
            (f"for {name} in reversed({one.name}):", {name: rest}, False),
        ]
        header, bound, indexed = self.rng.choice(forms)
        frozen = [one.name, other.name, *(n for n, shape in bound.items() if shape)]

        def prepare() -> None:
            self.frozen += frozen
            for key, shape in bound.items():
                self.e.scope.variables[key] = Variable(key, shape, False, self.level + 1, self.loops)
                self.e.scope.pending.add(key)
            if indexed:
                self.e.scope.indices[index] = (0, length - 1)

        self.loop_body(header, inner, prepare, length)
        self.frozen = self.frozen[: len(self.frozen) - len(frozen)]
        self.e.scope.pending -= {one.name}
        if length == 0:
            self.e.scope.pending |= {one.name}
        return inner + 1

    def element_loop(self, budget: int) -> int:
        """An array filled element by element."""
        arrays = [v for v in self.e.scope.arrays()]
        if self.trips > 4 or not arrays:
            self.assign()
            return 1
        model = self.rng.choice(arrays)
        name, index = self.new_name(), f"i{self.level}"
        length = model.shape[0]
        made = self.rng.choice(
            (f"np.zeros({length})", f"np.zeros(len({model.name}))", f"np.empty({model.name}.shape[0])")
        )
        self.line(f"{name} = {made}")
        if len(model.shape) == 1 and self.rng.random() < 0.5:
            self.lines[-1] = "    " * self.level + f"{name} = np.zeros_like({model.name})"

        def prepare() -> None:
            self.e.scope.indices[index] = (0, length - 1)

        inner = self.rng.randrange(0, 3)
        self.loop_body(f"for {index} in range({length}):", inner, prepare, length)
        if self.lines[-1].strip() == "pass":
            self.lines.pop()
        self.level += 1
        self.e.scope.indices[index] = (0, length - 1)
        self.line(f"{name}[{index}] = {self.e.number(2)}")
        if self.rng.random() < 0.4:
            self.line(f"if {index} > 0:")
            self.level += 1
            self.line(f"{name}[{index}] += 0.4 * {name}[{index} - 1]")
            self.level -= 1
        self.level -= 1
        del self.e.scope.indices[index]
        self.bind(name, (length,))
        return 2 + inner

    def collect(self, budget: int) -> int:
        """A list appended to in a loop, then one array."""
        if self.trips > 4:
            self.assign()
            return 1
        count, known = self.rng.choice([("3", 3), *((k, v) for k, v in self.e.scope.counts.items() if v > 0)])
        shape = self.rng.choice([(), (), *(v.shape for v in self.e.scope.arrays() if len(v.shape) == 1)])
        items, name, index = self.new_name(), self.new_name(), f"i{self.level}"
        self.line(f"{items} = []")

        def prepare() -> None:
            self.e.scope.indices[index] = (0, known - 1)

        inner = self.rng.randrange(0, 3)
        self.loop_body(f"for {index} in range({count}):", inner, prepare, known)
        if self.lines[-1].strip() == "pass":
            self.lines.pop()
        self.level += 1
        self.e.scope.indices[index] = (0, known - 1)
        self.line(f"{items}.append({self.value(shape, 2)})")
        self.level -= 1
        del self.e.scope.indices[index]
        self.line(f"{name} = {self.rng.choice(('np.array', 'np.stack'))}({items})")
        self.bind(name, (known, *shape))
        return 2 + inner

    def closure(self, budget: int) -> int:
        """A nested function or lambda that reads names around it, then is called."""
        name = f"inner{len(self.lines)}"
        saved = self.e.scope.copy()
        self.e.weak += 1
        self.e.scope.variables["t"] = Variable("t", (), False, self.level, 0)
        if self.rng.random() < 0.4:
            self.line(f"{name} = lambda t: 0.5 * t + 0.4 * ({self.e.number(2)})")
        else:
            self.line(f"def {name}(t):")
            self.level += 1
            self.line(f"u = {self.e.number(2)}")
            self.e.scope.variables["u"] = Variable("u", (), False, self.level, 0)
            if self.rng.random() < 0.4:
                self.line(f"if {self.e.comparison()}:")
                self.line("    u = 0.5 * u - 0.2 * t")
            self.line(f"return 0.3 * t + 0.4 * u + 0.2 * ({self.e.number(1)})")
            self.level -= 1
        self.e.weak -= 1
        # What the closure reads keeps its shape from here on.
        self.e.scope = saved
        read = [v for v in saved.variables if any(f"{v}" in line for line in self.lines[-5:])]
        self.frozen += read
        self.e.scope.functions[name] = (((),), ())
        return 2

    def early_return(self, budget: int) -> int:
        """A result before the end, under a condition."""
        self.line(f"if {self.e.condition()}:")
        self.level += 1
        pending = set(self.e.scope.pending)
        if self.rng.random() < 0.5:
            self.line(f"total = 0.7 * total + {self.e.number(1)}")
        self.line(f"return {self.sum_of_everything()}")
        self.e.scope.pending = pending
        self.level -= 1
        return 2
