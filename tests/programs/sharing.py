"""Random programs over objects that several lists of run-time length hold, that are changed and refer to others.

`[p for p in ps if p.v > 0.1]`, `ps + others`, `ps[1:]` hold the same objects; `p.link = q` and `p.kids.append(q)`
refer to them. In some of the programs they are of two classes.

In:  seeds.   Out: programs over two vectors.
Not here: objects that are always put into one list (keeping.py), or that conditions choose (chosen_objects.py).
"""

from __future__ import annotations

from random import Random

from tests.programs.generate import Program

SIZE = 5
HELPERS = """
class P:
    def __init__(self, v, w=1.0, link=None):
        self.v, self.w, self.link, self.kids, self.n = v, w, link, [], 0

    def up(self, a):
        self.v = self.v * 0.9 + a
        return self

    def total(self):
        s = self.v * self.w
        if self.link is not None:
            s = s + 0.1 * self.link.v
        for k in self.kids:
            s = s + 0.01 * k.v
        return s


class Q:
    def __init__(self, v, u):
        self.v, self.u, self.w, self.link, self.kids, self.n = v, u, 0.5, None, [], 1

    def up(self, a):
        self.v = self.v + a * self.u
        return self

    def total(self):
        return self.v + self.u * self.w
"""


def generate_sharing(seed: int, *, size: int = 6) -> Program:
    """The program of this seed; `size` bounds its statements outside of blocks."""
    rng = Random(seed)
    writer = _Writer(rng)
    lines = ["ps, s = [], 0.0", "for i, v in enumerate(x):"]
    if rng.random() < 0.3:
        lines += ["    if v > 0.2:", "        ps.append(P(v, 1.0 + 0.1 * i))"]
        lines += ["    else:", "        ps.append(Q(v, y[0]))"]
    else:
        lines += ["    if v > -0.5 or i == 2:", "        ps.append(P(v, 1.0 + 0.1 * i))"]
    if rng.random() < 0.4:
        lines += ["for i in range(1, len(ps)):", "    ps[i].link = ps[i - 1]"]
    for _ in range(rng.randint(2, size)):
        lines += writer.statement()
    lines += ["for k, p in enumerate(ps):", "    s += p.total() * (k + 1)", "return s"]
    text = "\n".join(f"    {line}" for line in lines)
    source = f"import copy\n\nimport numpy as np\n\n{HELPERS}\n\ndef program(x, y):\n{text}\n"
    return Program(source, ((SIZE,), (SIZE,)), "float64", seed, "number")


class _Writer:
    """Writes statements, as lines without the indentation of their block."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.lists = ["ps"]
        self.objects = ["ps[0]", "ps[-1]"]
        self.count = 0

    def _new(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def _object(self) -> str:
        return self.rng.choice(self.objects)

    def _list(self) -> str:
        return self.rng.choice(self.lists)

    def _number(self, *objects: str) -> str:
        one = self.rng.choice(
            ["y[1]", "0.5", "x[2]", *(f"{o}.{a}" for o in (self._object(), *objects) for a in "vw")]
        )
        other = f"{self._object()}.v"
        return self.rng.choice([one, f"({one} * {other})", f"({one} + {other})"])

    def _test(self, one: str) -> str:
        return self.rng.choice(
            [
                f"{one}.v > 0.13",
                f"{one}.w < 1.07",
                f"{one} is {self._object()}",
                f"{one} is not {self._object()}",
            ]
            + [f"{one}.link is None", f"{one} in {self._list()}", f"{one}.n > 0", f"len({one}.kids) > 0"]
        )

    def _change(self, one: str) -> list[str]:
        rng, other = self.rng, self._object()
        return [
            *rng.choice(
                [
                    (f"{one}.v = {self._number(one)}",),
                    (f"{one}.w = {self._number(one)} * 0.3",),
                    (f"{one}.up({self._number()})",),
                    (f"{one}.v *= 0.8",),
                    (f"{one}.link = {other}",),
                    (f"{one}.link = None",),
                    (f"{one}.n += 1",),
                    (f"{one}.kids.append({other})",),
                    (f"{one}.v, {one}.w = {one}.w, {one}.v",),
                    (f"if {one}.link is not None:", f"    {one}.link.v = {self._number(one)}"),
                ]
            )
        ]

    def statement(self, *, inside: bool = False) -> list[str]:
        """One statement; one inside of a block names nothing that others could read."""
        rng = self.rng
        kinds = [self._loop, self._loop, self._plain, self._branch, self._more, self._walk, self._sum]
        return rng.choice(
            kinds if inside else [*kinds, self._list_of, self._list_of, self._name, self._exchange]
        )()

    def _list_of(self) -> list[str]:
        name, one = self._new("a"), self._list()
        made = self.rng.choice(
            [
                f"[p for p in {one} if {self._test('p')}]",
                f"{one} + {self._list()}",
                f"{one}[1:]",
                f"{one}[::-1]",
            ]
            + [f"sorted({one}, key=lambda p: p.n)", f"list({one})"]
        )
        self.lists.append(name)
        return [f"{name} = {made}"]

    def _name(self) -> list[str]:
        name = self._new("o")
        made = self.rng.choice(
            [f"{self._object()}", f"copy.copy({self._object()})", f"P({self._number()}, 0.7)"]
        )
        self.objects.append(name)
        return [f"{name} = {made}"]

    def _loop(self) -> list[str]:
        one = self._new("p")
        lines = [f"for {one} in {self.rng.choice(['{}', '{}[:3]', 'reversed({})']).format(self._list())}:"]
        if self.rng.random() < 0.4:
            lines += [f"    if {self._test(one)}:", *(f"        {line}" for line in self._change(one))]
        lines += [f"    {line}" for line in self._change(one)]
        return [*lines, f"    if {one}.v > 3.0:", "        break"] if self.rng.random() < 0.2 else lines

    def _plain(self) -> list[str]:
        return self._change(self._object())

    def _branch(self) -> list[str]:
        first, last = (self._change(self._object()) for _ in range(2))
        lines = [f"if {self._test(self._object())}:", *(f"    {line}" for line in first)]
        return [*lines, "else:", *(f"    {line}" for line in last)]

    def _more(self) -> list[str]:
        link = self.rng.choice(["None", self._object()])
        return [f"ps.append(P({self._number()}, {self._number()} * 0.1, {link}))"]

    def _walk(self) -> list[str]:
        one = self._new("c")
        lines = [f"{one}, j = {self._object()}.link, 0", f"while {one} is not None and j < 3:"]
        return [*lines, f"    {one}.v = {one}.v * 0.95 + 0.01 * j", "    j += 1", f"    {one} = {one}.link"]

    def _sum(self) -> list[str]:
        return [f"s += sum(p.total() for p in {self._list()})"]

    def _exchange(self) -> list[str]:
        swap = "ps[i], ps[i + 1] = ps[i + 1], ps[i]"
        return ["for i in range(len(ps) - 1):", "    if ps[i].v > ps[i + 1].v:", f"        {swap}"]
