"""Random programs that change what lies outside of the function: globals, closures, attributes of classes.

`if c: KNOWN["a"] = x[0]` changes an object that the function meets in a branch, a loop, or a function it calls;
what follows reads it there, by another global, or through a view of it.

In:  seeds.   Out: programs over two vectors.
Not here: what the function makes itself (chosen_objects.py), arguments that are written to (aliasing.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.programs.generate import Program
from tests.programs.writing import BlockWriter, sound_program

CLASS = """
class Box:
    scale = 0.8
    seen = []

    def __init__(self, m, w):
        self.m = m
        self.w = w

    def bump(self, g):
        self.m = 0.9 * self.m + g * self.scale
        return self.m
"""
PLAIN = """
program, restore = make()
restore()


def plain(*args):
    restore()
    value = program(*args)
    restore()
    return value
"""


@dataclass(frozen=True)
class Kind:
    """One kind of what lies outside; `{0}` is its name, `{1}` a number, `{2}` a place, `{3}` an array.

    Attributes:
        made: the text that makes it.
        restored: the lines that make it what it was.
        changes: statements.
        numbers: expressions that read it.
        end: what of it counts in the result.
        array: an expression of an array of full size in it, if it has one.
    """

    made: str
    restored: tuple[str, ...]
    changes: tuple[str, ...]
    numbers: tuple[str, ...]
    end: str
    array: str = ""


KINDS = {
    "table": Kind(
        "np.array([0.3, -0.2, 0.5])",
        ("{0}[:] = (0.3, -0.2, 0.5)",),
        (
            "{0}[{2}] = {1}",
            "{0}[{2}] += {1}",
            "{0}[1:] = 0.7 * {3}[:-1]",
            "{0}[...] = 0.8 * {3}",
            "np.add.at({0}, [0, 2, 0], {1})",
            "{0}[{0} > 0.4517] *= 0.9",
            "put_{0}({1}, {2})",
            "q = {0}",
            "q = {0}[::-1]",
        ),
        ("{0}[{2}]", "np.sum({0})", "put_{0}({1}, {2})"),
        "np.sum(np.sin({0}))",
        array="{0}",
    ),
    "items": Kind(
        "[0.4, -0.3]",
        ("{0}[:] = [0.4, -0.3]",),
        (
            "{0}.append({1})",
            "{0}[-1] = {1}",
            "{0}[0] *= 0.9",
            "{0}.insert(0, {1})",
            "{0}.extend([{1}, 0.2])",
            "if len({0}) > 2:\n    total += 0.3 * {0}.pop()",
            "{0}.reverse()",
        ),
        ("{0}[-1]", "{0}[0]", "0.1 * len({0})", "0.3 * sum({0})"),
        "sum(one * k for k, one in enumerate({0}, 1))",
    ),
    "known": Kind(
        '{{"a": 0.3, "b": 0.1}}',
        ("{0}.clear()", "{0}.update(a=0.3, b=0.1)"),
        (
            '{0}["a"] = {1}',
            '{0}["a"] += {1}',
            '{0}["b"] = {1}',
            'if "c" not in {0}:\n    {0}["c"] = {1}',
            '{0}.setdefault("b", {1})',
            '{0}["b"] = {0}.get("c", 0.1) * {1}',
        ),
        ('{0}["a"]', '{0}["b"]', '{0}.get("c", 0.2)'),
        'sum({0}.values()) + {0}["a"] ** 2',
    ),
    "box": Kind(
        "Box(0.5, np.array([0.1, 0.7, -0.6]))",
        ("{0}.m = 0.5", "{0}.w = np.array([0.1, 0.7, -0.6])"),
        (
            "{0}.m = {1}",
            "{0}.m *= 0.9",
            "{0}.bump({1})",
            "{0}.w[{2}] = {1}",
            "{0}.w *= 0.9",
            "{0}.w[{0}.w < 0.3117] = {1}",
            "{0}.w = 0.8 * {3}",
            "q = {0}.w",
        ),
        ("{0}.m", "{0}.w[{2}]", "{0}.bump({1})"),
        "{0}.m ** 2 + np.sum({0}.w)",
        array="{0}.w",
    ),
}
PUT = """
def put_{0}(v, k):
    {0}[k] += 0.7 * v
    return {0}[k]
"""
SHARED = {
    "VIEW": Kind(
        "TABLE[1:]",
        (),
        ("{0}[0] = {1}", "{0}[-1] += {1}", "{0}[...] = {1}"),
        ("{0}[0]", "np.sum({0})"),
        "np.sum({0})",
    ),
    "SAME": Kind("TABLE", (), ("{0}[{2}] = {1}",), ("{0}[{2}]",), "np.sum({0})", array="{0}"),
    "OTHER": Kind("BOX", (), ("{0}.m = {1}", "{0}.bump({1})"), ("{0}.m",), "{0}.m"),
    "BOTH": Kind(
        '[BOX, {{"i": ITEMS}}]',
        (),
        ('{0}[1]["i"].append({1})', "{0}[0].m += {1}"),
        ("{0}[0].m", '{0}[1]["i"][-1]', "(0.2 if {0}[0] is BOX else 0.1)"),
        "{0}[0].m",
    ),
    "HELD": Kind(
        '{{"t": TABLE}}',
        (),
        ('{0}["t"][{2}] = {1}', 'q = {0}["t"]'),
        ('{0}["t"][{2}]',),
        'np.sum({0}["t"])',
        array='{0}["t"]',
    ),
    "Box.seen": Kind(
        "",
        ("{0}[:] = [0.1]",),
        ("{0}.append({1})", "{0}[0] = {1}"),
        ("{0}[-1]", "{0}[0]"),
        "sum({0})",
    ),
}
NEEDS: dict[str, set[str]] = {
    "VIEW": {"table"},
    "SAME": {"table"},
    "HELD": {"table"},
    "OTHER": {"box"},
    "BOTH": {"box", "items"},
    "Box.seen": set(),
}
"""The globals that these are, or hold."""
WEIGHTS = (0.7, -0.4, 1.3, 0.6, -0.9, 1.1, 0.5, 0.8)


def generate_outside(seed: int, *, size: int = 5) -> Program:
    """The program of this seed, of about so many statements."""
    return sound_program(seed, size, _Writer, plain="plain")


class _Writer(BlockWriter):
    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        kinds = list(KINDS)
        self.globals = rng.sample(kinds, rng.randint(1, 2))
        self.closure = rng.sample(kinds, rng.randint(0, 2))
        shared = [name for name, of in NEEDS.items() if of <= set(self.globals)]
        self.held = {
            **{name.upper(): KINDS[name] for name in self.globals},
            **{name: KINDS[name] for name in self.closure},
            **{name: SHARED[name] for name in shared if rng.random() < 0.2},
        }
        self.loops = 0

    # The module

    def module(self, size: int) -> str:
        made, restored = self._definitions(upper=True)
        inner, inner_restored = self._definitions(upper=False)
        body = self._body(size)
        lines = [*made, "", "", "def make():", *_inside(inner)]
        lines += ["", f"    def program(x, y, n={self.rng.choice((0, 1, 3, 3, 4, 40))}):", *body]
        lines += ["", "    def restore():", *_inside(_inside([*restored, *inner_restored]))]
        lines += ["", "    return program, restore", "", ""]
        return f"import numpy as np\n\n{CLASS}\n" + "\n".join(lines) + f"\n{PLAIN}"

    def _definitions(self, *, upper: bool) -> tuple[list[str], list[str]]:
        """What makes the globals, or the variables of the closure, and what restores them."""
        names = [name for name in self.held if name[0].isupper() == upper]
        made, restored = [], []
        for name in names:
            kind = self.held[name]
            if kind.made:
                made.append(f"{name} = {kind.made.format()}")
            restored += [line.format(name) for line in kind.restored]
            if name.lower() == "table":
                made += [*PUT.format(name).split("\n")]
        return made, restored

    def _body(self, size: int) -> list[str]:
        self.line("total, q = 0.0, x * y")
        spent = 0
        while spent < size:
            spent += self.statement(size - spent)
        for weight, (name, kind) in zip(WEIGHTS, self.held.items(), strict=False):
            self.line(f"total += {weight} * ({kind.end.format(name)})")
        self.line("return total + np.sum(q ** 2)")
        return _inside(self.lines)

    # Expressions

    def place(self) -> str:
        choices = [str(self.rng.randrange(3))]
        if self.index:
            choices += [f"{self.index} % 3"]
        return self.rng.choice(choices)

    def array(self) -> str:
        arrays = [kind.array.format(name) for name, kind in self.held.items() if kind.array]
        return self.rng.choice(("x", "y", "q", *arrays, *arrays))

    def argument(self) -> str:
        return f"{self.rng.choice('xyq')}[{self.place()}]"

    def read(self) -> str:
        name = self.rng.choice(list(self.held))
        form = self.rng.choice(self.held[name].numbers)
        return form.format(name, f"0.6 * {self.argument()}", self.place())

    def number(self) -> str:
        one, two = self.argument(), self.rng.choice((self.read(), self.argument()))
        form = self.rng.choice(("np.sin({0})", "0.5 * np.cos({1}) * {0}", "np.tanh({1} - 0.3 * {0})"))
        return form.format(one, two)

    def condition(self) -> str:
        options = [f"{self.argument()} > 0.0717", f"{self.read()} > 0.0917", f"{self.number()} < 0.1317"]
        if self.index:
            options += [f"{self.index} == {self.rng.randrange(3)}", f"{self.index} % 2 == 0"]
        return self.rng.choice(options)

    # Statements

    def statement(self, budget: int) -> int:
        chance = self.rng.random()
        if budget > 1 and chance < 0.3:
            return self.branch(budget)
        if budget > 1 and self.loops < 2 and chance < 0.6:
            self.loops += 1
            header = self.rng.choice(("for {i} in range(n):", "for {i} in range(n):", "while {i} < n:"))
            spent = self.looped(header, budget)
            self.loops -= 1
            return spent
        self.simple()
        return 1

    def branch(self, budget: int) -> int:
        spent = self.block(f"if {self.condition()}:", min(3, budget))
        if self.rng.random() < 0.4:
            spent += self.block("else:", min(2, budget))
        elif self.loops and self.rng.random() < 0.2:
            self.line("    " + self.rng.choice(("break", "continue")))
        return spent

    def simple(self) -> None:
        chance = self.rng.random()
        if chance < 0.12:
            self.line(f"total += 0.4 * {self.read()}")
            return
        if chance < 0.2:
            self.line(self.rng.choice((f"q[{self.place()}] = {self.number()}", "q = x * 0.9", "q *= 0.8")))
            return
        name = self.rng.choice(list(self.held))
        form = self.rng.choice(self.held[name].changes)
        text = form.format(name, self.number(), self.place(), self.array())
        for line in text.split("\n"):
            self.line(line)


def _inside(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]
