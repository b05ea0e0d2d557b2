"""Short forms of entries: what a declaration says once, and what follows from it.

In:  texts and rules.   Out: `OpSpec`.
Not here: what the fields mean (spec.py), the entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ScalarType
from gradscribe.ops.derived import PARTIALS
from gradscribe.ops.promotion import ufunc_types
from gradscribe.ops.spec import (
    Bilinear,
    ConstantAlmostEverywhere,
    Custom,
    Domain,
    Elementwise,
    Form,
    JvpRule,
    Linear,
    OpSpec,
    Partial,
    Reason,
    Refused,
    Spelling,
    SpellingKind,
    Transpose,
    TypeRule,
    Unsupported,
    VjpRule,
)

if TYPE_CHECKING:
    from gradscribe.ops.build import OpBuilder

# Keywords of every ufunc, and why they are not part of an entry.
UFUNC_KEYWORDS: Mapping[str, Reason] = {
    "out": "several results are not written to at once",
    "where": "elements that it leaves out are undefined without `out`",
    "dtype": "convert the operands with .astype instead",
    "casting": "convert the operands with .astype instead",
    "order": "it changes only the memory layout",
    "subok": "subclasses of ndarray are not supported",
    "signature": "convert the operands with .astype instead",
}


def spell(text: str) -> Spelling:
    """'numpy.sum' a function, '.sum()' a method, '.T' an attribute, '+' an operator."""
    if text.startswith("."):
        kind = SpellingKind.METHOD if text.endswith("()") else SpellingKind.ATTRIBUTE
        return Spelling(kind, text.strip(".()"))
    module, dot, name = text.partition(".")
    if dot and module.isidentifier() and name:
        return Spelling(SpellingKind.FUNCTION, text)
    return Spelling(SpellingKind.OPERATOR, text)


def entry(
    name: str, spellings: str, signature: str, form: Form, types: TypeRule, doc: str, **fields: Any
) -> OpSpec:
    """An entry.

    Args:
        name: of the operation.
        spellings: separated by spaces; the canonical one first.
        signature: parameters as Python writes them.
        form: its derivative.
        types: its type rule.
        doc: one sentence.
        fields: further fields of `OpSpec`; `operands` defaults to the parameters without a default.
    """
    operands = fields.pop("operands", None)
    if operands is None:
        parameters = [part.strip() for part in signature.split(",")]
        operands = tuple(part for part in parameters if part.isidentifier())
    return OpSpec(
        name=name,
        spellings=tuple(map(spell, spellings.split())),
        signature=signature,
        operands=operands,
        result_type=types,
        form=form,
        doc=doc,
        **fields,
    )


def ufunc_of(spellings: str) -> np.ufunc:
    """The NumPy ufunc among the spellings: it decides dtypes."""
    for text in spellings.split():
        found = getattr(np, text.removeprefix("numpy."), None) if text.startswith("numpy.") else None
        if isinstance(found, np.ufunc):
            return found
    raise ValueError(f"no ufunc among {spellings}")


@dataclass(frozen=True, slots=True)
class Derived:
    """Says that the partials by these operands are what SymPy derives from the formula, in derived.py."""

    operands: tuple[str, ...]


def derived(operands: str) -> Derived:
    """Partials that nobody could state better than SymPy derives them: `python -m tools.derive` writes them."""
    return Derived(tuple(operands.split()))


def _not_derived(b: OpBuilder, node: Node) -> str | None:
    raise Unsupported("its derivative has not been derived yet", "run `python -m tools.derive --update`")


def elementwise(
    name: str,
    spellings: str,
    partials: Mapping[str, Partial] | Derived,
    doc: str,
    *,
    formula: str | None = None,
    constant: Mapping[str, Reason] | None = None,
    singular: bool = False,
    signature: str = "",
    types: TypeRule | None = None,
    **fields: Any,
) -> OpSpec:
    """An operation on element i of each broadcast operand; types from the ufunc unless given."""
    from_formula: tuple[str, ...] = ()
    if isinstance(partials, Derived):
        from_formula = partials.operands
        partials = {operand: PARTIALS.get(name, {}).get(operand, _not_derived) for operand in from_formula}
    form = Elementwise(
        partials=partials, formula=formula, constant=constant or {}, singular=singular, derived=from_formula
    )
    signature = signature or ", ".join([*partials, *(constant or {})])
    types = types or ufunc_types(ufunc_of(spellings))
    fields.setdefault("backend", Domain.ELEMENTWISE)
    fields.setdefault("refused_keywords", UFUNC_KEYWORDS)
    return entry(name, spellings, signature, form, types, doc, **fields)


def constant_almost_everywhere(
    name: str,
    spellings: str,
    why: Reason,
    doc: str,
    *,
    signature: str = "x",
    types: TypeRule | None = None,
    **fields: Any,
) -> OpSpec:
    """An operation whose derivative is zero wherever it has one; elementwise unless said otherwise."""
    types = types or ufunc_types(ufunc_of(spellings))
    fields.setdefault("backend", Domain.ELEMENTWISE)
    if fields["backend"] is Domain.ELEMENTWISE:
        fields.setdefault("refused_keywords", UFUNC_KEYWORDS)
    return entry(name, spellings, signature, ConstantAlmostEverywhere(why=why), types, doc, **fields)


def linear(
    name: str,
    spellings: str,
    signature: str,
    transpose: Transpose | None,
    types: TypeRule,
    doc: str,
    *,
    transposes: VjpRule | None = None,
    broadcasts: bool = False,
    **fields: Any,
) -> OpSpec:
    """A linear operation: in its first operand (`transpose`) or in several together (`transposes`)."""
    form: Form
    if transposes is not None:
        form = Custom(vjp=transposes, jvp=push_linear, why="linear in its operands together")
    else:
        assert transpose is not None, name
        form = Linear(transpose=transpose, broadcasts=broadcasts)
    return entry(name, spellings, signature, form, types, doc, **fields)


def push_linear(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    """The operation itself on tangents: operands without one, and literals among them, count as zero."""
    if all(tangent is None for tangent in tangents):
        return [None] * len(node.outputs)
    spec = node.op
    assert isinstance(spec, OpSpec)
    operands = len(node.inputs) if spec.variadic else len(spec.operand_names(node))
    inputs = [
        tangent if tangent is not None else _zero(b, value) if position < operands else value
        for position, (value, tangent) in enumerate(zip(node.inputs, tangents, strict=True))
    ]
    attrs = dict(node.attrs)
    if spec.variadic in attrs:
        attrs[spec.variadic] = _without_literals(attrs[spec.variadic])
    return b.apply(spec.name, inputs, attrs)


def push_first(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    """The operation itself on the tangent of its first operand; the other inputs stay."""
    tangent = tangents[0]
    if tangent is None:
        return [None] * len(node.outputs)
    return b.apply(node.op.name, (tangent, *node.inputs[1:]), node.attrs)


def _zero(b: OpBuilder, value: Value) -> Value:
    return b.constant(0.0) if isinstance(value.type, ScalarType) else b.op("zeros_like", value)


def _without_literals(template: object) -> object:
    if isinstance(template, tuple | list):
        return type(template)(_without_literals(item) for item in template)
    return 0.0 if isinstance(template, int | float | complex) else template


def bilinear(
    name: str,
    spellings: str,
    signature: str,
    left: Transpose,
    right: Transpose,
    types: TypeRule,
    doc: str,
    **fields: Any,
) -> OpSpec:
    """An operation linear in each of its first two operands."""
    return entry(name, spellings, signature, Bilinear(left=left, right=right), types, doc, **fields)


def custom(
    name: str,
    spellings: str,
    signature: str,
    vjp: VjpRule,
    jvp: JvpRule,
    types: TypeRule,
    doc: str,
    *,
    why: Reason,
    **fields: Any,
) -> OpSpec:
    """An operation with rules of its own for both modes."""
    return entry(name, spellings, signature, Custom(vjp=vjp, jvp=jvp, why=why), types, doc, **fields)


def refused(
    name: str,
    spellings: str,
    signature: str,
    types: TypeRule,
    doc: str,
    *,
    why: Reason,
    fix: str,
    **fields: Any,
) -> OpSpec:
    """An operation that can be evaluated, but not differentiated through."""
    return entry(name, spellings, signature, Refused(why=why, fix=fix), types, doc, **fields)
