"""The function that users call: it finds the compiled function for its arguments.

In:  the user's parameters and what was compiled so far.   Out: the text of a function of the same parameters, a
chain of `if guard: return compiled(...)` that ends in a call of the slow path.
Not here: conditions (guard.py), compiling (pipeline.py), locks and counts (cache.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from inspect import Parameter as Formal

from gradscribe.compiler.guard import Names

INDENT = "    "
STARS: dict[object, str] = {Formal.VAR_POSITIONAL: "*", Formal.VAR_KEYWORD: "**"}


@dataclass(frozen=True, slots=True)
class Case:
    """One compiled function in the chain.

    Attributes:
        conditions: its guard.
        statements: what runs when the guard holds; the last one returns.
    """

    conditions: tuple[str, ...]
    statements: tuple[str, ...]


def dispatcher_text(
    name: str, signature: inspect.Signature, names: Names, cases: Sequence[Case], miss: str
) -> str:
    """Source of the dispatcher.

    Args:
        name: of the function.
        signature: the user's parameters.
        names: the objects that the source refers to.
        cases: tried in order.
        miss: start of the call that is made when no guard holds; (args, kwargs) are appended.
    """
    lines = [f"def {name}({formals_text(signature, names)}):"]
    for case in cases:
        # A guard without conditions is that of a function without parameters.
        joined = f"\n{INDENT * 2}and ".join(case.conditions) or "True"
        lines.append(f"{INDENT}if ({joined}):")
        lines += [INDENT * 2 + statement for statement in case.statements]
    args, kwargs = passed_on(signature)
    lines.append(f"{INDENT}return {miss}{args}, {kwargs})")
    return "\n".join(lines) + "\n"


def formals_text(signature: inspect.Signature, names: Names) -> str:
    """The parameters as a `def` shows them, defaults by name."""
    parts: list[str] = []
    formals = list(signature.parameters.values())
    for position, formal in enumerate(formals):
        before = formals[position - 1].kind if position else None
        if formal.kind is Formal.KEYWORD_ONLY and before not in (Formal.KEYWORD_ONLY, Formal.VAR_POSITIONAL):
            parts.append("*")
        if before is Formal.POSITIONAL_ONLY and formal.kind is not Formal.POSITIONAL_ONLY:
            parts.append("/")
        has_default = formal.default is not Formal.empty
        default = f"={names.of(formal.default, 'default_' + formal.name)}" if has_default else ""
        parts.append(f"{STARS.get(formal.kind, '')}{formal.name}{default}")
    if formals and formals[-1].kind is Formal.POSITIONAL_ONLY:
        parts.append("/")
    return ", ".join(parts)


def passed_on(signature: inspect.Signature) -> tuple[str, str]:
    """Expressions of the positional and of the keyword arguments that stand for all parameters."""
    positional, keywords = [], []
    for formal in signature.parameters.values():
        match formal.kind:
            case Formal.POSITIONAL_ONLY | Formal.POSITIONAL_OR_KEYWORD:
                positional.append(f"{formal.name}, ")
            case Formal.VAR_POSITIONAL:
                positional.append(f"*{formal.name}, ")
            case Formal.KEYWORD_ONLY:
                keywords.append(f"{formal.name!r}: {formal.name}")
            case Formal.VAR_KEYWORD:
                keywords.append(f"**{formal.name}")
    return f"({''.join(positional)})", f"{{{', '.join(keywords)}}}"
