"""Functions that are known and refused, with what to write instead.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.types import Type
from gradscribe.ops.declare import refused
from gradscribe.ops.spec import OpSpec, Spelling, TypeRule, Unsupported

REFUSED: Mapping[str, tuple[str, str, str]] = {
    "argpartition": (
        "a, kth, axis=-1, kind='introselect', order=None",
        "the order of its result is not defined",
        "use np.argsort",
    ),
}


def _refuses(why: str, fix: str) -> TypeRule:
    def rule(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
        raise Unsupported(f"{spelling.name.replace('numpy', 'np', 1)}: {why}", fix)

    return rule


def _entry(name: str, signature: str, why: str, fix: str) -> OpSpec:
    return refused(
        f"np_{name.replace('.', '_')}",
        f"numpy.{name}",
        signature,
        _refuses(why, fix),
        f"np.{name}: refused.",
        why=why,
        fix=fix,
    )


OPERATIONS = tuple(_entry(name, *told) for name, told in REFUSED.items())
