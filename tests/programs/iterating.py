"""Random programs that replace items of lists and dicts while these are gone over, in all ways to go over them.

`for v in items: items[2] = np.sin(v)` meets the new item when it comes to it; `zip(items, items[1:])` goes over a
list that changes and a copy that does not; `map` and generator expressions compute an item when it is asked for.

In:  seeds.   Out: programs over two vectors.
Not here: what containers share (swapping.py), variables that are one of several (choosing.py).
"""

from __future__ import annotations

from random import Random

from tests.programs.generate import Program
from tests.programs.writing import BlockWriter, sound_program

IMPORTS = """import functools
import itertools
from collections import deque

import numpy as np
"""
HELPERS = """

class Box:
    def __init__(self, items):
        self.items = items

    def change(self, v):
        self.items[1] = 0.7 * self.items[1] + 0.2 * np.sin(v)
        return v
"""
INSIDE = """
    def change(v):
        {one}[{place}] = 0.6 * {one}[{place}] + 0.3 * np.cos(v)
        return {result}

    def each(items):
        for v in items:
            yield {result}
"""
LISTS = ("one", "two", "box.items", "queue")
ITEMS = (
    "for {v} in {one}:",
    "for {v} in {one}:",
    "for {v} in list({one}):",
    "for {k}, {v} in enumerate({one}):",
    "for {v}, {w} in zip({one}, {two}):",
    "for {v}, {w} in zip({one}, list({one})[1:]):",
    "for {v}, {w} in zip({one}, x):",
    "for {v} in reversed({one}):",
    "for {v}, {w} in itertools.pairwise({one}):",
    "for {v} in itertools.chain({one}, {two}):",
    "for {v} in itertools.islice({one}, 1, None):",
    "for {v}, {w} in itertools.zip_longest({one}, {two}, fillvalue=0.5 * x[0]):",
    "for {v}, {w} in itertools.combinations({one}, 2):",
    "for {v}, {w} in itertools.product({one}, {two}):",
    "for {v} in iter({one}):",
    "for {v} in map(change, {one}):",
    "for {v} in map(lambda v: 0.8 * v, {one}):",
    "for {k}, {v} in enumerate(0.8 * v for v in {one}):",
    "for {v} in (change(v) for v in {one}):",
    "for {v} in filter(lambda v: np.sum(v) > -0.0717, {one}):",
    "for {v} in [change(v) for v in {one}]:",
    "for {v} in each({one}):",
    "for {v} in d.values():",
    "for {k}, {v} in d.items():",
    "for {v} in {{k: change(v) for k, v in d.items()}}.values():",
)
WHOLE = (
    "total += {weight} * np.sum(sum(change(v) for v in {one}))",
    "total += {weight} * np.sum(sum([change(v) for v in {one}]))",
    "total += {weight} * np.sum(sum(map(change, {one})))",
    "total += {weight} * np.sum(sum(change(v) * w for v, w in zip({one}, {two})))",
    "total += {weight} * np.sum(functools.reduce(lambda a, v: 0.5 * a + change(v), {one}))",
    "total += {weight} * np.sum(sum([change(v) for v in {one} if np.sum(v) > 0.0717], 0.0 * y))",
    "total += {weight} * np.sum(sum(box.change(v) for v in box.items))",
)


def generate_iterating(seed: int, *, size: int = 5) -> Program:
    """The program of this seed, of about so many statements."""
    return sound_program(seed, size, _Writer)


class _Writer(BlockWriter):
    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.holds_arrays = rng.random() < 0.25
        self.grows = rng.random() < 0.4
        self.found: list[str] = []
        self.loops = 0

    def module(self, size: int) -> str:
        rng = self.rng
        names = rng.sample(LISTS, 2)
        self.names = names
        self.line("total = 0.0")
        for name in ("one", "two"):
            self.line(f"{name} = {self.items()}")
        self.line(f"box = Box({self.rng.choice(('one', self.items()))})")
        self.line(f"queue = {self.rng.choice(('deque({})', '{}')).format(self.items())}")
        self.line(f'd = {{"a": {self.start()}, "b": {self.start()}, "c": {self.start()}}}')
        result = rng.choice(("v", "0.9 * v", "v * v"))
        inside = INSIDE.format(one=rng.choice(names), place=self.place(), result=result)
        self.lines.extend(inside.splitlines())
        self.lines.append("")
        spent = 0
        while spent < size:
            spent += self.statement(size - spent)
        for name, weight in zip(LISTS, (0.7, -0.4, 1.3, 0.6), strict=True):
            self.line(f"total += {weight} * sum(np.sum(np.sin(v)) * k for k, v in enumerate({name}, 1))")
        self.line('total += np.sum(np.sin(d["a"]) * d["b"] * d["c"])')
        self.line("return total")
        trips = rng.choice((1, 2, 3))
        return f"{IMPORTS}{HELPERS}\n\ndef program(x, y, n={trips}):\n" + "\n".join(self.lines) + "\n"

    def start(self) -> str:
        if self.holds_arrays:
            return self.rng.choice(("x * 0.9", "y * -0.4", "x * y", "np.cos(y)"))
        source, place = self.rng.choice("xy"), self.rng.randrange(3)
        return self.rng.choice((f"{source}[{place}]", f"0.8 * {source}[{place}]", f"x[{place}] * y[{place}]"))

    def items(self) -> str:
        if not self.holds_arrays and self.rng.random() < 0.2:
            return f"[{self.start()} * (1.0 + 0.1 * i) for i in range(n + 2)]"
        return f"[{', '.join(self.start() for _ in range(self.rng.randint(3, 4)))}]"

    def place(self) -> str:
        return self.rng.choice(("0", "1", "1", "-1", "-1"))

    def item(self) -> str:
        if self.found and self.rng.random() < 0.7:
            return self.rng.choice(self.found)
        return self.entry()

    def entry(self) -> str:
        if self.rng.random() < 0.2:
            return f'd["{self.rng.choice("abc")}"]'
        return f"{self.rng.choice(self.names)}[{self.place()}]"

    def condition(self) -> str:
        return f"np.sum({self.item()}) > {self.rng.choice((0.1917, -0.2717))}"

    def statement(self, budget: int) -> int:
        chance = self.rng.random()
        if self.loops < 2 and budget > 0 and chance < (0.25 if self.loops else 0.7):
            return self.going_over(budget)
        if self.loops < 1 and chance < 0.76:
            return self.block("for _ in range(n):", budget)
        if self.found and chance < 0.5:
            return self.block(f"if {self.condition()}:", min(2, budget))
        if self.found and chance < 0.54:
            self.line(f"if {self.condition()}:")
            self.line(f"    {self.rng.choice(('break', 'continue'))}")
        elif not self.found and chance < 0.9:
            self.line(self.rng.choice(WHOLE).format(weight=0.3, **self.two_lists()))
        elif self.grows and chance < 0.62:
            self.line(self.resized())
        else:
            self.line(self.change())
        return 1

    def two_lists(self) -> dict[str, str]:
        one = self.rng.choice(self.names)
        return {"one": one, "two": self.rng.choice(LISTS)}

    def going_over(self, budget: int) -> int:
        self.made += 1
        names = {name: f"{name}{self.made}" for name in "kvw"}
        header = self.rng.choice(ITEMS).format(**names, **self.two_lists())
        before = self.found
        self.found = [*before, names["v"], *([names["w"]] if names["w"] in header else [])]
        self.loops += 1
        self.line(header)
        self.level += 1
        spent = 0
        while spent < min(3, max(1, budget - 1)):
            spent += self.statement(budget - 1 - spent)
        self.line(f"total = 0.8 * total + np.sum({names['v']} * {self.item()})")
        self.level -= 1
        self.loops -= 1
        self.found = before
        return spent + 1

    def resized(self) -> str:
        one = self.rng.choice([name for name in self.names if name != "queue"] or ["one"])
        return self.rng.choice(
            (
                f"{one}.append(0.5 * {self.item()}) if len({one}) < 5 else None",
                f"total += np.sum({one}.pop()) if len({one}) > 2 else 0.0",
                f"{one}[1:] = {one}[1:][::-1]",
            )
        )

    def change(self) -> str:
        form = self.rng.choice(
            (
                "{0} = 0.7 * {0} + 0.3 * np.sin({1})",
                "{0} = {1}",
                "{0} += 0.3 * {1}",
                "{0} = 0.8 * {1} * {2}",
                "{0}, {3} = {3}, {0}",
                "total += np.sum({1} * {2})",
                "box.change({1})",
                "change({1})",
                *(("{0} *= 0.9", "{0} = {1}.copy()", "{0}[1] = 0.3 * {1}[2]") if self.holds_arrays else ()),
            )
        )
        return form.format(self.entry(), self.item(), self.item(), self.entry())
