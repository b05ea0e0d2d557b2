"""Random programs with names and attributes that are None on some ways: `best = None`, and in a loop a candidate.

    p = None
    for i in range(n):
        if p is None or np.sum(p) < 2.0:
            p = x * 0.7
        else:
            p[0] = 0.3
    if p is not None:
        total += np.sum(np.sin(p))

and with names that are numbers on some ways and arrays on others.

In:  a seed.   Out: `Program`.
Not here: second names of arrays in loops (carrying.py), checks (checks.py).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.programs.generate import IMPORTS, NAME, Program
from tests.programs.writing import BlockWriter, sound_program

HELPERS = """class Holder:
    def __init__(self):
        self.p = None
        self.q = None


def found(u, v, bound):
    for k in range(3):
        if u[k] > bound:
            return v * u[k]
    return None


def first(u, bound, k=0):
    if k == 3:
        return None
    return u[k] if u[k] > bound else first(u, bound, k + 1)


def valued(v, u):
    if v is None:
        return u[1]
    return np.sum(v * 1.5)
"""
HEADERS = ("for {i} in range(n):", "for {i} in range(3):", "for {i} in range(40):", "while {i} < 2:")
DEEPEST = 4
SMALLEST = 2


def generate_optional(seed: int, *, size: int = 6) -> Program:
    """The program of this seed; texts whose values grow, or in which None is used, are thrown away."""
    return sound_program(seed, size, OptionalWriter)


class OptionalWriter(BlockWriter):
    """Writes one program; what may be None is an array, or is a number throughout."""

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.arrays = rng.random() < 0.5
        self.places = ["p", "q", *(["h.p", "h.q"] if rng.random() < 0.4 else [])]

    def module(self, size: int) -> str:
        self.line("total = x[0] * 1.0")
        self.line(f"r = {'y * 0.5' if self.arrays else 'y[2]'}")
        self.line("p = q = None")
        self.line("u = 0.25")
        self.line("h = Holder()")
        spent = 0
        while spent < size:
            spent += self.statement(size)
        for place in self.places:
            self.line(f"if {place} is not None:")
            self.line(f"    total += {self.number(f'np.sin({place})')}")
        body = "\n".join(self.lines)
        result = f"{self.number('np.cos(r)')} + np.sum(np.cos(u))"
        return f"{IMPORTS}\n\n{HELPERS}\n\ndef {NAME}(x, y, n=3):\n{body}\n    return total + {result}\n"

    # --- text ---

    def place(self) -> str:
        """What may be None."""
        return self.rng.choice(self.places)

    def number(self, text: str) -> str:
        return f"np.sum({text})" if self.arrays else text

    def value(self) -> str:
        """What surely is something."""
        k, factor = self.rng.randrange(3), round(self.rng.uniform(0.4, 1.6), 2)
        forms = ("x * {1}", "np.sin(x)", "y * x[{0}]", "r", "r * {1}", "0.3 * x + 0.1 * total")
        numbers = ("x[{0}]", "x[{0}] * {1}", "np.sin(y[{0}])", "r", "r * {1}", "0.3 * x[1] + 0.1 * total")
        return self.rng.choice(forms if self.arrays else numbers).format(k, factor)

    def test(self) -> str:
        """A condition, most of them about None."""
        place, bound = self.place(), round(self.rng.uniform(0.1, 2.0), 4)
        running = f"x[{self.rng.randrange(3)}] > {bound}"
        if self.index and self.rng.random() < 0.3:
            running = f"{self.index} % 2 == 0"
        forms = (
            "{0} is None",
            "{0} is None",
            "{0} is not None",
            "{0} is not None",
            "{1}",
            "{0} is None or {2} < {3}",
            "{0} is not None and {1}",
            "{0} is not None and {2} > {3}",
            "not ({0} is None or {1})",
        )
        return self.rng.choice(forms).format(place, running, self.number(place), bound)

    # --- statements ---

    def statement(self, budget: int) -> int:
        options: list[Callable[[], None]] = [self.bind, self.bind, self.drop, self.copy, self.read, self.ask]
        options += [self.write, self.either, self.either] if self.arrays else [self.catch]
        if budget > SMALLEST and self.level < DEEPEST and self.rng.random() < 0.45:
            return self.rng.choice((self.branch, self.branch, self.loop))(budget)
        self.rng.choice(options)()
        return 1

    def bind(self) -> None:
        value = self.value()
        if self.rng.random() < 0.25:
            value = f"found(x, {value}, {self.rng.uniform(0.2, 1.5):.3f})"
        elif not self.arrays and self.rng.random() < 0.2:
            value = f"first(y, {self.rng.uniform(0.2, 1.5):.3f})"
        self.line(f"{self.rng.choice((self.place(), self.place(), 'r'))} = {value}" if "(" not in value
                  else f"{self.place()} = {value}")  # fmt: skip

    def drop(self) -> None:
        self.line(f"{self.place()} = None")

    def copy(self) -> None:
        self.line(f"{self.place()} = {self.place()}")

    def read(self) -> None:
        place = self.place()
        self.line(f"if {place} is not None:")
        self.line(f"    total += 0.3 * {self.number(place)}")

    def ask(self) -> None:
        self.line(f"total += 0.1 * valued({self.place()}, x)")

    def catch(self) -> None:
        place = self.place()
        self.lines += ["    " * self.level + line for line in (
            "try:", f"    total += 0.2 * ({place} * 2.0)", "except TypeError:", "    total += 0.1 * x[2]",
        )]  # fmt: skip

    def write(self) -> None:
        place = self.place()
        self.line(f"if {place} is not None:")
        value = self.rng.choice(("0.4 * total", "x[1] * 0.7", "0.3"))
        self.line(f"    {place}[{self.rng.randrange(3)}] = {value}")

    def either(self) -> None:
        """What is a number on some ways, and an array on others."""
        forms = (
            "u = {0}",
            "u = 0.35",
            "u += {0}",
            "u = u * 0.5 + {0}",
            "total += 0.2 * np.sum(np.sin(u))",
            "r = r * u",
        )
        self.line(self.rng.choice(forms).format(self.value()))

    # --- bodies ---

    def branch(self, budget: int) -> int:
        spent = self.block(f"if {self.test()}:", self.rng.randrange(2, max(3, budget)))
        if self.rng.random() < 0.25 and self.index:
            self.lines.append("    " * (self.level + 1) + self.rng.choice(("break", "continue")))
        elif self.rng.random() < 0.5:
            spent += self.block("else:", 2)
        return spent

    def loop(self, budget: int) -> int:
        return self.looped(self.rng.choice(HEADERS), budget)
