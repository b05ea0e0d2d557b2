"""Derivatives of forms whose parts overflow or divide by zero where the whole is smooth.

The parts of log(1 + exp(x)) at 1000 have the derivatives inf and 0; the whole has the derivative 1. Such a form is
differentiated in one step, from its result to what it rests on, past the parts. The value is computed as the user
wrote it.

    log(...), log1p(...), log2, log10    of products, powers, exponential sums, determinants ... (logarithms.py)
    1 / (1 + exp(-x)), sinh(x) / cosh(x), x / (1 + exp(-x)), exp(x) / sum(exp(x))    (quotients.py, softmax.py)
    sin(x) / x, (1 - cos(x)) / x ** 2, x / expm1(x)    (removable.py)
    sqrt(x ** 2 + y ** 2), sqrt(sum(x ** 2))    x / out, and 0 at 0, as for every norm
    exp(log(x))    1
    arctan(sinh(x)), arctan(exp(x))    1 / cosh(x), and half of it
    exp(-x ** 2) in a derivative    0 at infinity

In:  a block.   Out: for each node that ends such a form, what it is a function of.
Not here: ordinary rules (ops/), stable values (the user's own business), how forms pass derivatives (forms.py).
"""

from __future__ import annotations

from dataclasses import replace

from gradscribe.ad.exponentials import read
from gradscribe.ad.forms import Form, Part, weighted
from gradscribe.ad.logarithms import Logarithms, is_leaf
from gradscribe.ad.quotients import quotient_form
from gradscribe.ad.reader import Reader, is_real, scaled, squared
from gradscribe.ad.removable import removable_form
from gradscribe.ad.softmax import quotient_by_sum
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import dtype_of, is_number

LOGARITHMS = {"log": 1.0, "log2": 1.4426950408889634, "log10": 0.4342944819032518, "log1p": 1.0}
ENDS = frozenset({*LOGARITHMS, "div", "reciprocal", "sqrt", "exp", "arctan"})


def stable_forms(block: Block) -> dict[Node, Form]:
    """The forms that nodes of this block end."""
    if not any(node.op.name in ENDS for node in block.nodes):
        return {}
    reader = Reader(block)
    found = {node: form_of(reader, node) for node in block.nodes if node.op.name in ENDS}
    return {node: form for node, form in found.items() if form is not None and _is_real(node, form)}


def _is_real(node: Node, form: Form) -> bool:
    """Nothing is complex; some value that the form rests on is a float."""
    named = [value for part in form.parts for value in part.names.values() if isinstance(value, Value)]
    values = [*named, *(part.operand for part in form.parts)]
    known = all(is_number(value.type) and dtype_of(value.type).kind != "c" for value in values)
    return known and is_real(node.output) and any(is_real(part.operand) for part in form.parts)


def form_of(reader: Reader, node: Node) -> Form | None:
    """The form that this node ends, if any."""
    name = node.op.name
    if set(node.attrs) - {"spelling"}:
        return None
    if name in LOGARITHMS:
        return _logarithm(reader, node)
    if name == "sqrt":
        return _norm(reader, node)
    if name == "arctan":
        return _gudermannian(reader, node)
    if name == "exp":
        inner = reader.maker(node.inputs[0], "log")
        return _gaussian(reader, node) if inner is None else Form((Part(inner.inputs[0], "1.0"),))
    return _quotient(reader, node)


def _logarithm(reader: Reader, node: Node) -> Form | None:
    logarithms, weight = Logarithms(reader), LOGARITHMS[node.op.name]
    (operand,) = node.inputs
    if node.op.name == "log1p":
        parts = logarithms.of_one_plus(operand, weight)
    else:
        parts = logarithms.parts(operand, weight)
    is_plain = any(part.operand is operand for part in parts)
    return Form(parts) if parts and not is_plain else None


def _quotient(reader: Reader, node: Node) -> Form | None:
    removable = removable_form(reader, node) if node.op.name == "div" else None
    if removable is not None:
        return removable
    whole = read(reader, node.output)
    found = quotient_form(whole) if whole is not None else None
    if found is not None or node.op.name != "div":
        return found
    return _division(reader, node) or quotient_by_sum(reader, node)


def _division(reader: Reader, node: Node) -> Form | None:
    """A quotient by something that overflows where its logarithmic derivative does not.

    In a derivative, every product is such a thing; where the user divides by one, ordinary rules do as he would.
    """
    above, below = node.inputs
    parts = Logarithms(reader, of_divisors=True, in_derivative=node.derivative).parts(below, -1.0)
    is_ordinary = len(parts) == 1 if node.derivative else True
    if all(is_leaf(part) for part in parts) and is_ordinary:
        return None
    texts = (part.partial if is_leaf(part) else f"({part.partial})" for part in parts)
    moved = tuple(replace(part, partial=f"out * {text}") for part, text in zip(parts, texts, strict=True))
    return Form((Part(above, "1.0 / below", {"below": below}), *moved))


def _gudermannian(reader: Reader, node: Node) -> Form | None:
    """The inverse tangent of sinh(x), or of exp(x)."""
    inner = reader.maker(node.inputs[0], "sinh", "exp")
    if inner is None:
        return None
    (x,) = inner.inputs
    return Form((Part(x, f"{1.0 if inner.op.name == 'sinh' else 0.5} / cosh(x)", {"x": x}),))


def _gaussian(reader: Reader, node: Node) -> Form | None:
    """exp(-c x²) in a derivative, as in that of erf: 0 infinitely far out, with all its derivatives.

    Where the user wrote it, his rules hold: -2 c x out is what a person would write, and nan at infinity.
    """
    if not node.derivative:
        return None
    factor, core = scaled(reader, node.inputs[0])
    root, product = squared(reader, core), reader.maker(core, "mul")
    if root is None and product is not None:
        (left, root), (right, other) = (scaled(reader, operand) for operand in product.inputs)
        factor *= left * right if reader.same(root) == reader.same(other) else 0.0
    if root is None or factor >= 0:
        return None
    bound = (800.0 / -factor) ** 0.5
    return Form((Part(root, f"{2.0 * factor} * clip(x, {-bound}, {bound}) * out", {"x": root}),))


def _norm(reader: Reader, node: Node) -> Form | None:
    """The root of a sum of squares, over an axis or written out."""
    (inside,) = node.inputs
    over = reader.maker(inside, "sum")
    if over is not None and len(over.inputs) == 1:
        x = squared(reader, over.inputs[0])
        reduction = None if x is None else weighted(over, lambda b: x)
        return None if x is None else Form((Part(x, "1.0", reduction=reduction),), "1.0 / or_one(out)")
    terms = _summands(reader, inside)
    squares = [squared(reader, term) for term in terms]
    numbers = [reader.literal(term) for term in terms]
    if any(x is None and (n is None or n < 0) for x, n in zip(squares, numbers, strict=True)):
        return None
    roots = [x for x in squares if x is not None]
    if not roots:
        return None
    if len(terms) == 1:
        return Form((Part(roots[0], "sign(x)", {"x": roots[0]}),))
    common = "1.0 / out" if any(numbers) else "1.0 / or_one(out)"
    return Form(tuple(Part(x, "x", {"x": x}) for x in roots), common)


def _summands(reader: Reader, value: Value) -> list[Value]:
    """What is added up, in order."""
    found: list[Value] = []
    pending = [value]
    while pending:
        last = pending.pop()
        node = reader.maker(last, "add")
        if node is None:
            found.append(last)
        else:
            pending += reversed(node.inputs)
    return found
