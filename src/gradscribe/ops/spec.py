"""What an entry of the operation table says.

An operation is declared once. Lowering, types, both modes of differentiation, emission, tests, docs and the
vocabulary of random programs are read off its entry.

In:  nothing.   Out: `OpSpec` and the functions that declare entries: `elementwise`, `linear`, `bilinear`,
`custom`, `composite`, `constant_almost_everywhere`, `refused`.
Not here: the entries (elementwise.py, reductions.py ...), finding them (table.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import FunctionType
from typing import TYPE_CHECKING, Any

from gradscribe.ir.graph import Node, Op, Value
from gradscribe.ir.types import ScalarType, Type
from gradscribe.ops.accuracy import USUAL, Accuracy
from gradscribe.ops.options import Options

if TYPE_CHECKING:
    from gradscribe.ops.build import OpBuilder


class SpellingKind(Enum):
    """The forms in which Python code can mean an operation."""

    FUNCTION = "function"
    METHOD = "method"
    ATTRIBUTE = "attribute"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write an operation.

    Attributes:
        name: 'numpy.sum', 'math.exp', 'builtins.abs'; 'sum' for a method, 'T' for an attribute, '+' for an
            operator ('-x', '+x', '~x', 'not x' for the unary ones, 'x[]' for subscription).
    """

    kind: SpellingKind
    name: str

    @property
    def is_math(self) -> bool:
        """A function of `math`: takes scalars, returns a Python float, raises outside its domain."""
        return self.name.startswith("math.")


WITHOUT_INFLUENCE: Mapping[str, str] = {
    **dict.fromkeys(("overwrite_a", "overwrite_b", "overwrite_ab", "overwrite_x"), "the operand is kept"),
    **dict.fromkeys(("workers", "plan"), "it changes only the speed"),
    **dict.fromkeys(("xp", "device"), "arrays of other libraries are not supported"),
    **dict.fromkeys(("lapack_driver", "driver", "lwork"), "the usual algorithm is taken"),
    "check_finite": "arguments are checked",
}
"""Keywords of many functions of SciPy that an entry need not mention, and why they are refused."""

TypeRule = Callable[[Sequence[Type], Mapping[str, object], Spelling], tuple[Type, ...]]
Reason = str


@dataclass(frozen=True, slots=True)
class Dense:
    """A contribution with the shape and dtype of the value it belongs to, or one that broadcasts to it.

    Where the shape is smaller, the contribution counts as repeated; where it is larger (an operand that was
    broadcast), `ad/accumulate.py` sums the extra dimensions. Rules need not care.
    """

    value: Value


@dataclass(frozen=True, slots=True)
class At:
    """A contribution to part of a value: zero except at `index` (a template over `inputs`).

    `repeats` says that an element may be indexed twice, as in `x[[0, 0, 1]]`: contributions then add up.
    """

    value: Value
    index: object
    inputs: tuple[Value, ...] = ()
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Masked:
    """`where(condition, value, 0)`, kept apart so that the selection happens after later partials were applied.

    A branch that `np.where` does not take may have an infinite or undefined partial; selecting last keeps it out.
    """

    value: Value
    condition: Value
    taken_if: bool = True


@dataclass(frozen=True, slots=True)
class NoRule:
    """No contribution, because nobody knows it: an error where the value is differentiated."""

    why: Reason
    fix: str


Contribution = Dense | At | Masked | NoRule
Contributions = Sequence[Contribution | Value | None]
VjpRule = Callable[["OpBuilder", Node, Sequence[Value | None]], Contributions]
JvpRule = Callable[["OpBuilder", Node, Sequence[Value | None]], Sequence[Value | NoRule | None]]
Transpose = Callable[["OpBuilder", Node, Value], Contribution | Value]
Partial = str | Callable[["OpBuilder", Node], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elementwise:
    """Result i depends on element i of each (broadcast) operand.

    Attributes:
        formula: the value, in the common subset of Python and SymPy; None where SymPy has no such function.
        partials: derivative by operand name, in the same subset; may use `out`. A rule in place of a text chooses
            the text by the operands (`x ** 3` and `x ** y` differ). An operand without one is constant almost
            everywhere and must be listed in `constant`.
        constant: operand name -> why its derivative is zero.
        singular: a partial is infinite or undefined at some finite operands. A cotangent that is zero there
            because of a selection (`where`, a mask) must then not be multiplied by it: see ops/elementwise.py.
        derived: the operands whose partials SymPy derives from the formula (ops/derived.py).
    """

    partials: Mapping[str, Partial]
    formula: str | None = None
    constant: Mapping[str, Reason] = field(default_factory=dict)
    singular: bool = False
    derived: tuple[str, ...] = ()

    def partial(self, b: OpBuilder, node: Node, name: str) -> str | None:
        """The derivative of this node with respect to the operand `name`, None where it is zero."""
        partial = self.partials.get(name)
        return partial(b, node) if callable(partial) else partial


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """Linear in its first operand: forward mode is the operation itself.

    `transpose(b, node, ct)` gives the contribution to the first operand, the only one that may carry a tangent.
    Operations linear in several operands (stack, where) are `Custom`: in forward mode, an operand without a
    tangent, also an int, counts as zero there.

    Attributes:
        broadcasts: the rule also takes a cotangent that still broadcasts to the shape of the output.
    """

    transpose: Transpose
    broadcasts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilinear:
    """Linear in each of the first two operands with the other held: a transpose per side."""

    left: Transpose
    right: Transpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """Anything else: rules that build graph nodes.

    `vjp(b, node, cts)` gets a cotangent or None per output and returns a contribution or None per node input;
    `jvp(b, node, tangents)` gets a tangent or None per input and returns a tangent, None or `NoRule` per output.
    Cotangents given to a vjp have the full shape and the dtype of their output.
    """

    vjp: VjpRule
    jvp: JvpRule
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """What simpler operations compute together: the derivative is that of `body`, taken by the compiler.

    `body(b, **arguments)` builds nodes for the value, up to rounding, and returns it (or the tuple of outputs). It
    gets operands by name and every other argument that was given, with run-time ints as values. The value that the
    user sees is computed by the function itself; of the body there remains what the derivative reads.

    Attributes:
        model: a function in Python in place of a body. It is lowered for every call, as the user's functions are;
            the attribute `model` of the node is the block that it becomes.
    """

    why: Reason
    body: Callable[..., Value | tuple[Value, ...]] | None = None
    model: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantAlmostEverywhere:
    """The derivative is exactly zero where it exists; `why` is shown in the docs."""

    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Differentiating through it is an error with this reason and fix; evaluating it is fine."""

    why: Reason
    fix: str


Form = Elementwise | Linear | Bilinear | Custom | Composite | ConstantAlmostEverywhere | Refused


class Domain(Enum):
    """What a backend may do with an operation."""

    ELEMENTWISE = "elementwise"
    REDUCTION = "reduction"
    CONTRACTION = "contraction"
    LAYOUT = "layout"
    OPAQUE = "opaque"


class Aliasing(Enum):
    """What the results share memory with.

    FRESH: nothing. SAME: the only result is the first operand itself. VIEW: every result is a view of it.
    MAYBE_VIEW: whether the result is one depends on the layout. EACH: result k may be a view of operand k.
    """

    FRESH = "fresh"
    VIEW = "view"
    MAYBE_VIEW = "maybe_view"
    SAME = "same"
    EACH = "each"


AliasRule = Callable[[Sequence[Type], Mapping[str, object], Spelling], Aliasing]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class OpSpec(Op):
    """One entry of the table.

    Attributes:
        spellings: how it can be written, the canonical one first. Two callables whose results differ in the last
            bit may share an entry: the node keeps the spelling the user wrote (attribute "spelling").
        signature: parameters as Python writes them, e.g. "x, axis=None, keepdims=False". In a call, operands and
            parameters without a default are written by position, the others by name; a `*` parameter stands for
            all inputs after the operands.
        operands: the parameters that are node inputs, in order; every other one is an attribute (a template).
        variadic: the parameter whose template holds any number of operands: `arrays` of np.stack. In every other
            template the inputs are ints, bools or index arrays, which no derivative passes through.
        nested: lists within the list `variadic` are part of the template: np.array([[x, y], [z, 1.0]]). Otherwise
            each of them is one operand, the array of its items: np.concatenate([a, [x, 1.0]]).
        packed: the parameter that may also be given as several arguments: shape of x.reshape(2, 3).
        returns_tuple: the call returns a tuple of the outputs even where there is only one (np.nonzero).
        result_class: of the results, where the call returns a named tuple: `np.linalg.eigh(x).eigenvalues`.
        known_as: what users call it, where they do not write any of the spellings: 'scipy.interpolate.interp1d'.
        otherwise: the entry that is meant when the arguments do not fit this signature (`math.log(x, 2)`).
        written: the function in Python, with parameters named as here and those that `signature` lacks. Calls that
            pass one of these, or of which `written_if` holds, are lowered as if the user had written its body.
        written_if: tells that from the arguments by name: what they are if known, else their type.
        refused_keywords: parameter -> reason, for keywords of the NumPy function that are not supported.
        options: parameter -> the values for which the derivative is known; others are refused by name.
        real_only: of complex operands the library drops the imaginary parts, which a model does not.
        double_only: in single precision the dtype of the result depends on lengths: it is refused.
        renamed: keyword of the function -> the parameter that it is another name of: `min` of np.clip.
        result_type: types of the outputs; raises `Unsupported` for a use that is refused.
        form: its derivative.
        evaluate: what it computes, when no spelling can be called as it stands: gets inputs and attrs.
        domain: sampling interval of each operand in tests, (low, high).
        hard_points: values of each operand where accuracy is tested: all combinations of them.
        kinks: point -> derivative stated there (a convention, printed in the docs), with `kink_reason`.
        accuracy: of derivatives; with a reason where it is not the usual one.
        aliasing: how the outputs relate to the memory of the inputs; a rule where that depends on the use.
            `sharing` answers for a node.
        doc, note, source: text for the docs: meaning, remarks, paper or book with section.
        samples: arguments of calls for table tests and docs, where drawing operands from `domain` will not do:
            "a(3, 4), axis=1" (tests/rules/samples.py says what `a` and the other names stand for).
    """

    spellings: tuple[Spelling, ...]
    signature: str
    operands: tuple[str, ...]
    result_type: TypeRule
    form: Form
    doc: str
    refused_keywords: Mapping[str, Reason] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    real_only: bool = False
    double_only: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    evaluate: Callable[[Sequence[object], Mapping[str, object]], object] | None = None
    domain: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    hard_points: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    kinks: Mapping[float, float] = field(default_factory=dict)
    kink_reason: str = ""
    accuracy: Accuracy = USUAL
    backend: Domain = Domain.OPAQUE
    aliasing: Aliasing | AliasRule = Aliasing.FRESH
    note: str = ""
    source: str = ""
    samples: tuple[str, ...] = ()
    variadic: str = ""
    nested: bool = False
    packed: str = ""
    returns_tuple: bool = False
    result_class: str = ""
    known_as: str = ""
    otherwise: str = ""
    written: FunctionType | None = None
    written_if: Callable[[Mapping[str, object]], bool] | None = None

    @cached_property
    def parameters(self) -> inspect.Signature:
        """The signature, parsed."""
        return parsed(self.signature)

    def why_refused(self, keyword: str) -> Reason | None:
        """Why a keyword is not supported; None if it is, or if nobody has thought of it."""
        if keyword in self.refused_keywords:
            return self.refused_keywords[keyword]
        return None if keyword in self.parameters.parameters else WITHOUT_INFLUENCE.get(keyword)

    @cached_property
    def takes_the_rest(self) -> bool:
        """Whether a `*` parameter stands for all inputs after the operands."""
        kinds = [parameter.kind for parameter in self.parameters.parameters.values()]
        return inspect.Parameter.VAR_POSITIONAL in kinds

    def sharing(
        self, types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling | None = None
    ) -> Aliasing:
        """How the outputs relate to the memory of inputs of these types, in this spelling or the node's own."""
        if isinstance(self.aliasing, Aliasing):
            return self.aliasing
        own = attrs.get("spelling")
        spelling = spelling or (own if isinstance(own, Spelling) else self.spellings[0])
        return self.aliasing(types, attrs, spelling)

    def operand_names(self, node: Node) -> tuple[str, ...]:
        """The operands that this node was given, in the order of its inputs.

        An optional operand that was not passed (`np.clip(x, None, hi)`) has the attribute None under its name.
        """
        return tuple(name for name in self.operands if name not in node.attrs)


def parsed(parameters: str) -> inspect.Signature:
    """The signature of a function with these parameters, as Python writes them."""
    namespace: dict[str, object] = {"nan": float("nan"), "inf": float("inf")}
    exec(f"def operation({parameters}): ...", namespace)
    function = namespace["operation"]
    assert callable(function)
    return inspect.signature(function)


class Unsupported(Exception):
    """A use of an operation that is refused; the front end adds place, caret and code.

    Attributes:
        why: one sentence.
        fix: what to write instead.
    """

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(why)
        self.why = why
        self.fix = fix


def spelling_of(node: Node) -> Spelling:
    """How this node is written: the user's spelling, or the canonical one."""
    spelling = node.attrs.get("spelling")
    if isinstance(spelling, Spelling):
        return spelling
    assert isinstance(node.op, OpSpec)
    canonical = node.op.spellings[0]
    if canonical.kind is SpellingKind.METHOD and _is_python(node.inputs[0].type):
        # A literal has no methods of arrays: `np.reshape(1.0, -1)`.
        return next((s for s in node.op.spellings if s.kind is SpellingKind.FUNCTION), canonical)
    return canonical


def _is_python(type_: Type) -> bool:
    return isinstance(type_, ScalarType) and type_.python


def written(spec: OpSpec, spelling: Spelling | None = None) -> str:
    """An operation in the words of the user: 'np.unique', '.sum', '+', 'abs'."""
    found = spelling or next(iter(spec.spellings), None)
    if spec.known_as or found is None:
        return spec.known_as or spec.name
    if found.kind in (SpellingKind.METHOD, SpellingKind.ATTRIBUTE):
        return f".{found.name}"
    module, _, rest = found.name.partition(".")
    return {"numpy": f"np.{rest}", "builtins": rest}.get(module, found.name.replace("[]", "[...]"))


def function(name: str) -> Spelling:
    """The spelling as a call of a function: 'numpy.sum'."""
    return Spelling(SpellingKind.FUNCTION, name)


def method(name: str) -> Spelling:
    """The spelling as a method of its first operand: 'sum'."""
    return Spelling(SpellingKind.METHOD, name)


def attribute(name: str) -> Spelling:
    """The spelling as an attribute of its operand: 'T'."""
    return Spelling(SpellingKind.ATTRIBUTE, name)


def operator(symbol: str) -> Spelling:
    """The spelling as an operator: '+', '-x'."""
    return Spelling(SpellingKind.OPERATOR, symbol)
