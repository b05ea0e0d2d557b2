"""What the writers of random programs by statement and block have in common.

In:  statements of a generator.   Out: lines of a program.
Not here: which statements there are (carrying.py, optional.py).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.programs.broad.generate import is_sound
from tests.programs.generate import NAME, Program

LENGTH = 3


class BlockWriter:
    """Writes one program of two vectors, line by line; `index` is the variable of the loop around."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.level = 1
        self.index = ""
        self.made = 0

    def module(self, size: int) -> str:
        """The text of a program of about so many statements."""
        raise NotImplementedError

    def statement(self, budget: int) -> int:
        """Write a statement; how many it counts for."""
        raise NotImplementedError

    def line(self, text: str) -> None:
        self.lines.append("    " * self.level + text)

    def block(self, header: str, budget: int, index: str = "") -> int:
        outer = self.index
        self.line(header)
        self.level, self.index = self.level + 1, index or outer
        spent = 0
        while spent < max(1, budget - 1):
            spent += self.statement(budget - 1 - spent)
        self.level, self.index = self.level - 1, outer
        return spent + 1

    def looped(self, header: str, budget: int) -> int:
        """A block under a `for`, or under a `while` that counts by itself."""
        self.made += 1
        index, repeats = f"i{self.made}", header.startswith("while")
        if repeats:
            self.line(f"{index} = 0")
        first = len(self.lines) + 1
        spent = self.block(header.format(i=index, v=f"v{self.made}"), budget, index)
        if repeats:
            self.lines.insert(first, "    " * (self.level + 1) + f"{index} += 1")
        return spent


def sound_program(
    seed: int,
    size: int,
    writer: Callable[[Random], BlockWriter],
    *,
    plain: str = NAME,
    own_exceptions: bool = False,
    complex_numbers: bool = False,
) -> Program:
    """The program of this seed; texts that raise or whose values grow are thrown away."""
    rng = Random(seed)
    while True:
        text = writer(rng).module(size)
        shapes = ((LENGTH,), (LENGTH,))
        program = Program(
            text,
            shapes,
            "float64",
            seed,
            "number",
            complex_numbers,
            plain=plain,
            own_exceptions=own_exceptions,
        )
        if is_sound(program):
            return program
