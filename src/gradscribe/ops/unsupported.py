"""Functions that are known and refused, with what to write instead.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.types import Type
from gradscribe.ops.declare import refused
from gradscribe.ops.spec import OpSpec, Spelling, TypeRule, Unsupported

REFUSED: Mapping[str, tuple[str, str]] = {
    "histogramdd": (
        "it returns its edges in a list inside a tuple",
        "use np.histogram2d, or np.digitize and np.add.at",
    ),
    "argpartition": ("the order of its result is not defined", "use np.argsort"),
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
