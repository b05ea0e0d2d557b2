"""Random programs that keep in one iteration of a loop what later ones change, and ask which object it is.

`b.m *= 0.9; kept.append(b)` puts one object into a list again and again. `if k == 0: e = u` names an array for the
first time in a loop that goes on to change it, or to replace what the other name means. `if q is u` asks.

In:  seeds.   Out: programs over two vectors.
Not here: objects that conditions choose (chosen_objects.py), parts of arrays outside of loops (aliasing.py).
"""

from __future__ import annotations

from random import Random

from tests.programs.generate import Program

SIZE = 3
START = (
    "u, v, b, c = x * 1.0, y * 0.7, Box(x[0], y * 1.0), Box(y[1], x * 0.5)",
    'r, d, q, o = [x[0], y[1]], {"m": x[1], "w": x + y}, u, b',
    "kept, rows, arrays, pairs, by_number = [], [], [], [], {}",
    "nest, s = Box(0.5, x * 0.3), 0.0",
    "nest.list = []",
)
END = (
    "total = s + np.sum(u ** 2) - np.sum(v * q) + b.m * o.m - c.m ** 2 + np.sum(b.w) * r[0] - r[1] * np.sum(o.w)",
    'total += d["m"] * 0.3 + np.sum(np.sin(d["w"])) + nest.m',
)
READS = {
    "kept": ("for k, one in enumerate(kept):", "    total = 0.9 * total + (k + 1.0) * one.m - np.sum(one.w)"),
    "rows": (
        "for k, one in enumerate(rows):",
        "    total = 0.8 * total + np.sin(one[0]) * (k + 1.0) + one[1]",
    ),
    "arrays": ("for k, one in enumerate(arrays):", "    total = 0.9 * total + np.sum(one ** 2) * (k + 1.0)"),
    "pairs": ("for k, one in pairs:", "    total = 0.9 * total + one.m * (k + 1.0)"),
    "by_number": ("for k in by_number:", "    total = 0.7 * total + by_number[k].m * (k + 1.0)"),
    "nest.list": ("for one in nest.list:", "    total = 0.9 * total - one.m"),
}
HELPERS = """
class Box:
    def __init__(self, m, w):
        self.m = m
        self.w = w

    def bump(self, g):
        self.m = 0.9 * self.m + g
        return self
"""
EARLY = ("e", "f", "g")
"""Names that only loops bind: arrays, views, pairs."""


def generate_keeping(seed: int, *, size: int = 5) -> Program:
    """The program of this seed; `size` bounds its statements outside of blocks."""
    rng = Random(seed)
    writer = _Writer(rng)
    body = writer.block(size)
    if not writer.fresh:
        body += writer.loop()
    reads = [line for name in sorted(writer.filled) for line in READS[name]]
    early = [f"total += {'e[0]' if name == 'e' else 'f[-1]' if name == 'f' else 'g[0][0] * (g[1] + 1.0)'}"
             for name in sorted(writer.fresh)]  # fmt: skip
    lines = [*START, *body, *END, *reads]
    if early:
        lines += ["if n > 0:", *_inside(early)]
    text = "\n".join(f"    {line}" for line in [*lines, "return total"])
    trips = rng.choice((1, 3, 3, 4, 40))
    source = f"import numpy as np\n\n{HELPERS}\n\ndef program(x, y, n={trips}):\n{text}\n"
    return Program(source, ((SIZE,), (SIZE,)), "float64", seed, "number")


class _Writer:
    """Writes statements, as lines without the indentation of their block."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.loops: list[str] = []
        self.filled: set[str] = set()
        self.fresh: set[str] = set()

    # Expressions

    def box(self) -> str:
        return self.rng.choice(("b", "b", "c", "o"))

    def array(self) -> str:
        return self.rng.choice(("u", "u", "v", "q", f"{self.box()}.w", 'd["w"]'))

    def place(self) -> str:
        choices = [str(self.rng.randrange(SIZE))]
        if self.loops:
            choices += [f"{self.loops[-1]} % {SIZE}"]
        return self.rng.choice(choices)

    def number(self) -> str:
        places = (self.place(), self.place())
        terms = (
            f"x[{places[0]}]",
            f"y[{places[1]}]",
            f"{self.box()}.m",
            f"{self.array()}[{places[0]}]",
            "r[0]",
        )
        one, two = self.rng.choice(terms), self.rng.choice(terms)
        form = self.rng.choice(("np.sin({0})", "0.5 * np.cos({1}) * {0}", "np.tanh({0} - 0.3 * {1})"))
        return form.format(one, two)

    def condition(self) -> str:
        rng = self.rng
        options = [
            f"x[{self.place()}] > 0.0717",
            f"{self.number()} > 0.0917",
            self.question(),
            self.question(),
        ]
        if self.loops:
            options += [
                f"{self.loops[-1]} == {rng.randrange(3)}",
                f"{self.loops[-1]} % 2 == {rng.randrange(2)}",
            ]
        return rng.choice(options)

    def question(self) -> str:
        form = self.rng.choice(("{0} is {1}", "{0} is not {1}"))
        pair = self.rng.choice(((self.box(), self.box()), (self.array(), self.array())))
        return form.format(*pair)

    # Statements

    def block(self, size: int) -> list[str]:
        return [line for _ in range(self.rng.randint(1, size)) for line in self.statement(size)]

    def statement(self, size: int) -> list[str]:
        kinds = [self.change, self.change, self.replace]
        if self.loops:
            kinds += [self.keep, self.keep, self.keep, self.name]
        if size > 1:
            kinds += [self.branch]
        if len(self.loops) < 2 and size > 1:
            kinds += [self.loop] * (1 if self.loops else 3)
        return self.rng.choice(kinds)()

    def change(self) -> list[str]:
        form = self.rng.choice(
            (
                "{0}.m *= 0.9",
                "{0}.m = {1}",
                "{0}.bump({1})",
                "{0}.w[{3}] = {1}",
                "{2} *= 0.9",
                "{2}[{3}] += {1}",
                "r[{4}] = 0.8 * r[{4}] + {1}",
                'd["m"] = 0.8 * d["m"] + {1}',
                "s += {1}",
            )
        )
        found = form.format(self.box(), self.number(), self.array(), self.place(), self.rng.randrange(2))
        return [found]

    def replace(self) -> list[str]:
        """What a name means, or an attribute, is another object from here on."""
        form = self.rng.choice(
            (
                "u = u * 0.7",
                "u = {2} * 0.7",
                "q = {2}",
                "u, v = v, u",
                "b = Box({1}, {2} * 0.5)",
                "o = {0}",
                "r = [r[1], {1}]",
                "{0}.w = {2} * 0.9",
                'd["w"] = {2} * 0.8',
                "b, c = c, b",
            )
        )
        found = form.format(self.box(), self.number(), self.array())
        if self.rng.random() < 0.4:
            return [f"if {self.condition()}:", f"    {found}"]
        return [found]

    def keep(self) -> list[str]:
        index = self.loops[-1]
        target, form = self.rng.choice(
            (
                ("kept", "kept.append({0})"),
                ("kept", "kept += [{0}]"),
                ("kept", "kept.append({0}.bump({1}))"),
                ("kept", "kept.insert(0, {0})"),
                ("kept", "kept.append(Box({1}, {2} * 0.6))"),
                ("rows", "rows.append(r)"),
                ("rows", "rows.append([{1}, r[0]])"),
                ("arrays", "arrays.append({2})"),
                ("arrays", "arrays.append({2} * 0.5)"),
                ("pairs", "pairs.append(({3}, {0}))"),
                ("by_number", "by_number[{3}] = {0}"),
                ("nest.list", "nest.list.append({0})"),
            )
        )
        self.filled.add(target)
        lines = [form.format(self.box(), self.number(), self.array(), index)]
        if target == "kept" and self.rng.random() < 0.3:
            lines += [f"s += 0.3 * kept[{self.rng.choice((0, -1))}].m"]
        return lines

    def name(self) -> list[str]:
        """A name for an array, a view or a pair that this loop binds, in its first iteration at the latest."""
        name = self.rng.choice(EARLY)
        value = {"e": "{0}", "f": "{0}[1:]", "g": "({0}, {1})"}[name].format(self.array(), self.loops[-1])
        self.fresh.add(name)
        if self.rng.random() < 0.5:
            return [f"if {' and '.join(f'{index} == 0' for index in self.loops)}:", f"    {name} = {value}"]
        return [f"{name} = {value}"]

    # Bodies

    def branch(self) -> list[str]:
        fresh, filled = set(self.fresh), self.filled
        lines = [f"if {self.condition()}:", *_inside(self.block(1))]
        # Only some ways bind these names.
        for name in self.fresh - fresh:
            lines = [f"{name} = {'(u, 0)' if name == 'g' else 'u'}", *lines]
        self.filled = filled
        return lines

    def loop(self) -> list[str]:
        index = f"k{len(self.loops)}"
        self.loops.append(index)
        body = self.block(4)
        self.loops.pop()
        return [f"for {index} in range(n):", *_inside(body)]


def _inside(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
