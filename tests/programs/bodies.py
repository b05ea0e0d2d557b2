"""Random loops, branches, lists, closures and whole functions.

In:  shapes of the parameters.   Out: text of a function.
Not here: statements without a body (statements.py), whole programs (generate.py).
"""

from __future__ import annotations

from collections.abc import Callable

from tests.programs.scope import Scope, Shape, Variable
from tests.programs.statements import StatementWriter

EXCEPTIONS = (("KeyError", "EOFError"), ("OSError", "NameError"), ("ReferenceError", "SyntaxError"))
"""What the bodies of `try` raise: nothing else in a program does."""


class FunctionWriter(StatementWriter):
    """Writes one function.

    Attributes:
        catches: it may have `try` statements.
    """

    catches = False

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

    # --- statements ---

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
        if self.catches:
            compound += [self.attempt, self.attempt, self.attempt]
        return self.rng.choice(compound)(budget)

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
        """if, elif, else; with an else, maybe a name that all arms bind first."""
        inner = self.rng.randrange(1, max(2, budget))
        before = self.e.scope.copy()
        has_else = self.rng.random() < 0.6
        joint = (self.new_name(), self.shape()) if has_else and self.rng.random() < 0.5 else None
        ends: list[Scope] = []
        for header in ("if", "elif") if self.rng.random() < 0.3 else ("if",):
            self.e.scope = before.copy()
            self.line(f"{header} {self.e.condition()}:")
            ends.append(self.arm(max(1, inner // (1 + len(ends))), joint))
        self.e.scope = before.copy()
        if has_else:
            self.line("else:")
            self.arm(max(1, inner // 2), joint)
        ends.append(self.e.scope)
        self.join(before, ends)
        if joint is not None:
            self.bind(*joint)
        return inner + 1

    def attempt(self, budget: int) -> int:
        """try, except, maybe else; all ways bind one name. Each level has exceptions of its own."""
        inner = self.rng.randrange(1, max(2, budget))
        before = self.e.scope.copy()
        joint = (self.new_name(), self.shape())
        names = EXCEPTIONS[self.level % len(EXCEPTIONS)]
        has_else = self.rng.random() < 0.3
        self.line("try:")
        self.level += 1
        for _ in range(self.rng.randrange(1, 4)):
            if self.rng.random() < 0.4:
                self.assign()
            header = self.rng.choice(("if {}:", "if {}:", "for _ in range(int({})):"))
            self.line(header.format(self.e.condition()))
            self.line(f"    raise {self.rng.choice(names)}")
        self.level -= 1
        self.body(inner // 2)
        if not has_else:
            self.line(f"{joint[0]} = {self.value(joint[1], 2)}")
        self.leave(before)
        ends = [self.e.scope]
        clauses = [f"({', '.join(names)})"] if self.rng.random() < 0.6 else names
        for clause in clauses:
            self.e.scope = before.copy()
            self.line(f"except {clause}{self.rng.choice(('', ' as error'))}:")
            ends.append(self.arm(max(1, inner // 2), joint))
        if has_else:
            self.e.scope = ends[0]
            self.line("else:")
            ends[0] = self.arm(1, joint)
        self.join(before, ends)
        self.bind(*joint)
        return inner + 2

    def arm(self, budget: int, joint: tuple[str, Shape] | None) -> Scope:
        before = self.e.scope.copy()
        self.body(budget)
        if joint is not None:
            name, shape = joint
            self.line(f"{name} = {self.value(shape, 2)}")
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
        if self.rng.random() < 0.4:
            # The list is read a second time, entry by entry.
            item = self.new_name()
            self.line(f"for {item} in {items}:")
            read = f"np.sum(np.sin({item}))" if shape else f"{item} * {item}"
            self.lines.append("    " * (self.level + 1) + f"total = total + {self.e.weight()} * {read}")
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
