"""Random programs whose `try` bodies change what handlers and what follows read, and raise anywhere.

What raises is Python and NumPy: a square root of what may be negative, an index, a key, a division by an int that
may be zero, a factor of what may not be definite, a check in a function.

In:  seeds.   Out: programs over two vectors.
Not here: exceptions that functions raise after changing things around them (checking.py).
"""

from __future__ import annotations

from random import Random

from tests.programs.generate import Program
from tests.programs.writing import BlockWriter, sound_program

CLASSES = """
class Bad(ValueError):
    pass


def checked(u):
    if u > 0.61:
        raise Bad("large")
    if u < -0.71:
        raise IndexError("small")
    return u * u


NAMES = ["p", "q", "r", "z"]
"""
START = (
    "total, t, k = x[0], y[1], 0",
    "a = x.copy()",
    "b, tail = a, a[1:]",
    "items = [y[0], 0.3]",
    "table = {'p': x[1], 'q': 0.2, 'r': y[2]}",
)
END = (
    "total = total * t + a @ y + 0.3 * sum(items) + table['p'] * table['q']",
    "return total + 0.1 * k + tail @ tail + b[0]",
)
CAUGHT = (
    "ValueError",
    "IndexError",
    "ZeroDivisionError",
    "(KeyError, IndexError)",
    "Exception",
    "Bad",
    "np.linalg.LinAlgError",
)
DEPTH = 6


def generate_trying(seed: int, *, size: int = 7) -> Program:
    """The program of this seed, of about so many statements."""
    return sound_program(seed, size, _Writer, own_exceptions=True, complex_numbers=True)


class _Writer(BlockWriter):
    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.ending = self.trying = False

    def module(self, size: int) -> str:
        """The text of the program."""
        self.line(f"def program(x, y, n={self.rng.choice((1, 2, 3))}):")
        self.level = 2
        for text in START:
            self.line(text)
        spent = 0
        while spent < size:
            spent += self.statement(size - spent)
        for text in END:
            self.line(text)
        body = "\n".join(line[4:] for line in self.lines)
        return f"import contextlib\nimport math\n\nimport numpy as np\n\n{CLASSES}\n\n{body}\n"

    # Statements

    def statement(self, budget: int) -> int:
        """A change, a `try`, or what stands around others."""
        rng = self.rng
        kind = rng.randrange(10)
        # What depends on where inside of one statement something raised is refused.
        if budget > 2 and self.level < DEPTH and (not self.trying or rng.random() < 0.1):
            if kind < 4:
                return self._attempt(budget)
            if kind == 4:
                return self.block(f"if {self.number()} > {rng.choice(('0.217', '-0.113', '0.471'))}:", budget)
            if kind == 5:
                return self.looped(
                    rng.choice(("for {i} in range(n):", "for {i}, c in enumerate(x):")), budget
                )
        if kind == 6 and self.index and not self.ending:
            self.line(f"if {self.number()} > 0.417:")
            self.line(f"    {rng.choice(('break', 'continue'))}")
        else:
            self._change()
        return 1

    def _attempt(self, budget: int) -> int:
        rng = self.rng
        if rng.random() < 0.12:
            return self.block("with contextlib.suppress(ValueError, IndexError):", budget)
        outer, self.trying = self.trying, True
        spent = self.block("try:", max(4, budget - 2))
        self.trying = outer
        for caught in rng.sample(CAUGHT, rng.randint(1, 3)):
            spent += self.block(f"except {caught}{rng.choice(('', ' as error'))}:", 2)
            if rng.random() < 0.1:
                self.line(f"    {'raise' if self.ending else rng.choice(('raise', 'return total + t'))}")
        if rng.random() < 0.2:
            spent += self.block("else:", 2)
        if rng.random() < 0.15:
            before, self.ending = self.ending, True
            spent += self.block("finally:", 2)
            self.ending = before
        return spent

    def _change(self) -> None:
        rng = self.rng
        number = self.risky() if rng.random() < 0.4 else self.number()
        changes = (
            f"total = 0.5 * total + {number}",
            f"t = {number}",
            f"total, t = t, {number}",
            f"t += {number}",
            "k += 1",
            f"a[0] = {number}",
            f"a[1:] += {number}",
            f"a *= {number}",
            f"b[1] = {number}",
            f"tail[0] += {number}",
            f"items.append({number})",
            f"items[0] = {number}",
            f"table['p'] = {number}",
            f"table['q'] = table['q'] + {number}",
        )
        self.line(rng.choice(changes))

    # Expressions

    def number(self) -> str:
        rng = self.rng
        read = rng.choice(
            (
                *("total", "t", "x[0]", "x[1] * y[2]", "y[0]", "x[2]", "0.3 * k"),
                *("a[0]", "a[-1]", "tail[0]", "np.sum(a)"),
                *("items[-1]", "items[0]", "sum(items)", "table['p']", "0.5 * table['q']"),
            )
        )
        return f"np.sin({read})" if rng.random() < 0.6 else f"0.5 * {read}"

    def risky(self) -> str:
        """What may raise."""
        return self.rng.choice(
            (
                f"math.sqrt({self.number()})",
                f"math.log({self.number()} + 0.413)",
                f"checked({self.number()})",
                "0.3 / (k - 1)",
                "items[k]",
                "a[k]",
                "table[NAMES[k % 4]]",
                "math.sqrt(x[k % 3])",
                "np.linalg.cholesky(np.eye(2) * x[0])[0, 0]",
            )
        )
