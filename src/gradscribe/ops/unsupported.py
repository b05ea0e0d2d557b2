"""Functions that are known and refused, with what to write instead.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.types import Type
from gradscribe.ops.declare import refused
from gradscribe.ops.spec import OpSpec, Spelling, TypeRule, Unsupported

REFUSED: Mapping[str, tuple[str, str]] = {
    "piecewise": ("it is not supported yet", "nest calls of np.where"),
    "partition": ("the order of its result is not defined", "use np.sort"),
    "argpartition": ("the order of its result is not defined", "use np.argsort"),
    "nanmax": ("it is not supported yet", "use np.max(np.where(np.isnan(x), -np.inf, x))"),
    "nanmin": ("it is not supported yet", "use np.min(np.where(np.isnan(x), np.inf, x))"),
    "nanmean": ("it is not supported yet", "use np.nansum(x) / np.sum(~np.isnan(x))"),
    "interp": ("it is not supported yet", "use np.searchsorted and two reads"),
}


def _refuses(why: str, fix: str) -> TypeRule:
    def rule(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
        raise Unsupported(f"{spelling.name.replace('numpy', 'np', 1)}: {why}", fix)

    return rule


def _entry(name: str, why: str, fix: str) -> OpSpec:
    return refused(
        f"np_{name.replace('.', '_')}",
        f"numpy.{name}",
        "*arguments, **options",
        _refuses(why, fix),
        f"np.{name}: refused.",
        operands=(),
        variadic="arguments",
        why=why,
        fix=fix,
    )


OPERATIONS = tuple(_entry(name, why, fix) for name, (why, fix) in REFUSED.items())
