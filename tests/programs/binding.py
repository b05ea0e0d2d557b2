"""Random programs that bind names here and there: under conditions, in loops that may not run, before jumps.

What a name means at a place depends on every way that leads there. All names are bound at the start, so that each
way is a program; numbers, counters and one array are bound anew, together, as loop variables and in place.

In:  seeds.   Out: programs over one vector.
Not here: richer values on simpler ways (generate.py, broad/).
"""

from __future__ import annotations

from random import Random

from tests.programs.generate import Program

NUMBERS = ("a", "b", "c")
COUNTS = ("i", "j")
START = "a, b, c = x[0], 0.5, 1.0; i, j = 0, 1; v = np.zeros(3)"
END = "return a + 1.3 * b - 0.7 * c + v @ np.array([1.0, 2.0, 0.5]) + 0.01 * i * a + 0.1 * j * b"
MAX_LOOPS = 3


def generate_binding(seed: int, *, size: int = 7) -> Program:
    """The program of this seed; `size` bounds its statements outside of blocks."""
    rng = Random(seed)
    lines = [*START.split("; "), *_Writer(rng).block(size, in_loop=False), END]
    text = "\n".join(f"    {line}" for line in lines)
    source = f"import numpy as np\n\n\ndef program(x, n={rng.randrange(4)}):\n{text}\n"
    return Program(source, ((4,),), "float64", seed, "number")


class _Writer:
    """Writes statements, as lines without the indentation of their block."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.loops: list[str] = []

    # Expressions

    def number(self, depth: int = 0) -> str:
        rng = self.rng
        simple = [rng.choice(NUMBERS), rng.choice(("0.5", "1.25", "-0.75", "2.0")), f"x[{self.count()} % 4]"]
        if depth > 1:
            return rng.choice(simple)
        left, right = self.number(depth + 1), self.number(depth + 1)
        compound = [
            f"({left} {rng.choice('+-*')} {right})",
            f"np.tanh({left})",
            f"({left} if {self.condition()} else {right})",
            "np.sum(v) * 0.1",
            f"v[{self.count()} % 3]",
        ]
        return rng.choice([*simple, *compound])

    def count(self) -> str:
        rng = self.rng
        name = rng.choice((*COUNTS, *self.loops))
        return rng.choice((name, str(rng.randrange(4)), f"({name} + {rng.randrange(3)})"))

    def condition(self) -> str:
        rng = self.rng
        number = f"{self.number(2)} {rng.choice('<>')} {rng.choice(('0.31', '-0.22', '0.93'))}"
        count = rng.choice(
            (f"{self.count()} % 3 == {rng.randrange(2)}", f"{self.count()} > {rng.randrange(3)}")
        )
        return rng.choice((number, count, f"({number} and {count})"))

    # Statements

    def block(self, size: int, *, in_loop: bool) -> list[str]:
        return [line for _ in range(self.rng.randint(1, size)) for line in self.statement(in_loop=in_loop)]

    def statement(self, *, in_loop: bool) -> list[str]:
        rng = self.rng
        kinds = [self.binding, self.binding, self.array]
        kinds += [lambda: self.branch(in_loop=in_loop)] * 2
        if len(self.loops) < MAX_LOOPS:
            kinds += [self.loop] * 2
        if in_loop:
            kinds += [self.jump]
        return rng.choice(kinds)()

    def binding(self) -> list[str]:
        rng = self.rng
        one, other = rng.sample(NUMBERS, 2)
        return [
            rng.choice(
                (
                    f"{one} = {self.number()}",
                    f"{one} += {self.number(1)}",
                    f"{rng.choice(COUNTS)} = {self.count()}",
                    f"{one}, {other} = {self.number(1)}, {self.number(1)}",
                    f"{one}, {rng.choice(COUNTS)} = {self.number(1)}, {self.count()}",
                )
            )
        ]

    def array(self) -> list[str]:
        rng = self.rng
        whole = rng.choice(("v * 0.5", "v[::-1]", "np.array([a, b, c])", "v + a", "x[:3] * 1.0", "v.copy()"))
        part = f"v[{self.count()} % 3] {rng.choice(('=', '+='))} {self.number(1)}"
        return [rng.choice((f"v = {whole}", part))]

    def branch(self, *, in_loop: bool) -> list[str]:
        lines = [f"if {self.condition()}:", *_inside(self.block(2, in_loop=in_loop))]
        if self.rng.random() < 0.4:
            lines += ["else:", *_inside(self.block(2, in_loop=in_loop))]
        return lines

    def loop(self) -> list[str]:
        rng = self.rng
        index = f"k{len(self.loops)}"
        self.loops.append(index)
        head = rng.choice(
            (
                f"for {index} in range({rng.choice(('2', 'n', 'n - 1', 'len(x)'))}):",
                f"for {index}, {rng.choice(NUMBERS)} in enumerate(x):",
                f"for {index} in range(n, 0, -1):",
            )
        )
        lines = [head, *_inside(self.block(3, in_loop=True))]
        self.loops.pop()
        if rng.random() < 0.25:
            lines += ["else:", *_inside(self.block(1, in_loop=False))]
        return lines

    def jump(self) -> list[str]:
        rng = self.rng
        ways = ("break", "continue", "return a * 2 + b")
        return [f"if {self.condition()}:", *_inside([*self.binding(), rng.choice(ways)])]


def _inside(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
