"""Random statements without a body: assignment, swaps, stores, in-place forms.

A value that nothing has read is added to the result before its name is used again, so that the result depends on
every value computed.

In:  a scope.   Out: lines of text.
Not here: loops, branches and whole functions (bodies.py), expressions (expressions.py).
"""

from __future__ import annotations

from random import Random

from tests.programs.expressions import ExpressionWriter
from tests.programs.scope import Shape, Variable


class StatementWriter:
    """Writes statements without a body, and knows the names around them."""

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

    # --- statements ---

    def line(self, text: str) -> None:
        self.lines.append("    " * self.level + text)

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
        if self.rng.random() < 0.3:
            # Overwritten without being read again; at the top level maybe by something of another shape.
            self.spend(variable)
            shape = self.shape() if self.level == 1 else shape
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
            # In a loop the next iteration meets the swapped arrays where this one wrote.
            if self.rng.random() < 0.5 and a.owned == b.owned:
                self.line(f"{a.name}, {b.name} = {b.name}, {a.name}")
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

    # --- what is not lost ---

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
