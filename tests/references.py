"""Derivatives computed without gradscribe: what the suite compares with.

A reference runs the *text* of a program again with other numbers: complex ones (complex step: exact to rounding),
mpmath's (any order, 40 digits) or SymPy's. Comparisons are wrapped in `_decide`, so that a branch is taken as for
the real number; `np` and `math` are stand-ins that know the other numbers.

In:  source text, arguments.   Out: numbers.
Not here: the programs (programs/), rules of single operations (rules/).
"""

from __future__ import annotations

import ast
import cmath
import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

Function = Callable[..., Any]

STEP = 1e-30


# --- nested structures ---------------------------------------------------------------------------------------


def leaves(value: Any) -> Iterator[Any]:
    """The numbers and arrays of nested tuples, lists and dictionaries, in order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def rebuilt(value: Any, new: Sequence[Any]) -> Any:
    """The same nesting with these leaves."""
    remaining = iter(new)

    def build(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: build(child) for key, child in item.items()}
        if isinstance(item, tuple) and hasattr(item, "_fields"):
            return type(item)(*map(build, item))
        if isinstance(item, tuple | list):
            return type(item)(map(build, item))
        return next(remaining)

    return build(value)


def is_float(leaf: Any) -> bool:
    """A float or a float array: what one may differentiate with respect to."""
    return isinstance(leaf, float | np.floating) or (isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f")


def dot(one: Any, other: Any) -> float:
    """Sum of the products of two structures of float leaves; other leaves do not count."""
    pairs = zip(leaves(one), leaves(other), strict=True)
    return float(sum(np.sum(np.asarray(a, float) * np.asarray(b, float)) for a, b in pairs if is_float(b)))


def random_like(rng: np.random.Generator, value: Any) -> Any:
    """A random structure like this one: same kinds, shapes and dtypes; leaves that are not floats are kept."""
    return rebuilt(value, [_random_leaf(rng, leaf) for leaf in leaves(value)])


def _random_leaf(rng: np.random.Generator, leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f":
        return np.asarray(rng.normal(size=leaf.shape), dtype=leaf.dtype)
    if isinstance(leaf, np.floating):
        return type(leaf)(rng.normal())
    return float(rng.normal()) if isinstance(leaf, float) else leaf


# --- the text of a program, run with other numbers -----------------------------------------------------------


class _Decide(ast.NodeTransformer):
    """Every operand of a comparison of values, and what `int` is given, is seen through `_decide`."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
            return node
        return ast.Compare(_decided(node.left), node.ops, [_decided(right) for right in node.comparators])


def _decided(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Constant):
        return node
    return ast.Call(ast.Name("_decide", ast.Load()), [node], [])


@lru_cache(maxsize=512)
def _code(source: str) -> Any:
    tree = _Decide().visit(ast.parse(source))
    tree.body = [node for node in tree.body if not _replaces(node)]
    return compile(ast.fix_missing_locations(tree), "<reference>", "exec", dont_inherit=True)


def _replaces(node: ast.stmt) -> bool:
    """An import of a module that has a stand-in."""
    modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    return any(module.split(".")[0] in ("numpy", "math", "scipy") for module in modules)


def run_with(source: str, name: str, scope: dict[str, Any]) -> Function:
    """The function of this name, its module executed with these globals in place of NumPy, SciPy and math."""
    scope = dict(scope)
    exec(_code(source), scope)
    return scope[name]  # type: ignore[no-any-return]


class _ComplexLinalg:
    """`np.linalg` whose norm has a derivative."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np.linalg, name)

    def norm(self, x: Any) -> Any:
        return np.sqrt(np.sum(x * x))


class _ComplexNumpy:
    """NumPy where a new array can hold complex numbers and every function is the analytic continuation."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def __init__(self) -> None:
        self.linalg = _ComplexLinalg()

    def zeros(self, shape: Any, dtype: Any = None) -> Any:
        return np.zeros(shape, dtype=complex)

    def empty(self, shape: Any, dtype: Any = None) -> Any:
        return np.zeros(shape, dtype=complex)

    def ones(self, shape: Any, dtype: Any = None) -> Any:
        return np.ones(shape, dtype=complex)

    def full(self, shape: Any, value: Any, dtype: Any = None) -> Any:
        return np.full(shape, value, dtype=complex)

    def zeros_like(self, like: Any, dtype: Any = None) -> Any:
        return np.zeros(np.shape(like), dtype=complex)

    empty_like = zeros_like

    def ones_like(self, like: Any, dtype: Any = None) -> Any:
        return np.ones(np.shape(like), dtype=complex)

    def array(self, value: Any, dtype: Any = None) -> Any:
        made = np.array(value)
        return made.astype(complex) if made.dtype.kind == "f" else made

    def asarray(self, value: Any, dtype: Any = None) -> Any:
        """An array is handed on: what is written to one is written to the other."""
        return value if isinstance(value, np.ndarray) else self.array(value)

    def stack(self, items: Any, axis: int = 0) -> Any:
        return self.array(np.stack(items, axis))

    def concatenate(self, items: Any, axis: int = 0) -> Any:
        return self.array(np.concatenate(items, axis))

    def where(self, *args: Any) -> Any:
        return self.array(np.where(*args)) if len(args) == 3 else np.where(*args)

    def abs(self, x: Any) -> Any:
        return np.where(np.real(x) >= 0.0, x, -np.asarray(x))[()]

    absolute = fabs = abs

    def maximum(self, x: Any, y: Any) -> Any:
        return np.where(np.real(x) >= np.real(y), x, y)[()]

    def minimum(self, x: Any, y: Any) -> Any:
        return np.where(np.real(x) <= np.real(y), x, y)[()]

    def clip(self, x: Any, low: Any, high: Any) -> Any:
        return self.minimum(self.maximum(x, low), high)

    def hypot(self, x: Any, y: Any) -> Any:
        return np.sqrt(x * x + y * y)

    def arctan2(self, y: Any, x: Any) -> Any:
        half_turn = np.where(np.real(x) < 0, np.where(np.real(y) < 0, -np.pi, np.pi), 0.0)
        return np.arctan(y / x) + half_turn

    def var(self, x: Any) -> Any:
        return np.mean((x - np.mean(x)) ** 2)

    def std(self, x: Any) -> Any:
        return np.sqrt(self.var(x))

    def float64(self, x: Any) -> Any:
        return x

    float32 = float64


class _ComplexMath:
    """`math` for complex numbers."""

    pi, e, inf = math.pi, math.e, math.inf

    def __getattr__(self, name: str) -> Any:
        function = getattr(cmath, name)
        return lambda *args: complex(function(*args))

    def fabs(self, x: Any) -> Any:
        return x if x.real >= 0.0 else -x

    def log1p(self, x: Any) -> Any:
        return np.log1p(complex(x))

    def expm1(self, x: Any) -> Any:
        return np.expm1(complex(x))

    def hypot(self, x: Any, y: Any) -> Any:
        return cmath.sqrt(x * x + y * y)

    def pow(self, x: Any, y: Any) -> Any:
        return x**y


def _first(better: Callable[[float, float], bool]) -> Function:
    def choose(*args: Any) -> Any:
        values = list(args[0]) if len(args) == 1 else list(args)
        best = values[0]
        for value in values[1:]:
            best = value if better(np.real(value), np.real(best)) else best
        return best

    return choose


class _ComplexScope(dict[str, Any]):
    """Globals of a program that runs with complex numbers."""

    def __init__(self) -> None:
        numpy = _ComplexNumpy()
        super().__init__(
            np=numpy,
            math=_ComplexMath(),
            _decide=np.real,
            abs=numpy.abs,
            float=lambda x: x,
            int=lambda x: int(np.real(x)),
            max=_first(lambda a, b: a > b),
            min=_first(lambda a, b: a < b),
        )


def complex_function(source: str, name: str, extra: dict[str, Any] | None = None) -> Function:
    """A function of a module, ready to be called with complex numbers."""
    return run_with(source, name, {**_ComplexScope(), **(extra or {})})


# --- derivatives ---------------------------------------------------------------------------------------------


def complex_leaf(leaf: Any, direction: Any) -> Any:
    """leaf + i h direction."""
    if isinstance(leaf, np.ndarray):
        return leaf.astype(complex) + 1j * STEP * np.asarray(direction, float)
    return complex(float(leaf), STEP * float(direction))


def directional(function: Function, arguments: Sequence[Any], direction: Sequence[Any]) -> Any:
    """Derivative of a complex-capable function along the direction, in the structure of its value."""
    flat, moves = list(leaves(arguments)), list(leaves(direction))
    moved = [complex_leaf(a, d) if is_float(a) else a for a, d in zip(flat, moves, strict=True)]
    value = function(*rebuilt(list(arguments), moved))
    return rebuilt(value, [np.imag(leaf) / STEP for leaf in leaves(value)])


def unit_directions(arguments: Sequence[Any]) -> Iterator[tuple[int, tuple[int, ...], Any]]:
    """For each number of each float leaf: number of the leaf, its index, the direction."""
    flat = list(leaves(arguments))
    zeros = [np.zeros(np.shape(leaf)) if is_float(leaf) else leaf for leaf in flat]
    for position, leaf in enumerate(flat):
        if not is_float(leaf):
            continue
        for index in np.ndindex(np.shape(leaf)):
            unit = zeros[position].copy()
            unit[index] = 1.0
            yield position, index, rebuilt(list(arguments), [*zeros[:position], unit, *zeros[position + 1 :]])


def gradient(function: Function, arguments: Sequence[Any]) -> list[Any]:
    """Complex-step gradient: one array per float leaf of the arguments, None for the others."""
    made: list[Any] = [np.zeros(np.shape(leaf)) if is_float(leaf) else None for leaf in leaves(arguments)]
    for position, index, direction in unit_directions(arguments):
        made[position][index] = directional(function, arguments, direction)
    return made


def difference(function: Callable[[float], Any], step: float = 2e-3) -> Any:
    """Derivative at 0 of a function of one number: central differences, Richardson-extrapolated twice.

    The error is of order step**6; with step 2e-3 it is near the rounding error, about 1e-11 of the value.
    """

    def central(h: float) -> Any:
        return (np.asarray(function(h)) - np.asarray(function(-h))) / (2.0 * h)

    rows = [central(step), central(step / 2.0), central(step / 4.0)]
    rows = [(4.0 * b - a) / 3.0 for a, b in zip(rows, rows[1:])]
    return (16.0 * rows[1] - rows[0]) / 15.0


def moved_by(arguments: Sequence[Any], direction: Any, step: float) -> list[Any]:
    """arguments + step * direction, in float64."""
    pairs = zip(leaves(arguments), leaves(direction), strict=True)
    moved = [a + step * np.asarray(d, float) if is_float(a) else a for a, d in pairs]
    moved = [float(new) if isinstance(old, float) else new for old, new in zip(leaves(arguments), moved)]
    return rebuilt(list(arguments), moved)  # type: ignore[no-any-return]


def real_directional(function: Function, arguments: Sequence[Any], direction: Any, step: float = 2e-3) -> Any:
    """Derivative along a direction by differences of the real function, whose value is one array or number."""
    return difference(lambda t: function(*moved_by(arguments, direction, t)), step)


def hessian_vector(
    function: Function, arguments: Sequence[Any], direction: Any, step: float = 4e-5
) -> list[Any]:
    """Second derivatives along `direction`: differences of the complex step, per float leaf."""
    made: list[Any] = [np.zeros(np.shape(leaf)) if is_float(leaf) else None for leaf in leaves(arguments)]
    for position, index, unit in unit_directions(arguments):

        def first_derivative(t: float, unit: Any = unit) -> Any:
            return directional(function, moved_by(arguments, direction, t), unit)

        # Symmetric: real steps along the direction, the complex step along the unit. The first derivative is
        # exact, so the step may be short, and seldom crosses a kink.
        made[position][index] = difference(first_derivative, step)
    return made


# --- numbers of other libraries ------------------------------------------------------------------------------


class _Renamed:
    """A module whose functions go by NumPy's names."""

    def __init__(self, module: Any, names: dict[str, str], functions: dict[str, Any]) -> None:
        self._module, self._names, self._functions = module, names, functions

    def __getattr__(self, name: str) -> Any:
        if name in self._functions:
            return self._functions[name]
        return getattr(self._module, self._names.get(name, name))


ARC_NAMES = {f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}


def mpmath_function(source: str, name: str, digits: int = 40) -> Function:
    """A scalar function of a module, computed with this many digits."""
    import mpmath  # type: ignore[import-untyped]

    mp = mpmath.mp.clone()
    mp.dps = digits
    functions = {
        "square": lambda x: x * x,
        "abs": mp.fabs,
        "add": lambda x, y: x + y,
        "multiply": lambda x, y: x * y,
        "maximum": lambda x, y: x if x >= y else y,
        "minimum": lambda x, y: x if x <= y else y,
        "where": lambda condition, x, y: x if condition else y,
        "clip": lambda x, low, high: min(max(x, low), high),
        "float64": mp.mpf,
    }
    stand_in = _Renamed(mp, ARC_NAMES, functions)
    scope = {"np": stand_in, "math": stand_in, "_decide": lambda x: x, "float": mp.mpf, "abs": mp.fabs}
    function = run_with(source, name, scope)

    def run(*args: Any) -> Any:
        return function(*(mp.mpf(a) if isinstance(a, float) else a for a in args))

    run.context = mp  # type: ignore[attr-defined]
    return run


def mpmath_derivative(source: str, name: str, arguments: Sequence[Any], argnum: int, order: int) -> float:
    """Derivative of this order with respect to one argument of a scalar function, correct to double precision."""
    function = mpmath_function(source, name)
    mp = function.context  # type: ignore[attr-defined]

    def along(x: Any) -> Any:
        return function(*(x if position == argnum else a for position, a in enumerate(arguments)))

    return float(mp.diff(along, mp.mpf(float(arguments[argnum])), order))


def sympy_expression(source: str, name: str, arguments: Sequence[Any]) -> tuple[Any, list[Any]]:
    """What a scalar function computes at these arguments, as one expression, and the symbols of its floats.

    Loops run, and branches are taken as they are at the arguments.
    """
    import sympy

    symbols = [
        sympy.Symbol(f"a{position}", real=True) if isinstance(argument, float) else argument
        for position, argument in enumerate(arguments)
    ]
    point = {s: a for s, a in zip(symbols, arguments) if isinstance(s, sympy.Symbol)}
    functions = {
        "square": lambda x: x**2,
        "abs": sympy.Abs,
        "expm1": lambda x: sympy.exp(x) - 1,
        "log1p": lambda x: sympy.log(1 + x),
        "log2": lambda x: sympy.log(x, 2),
        "log10": lambda x: sympy.log(x, 10),
        "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
        "maximum": lambda x, y: x if at(x) >= at(y) else y,
        "minimum": lambda x, y: x if at(x) <= at(y) else y,
        "float64": lambda x: x,
    }

    def at(value: Any) -> Any:
        return value.subs(point).evalf(30) if isinstance(value, sympy.Basic) else value

    stand_in = _Renamed(sympy, ARC_NAMES, functions)
    scope = {"np": stand_in, "math": stand_in, "_decide": at, "float": lambda x: x, "abs": sympy.Abs}
    expression = run_with(source, name, scope)(*symbols)
    return sympy.sympify(expression), symbols
