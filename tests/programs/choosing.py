"""Random programs that write what run-time conditions choose: one of several arrays, parts, lists, buffers.

`target = a if flag else b` makes a write to `target` one to `a` or to `b`, which are read by those names
afterwards; buffers are swapped under conditions, in loops and out of them; parts of what was chosen are written.

In:  seeds.   Out: programs over two vectors.
Not here: aliases that are known without running the program (aliasing.py).
"""

from __future__ import annotations

from random import Random

from tests.programs.generate import Program

SIZE = 4
ARRAYS = ("a", "b", "c")
LISTS = ("s", "t")
START = (
    "a, b, c = x * 1.0, y * 2.0, x * y",
    "p, q, v = a, b, c[1:]",
    "s, t = [x[0], y[1]], [y[2], x[3]]",
    "w = s",
)
END = (
    "total = np.sum(a) + np.sum(b ** 2) - 0.7 * np.sum(np.sin(c)) + 0.3 * np.sum(p * q) + 0.2 * np.sum(v ** 2)",
    "for one in s:",
    "    total = 0.9 * total + one",
    "for one in t + w:",
    "    total = 0.8 * total - one ** 2",
    "return total",
)
HELPERS = """
def bump(u, v):
    u[0] += 0.3 * v[-1]
    u *= 0.9
    return v


def choose(u, v, flag):
    if flag:
        return u
    return v
"""


def generate_choosing(seed: int, *, size: int = 8) -> Program:
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

    def whole(self) -> str:
        """The name of an array of full size."""
        return self.rng.choice((*ARRAYS, "p", "q"))

    def place(self) -> str:
        choices = [str(self.rng.randrange(-SIZE + 1, SIZE - 1))]
        if self.loops:
            choices += [f"{self.loops[-1]} % {SIZE - 1}"] * 2
        return self.rng.choice(choices)

    def number(self) -> str:
        rng = self.rng
        one = rng.choice(
            (f"x[{self.place()}]", f"{self.whole()}[{self.place()}]", "v[0]", "v[-1]", "s[0]", "t[-1]")
        )
        two = rng.choice(
            (f"y[{self.place()}]", f"{self.whole()}[{self.place()}]", "np.sum(q)", "0.7", "w[0]")
        )
        return rng.choice((f"np.sin({one})", f"0.5 * np.cos({two}) * {one}", f"np.tanh({one} - 0.3 * {two})"))

    def condition(self) -> str:
        rng = self.rng
        options = [f"x[{self.place()}] > 0.0717", f"y[{self.place()}] < 0.1717", f"{self.number()} > 0.0917"]
        if self.loops:
            options += [f"{self.loops[-1]} % 3 == {rng.randrange(2)}"]
        return rng.choice(options)

    # Statements

    def block(self, size: int) -> list[str]:
        return [line for _ in range(self.rng.randint(1, size)) for line in self.statement(size)]

    def statement(self, size: int) -> list[str]:
        kinds = [
            self.choose,
            self.choose,
            self.swap,
            self.write,
            self.write,
            self.write,
            self.part,
            self.lists,
        ]
        kinds += [self.fresh, self.helper]
        if len(self.loops) < 2 and size > 1:
            kinds += [self.loop, self.branch]
        elif size > 1:
            kinds += [self.branch]
        return self.rng.choice(kinds)()

    def choose(self) -> list[str]:
        """One of several arrays, or of their parts."""
        rng = self.rng
        target, left, right = rng.choice(("p", "q")), self.whole(), self.whole()
        form = rng.choice(
            (
                "{0} = {1} if {3} else {2}",
                "if {3}:\n    {0} = {1}",
                "if {3}:\n    {0} = {1}\nelse:\n    {0} = {2}",
                "{0} = choose({1}, {2}, {3})",
                "if {3}:\n    {0} = {1} * 0.5\nelse:\n    {0} = {2}",
                "{0} = {1} if {3} else {2} if {4} else {5}",
                "v = {1}[1:] if {3} else {2}[:-1]",
                "if {3}:\n    v = {1}[1:]\nelse:\n    v = {2}[::-1][1:]",
                "if {3}:\n    v = {1}[{6}:][:1]",
            )
        )
        text = form.format(
            target, left, right, self.condition(), self.condition(), self.whole(), rng.randrange(SIZE - 1)
        )
        return text.split("\n")

    def swap(self) -> list[str]:
        rng = self.rng
        one, two = rng.choice((("p", "q"), ("a", "b"), ("p", "a"), ("b", "c")))
        form = rng.choice(
            (
                "if {2}:\n    {0}, {1} = {1}, {0}",
                "if {2}:\n    {0}, {1} = {1}, {0}",
                "{0}, {1} = {1}, {0}",
                "{0}, {1} = ({1}, {0}) if {2} else ({0}, {1})",
                "if {2}:\n    p, a, b = a, b, p",
            )
        )
        return form.format(one, two, self.condition()).split("\n")

    def write(self) -> list[str]:
        rng = self.rng
        form = rng.choice(
            (
                "{0}[{1}] = {2}",
                "{0}[{1}] += {2}",
                "{0}[1:] = 0.5 * {3}[:-1]",
                "{0} *= 0.9",
                "{0} += 0.3 * np.sin({3})",
                "{0}[...] = {2}",
                "{0}[{3} > 0.0517] *= 0.5",
                "{0}[[0, 2, 0]] += {2}",
                "{0}.fill({2})",
                "np.multiply({3}, 0.5, out={0})",
                "np.add.at({0}, [1, 1], {2})",
                "{0}[::-1][1] = {2}",
                "{0}.sort()",
                "v[{1}] = {2}" if rng.random() < 0.5 else "v *= {2}",
            )
        )
        place = self.place() if not form.startswith("v") else "0"
        return [form.format(rng.choice(("p", "q", self.whole())), place, self.number(), self.whole())]

    def part(self) -> list[str]:
        """A part of what was chosen; the number of its elements may differ."""
        return [
            self.rng.choice(("v = p[1:]", "v = q[::2]", "v = p[::-1]", "v = p", "v = q.reshape(2, 2)[1]"))
        ]

    def lists(self) -> list[str]:
        rng = self.rng
        form = rng.choice(
            (
                "w = s if {0} else t",
                "w = s if {0} else t",
                "w.append({1})",
                "w.append({1})",
                "w[0] = {1}",
                "w[-1] *= {1}",
                "(s if {0} else t).append({1})",
                "if len(w) > 2:\n    w.pop()",
                "w += [{1}]",
                "w.insert(0, {1})",
                "w.reverse()",
                "if {0}:\n    s, t = t, s",
            )
        )
        return form.format(self.condition(), self.number()).split("\n")

    def fresh(self) -> list[str]:
        target, source = self.rng.choice(("p", "q", *ARRAYS)), self.whole()
        return [
            self.rng.choice(
                (f"{target} = {source} * 0.9", f"{target} = {source}.copy()", f"{target} = np.sin({source})")
            )
        ]

    def helper(self) -> list[str]:
        return [self.rng.choice((f"bump({self.whole()}, {self.whole()})", f"p = bump(q, {self.whole()})"))]

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
