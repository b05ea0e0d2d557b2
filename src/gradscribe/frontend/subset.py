"""Which Python is supported: one table, from which errors and the docs page are made.

In:  nothing.   Out: `SUBSET`, `refuse`.
Not here: how a construct is lowered (expressions.py, statements.py), which operations exist (ops/).
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering


@dataclass(frozen=True, slots=True)
class Construct:
    """One kind of syntax.

    Attributes:
        title: what it is called in errors and docs.
        note: for a supported construct, what to know about it.
        code: of the error that refuses it; empty when it is supported.
        why, fix: of that error.
    """

    title: str
    note: str = ""
    code: str = ""
    why: str = ""
    fix: str = ""

    @property
    def is_supported(self) -> bool:
        """It can be lowered."""
        return not self.code


def _yes(title: str, note: str = "") -> Construct:
    return Construct(title, note)


def _no(title: str, why: str, fix: str, code: str = "GS110") -> Construct:
    return Construct(title, code=code, why=why, fix=fix)


SUBSET: dict[type[cst.CSTNode], Construct] = {
    # Expressions
    cst.Name: _yes("a name", "numbers and arrays outside of the function are read at each call"),
    cst.Integer: _yes("an integer literal"),
    cst.Float: _yes("a float literal"),
    cst.Imaginary: _yes("an imaginary literal"),
    cst.SimpleString: _yes("a string literal", "for messages, keys and options"),
    cst.ConcatenatedString: _yes("adjacent string literals"),
    cst.FormattedString: _yes("an f-string", "printed, raised, compared, or of values known in advance"),
    cst.Ellipsis: _yes("`...`", "as an index"),
    cst.Tuple: _yes("a tuple"),
    cst.List: _yes("a list"),
    cst.Dict: _yes("a dict", "keys of run time: numbers, text, tuples of them, of one kind, as the values are"),
    cst.Set: _yes("a set", "of values known in advance, or of ints, text and tuples of them"),
    cst.BinaryOperation: _yes("a binary operator"),
    cst.UnaryOperation: _yes("a unary operator"),
    cst.BooleanOperation: _yes("`and`, `or`", "the right side is computed only where Python would"),
    cst.Comparison: _yes("a comparison", "chained ones too"),
    cst.IfExp: _yes("a conditional expression"),
    cst.Call: _yes("a call", "of operations, of user functions (lowered in place), of classes"),
    cst.Attribute: _yes("an attribute"),
    cst.Subscript: _yes("an index", "basic and advanced; of run time, where items are of one kind: `edges[k]`"),
    cst.Lambda: _yes("a lambda"),
    cst.NamedExpr: _yes("`:=`"),
    cst.ListComp: _yes("a list comprehension"),
    cst.GeneratorExp: _yes("a generator expression", "computed where it is consumed, once"),
    cst.DictComp: _yes("a dict comprehension"),
    cst.SetComp: _yes("a set comprehension", "of the same"),
    cst.StarredElement: _yes("`*items`", "in calls, tuples, lists and targets"),
    cst.StarredDictElement: _yes("`**items`", "in calls and dicts"),
    cst.Await: _no("`await`", "derivatives are of plain functions", "compute the value before"),
    cst.Yield: _yes(
        "`yield`, `yield from`",
        "in functions whose items are consumed in place; `send` is not, nor depth that only the run knows",
    ),
    # Statements
    cst.Assign: _yes("an assignment", "chained, unpacking, starred"),
    cst.AnnAssign: _yes("an annotated assignment"),
    cst.AugAssign: _yes("an augmented assignment", "in place on arrays and lists, as in Python"),
    cst.Expr: _yes("an expression statement"),
    cst.Return: _yes("`return`", "anywhere"),
    cst.If: _yes("`if`", "sides may leave None or a value: `is None` tells, or using it does"),
    cst.For: _yes("`for`", "over ranges, arrays, lists; over containers it is unrolled"),
    cst.While: _yes("`while`"),
    cst.Break: _yes("`break`"),
    cst.Continue: _yes("`continue`"),
    cst.Pass: _yes("`pass`"),
    cst.Raise: _yes("`raise`", "runs in the forward sweep"),
    cst.Assert: _yes("`assert`", "runs in the forward sweep"),
    cst.FunctionDef: _yes("a nested function"),
    cst.Del: _yes("`del` of a name"),
    cst.Import: _yes("`import`", "of a module that is loaded already"),
    cst.ImportFrom: _yes("`from ... import`", "of a module that is loaded already"),
    cst.With: _yes(
        "`with`",
        "`np.errstate`, to ignore or warn in all of the generated function; `contextlib.suppress`; classes with "
        "`__enter__` and `__exit__`, and functions under `contextlib.contextmanager`, that swallow no exceptions",
    ),
    cst.Global: _no(
        "`global`", "a derivative does not change global variables", "return the value instead of storing it"
    ),
    cst.Nonlocal: _yes("`nonlocal`", "of variables that a call of the differentiated function makes"),
    cst.ClassDef: _no("a class inside a function", "classes are read where modules define them",
                      "move the class out of the function"),
    cst.Try: _yes("`try`", "what a handler reads may depend on which statement raised, not on where inside of it"),
    cst.TryStar: _no("`except*`", "exceptions are not control flow here", "test the condition with `if`"),
    cst.Match: _yes("`match`", "all patterns, with guards; of numbers, containers and objects"),
    cst.TypeAlias: _no("a type alias", "it belongs outside of functions", "move it out of the function"),
}  # fmt: skip

if hasattr(cst, "TemplatedString"):
    # Newer versions of LibCST know the template strings of Python 3.14.
    SUBSET[cst.TemplatedString] = _no("a template string", "only f-strings are read", "use an f-string")


def refuse(run: Lowering, node: cst.CSTNode) -> Refusal:
    """The refusal of a construct that the table refuses."""
    found = SUBSET.get(
        type(node), _no(f"`{type(node).__name__}`", "it is not supported", "write it differently")
    )
    return run.refusal(
        node,
        found.code or "GS110",
        f"{found.title} is outside the supported subset",
        why=found.why,
        fix=found.fix,
    )
