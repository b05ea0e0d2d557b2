"""Random programs that exchange, replace and write what containers hold: entries of dicts, lists and objects.

`d["u"], s.p = s.p, d["u"]` in a loop makes each place another array in each iteration; what is written there is
seen through every other name of that array, in this iteration and in later ones.

In:  seeds.   Out: programs over two vectors.
Not here: variables that are one of several (choosing.py), aliases without containers (aliasing.py).
"""

from __future__ import annotations

from random import Random

from tests.programs.generate import Program

SIZE = 3
PLACES = ("a", "b", 'd["u"]', 'd["v"]', "s.p", "s.q", "held[0]", "held[1]")
WEIGHTS = (0.7, -0.4, 1.3, 0.2, -0.9, 0.6, 1.1, -0.3)
HELPERS = """
class Pair:
    def __init__(self, p, q):
        self.p = p
        self.q = q
"""


def generate_swapping(seed: int, *, size: int = 4) -> Program:
    """The program of this seed; `size` bounds the statements of its loop."""
    rng = Random(seed)
    writer = _Writer(rng)
    lines = [
        "a, b = x * 1.0, y[::-1] * 0.5",
        f'd = {{"u": {writer.start()}, "v": {writer.start()}}}',
        f"s = Pair({writer.start()}, {writer.start()})",
        f"held = [{writer.start()}, {writer.start()}]",
        "total = 0.0",
        *(writer.simple() if rng.random() < 0.5 else []),
        *writer.loop(size),
        *(writer.simple() if rng.random() < 0.6 else []),
        *(
            f"total += {weight} * np.sum(np.sin({place}))"
            for place, weight in zip(PLACES, WEIGHTS, strict=True)
        ),
        "return total",
    ]
    text = "\n".join(f"    {line}" for line in lines)
    trips = rng.choice((0, 1, 2, 3, 5))
    source = f"import numpy as np\n\n{HELPERS}\n\ndef program(x, y, n={trips}):\n{text}\n"
    return Program(source, ((SIZE,), (SIZE,)), "float64", seed, "number")


class _Writer:
    """Writes statements, as lines without the indentation of their block."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.places = rng.sample(PLACES, rng.randint(3, 6))
        self.shares = rng.random() < 0.4
        self.loops = 0

    def start(self) -> str:
        """What a place holds at first, which another one may hold too."""
        if self.shares and self.rng.random() < 0.6:
            return self.rng.choice(("a", "b"))
        return self.rng.choice(("x * 0.9", "y * -0.4", "x * y", "np.cos(y)"))

    def place(self) -> str:
        return self.rng.choice(self.places)

    def element(self) -> str:
        return f"{self.place()}[{self.rng.randrange(SIZE)}]"

    def condition(self) -> str:
        return self.rng.choice(
            (
                f"x[{self.rng.randrange(SIZE)}] > 0.0717",
                f"{self.element()} > {self.rng.choice((0.1917, -0.2717))}",
            )
        )

    def loop(self, size: int) -> list[str]:
        self.loops += 1
        body = self.block(size, self.loops)
        self.loops -= 1
        return ["for _ in range(n):", *(f"    {line}" for line in body)]

    def block(self, size: int, depth: int) -> list[str]:
        return [line for _ in range(self.rng.randint(1, size)) for line in self.statement(size, depth)]

    def statement(self, size: int, depth: int) -> list[str]:
        chance = self.rng.random()
        if chance < 0.08 and self.loops < 2:
            return self.loop(size - 1)
        if chance < 0.22 and depth < 3:
            return self.branch(depth)
        if chance < 0.25 and self.loops:
            return [f"if {self.condition()}:", f"    {self.rng.choice(('break', 'continue'))}"]
        return self.simple()

    def branch(self, depth: int) -> list[str]:
        lines = [f"if {self.condition()}:", *(f"    {line}" for line in self.block(2, depth + 1))]
        if self.rng.random() < 0.5:
            lines += ["else:", *(f"    {line}" for line in self.block(2, depth + 1))]
        return lines

    def simple(self) -> list[str]:
        one, two = self.rng.sample(self.places, 2)
        form = self.rng.choice(
            (
                "{0}, {1} = {1}, {0}",
                "{0}, {1} = {1}, {0}",
                "{0} = {1}",
                "{0} = 0.8 * {1} + 0.4 * {2}",
                "{0} = {1}.copy()",
                "{0} = {1}[::-1]",
                "{3} = np.sin({4})",
                "{3} = 0.7 * {4}",
                "{3} += 0.3 * {4}",
                "{0} *= 0.9",
                "{0}[0:2] = 0.6 * {1}[1:3]",
                'd = {{"u": {0}, "v": {1}}}',
                "held = [{0}, {1}]",
                "held.reverse()",
                "s = Pair({0}, {1})",
                "total += {3} * {4}",
            )
        )
        return [form.format(one, two, self.place(), self.element(), self.element())]
