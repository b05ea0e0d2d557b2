"""Random programs whose loops hand on second names of arrays: what one iteration names, the next one writes to.

    previous = x * 1.0
    for i in range(n):
        table[i % 3] = 0.5 * previous
        previous = table[i % 3 - 1]

What cannot be followed exactly may be refused; a wrong number never is right.

In:  a seed.   Out: `Program`.
Not here: second names outside of loops (aliasing.py), checks (checks.py).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.programs.generate import IMPORTS, NAME, Program
from tests.programs.writing import BlockWriter, sound_program

BOX = "class Box:\n    def __init__(self, u):\n        self.u = u\n"
HEADERS = (
    "for {i} in range(n):",
    "for {i} in range(n):",
    "for {i} in range(3):",
    "for {i} in range(40):",
    "for {i} in range(n, 0, -1):",
    "for {i}, {v} in enumerate(x):",
    "while {i} < n:",
    "while {i} < 4 and total < 3.0:",
)
DEEPEST = 3


def generate_carrying(seed: int, *, size: int = 6) -> Program:
    """The program of this seed; texts whose values grow are thrown away."""
    return sound_program(seed, size, CarryingWriter)


class CarryingWriter(BlockWriter):
    """Writes one program; all its arrays are vectors of one length, rows of a table among them."""

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.places = ["a", "b", "p", "q"]

    def module(self, size: int) -> str:
        self.line("total, k = 0.0, 0")
        self.line("a, b = x * 1.5, np.sin(y)")
        self.line("table = np.outer(a, b) + 0.3")
        self.line(f"p, q = {self.source()}, {self.source()}")
        for holder, place in (
            ("box = Box({0})", "box.u"),
            ("items = [{0}, {1}]", "items[0]"),
            ("pair = {{'u': {0}, 'v': {1}}}", "pair['u']"),
        ):
            if self.rng.random() < 0.3:
                self.line(holder.format(self.source(), self.source()))
                self.places += [place]
        for _ in range(self.rng.choice((1, 1, 2))):
            self.loop(size)
            self.write()
        terms = [f"{0.3 + 0.11 * k:.2f} * np.sum(np.sin({name}))" for k, name in enumerate(self.places)]
        body = "\n".join(self.lines)
        result = " + ".join(["total", "0.2 * np.sum(np.cos(table))", *terms])
        return f"{IMPORTS}\n\n{BOX}\n\ndef {NAME}(x, y, n=3):\n{body}\n    return {result}\n"

    # --- text ---

    def place(self) -> str:
        """What names an array and may be bound anew."""
        return self.rng.choice(self.places)

    def at(self) -> str:
        """An index along an axis."""
        if self.index and self.rng.random() < 0.6:
            return self.rng.choice((f"{self.index} % 3", f"{self.index} % 2", f"({self.index} + 1) % 3"))
        return self.rng.choice(("0", "1", "-1"))

    def source(self) -> str:
        """An array that is there, whole or in part."""
        form = self.rng.choice(("{0}",) * 5 + ("table[{1}]",) * 3 + ("table[:, {1}]", "{0}[::-1]"))
        return form.format(self.rng.choice(self.places), self.at())

    def fresh(self) -> str:
        """An array of its own."""
        form = self.rng.choice(("np.sin({0})", "{0}.copy()", "0.5 * {0} + 0.2 * {1}", "{0} - 0.4 * x"))
        return form.format(self.source(), self.place())

    def number(self) -> str:
        form = self.rng.choice(("0.4 * np.sin({0}[{1}])", "0.3 * {0}[{1}]", "0.2 * x[{1}]", "0.37"))
        return form.format(self.place(), self.at())

    # --- statements ---

    def statement(self, budget: int) -> int:
        options: list[Callable[[], None]] = [
            self.write,
            self.write,
            self.bind,
            self.bind,
            self.read,
            self.exchange,
        ]
        if budget > 2 and self.level < DEEPEST and self.rng.random() < 0.3:
            return self.rng.choice((self.branch, self.branch, self.loop))(budget)
        self.rng.choice(options)()
        return 1

    def write(self) -> None:
        form = self.rng.choice(
            (
                "{0}[{1}] = {2}",
                "{0}[{1}] = 0.5 * {0}[{1}] + {2}",
                "{0}[{1}] += {2}",
                "{0}[...] = 0.6 * {3} + {2}",
                "{0} *= 0.8",
                "{0} += {2}",
                "{0}[1:] = 0.7 * {0}[:-1]",
                "table[{1}] = 0.6 * {3}",
                "table[{1}, {1}] = {2}",
                "table[:, {1}] += {2}",
                "table *= 0.9",
            )
        )
        self.line(form.format(self.place(), self.at(), self.number(), self.fresh()))

    def bind(self) -> None:
        self.line(f"{self.place()} = {self.source() if self.rng.random() < 0.7 else self.fresh()}")

    def exchange(self) -> None:
        one, two = self.rng.sample(self.places, 2)
        self.line(self.rng.choice((f"{one}, {two} = {two}, {one}", f"{one}, {two} = {self.source()}, {one}")))

    def read(self) -> None:
        self.line(f"total = 0.7 * total + 0.3 * np.sum(np.sin({self.source()}))")

    # --- bodies ---

    def branch(self, budget: int) -> int:
        test = self.rng.choice((f"{self.number()} > 0.1171", f"{self.index} == 1" if self.index else "n > 2"))
        spent = self.block(f"if {test}:", self.rng.randrange(2, max(3, budget)))
        if self.rng.random() < 0.3 and self.index:
            self.lines.append("    " * (self.level + 1) + self.rng.choice(("break", "continue")))
        elif self.rng.random() < 0.4:
            spent += self.block("else:", 2)
        return spent

    def loop(self, budget: int) -> int:
        spent = self.looped(self.rng.choice(HEADERS), budget)
        self.read()
        return spent
