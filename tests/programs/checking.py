"""Random programs whose nested functions check what they are given, and raise: what was done before stays done.

A function rebinds variables of the function around it by `nonlocal`, changes a list, an object or an array there,
and raises in between; who calls it catches that, or does not.

In:  seeds.   Out: programs over two vectors.
Not here: exceptions within one function (bodies.py), recursion (recurring.py).
"""

from __future__ import annotations

from random import Random

from tests.programs.generate import Program
from tests.programs.writing import BlockWriter, sound_program

CLASSES = """
class Bad(Exception):
    pass


class Worse(Bad):
    pass


class Box:
    def __init__(self, m, items):
        self.m, self.n, self.items = m, 0, items

    def put(self, v):
        self.n += 1
        if v > 0.31:
            raise Bad("too large")
        self.m = 0.7 * self.m + 0.3 * v
        self.items.append(v)
        return self.m

    def take(self):
        if len(self.items) < 2:
            raise IndexError("nothing left")
        return self.items.pop()
"""
RAISED = ("Bad", "Worse", "ValueError", "IndexError")
CAUGHT = ("Bad", "Worse", "(Bad, ValueError)", "IndexError", "(IndexError, KeyError)", "Exception")
START = (
    "total, a, b, count = 0.0, 0.5, x[0], 0",
    "items = [0.4, y[1], -0.3]",
    "table = {0: 0.3, 1: x[2]}",
    "field = np.array([0.3, -0.2, 0.5])",
    "box = Box(0.4, [y[0], 0.2])",
)
END = (
    "total += a * b + 0.1 * count + sum(items) + sum(table.values())",
    "return total + field @ x + box.m * (1 + box.n) + sum(box.items)",
)
STATE = "a, b, count"
DEPTH = 6


def generate_checking(seed: int, *, size: int = 7) -> Program:
    """The program of this seed, of about so many statements outside of the functions."""
    return sound_program(seed, size, _Writer, own_exceptions=True)


class _Writer(BlockWriter):
    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.functions: list[str] = []
        self.changes_objects = rng.random() < 0.5
        self.inside = False
        self.caught = 0
        self.looping = 0

    def module(self, size: int) -> str:
        """The text: the functions, then statements that call them."""
        self.line(f"def program(x, y, n={self.rng.choice((1, 2, 3, 3))}):")
        self.level = 2
        for text in START:
            self.line(text)
        for name in ("first", "second")[: self.rng.randint(1, 2)]:
            self._function(name)
        spent = 0
        while spent < size:
            spent += self.statement(size - spent)
        for text in END:
            self.line(text)
        body = "\n".join(line[4:] for line in self.lines)
        return f"import numpy as np\n\n{CLASSES}\n\n{body}\n"

    def _function(self, name: str) -> None:
        self.line(f"def {name}(v):")
        self.level, self.inside = self.level + 1, True
        self.line(f"nonlocal {STATE}")
        for _ in range(self.rng.randint(2, 4)):
            self.statement(3)
        self.line(f"return {self.number()}")
        self.level, self.inside = self.level - 1, False
        self.functions.append(name)

    # Statements

    def statement(self, budget: int) -> int:
        """A change, a check, a call, or what stands around others."""
        rng = self.rng
        kind = rng.randrange(10)
        if budget > 1 and self.level < DEPTH:
            if kind == 0:
                spent = self.block(f"if {self.question()}:", budget)
                return spent + self.block("else:", budget - spent) if rng.random() < 0.4 else spent
            if kind == 1:
                heads = (
                    "for {i} in range(n):",
                    "for {i}, c in enumerate(x):",
                    "for {i} in range(len(items)):",
                )
                self.looping += 1
                spent = self.looped(rng.choice(heads), budget)
                self.looping -= 1
                return spent
            if kind in (2, 3):
                return self._attempt(budget)
        if kind == 4 and (self.inside or self.caught):
            self._check()
        elif kind in (5, 6) and self.functions and (not self.caught or rng.random() < 0.2):
            self.line(
                f"{self.sum} {rng.choice(('=', '+='))} 0.6 * {rng.choice(self.functions)}({self.number()})"
            )
        elif kind == 7 and self.looping:
            self.line(f"if {self.question()}:")
            self.line(f"    {rng.choice(('break', 'continue'))}")
        else:
            self._change()
        return 1

    def _attempt(self, budget: int) -> int:
        self.caught += 1
        spent = self.block("try:", budget)
        self.caught -= 1
        for caught in self.rng.sample(CAUGHT, self.rng.randint(1, 2)):
            spent += self.block(f"except {caught}:", max(2, budget - spent))
        if self.rng.random() < 0.2:
            spent += self.block("else:", 2)
        if self.rng.random() < 0.2:
            spent += self.block("finally:", 2)
        return spent

    def _check(self) -> None:
        rng = self.rng
        if rng.random() < 0.2:
            self.line(f"assert {self.question()}")
            return
        self.line(f"if {self.question()}:")
        if rng.random() < 0.3:
            self.level += 1
            self._change()
            self.level -= 1
        self.line(f"    raise {rng.choice(RAISED)}")

    def _change(self) -> None:
        rng = self.rng
        number, place = self.number(), self.place()
        variables = (
            f"a = {number}",
            f"a, b = {number}, a",
            f"b += {number}",
            "count += 1",
            f"{self.sum} += {number}",
        )
        objects = (
            f"items.append({number})",
            f"items[{place}] = {number}",
            f"items[1:] = [{number}, b]",
            f"table[{place}] = {number}",
            f"field[{place}] = {number}",
            f"field[1:] += {number}",
            f"box.m = {number}",
            f"box.put({number})",
            "box.take()",
            f"box.items[1:] = [{number}]",
        )
        # A statement of a `try` that changes an object and raises after that, as a loop may, is refused.
        changes = not self.caught or rng.random() < 0.4
        self.line(rng.choice(objects if self.changes_objects and changes else variables))

    # Expressions

    @property
    def sum(self) -> str:
        """The variable that numbers are added to."""
        return "a" if self.inside else "total"

    def place(self) -> str:
        rng = self.rng
        return rng.choice((str(rng.randrange(4)), "count", "count % 3", self.index or "n - 1"))

    def number(self) -> str:
        rng = self.rng
        own = ("v", "v * x[1]") if self.inside else ("x[0]", "y[2]")
        reads = (
            "a",
            "b",
            "0.1 * count",
            "items[-1]",
            f"items[{self.place()}]",
            "sum(items)",
            f"table[{self.place()}]",
            f"field[{self.place()}]",
            "box.m",
            "box.items[-1]",
            "len(box.items)",
            *own,
            *own,
        )
        return f"np.sin({rng.choice(reads)} + {rng.choice(reads)})" if rng.random() < 0.7 else rng.choice(own)

    def question(self) -> str:
        rng = self.rng
        number = rng.choice(("a", "b", "items[0]", "field[1]", "box.m", "v" if self.inside else "total"))
        comparisons = (f"{number} {rng.choice('<>')} {rng.choice(('0.217', '-0.113', '0.471'))}",) * 3
        return rng.choice(
            (*comparisons, "count > 1", "len(items) > 3", f"{self.place()} in table", "box.n < 2")
        )
