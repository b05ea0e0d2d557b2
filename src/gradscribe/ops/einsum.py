"""np.einsum.

The cotangent of an operand is an einsum again: the output and the other operands, summed to its subscripts. A
letter that stands twice in one operand is given two names, tied by an identity matrix; a letter that stands in
this operand alone was summed over, so its cotangent is repeated along it.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_letters

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length
from gradscribe.ir.types import Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import custom
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.spec import Aliasing, Contributions, Domain, Spelling, Unsupported
from gradscribe.ops.whole_numbers import in_floats, require_an_order

Attrs = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Subscripts without ellipsis: one text per operand, and that of the output."""

    operands: tuple[str, ...]
    output: str


def _plan(subscripts: object, ndims: Sequence[int]) -> _Plan:
    if not isinstance(subscripts, str):
        raise Unsupported(
            "the subscripts of einsum are not text", "write them as a literal, as in 'ij,jk->ik'"
        )
    text = subscripts.replace(" ", "")
    left, arrow, right = text.partition("->")
    parts = left.split(",")
    if len(parts) != len(ndims):
        raise Unsupported(f"{len(parts)} subscripts for {len(ndims)} operands", "write one for each operand")
    free = iter(letter for letter in ascii_letters if letter not in text)
    width = max(
        (n - len(part.replace("...", "")) for part, n in zip(parts, ndims, strict=True) if "..." in part),
        default=0,
    )
    dots = "".join(next(free) for _ in range(width))
    expanded = []
    for part, ndim in zip(parts, ndims, strict=True):
        own = ndim - len(part.replace("...", ""))
        if own < 0 or ("..." not in part and own):
            raise Unsupported(
                f"the subscripts {part!r} for an operand of {ndim} dimensions", "write one for each"
            )
        expanded.append(part.replace("...", dots[width - own :]))
    if arrow:
        return _Plan(tuple(expanded), right.replace("...", dots))
    joined = "".join(part.replace("...", "") for part in parts)
    return _Plan(tuple(expanded), dots + "".join(sorted(c for c in set(joined) if joined.count(c) == 1)))


def _lengths(plan: _Plan, types: Sequence[Type]) -> dict[str, Length]:
    found: dict[str, Length] = {}
    for letters, type_ in zip(plan.operands, types, strict=True):
        for letter, length in zip(letters, shape_of(type_), strict=True):
            if letter not in found or found[letter].is_one:
                found[letter] = length
    return found


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = numbers(types)
    plan = _plan(attrs["subscripts"], [len(shape_of(type_)) for type_ in found])
    lengths = _lengths(plan, types)
    dtype = np.result_type(*(type_.dtype for type_ in found))
    return (number_type(dtype, tuple(lengths[letter] for letter in plan.output)),)


def _aliasing(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> Aliasing:
    """An einsum that only moves or picks elements of one operand is a view of it."""
    if len(types) != 1:
        return Aliasing.FRESH
    plan = _plan(attrs["subscripts"], [len(shape_of(types[0]))])
    return Aliasing.VIEW if set(plan.operands[0]) == set(plan.output) else Aliasing.FRESH


def node_plan(node: Node) -> _Plan:
    """The subscripts of a node, spelt out."""
    return _plan(node.attrs["subscripts"], [len(shape_of(value.type)) for value in node.inputs])


def _emit(b: OpBuilder, node: Node, parts: Sequence[str], values: Sequence[Value], output: str) -> Value:
    """`np.einsum`, or the value itself where nothing happens; several products are ordered as in the primal."""
    if len(parts) == 1 and parts[0] == output:
        return values[0]
    attrs: dict[str, object] = {"subscripts": f"{','.join(parts)}->{output}"}
    if len(parts) > 2 and _is_reordered(node):
        attrs["optimize"] = True
    return b.apply("einsum", values, attrs)[0]


def _is_reordered(node: Node) -> bool:
    """NumPy may choose which operands are multiplied first; otherwise all of them are converted first."""
    return node.attrs.get("optimize", False) is not False


def _vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None] * len(node.inputs)
    plan = node_plan(node)
    return [_pull(b, node, plan, ct, position) for position in range(len(node.inputs))]


def _pull(b: OpBuilder, node: Node, plan: _Plan, ct: Value, position: int) -> Value:
    operand = node.inputs[position]
    others = [place for place in range(len(node.inputs)) if place != position]
    parts = [plan.output, *(plan.operands[place] for place in others)]
    values = [ct, *(node.inputs[place] for place in others)]
    if len(values) > 2 and _is_reordered(node):
        require_an_order(combinations((value.type for value in values[1:]), 2), "einsum with `optimize`")
        values = [in_floats(b, value) for value in values]
    wanted = ""
    free = iter(letter for letter in ascii_letters if letter not in "".join((*plan.operands, plan.output)))
    letters = plan.operands[position]
    for axis, letter in enumerate(letters):
        if letter in letters[axis + 1 :]:
            other = next(free)
            parts.append(other + letter)
            sides = [b.op("dimension", operand, axis=place) for place in (axis, letters.rindex(letter))]
            # NumPy takes the length from the last place where a letter stands, if there is no row.
            values.append(b.apply("eye", sides, {"N": Input(0), "M": Input(1)})[0])
            letter = other
        wanted += letter
    present = set("".join(parts))
    result = _emit(b, node, parts, values, "".join(letter for letter in wanted if letter in present))
    missing = tuple(axis for axis, letter in enumerate(wanted) if letter not in present)
    if not missing:
        return result
    return b.op("expand_dims", result, axis=missing[0] if len(missing) == 1 else missing)


def _jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    total: Value | None = None
    for position, tangent in enumerate(tangents):
        if tangent is None:
            continue
        inputs = list(node.inputs)
        inputs[position] = tangent
        term = b.apply("einsum", inputs, node.attrs)[0]
        total = term if total is None else b.op("add", total, term)
    return [total]


OPERATIONS = (
    custom(
        "einsum",
        "numpy.einsum",
        "subscripts, *operands, optimize=False",
        _vjp,
        _jvp,
        _types,
        "A sum of products by subscripts.",
        why="linear in each operand",
        operands=(),
        variadic="operands",
        backend=Domain.CONTRACTION,
        aliasing=_aliasing,
        refused_keywords={
            "out": "it writes into another array",
            "dtype": "convert the operands with .astype instead",
            "order": "layout only",
            "casting": "convert the operands with .astype instead",
        },
        samples=(
            "'ij,jk->ik', a(2, 3), a(3, 4)",
            "'ij,ij', a(2, 3), a(2, 3)",
            "'ii->i', a(3, 3)",
            "'ii', a(3, 3)",
            "'ij->j', a(2, 3)",
            "'bij,bjk->bik', a(2, 2, 3), a(2, 3, 2)",
            "'...i,i->...', a(2, 3), a(3)",
            "'i,j,ij->', a(2), a(3), a(2, 3)",
            "'ij->ji', a(2, 3)",
            "'i,i', a(3), a(3)",
            "'i->', a(3)",
            "'iij->ij', a(2, 2, 3)",
            "'ij,jk,kl->il', a(2, 3), a(3, 2), a(2, 2), optimize=True",
            "'ij,jk->ik', a(2, 3), a(3, 4), optimize='greedy'",
        ),
    ),
)
