"""Programs written by hand, rewritten so that only the run knows which way they go.

`if c:` becomes `if c and known:`, a filter likewise, a loop may be left in every iteration, a statement left out.
`known` is computed from one argument more, the first. What a program computes then is what Python computes. All of
them: `python -m tests.programs.rewriting --rewriting statements`.

In:  programs.   Out: other programs; what failed.
Not here: the programs themselves (language/, mutation/, idioms.py), random ones (campaign.py).
"""

from __future__ import annotations

import argparse
import ast
import copy
import inspect
import sys
import textwrap
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from random import Random
from types import FrameType
from typing import Any

import numpy as np

import gradscribe as gs
from gradscribe.errors import GradscribeError
from tests.programs.idiom_checks import check_value_and_gradient
from tests.programs.idioms import IDIOMS, Idiom
from tests.programs.language import ALL
from tests.programs.load import load_module
from tests.programs.mutation import ALL as MUTATION

KNOWN, GIVEN = "_known", "_given"
PROGRAMS = [*(idiom for programs in (*ALL.values(), *MUTATION.values()) for idiom in programs), *IDIOMS]
LEFT_OUT = ast.Assign | ast.AugAssign | ast.Expr | ast.For | ast.Delete
"""Statements that may be left out; those that stay, others cannot do without."""
MOST_EVENTS = 1_000_000
"""Calls and lines, more than any of the programs has."""
TraceFunction = Callable[[FrameType, str, Any], Any]
STAYS = ast.Constant | ast.Yield | ast.YieldFrom


class Rewriter(ast.NodeTransformer):
    """Leaves a program as it is; `random` chooses places."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def and_known(self, test: ast.expr) -> ast.expr:
        """The test, and that what is given is large."""
        return ast.BoolOp(ast.And(), [test, ast.Name(KNOWN)])


class Conditions(Rewriter):
    """Conditions of `if`, of conditional expressions and of filters."""

    def visit_If(self, node: ast.If) -> ast.AST:
        """`if c and known:`."""
        self.generic_visit(node)
        node.test = self.and_known(node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """`a if c and known else b`."""
        self.generic_visit(node)
        node.test = self.and_known(node.test)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        """`for x in xs if c and known`."""
        self.generic_visit(node)
        node.ifs = [self.and_known(test) for test in node.ifs]
        return node


class Filters(Rewriter):
    """A filter for every comprehension and generator expression."""

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        """`for x in xs if known`."""
        self.generic_visit(node)
        node.ifs = [*node.ifs, ast.Name(KNOWN)]
        return node


class Breaks(Rewriter):
    """A way out of loops."""

    def visit_For(self, node: ast.For) -> ast.AST:
        """`for x in xs: if not known: break`."""
        self.generic_visit(node)
        if self.random.random() < 0.7:
            leaves = ast.If(ast.UnaryOp(ast.Not(), ast.Name(KNOWN)), [ast.Break()], [])
            node.body.insert(0, leaves)
        return node


class Whiles(Rewriter):
    """`while` loops for `for` loops over a range, which count in their condition."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.made = 0

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        """`while (k := k + 1) < n: i = k`."""
        self.generic_visit(node)
        match node.iter:
            case ast.Call(func=ast.Name(id="range"), args=[end]) if not isinstance(end, ast.Starred):
                self.made += 1
                count, last = f"_count{self.made}", f"_last{self.made}"
                made = ast.parse(
                    f"{count}, {last} = -1, 0\nwhile ({count} := {count} + 1) < {last}:\n    i = {count}"
                )
                start, loop = made.body
                assert isinstance(start, ast.Assign) and isinstance(loop, ast.While)
                assert isinstance(start.value, ast.Tuple) and isinstance(loop.body[0], ast.Assign)
                start.value.elts[1] = end
                loop.body[0].targets = [node.target]
                loop.body += node.body
                loop.orelse = node.orelse
                return [start, loop]
        return node


class Statements(Rewriter):
    """A condition for some of the statements."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """`if known: statement`."""
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, [self._perhaps(part) for part in block])
        return node

    def _perhaps(self, part: ast.AST) -> ast.AST:
        stays = not isinstance(part, LEFT_OUT) or (
            isinstance(part, ast.Expr) and isinstance(part.value, STAYS)
        )
        return part if stays or self.random.random() > 0.35 else ast.If(ast.Name(KNOWN), [part], [])


REWRITERS: dict[str, type[Rewriter]] = {
    "conditions": Conditions,
    "filters": Filters,
    "breaks": Breaks,
    "whiles": Whiles,
    "statements": Statements,
}


def rewritten(idiom: Idiom, name: str, seed: int) -> Iterator[Idiom]:
    """The program, rewritten, at arguments that let it do all and nothing; none where Python raises then.

    None, too, where there is nothing to rewrite.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(idiom.function)))
    (function,) = tree.body
    if not isinstance(function, ast.FunctionDef) or not _is_plain(function.args):
        return
    function.decorator_list = []
    before = ast.unparse(function)
    REWRITERS[name](Random(seed)).visit(function)
    if ast.unparse(ast.fix_missing_locations(function)) == before:
        return
    function.args.args.insert(0, ast.arg(GIVEN))
    function.body[:0] = ast.parse(f"{KNOWN} = {GIVEN} > 0.5").body
    text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    made = getattr(load_module(text, **idiom.function.__globals__), function.name)
    if "np.empty(" in text:
        # What is left out may be what fills the array.
        return
    # Without what ends it, a `while` may not end.
    repeats = any(isinstance(node, ast.While) for node in ast.walk(function))
    for given in (1.0,) if repeats else (1.0, 0.0):
        candidate = Idiom(made, (given, *idiom.args))
        if _gives_a_number(candidate):
            yield candidate


def _is_plain(args: ast.arguments) -> bool:
    return not (args.posonlyargs or args.vararg or args.kwonlyargs or args.kwarg or args.defaults)


class _Endless(BaseException):
    """More was done than any of the programs does."""


def _gives_a_number(idiom: Idiom) -> bool:
    """Whether it does, before long: what ends a loop over an endless generator may be left out."""
    events = 0

    def look_on(frame: FrameType, event: str, arg: Any) -> TraceFunction:
        nonlocal events
        events += 1
        if events > MOST_EVENTS:
            raise _Endless
        return look_on

    args, outer = copy.deepcopy(idiom.args), sys.gettrace()
    sys.settrace(look_on)
    try:
        value = idiom.function(*args)
    except (Exception, _Endless):
        return False
    finally:
        sys.settrace(outer)
    return isinstance(value, float | np.floating) and bool(np.isfinite(value))


def failure_of(idiom: Idiom, check: Callable[[Idiom], None] = check_value_and_gradient) -> Exception | None:
    """What is wrong, or refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", gs.SideEffectWarning)
            warnings.simplefilter("ignore", RuntimeWarning)
            check(idiom)
    except Exception as error:
        return error
    return None


def is_refusal(error: Exception) -> bool:
    """An error that says what is not supported."""
    return isinstance(error, GradscribeError) and not error.code.startswith("GS9")


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite all programs; print what is wrong, and count what is refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rewriting", choices=REWRITERS, default="statements")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--last", type=int, default=len(PROGRAMS))
    options = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    for number, idiom in enumerate(PROGRAMS[options.first : options.last], options.first):
        for candidate in rewritten(idiom, options.rewriting, options.seed + number):
            error = failure_of(candidate)
            kind = "right" if error is None else error.code if is_refusal(error) else "wrong"  # type: ignore[attr-defined]
            counts[kind] += 1
            if kind == "wrong":
                print(f"--- {number}, given {candidate.args[0]}: {type(error).__name__}: {error}")
                print(inspect.getsource(candidate.function), flush=True)
    print(f"{counts.total()} programs: {dict(counts.most_common())}")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
