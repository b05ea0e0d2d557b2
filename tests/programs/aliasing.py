"""Random programs that write arrays under several names: aliases, views, containers, helpers, `out=`, lists.

What cannot be followed exactly may be refused; a wrong number never is right.

In:  a seed.   Out: `Program`.
Not here: programs whose arrays have one name each (generate.py), checks (checks.py).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.programs.generate import IMPORTS, NAME, Program
from tests.programs.scope import Shape

HELPERS = """
class Box:
    def __init__(self, u):
        self.u = u


def bump(u, v):
    u[0] += 0.3 * v[-1]
    u *= 0.9
    return u[1:]


def blend(u, v):
    v[...] = 0.5 * v + 0.2 * u
    return v
"""


def generate_aliasing(seed: int, *, size: int = 9) -> Program:
    """The program of this seed."""
    rng = Random(seed)
    shapes: tuple[Shape, ...] = rng.choice((((4,),), ((4,), ()), ((2, 3),), ((2, 3), (3,)), ((4,), (4,))))
    writer = AliasingWriter(rng)
    return Program(writer.module(shapes, size), shapes, "float64", seed, "number")


class AliasingWriter:
    """Writes one program; every name it knows is an array with a known shape, or a number."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.level = 1
        self.arrays: dict[str, Shape] = {}
        self.numbers: list[str] = []
        self.index = ""
        self.made = 0

    def module(self, shapes: tuple[Shape, ...], size: int) -> str:
        names = ["x", "y"][: len(shapes)]
        for name, shape in zip(names, shapes, strict=True):
            if shape:
                # What the program itself changes must not be the argument that the checks pass on.
                self.line(f"{name} = {self.rng.choice((f'{name}.copy()', f'{name} * 1.0'))}")
                self.arrays[name] = shape
            else:
                self.numbers.append(name)
        for _ in range(self.rng.randrange(1, 3)):
            self.fresh()
        while size > 0:
            size -= self.statement(size)
        terms = [f"{0.3 + 0.17 * k:.2f} * np.sum(np.sin({name}))" for k, name in enumerate(self.arrays)]
        terms += [f"{0.21 + 0.13 * k:.2f} * {name}" for k, name in enumerate(self.numbers)]
        body = "\n".join(self.lines)
        return (
            f"{IMPORTS}\n{HELPERS}\n\n"
            f"def {NAME}({', '.join(names)}, n=3):\n{body}\n    return {' + '.join(terms)}\n"
        )

    # --- text ---

    def line(self, text: str) -> None:
        self.lines.append("    " * self.level + text)

    def name(self) -> str:
        self.made += 1
        return f"{self.rng.choice('abcdpqrst')}{self.made}"

    def array(self, shape: Shape | None = None, *, nonempty: bool = True) -> str | None:
        found = [
            name
            for name, have in self.arrays.items()
            if (shape is None or have == shape) and not (nonempty and 0 in have)
        ]
        return self.rng.choice(found) if found else None

    def number(self) -> str:
        """A float expression, bounded so that nothing grows."""
        name = self.array()
        options = [f"{self.rng.uniform(-0.9, 0.9):.2f}", *self.numbers]
        if name is not None:
            options += [f"{name}[{self.place(self.arrays[name])}]"] * 3 + [f"np.sum({name}) * 0.3"]
        if self.index:
            options += [f"0.1 * {self.index}"]
        one, two = self.rng.choice(options), self.rng.choice(options)
        return self.rng.choice(
            (f"np.sin({one})", f"0.5 * {one} * np.cos({two})", f"0.4 * {one} - 0.3 * {two}")
        )

    def place(self, shape: Shape) -> str:
        """The index of an element."""
        return ", ".join(
            f"{self.index} % {n}"
            if self.index and self.rng.random() < 0.5
            else str(self.rng.randrange(-n, n))
            for n in shape
        )

    def operand(self, shape: Shape) -> str:
        """An expression that broadcasts to a shape."""
        same = self.array(shape, nonempty=False)
        if same is not None and self.rng.random() < 0.7:
            other = self.array(shape, nonempty=False)
            return self.rng.choice(
                (f"np.sin({same})", f"0.5 * {same} - 0.3 * {other}", f"{same} * {other} * 0.4")
            )
        return self.number()

    # --- statements ---

    def statement(self, budget: int) -> int:
        simple: list[Callable[[], None]] = [self.store, self.store, self.update, self.update, self.slices]
        simple += [self.masked, self.fancy, self.swap, self.out, self.function, self.helper, self.container]
        if self.level == 1:
            simple += [self.fresh, self.view, self.view, self.view, self.alias]
        if budget > 2 and self.level < 3 and self.rng.random() < 0.35:
            return self.rng.choice((self.loop, self.loop, self.branch, self.rows, self.listed))(budget)
        self.rng.choice(simple)()
        return 1

    def bind(self, text: str, shape: Shape) -> None:
        name = self.name()
        self.line(f"{name} = {text}")
        self.arrays[name] = shape

    def fresh(self) -> None:
        source = self.array(nonempty=False)
        assert source is not None
        shape = self.arrays[source]
        form = self.rng.choice(("{0} * 1.5", "{0}.copy()", "np.sin({0})", "np.zeros({1})", "{0} - {2}"))
        self.bind(form.format(source, shape, self.number()), shape)

    def alias(self) -> None:
        source = self.array(nonempty=False)
        assert source is not None
        self.bind(source, self.arrays[source])

    def view(self) -> None:
        source = self.array()
        if source is None:
            return
        shape = self.arrays[source]
        n, rest = shape[0], shape[1:]
        k = self.rng.randrange(n)
        options = [
            (f"{source}[{k}:]", (n - k, *rest)),
            (f"{source}[: {k}]", (k, *rest)),
            (f"{source}[::-1]", shape),
            (f"{source}[::2]", ((n + 1) // 2, *rest)),
            (f"np.flip({source})", shape),
            (f"{source}.T", shape[::-1]),
            (f"{source}.reshape(-1)", (_size(shape),)),
            (f"{source}.ravel()", (_size(shape),)),
            (f"np.asarray({source})", shape),
            (f"{source}[..., None]", (*shape, 1)),
        ]
        if rest:
            options += [(f"{source}[{k}]", rest), (f"{source}[:, 0]", (n, *rest[1:]))]
        elif n == 4:
            options += [(f"{source}.reshape(2, 2)", (2, 2))] * 2
        if len(shape) < 4:
            text, made = self.rng.choice(options)
            self.bind(text, made)

    def store(self) -> None:
        target = self.array()
        if target is None:
            return
        place = f"{target}[{self.place(self.arrays[target])}]"
        form = self.rng.choice(("{0} = {1}", "{0} += {1}", "{0} *= {1}", "{0} = 0.5 * {0} + {1}"))
        self.line(form.format(place, self.number()))

    def update(self) -> None:
        target = self.array(nonempty=False)
        assert target is not None
        form = self.rng.choice(
            ("{0} += 0.4 * ({1})", "{0} *= np.cos({1})", "{0}[...] = {1}", "{0} -= 0.3 * {0} * ({1})")
        )
        self.line(form.format(target, self.operand(self.arrays[target])))

    def slices(self) -> None:
        target = self.array()
        if target is None:
            return
        n = self.arrays[target][0]
        form = self.rng.choice(
            (
                "{0}[1:] += 0.5 * {0}[:-1]",
                "{0}[:-1] = 0.3 * {0}[1:] + {1}",
                "{0}[::-1] = 0.7 * {0}",
                "{0}[:] = {0}[::-1]",
                "{0}[::2] *= {1}",
                "{0}[{2}:] = {1}",
            )
        )
        self.line(form.format(target, self.number(), self.rng.randrange(n)))

    def masked(self) -> None:
        target = self.array(nonempty=False)
        assert target is not None
        form = self.rng.choice(
            ("{0}[{0} > 0.1717] *= {1}", "{0}[{0} < 0.0717] = {1}", "{0}[{0} > 0.1] += 0.2")
        )
        self.line(form.format(target, self.number()))

    def fancy(self) -> None:
        target = self.array()
        if target is None:
            return
        n = self.arrays[target][0]
        places = [self.rng.randrange(n) for _ in range(3)]
        form = self.rng.choice(
            ("{0}[{1}] = {2}", "{0}[{1}] += {2}", "np.add.at({0}, {1}, {2})", "{0}[{1}] = 0.5 * {0}[{3}]")
        )
        self.line(form.format(target, places, self.number(), [self.rng.randrange(n) for _ in range(3)]))

    def swap(self) -> None:
        target = self.array()
        if target is None:
            return
        n = self.arrays[target][0]
        a, b = self.rng.randrange(n), self.rng.randrange(n)
        form = self.rng.choice(
            ("{0}[{1}], {0}[{2}] = {0}[{2}], {0}[{1}]", "{0}[[{1}, {2}]] = {0}[[{2}, {1}]]")
        )
        self.line(form.format(target, a, b))

    def out(self) -> None:
        target = self.array(nonempty=False)
        assert target is not None
        shape = self.arrays[target]
        left, right = self.array(shape, nonempty=False), self.array(shape, nonempty=False)
        form = self.rng.choice(
            (
                "np.multiply({1}, {2}, out={0})",
                "np.subtract({1}, 0.3, out={0})",
                "np.add({1}, {2}, {0})",
                "np.multiply({1}, 0.5, out={0}, where={2} > 0.0717)",
            )
        )
        self.line(form.format(target, left, right))

    def function(self) -> None:
        target = self.array(nonempty=False)
        assert target is not None
        source = self.array(self.arrays[target], nonempty=False)
        form = self.rng.choice(
            ("{0}.fill({2})", "np.copyto({0}, {1})", "np.copyto({0}, {1}, where={1} > 0.0717)")
        )
        self.line(form.format(target, source, self.number()))

    def helper(self) -> None:
        one = self.array()
        if one is None:
            return
        two = self.array(self.arrays[one])
        shape = self.arrays[one]
        if self.level == 1 and self.rng.random() < 0.6:
            text, made = self.rng.choice(
                ((f"bump({one}, {two})", (shape[0] - 1, *shape[1:])), (f"blend({one}, {two})", shape))
            )
            self.bind(text, made)
        else:
            self.line(self.rng.choice((f"bump({one}, {two})", f"blend({one}, {two})")))

    def container(self) -> None:
        one, two = self.array(), self.array()
        if one is None or two is None:
            return
        holder = self.name()
        form = self.rng.choice(("[{0}, {1}]", "({1}, {0})", "Box({0})", '{{"u": {0}, "v": {1}}}'))
        self.line(f"{holder} = {form.format(one, two)}")
        item = {"[": "[0]", "(": "[1]", "B": ".u", "{": '["u"]'}[form.replace("{{", "{")[0]]
        self.line(f"{holder}{item}[{self.place(self.arrays[one])}] += {self.number()}")
        if form.startswith("B"):
            self.line(f"{holder}.u *= 0.8")

    # --- bodies ---

    def block(self, header: str, budget: int, index: str = "") -> int:
        known, numbers, outer = dict(self.arrays), list(self.numbers), self.index
        inner = self.rng.randrange(1, max(2, budget - 1))
        self.line(header)
        self.level += 1
        self.index = index or outer
        start = len(self.lines)
        spent = 0
        while spent < inner:
            spent += self.statement(inner - spent)
        if len(self.lines) == start:
            self.line("pass")
        self.level -= 1
        self.arrays, self.numbers, self.index = known, numbers, outer
        return spent + 1

    def loop(self, budget: int) -> int:
        index = f"i{self.level}"
        return self.block(f"for {index} in range({self.rng.choice(('n', 'n', '2', '0'))}):", budget, index)

    def branch(self, budget: int) -> int:
        return self.block(f"if {self.number()} > 0.0717:", budget)

    def rows(self, budget: int) -> int:
        """A loop over the rows of a matrix, which are views."""
        source = next(
            (name for name, shape in self.arrays.items() if len(shape) == 2 and 0 not in shape), None
        )
        if source is None:
            return self.loop(budget)
        row = self.name()
        self.line(f"for {row} in {source}:")
        self.level += 1
        self.line(f"{row}[0] = 0.5 * {row}[-1] + {self.number()}")
        self.line(f"{row} *= 0.9")
        self.level -= 1
        return 2

    def listed(self, budget: int) -> int:
        """A list filled in a loop, changed and read."""
        items, source = self.name(), self.array()
        if source is None or self.level > 1:
            return self.loop(budget)
        index = f"i{self.level}"
        entry = self.rng.choice(
            (
                f"{source}[{index} % {self.arrays[source][0]}] * 1.1",
                f"np.sum({source}) * 0.2 * {index}",
                f"{source} * 0.7",
                f"{source}",
                f"{source}[{index} % {self.arrays[source][0]}]",
            )
        )
        self.line(f"{items} = []")
        self.line(f"for {index} in range(n):")
        self.line(f"    {items}.append({entry})")
        change = self.rng.choice(
            (
                "{0}.insert(1, {0}[0] * 0.5)",
                "{0}[0] = {0}[-1] * 0.5",
                "{0}.reverse()",
                "{0} = {0}[1:] + {0}[:1]",
                "{0}.pop(0)",
                "{0}[1] *= 0.5",
                "{0}[-1] += {0}[0]",
                "del {0}[1]",
            )
        )
        self.line(change.format(items))
        total = self.name()
        self.line(f"{total} = 0.0")
        self.line(f"for {index} in range(len({items})):")
        self.line(f"    {total} = 0.6 * {total} + np.sum({items}[{index}])")
        self.numbers.append(total)
        return 4


def _size(shape: Shape) -> int:
    size = 1
    for length in shape:
        size *= length
    return size
