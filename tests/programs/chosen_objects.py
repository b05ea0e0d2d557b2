"""Random programs that choose objects and dicts at run time, and replace their attributes and entries.

`best = a if flag else b; best.m += 1.0` changes an object that is read by its other names afterwards. Objects are
chosen in branches and loops, by an index, kept in attributes and lists, compared by `is`, and share arrays.

In:  seeds.   Out: programs over two vectors.
Not here: arrays and lists that are chosen (choosing.py).
"""

from __future__ import annotations

from random import Random

from tests.programs.generate import Program

SIZE = 3
OBJECTS = ("a", "b", "c", "p", "q", "h.best")
DICTS = ("d", "e", "r")
START = (
    "a, b, c = Box(x * 1.0, y[0]), Box(y * 2.0, x[1]), Box(x * y, 0.5)",
    "p, q, h = a, b, Holder(c)",
    'd, e = {"w": x + y, "m": x[0]}, {"w": x - y, "m": y[1]}',
    "r, v, items, s = d, a.w, [a, b, c], 0.0",
)
END = (
    "total = s + np.sum(v ** 2) + 0.3 * h.best.m",
    "for k, one in enumerate((a, b, c, p, q)):",
    "    total = 0.9 * total + np.sum(one.w * np.cos(one.w)) - (k + 1.0) * one.m ** 2",
    "for one in (d, e, r):",
    '    total = 0.8 * total - np.sum(one["w"] ** 2) + one["m"]',
    "return total + np.sum(items[0].w) * items[1].m",
)
HELPERS = """
class Box:
    def __init__(self, w, m):
        self.w = w
        self.m = m

    def bump(self, g):
        self.m = 0.9 * self.m + g
        self.w = self.w * 0.7
        return self.w


class Holder:
    def __init__(self, best):
        self.best = best


def choose(u, v, flag):
    if flag:
        return u
    return v
"""


def generate_chosen_objects(seed: int, *, size: int = 7) -> Program:
    """The program of this seed; `size` bounds its statements outside of blocks."""
    rng = Random(seed)
    lines = [*START, *_Writer(rng).block(size), *END]
    text = "\n".join(f"    {line}" for line in lines)
    trips = rng.choice((0, 1, 3, 3, 40))
    source = f"import numpy as np\n\n{HELPERS}\n\ndef program(x, y, n={trips}):\n{text}\n"
    return Program(source, ((SIZE,), (SIZE,)), "float64", seed, "number")


class _Writer:
    """Writes statements, as lines without the indentation of their block."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.loops: list[str] = []

    # Expressions

    def object(self) -> str:
        return self.rng.choice(OBJECTS)

    def dict(self) -> str:
        return self.rng.choice(DICTS)

    def array(self) -> str:
        """An array that something holds."""
        return self.rng.choice((f"{self.object()}.w", f"{self.object()}.w", f'{self.dict()}["w"]', "v"))

    def place(self) -> str:
        choices = [str(self.rng.randrange(SIZE))]
        if self.loops:
            choices += [f"{self.loops[-1]} % {SIZE}"] * 2
        return self.rng.choice(choices)

    def scalar(self) -> str:
        return self.rng.choice(
            (
                f"x[{self.place()}]",
                f"y[{self.place()}]",
                f"{self.object()}.m",
                f"{self.array()}[{self.place()}]",
                f'{self.dict()}["m"]',
            )
        )

    def number(self) -> str:
        one, two = self.scalar(), self.scalar()
        form = self.rng.choice(("np.sin({0})", "0.5 * np.cos({1}) * {0}", "np.tanh({0} - 0.3 * {1})"))
        return form.format(one, two)

    def condition(self) -> str:
        rng = self.rng
        options = [
            f"x[{self.place()}] > 0.0717",
            f"y[{self.place()}] < 0.1717",
            f"{self.number()} > 0.0917",
            f"{self.object()} is {self.object()}",
        ]
        if self.loops:
            options += [f"{self.loops[-1]} % 3 == {rng.randrange(2)}"]
        return rng.choice(options)

    # Statements

    def block(self, size: int) -> list[str]:
        return [line for _ in range(self.rng.randint(1, size)) for line in self.statement(size)]

    def statement(self, size: int) -> list[str]:
        kinds = [self.choose, self.choose, self.choose_dict, self.write, self.write, self.write]
        kinds += [self.write_dict, self.share, self.keep]
        if size > 1:
            kinds += [self.branch]
        if len(self.loops) < 2 and size > 1:
            kinds += [self.loop]
        return self.rng.choice(kinds)()

    def choose(self) -> list[str]:
        target, left, right = self.rng.choice(("p", "q", "p", "q", "h.best")), self.object(), self.object()
        form = self.rng.choice(
            (
                "{0} = {1} if {3} else {2}",
                "{0} = {1} if {3} else {2}",
                "if {3}:\n    {0} = {1}",
                "if {3}:\n    {0} = {1}\nelse:\n    {0} = {2}",
                "{0} = choose({1}, {2}, {3})",
                "{0} = items[int(np.argmin(x * y))]",
                "{0} = items[int(np.argmax([one.m for one in items]))]",
                "if {3}:\n    p, q = q, p",
                "p, q = (q, p) if {3} else (p, q)",
                "if {3}:\n    {0} = Box({1}.w * 0.5, {2}.m)",
                "{0} = Box({1}.w, {2}.m)",
            )
        )
        return form.format(target, left, right, self.condition()).split("\n")

    def choose_dict(self) -> list[str]:
        form = self.rng.choice(
            (
                "r = d if {0} else e",
                "if {0}:\n    r = {1}",
                "if {0}:\n    d, e = e, d",
                'if {0}:\n    r = {{"w": {2} * 0.5, "m": {3}}}',
            )
        )
        return form.format(self.condition(), self.dict(), self.array(), self.number()).split("\n")

    def write(self) -> list[str]:
        form = self.rng.choice(
            (
                "{0}.m = {1}",
                "{0}.m += {1}",
                "{0}.m *= 0.9",
                "{0}.w = {2} * 0.9",
                "{0}.w = np.sin({2}) + {1}",
                "{0}.w *= 0.8",
                "{0}.w[{3}] = {1}",
                "{0}.w[{3}] += {1}",
                "{0}.bump({1})",
                "v = {0}.bump({1})",
                "{0}.w, {0}.m = {2} * {1}, {1}",
            )
        )
        return [form.format(self.object(), self.number(), self.array(), self.place())]

    def write_dict(self) -> list[str]:
        form = self.rng.choice(
            (
                '{0}["m"] = {1}',
                '{0}["m"] += {1}',
                '{0}["w"] = {2} * 0.9',
                '{0}["w"][{3}] = {1}',
                '{0}["w"] *= 0.8',
                "{0}.update(m={1}, w={2} * 0.5)",
            )
        )
        return [form.format(self.dict(), self.number(), self.array(), self.place())]

    def share(self) -> list[str]:
        """One array in two objects."""
        form = self.rng.choice(
            (
                "{0}.w = {1}.w",
                "{0}.w, {1}.w = {1}.w, {0}.w",
                "v = {2}",
                "v[{3}] = {4}",
                '{0}.w = {5}["w"]',
                '{5}["w"] = {0}.w',
                "s += {4}",
            )
        )
        return [
            form.format(self.object(), self.object(), self.array(), self.place(), self.number(), self.dict())
        ]

    def keep(self) -> list[str]:
        form = self.rng.choice(
            (
                "items[{2}] = {0}",
                "items[0], items[1] = items[1], items[0]",
                "s = s + (items[{2}].m if items[{2}] is {0} else {1})",
                "items[{2}].m += {1}",
                "for one in items:\n    one.m = 0.9 * one.m + {1}",
            )
        )
        return form.format(self.object(), self.number(), self.rng.randrange(3)).split("\n")

    # Bodies

    def branch(self) -> list[str]:
        lines = [f"if {self.condition()}:", *_inside(self.block(2))]
        if self.rng.random() < 0.4:
            lines += ["else:", *_inside(self.block(2))]
        return lines

    def loop(self) -> list[str]:
        index = f"k{len(self.loops)}"
        trips = self.rng.choice(("n", "n", "2", "len(x)"))
        self.loops.append(index)
        body = self.block(3)
        if self.rng.random() < 0.2:
            body += [
                f"if {self.condition()}:",
                f"    {self.rng.choice(('break', 'continue'))}",
                *self.write(),
            ]
        self.loops.pop()
        return [f"for {index} in range({trips}):", *_inside(body)]


def _inside(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
