"""Fills the holes of fragments with what the program knows at that point.

In:  a random generator, shapes of the arguments.   Out: text of a function.
Not here: the fragments, whether the program is sound (generate.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.programs.broad import containers, control, functions, mutation, numeric, views
from tests.programs.broad.fragment import SHAPES, Fragment, fits
from tests.programs.scope import Shape

TOPICS: tuple[tuple[list[Fragment], int], ...] = (
    (mutation.FRAGMENTS, 5),
    (views.FRAGMENTS, 4),
    (control.FRAGMENTS, 5),
    (containers.FRAGMENTS, 3),
    (functions.FRAGMENTS, 3),
    (numeric.FRAGMENTS, 3),
)
HOLE = re.compile(r"\$[a-z]+")
DEEPEST = 3


class BroadWriter:
    """Writes one function; knows the arrays and numbers that are bound where it writes."""

    def __init__(self, rng: Random, *, complex_numbers: bool) -> None:
        self.rng = rng
        self.arrays: dict[str, Shape] = {}
        self.numbers: list[str] = []
        self.indices: list[str] = []
        self.loops = 0
        self.depth = 0
        self.made = 0
        self.weights = 0
        self.topics = (*TOPICS, (numeric.COMPLEX, 4)) if complex_numbers else TOPICS

    # --- what is known ---

    def name(self) -> str:
        self.made += 1
        return f"{self.rng.choice('abcdefghpqrst')}{self.made}"

    def weight(self) -> str:
        self.weights += 1
        return f"{0.2 + 0.07 * self.weights:.2f}"

    def array_for(self, needs: str) -> str | None:
        found = [name for name, shape in self.arrays.items() if fits(needs, shape)]
        return self.rng.choice(found) if found else None

    def alike(self, shape: Shape) -> str:
        return self.rng.choice([name for name, have in self.arrays.items() if have == shape])

    def everything(self) -> str:
        """A number that depends on all that is bound."""
        terms = [f"{self.weight()} * np.sum(np.sin({name}))" for name in self.arrays]
        terms += [f"{self.weight()} * {name}" for name in self.numbers]
        return " + ".join(["total", *terms])

    # --- expressions ---

    def constant(self) -> str:
        return f"{self.rng.uniform(-0.9, 0.9):.3f}"

    def atom(self) -> str:
        """A number."""
        options: list[Callable[[], str]] = [self.constant]
        if self.numbers:
            options += [lambda: self.rng.choice(self.numbers)] * 2
        if self.indices:
            options.append(lambda: f"0.1 * {self.rng.choice(self.indices)}")
        name = self.array_for("some")
        if name is not None:
            options += [lambda: f"{name}[{self.place(self.arrays[name])}]"] * 3
            options += [lambda: self.pattern(numeric.NUMBERS)]
        return self.rng.choice(options)()

    def number(self) -> str:
        form = self.rng.choice(
            (
                "np.sin({0})",
                "0.5 * {0} * np.cos({1})",
                "(0.4 * {0} - 0.3 * {1})",
                "math.tanh({0})",
                "(0.5 * {0} if {0} > 0.1173 else 0.3 * {1})",
                "max(0.4 * {0}, 0.0171)",
                "({0} / (1.5 + np.abs({1})))",
                "math.exp(-abs({0}))",
            )
        )
        return form.format(self.atom(), self.atom())

    def pattern(self, patterns: tuple[tuple[str, str], ...], shape: Shape | None = None) -> str:
        """One of the expressions, over arrays of this shape."""
        fitting = [
            (text, name)
            for text, needs in patterns
            for name, have in self.arrays.items()
            if fits(needs, have) and shape in (None, have)
        ]
        if not fitting:
            return self.constant()
        text, name = self.rng.choice(fitting)
        return self.filled(Fragment(text), name, {})

    def place(self, shape: Shape) -> str:
        return ", ".join(self.index(length) for length in shape) or "()"

    def index(self, length: int) -> str:
        if self.indices and self.rng.random() < 0.5:
            return f"{self.rng.choice(self.indices)} % {length}"
        return str(self.rng.randrange(-length, length))

    # --- statements ---

    def statement(self, budget: int) -> tuple[list[str], int]:
        """Lines of one fragment, and how much of the budget they took."""
        while True:
            topics = [topic for topic, _ in self.topics]
            topic = self.rng.choices(topics, [weight for _, weight in self.topics])[0]
            fragment = self.rng.choice(topic)
            made = self.write(fragment, budget)
            if made is not None:
                return made

    def write(self, fragment: Fragment, budget: int) -> tuple[list[str], int] | None:
        """The fragment, if it may stand here."""
        if fragment.top and self.depth or fragment.looping and not self.loops:
            return None
        if fragment.has_body and (budget < 2 or self.depth >= DEEPEST):
            return None
        name = None if fragment.needs == "nothing" else self.array_for(fragment.needs)
        if name is None and fragment.needs != "nothing":
            return None
        known: dict[str, str] = {}
        shape = self.arrays[name] if name else ()
        spent = [0]
        text = self.filled(fragment, name, known, budget - 1, spent)
        cut = int(known.get("$cut", 1))
        for hole, kind in fragment.binds.items():
            self.bind(known[hole], SHAPES[kind](shape, cut))
        return text.split("\n"), 1 + spent[0]

    def bind(self, name: str, shape: Shape) -> None:
        if shape:
            self.arrays[name] = shape
        else:
            self.numbers.append(name)

    def filled(
        self,
        fragment: Fragment,
        name: str | None,
        known: dict[str, str],
        budget: int = 0,
        spent: list[int] | None = None,
    ) -> str:
        shape = self.arrays[name] if name else ()
        lines = []
        for line in fragment.text.split("\n"):
            if line.strip() == "$body":
                indent = line[: line.index("$")]
                body, cost = self.body(fragment, known, max(1, budget))
                if spent is not None:
                    spent[0] += cost
                lines += [indent + inner for inner in body]
            else:
                lines.append(HOLE.sub(lambda found: self.hole(found[0], name, shape, known), line))
        return "\n".join(lines)

    def hole(self, hole: str, name: str | None, shape: Shape, known: dict[str, str]) -> str:
        """What stands in the place of a hole, the same each time."""
        if hole not in known:
            known[hole] = self.filling(hole, name, shape)
        return known[hole]

    def filling(self, hole: str, name: str | None, shape: Shape) -> str:
        if hole == "$a":
            assert name is not None
            return name
        if hole in ("$b", "$c"):
            return self.alike(shape)
        if hole in ("$v", "$w"):
            return self.number()
        if hole == "$x":
            return self.pattern(numeric.ARRAYS, shape)
        if hole in ("$k", "$l"):
            return str(self.rng.randrange(-shape[0], shape[0]))
        if hole == "$cut":
            return str(self.rng.randrange(1, max(2, shape[0])))
        if hole == "$place":
            return self.place(shape)
        if hole == "$everything":
            return self.everything()
        return self.name()

    def body(self, fragment: Fragment, known: dict[str, str], budget: int) -> tuple[list[str], int]:
        """Statements inside; what they bind is forgotten after them."""
        arrays, numbers, indices = dict(self.arrays), list(self.numbers), list(self.indices)
        loop = fragment.text.startswith(("for", "$i = 0"))
        self.indices += [known[hole] for hole in ("$i", "$j") if hole in known and loop]
        self.loops, self.depth = self.loops + loop, self.depth + 1
        lines: list[str] = []
        spent, inner = 0, self.rng.randrange(1, max(2, budget))
        while spent < inner:
            made, cost = self.statement(inner - spent)
            lines, spent = lines + made, spent + cost
        lost = [new for new in self.numbers if new not in numbers]
        lines += [f"total = 0.9 * total + {self.weight()} * {new}" for new in lost]
        self.loops, self.depth = self.loops - loop, self.depth - 1
        self.arrays, self.numbers, self.indices = arrays, numbers, indices
        return lines, spent
