"""Random programs whose recursive functions change what they share: dicts, lists, sets, objects, arrays.

Only the run knows how deep they go, so that they are functions of the generated code: what was known of the shared
things before a call need not hold after it.

In:  seeds.   Out: programs over two vectors and a number of levels.
Not here: recursion that only computes (generate.py), functions that call no function of their own (outside.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.programs.generate import Program
from tests.programs.writing import BlockWriter, sound_program

CLASS = """
class Box:
    def __init__(self, m):
        self.m, self.best, self.n, self.seen = m, None, 0, []

    def up(self, a):
        self.m = 0.7 * self.m + 0.3 * a
        if self.best is None or a > self.best:
            self.best = a
        self.n += 1
        return self.m
"""


@dataclass(frozen=True)
class Kind:
    """What is shared; `{0}` is its name, `{1}` a number, `{2}` an int.

    Attributes:
        made: the expression that makes it.
        changes: statements.
        numbers: expressions that read it.
        questions: what is asked of it.
        end: what of it counts in the result.
        is_assigned: a statement assigns to its name, so that the functions declare it.
    """

    made: str
    changes: tuple[str, ...]
    numbers: tuple[str, ...]
    questions: tuple[str, ...]
    end: str
    is_assigned: bool = False


KINDS = {
    "known": Kind(
        '{"a": 0.3}',
        (
            '{0}["a"] = {1}',
            '{0}["k"] = {1}',
            '{0}["k"] = {0}.get("k", 0.2) * 0.8 + {1}',
            'if "b" not in {0}:\n    {0}["b"] = {1}',
            '{0}.setdefault("k", {1})',
        ),
        ('{0}["a"]', '{0}.get("k", 0.2)', "0.1 * len({0})", "0.3 * sum({0}.values())"),
        ('"k" in {0}', '"b" in {0}', '"b" not in {0}', "len({0}) > 1"),
        "sum({0}.values())",
    ),
    "table": Kind(
        "{0: 0.4}",
        ("{0}[{2}] = {1}", "{0}[{2} % 2] = {1}", "{0}[{2}] = {0}.get({2}, 0.1) * 0.8 + {1}", "{0}[1] = {1}"),
        ("{0}[0]", "{0}.get({2}, 0.3)", "{0}.get(1, 0.2)", "0.1 * len({0})"),
        ("1 in {0}", "{2} in {0}", "2 not in {0}"),
        "sum(v * (k + 1) for k, v in {0}.items())",
    ),
    "items": Kind(
        "[0.4, -0.3]",
        ("{0}.append({1})", "{0}[-1] = {1}", "{0}[0] *= 0.9", "{0}.insert(0, {1})", "{0}[0] = {1}"),
        ("{0}[-1]", "{0}[0]", "0.1 * len({0})", "0.3 * sum({0})"),
        ("len({0}) > 3", "{0}[-1] > 0.117", "{0}[0] < {0}[1]"),
        "sum(v * k for k, v in enumerate({0}, 1))",
    ),
    "marks": Kind(
        "{1}",
        ("{0}.add({2})", "{0}.add({2} % 2)", "{0}.add(2)"),
        ("0.1 * len({0})", "0.2 * (2 in {0})"),
        ("{2} in {0}", "2 in {0}", "0 not in {0}"),
        "0.1 * len({0})",
    ),
    "box": Kind(
        "Box(0.5)",
        (
            "{0}.m = {1}",
            "{0}.up({1})",
            "{0}.best = {1}",
            "{0}.n += 1",
            "{0}.seen.append({1})",
            "{0}.best = None",
        ),
        (
            "{0}.m",
            "0.1 * {0}.n",
            "{0}.up({1})",
            "0.2 * sum({0}.seen)",
            "(0.3 if {0}.best is None else {0}.best)",
        ),
        ("{0}.best is None", "{0}.best is not None", "{0}.n > 1", "{0}.seen"),
        "{0}.m + 0.1 * {0}.n + sum({0}.seen) + (0.0 if {0}.best is None else {0}.best)",
    ),
    "field": Kind(
        "np.array([0.3, -0.2, 0.5])",
        ("{0}[{2} % 3] = {1}", "{0}[1:] += {1}", "{0} *= 0.9", "{0}[::-1][0] = {1}", "part[0] += 0.5 * {1}"),
        ("{0}[{2} % 3]", "np.sum({0})", "part[1]"),
        ("{0}[0] > 0.213", "part[0] > 0.117"),
        "np.sum(np.sin({0}))",
        is_assigned=True,
    ),
    "level": Kind(
        "0",
        ("{0} += 1", "{0} = {2} + 1"),
        ("0.1 * {0}", "x[{0} % 3]"),
        ("{0} > 1", "{0} == 0"),
        "0.1 * {0}",
        is_assigned=True,
    ),
    "best": Kind(
        "None",
        ("{0} = {1}", "{0} = None"),
        ("(0.2 if {0} is None else {0})",),
        ("{0} is None", "{0} is not None", "{0} is None or {0} > 0.217"),
        "(0.2 if {0} is None else {0})",
        is_assigned=True,
    ),
}


def generate_recurring(seed: int, *, size: int = 7) -> Program:
    """The program of this seed, of about so many statements outside of the functions."""
    return sound_program(seed, size, _Writer)


class _Writer(BlockWriter):
    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.held = rng.sample(list(KINDS), rng.randint(1, 3))
        self.functions = ["first", "second", "third"][: rng.randint(1, 3)]
        self.inside = False
        self.sum = "total"

    def module(self, size: int) -> str:
        """The text: what is shared, the functions, calls and what else is done between them."""
        self.line(f"def program(x, y, n={self.rng.choice((0, 1, 2, 3, 3))}):")
        self.level = 2
        self.line("total = 0.0")
        for name in self.held:
            self.line(f"{name} = {KINDS[name].made}")
            if name == "field":
                self.line("part = field[::2]")
        for name in self.functions:
            self._function(name)
        spent = 0
        while spent < size:
            spent += self.statement(size - spent)
        for k, name in enumerate(self.held):
            self.line(f"total += {0.7 + k} * ({KINDS[name].end.format(name)})")
        self.line("return total")
        body = "\n".join(line[4:] for line in self.lines)
        return f"import numpy as np\n\n{CLASS}\n\n{body}\n"

    def _function(self, name: str) -> None:
        self.line(f"def {name}(k):")
        self.level, self.index, self.inside, self.sum = self.level + 1, "k", True, "y[1]"
        variables = [held for held in self.held if KINDS[held].is_assigned]
        if variables:
            self.line(f"nonlocal {', '.join(variables)}")
        self.line("if k <= 0:")
        if self.rng.random() < 0.3:
            self.change(extra=1)
        self.line(f"    return {self.number()}")
        self.line(f"s = {self.number()}")
        self.sum = "s"
        for _ in range(self.rng.randint(1, 3)):
            self.statement(2)
        if self.rng.random() < 0.5:
            self.line(f"s = s + 0.5 * {self.rng.choice(self.functions)}(k - {self.rng.randint(1, 2)})")
            self.statement(2)
        self.line(f"return 0.6 * s + 0.4 * {self.rng.choice((name, *self.functions))}(k - 1)")
        self.level, self.index, self.inside, self.sum = self.level - 1, "", False, "total"

    # Statements

    def statement(self, budget: int) -> int:
        """A change, a question with what depends on it, a call, or a loop."""
        kind = self.rng.randrange(4 if self.inside else 7)
        if kind == 0 and budget > 1:
            spent = self.block(f"if {self.question()}:", budget)
            return spent + self.block("else:", budget - spent) if self.rng.random() < 0.5 else spent
        if kind == 1:
            self.line(f"{self.sum} += 0.8 * {self.number()}")
        elif kind <= 3:
            self.change()
        elif kind == 4 and budget > 1 and not self.index:
            return self.looped("for {i} in range(n):", budget)
        else:
            levels = self.rng.choice(("n", "n", "n + 1", "n - 1", self.index or "n"))
            self.line(f"{self.sum} += 0.6 * {self.rng.choice(self.functions)}({levels})")
        return 1

    def change(self, extra: int = 0) -> None:
        """Change one of the shared things."""
        name = self.rng.choice(self.held)
        text = self.rng.choice(KINDS[name].changes).format(name, self.argument(), self.key())
        self.level += extra
        for line in text.split("\n"):
            self.line(line)
        self.level -= extra

    # Expressions

    def key(self) -> str:
        return self.index or str(self.rng.randrange(3))

    def argument(self) -> str:
        number = self.rng.choice((f"x[{self.key()} % 3]", f"y[{self.rng.randrange(3)}]", self.sum))
        return f"(0.4 * {number} + 0.1)"

    def number(self) -> str:
        name = self.rng.choice(self.held)
        read = self.rng.choice(KINDS[name].numbers).format(name, f"y[{self.rng.randrange(3)}]", self.key())
        return self.rng.choice((read, f"np.sin({read})", f"x[{self.key()} % 3] * {read}"))

    def question(self) -> str:
        name = self.rng.choice(self.held)
        return self.rng.choice(KINDS[name].questions).format(name, "y[0]", self.key())
