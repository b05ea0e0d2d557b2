"""Distributions of scipy.stats as texts: a density, a distribution function, and where they hold.

A distribution says its logarithmic density, distribution function and survival function once, for loc 0 and
scale 1. The six functions that users call are composite entries made of these texts, so every derivative, by the
argument, the shapes, loc and scale, to any order, is that of the text. Outside of the support all are zero.

In:  texts over `z` and the shapes, in the language of expression.py.   Out: entries.
Not here: the distributions (continuous.py, discrete.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gradscribe.ir.graph import Value
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.scipy_types import double_types
from gradscribe.ops.spec import Domain, OpSpec

LOC_STEP, SCALE = 0.05, 1.25


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """One distribution of scipy.stats.

    Attributes:
        name: in scipy.stats.
        shapes: shape parameters in SciPy's order, with a value for tests.
        density: logarithm of the density at `z`.
        plain_density: the density itself, where its exponential loses something.
        below: distribution function; None where it has no closed form.
        above: survival function; one minus the other unless given.
        log_below: logarithm of `below`, where there is a text that keeps its digits.
        log_above: logarithm of `above`, likewise.
        support: condition on `z` and the shapes; "" where it is everything.
        inside: a point of the support, for operands outside of it.
        points: values of `z` for tests.
        has_limits: without a support; its texts are no good infinitely far out, where a function is constant.
    """

    name: str
    density: str
    shapes: Mapping[str, float] = field(default_factory=dict)
    plain_density: str | None = None
    below: str | None = None
    above: str | None = None
    log_below: str | None = None
    log_above: str | None = None
    support: str = ""
    inside: str = "0.5"
    points: Sequence[float] = (0.3, 0.9, 1.7)
    has_limits: bool = False

    def support_of(self, function: str) -> str:
        """Where a function moves with its argument: not infinitely far out, where it has reached a limit."""
        limits = {"cdf": "<>", "sf": "<>", "pdf": "<>", "logcdf": "<", "logsf": ">"}.get(function, "")
        bounded = self.support if self.support or self.has_limits else "<>"
        open_sides = "".join(side for side in limits if side not in bounded)
        within = {"": "", "<": "z < inf", ">": "z > -inf", "<>": "isfinite(z)"}[open_sides]
        return " * ".join(f"({condition})" for condition in (self.support, within) if condition)

    def texts(self, *, discrete: bool = False) -> Iterator[tuple[str, str]]:
        """Each function that SciPy has, with the text of its value for loc 0 and scale 1."""
        yield ("logpmf" if discrete else "logpdf"), self.density
        yield ("pmf" if discrete else "pdf"), self.plain_density or f"exp({self.density})"
        if self.below is not None:
            above = self.above or f"1.0 - ({self.below})"
            yield "cdf", self.below
            yield "sf", above
            yield "logcdf", self.log_below or f"log({self.below})"
            yield "logsf", self.log_above or f"log({above})"


def continuous(row: Distribution) -> Iterator[OpSpec]:
    """The entries of a continuous distribution."""
    for function, text in row.texts():
        yield _entry(row, function, text, ("loc", "scale"), _samples(row))


def discrete(row: Distribution) -> Iterator[OpSpec]:
    """The entries of a discrete distribution: constant in the argument and loc."""
    points = [int(point) for point in row.points]
    values = ", ".join(str(value) for value in row.shapes.values())
    samples = (
        f"array({points}), {values}",
        f"array({points}), {_arrays(row)}, loc=0",
    )
    for function, text in row.texts(discrete=True):
        yield _entry(row, function, text, ("loc",), samples)


def percent_point(row: Distribution, function: str, text: str) -> OpSpec:
    """The entry of the inverse of a distribution or survival function, a text over `q` and the shapes."""

    def body(b: OpBuilder, /, **arguments: Value) -> Value:
        names = {name: arguments[name] for name in ("q", *row.shapes)}
        value = b.expression(text, names)
        if "scale" in arguments:
            value = b.op("mul", value, arguments["scale"])
        return b.op("add", value, arguments["loc"]) if "loc" in arguments else value

    points = "array([0.2, 0.45, 0.8])"
    shapes = f", {_arrays(row)}" if row.shapes else ""
    return composite(
        f"{row.name}_{function}",
        f"scipy.stats.{row.name}.{function}",
        ", ".join(["q", *row.shapes, "loc=0", "scale=1"]),
        body,
        f"{function} of the distribution {row.name}.",
        why=f"that of loc + scale * (`{text}`)",
        types=double_types,
        backend=Domain.ELEMENTWISE,
        operands=("q", *row.shapes, "loc", "scale"),
        samples=(
            points + "".join(f", {value}" for value in row.shapes.values()),
            f"{points}{shapes}, loc=array([0.1, 0.2, 0.3]), scale=array([1.2, 0.9, 1.1])",
        ),
    )


def discrete_percent_point(row: Distribution, function: str) -> OpSpec:
    """The entry of the inverse of a discrete distribution: a count, which jumps where it changes."""
    values = ", ".join(str(value) for value in row.shapes.values())
    operands = ("q", *row.shapes)
    return constant_almost_everywhere(
        f"{row.name}_{function}",
        f"scipy.stats.{row.name}.{function}",
        "it is a whole number",
        f"{function} of the distribution {row.name}.",
        signature=", ".join([*operands, "loc=0"]),
        types=double_types,
        backend=Domain.OPAQUE,
        operands=operands,
        refused_keywords={"loc": "add it to the result"},
        samples=(f"array([0.2, 0.45, 0.8]), {values}", f"array([0.2, 0.45, 0.8]), {_arrays(row)}"),
    )


def _entry(
    row: Distribution, function: str, text: str, parameters: Sequence[str], samples: tuple[str, ...]
) -> OpSpec:
    what = {"x": "x"} if "scale" in parameters else {"x": "k"}
    given = ", ".join(
        [what["x"], *row.shapes, *(f"{name}={0 if name == 'loc' else 1}" for name in parameters)]
    )

    def body(b: OpBuilder, /, **arguments: Value) -> Value:
        return _value(b, row, function, text, arguments)

    return composite(
        f"{row.name}_{function}",
        f"scipy.stats.{row.name}.{function}",
        given,
        body,
        f"{function} of the distribution {row.name}.",
        why=f"that of `{text}`, z = ({what['x']} - loc)" + (" / scale" if "scale" in parameters else ""),
        types=double_types,
        backend=Domain.ELEMENTWISE,
        operands=(what["x"], *row.shapes, *parameters),
        samples=samples,
    )


def _value(
    b: OpBuilder, row: Distribution, function: str, text: str, arguments: Mapping[str, Value]
) -> Value:
    """The value of a function, from its text."""
    names = {name: arguments[name] for name in row.shapes}
    z = arguments["x"] if "x" in arguments else arguments["k"]
    if "loc" in arguments:
        z = b.op("sub", z, arguments["loc"])
    if "scale" in arguments:
        z = b.op("div", z, arguments["scale"])
    if "x" not in arguments:
        z = b.op("floor", z)
    support = row.support_of(function)
    inside = b.expression(support, {"z": z, **names}) if support else None
    if inside is not None:
        z = b.op("where", inside, z, b.expression(row.inside, names))
    value = b.expression(text, {"z": z, **names})
    if "scale" in arguments and function == "logpdf":
        value = b.op("sub", value, b.op("log", arguments["scale"]))
    if "scale" in arguments and function == "pdf":
        value = b.op("div", value, arguments["scale"])
    return value if inside is None else b.op("where", inside, value, 0.0)


def _samples(row: Distribution) -> tuple[str, ...]:
    moved = [round(SCALE * point + LOC_STEP, 4) for point in row.points]
    loc = f"array({[LOC_STEP * (1 + 0.1 * k) for k in range(len(moved))]})"
    scale = f"array({[SCALE - 0.02 * k for k in range(len(moved))]})"
    shapes = f"{_arrays(row)}, " if row.shapes else ""
    plain = "".join(f", {value}" for value in row.shapes.values())
    return (
        f"array({list(row.points)}){plain}",
        f"array({moved}), {shapes}loc={loc}, scale={scale}",
    )


def _arrays(row: Distribution) -> str:
    """An array of values for each shape."""
    return ", ".join(
        f"array({[value if isinstance(value, int) else round(value * (1 + 0.05 * k), 6) for k in range(3)]})"
        for value in row.shapes.values()
    )
