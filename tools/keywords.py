"""Which keywords of a NumPy function or method work, and why the others are refused.

In:  the operation table, and the parameters that NumPy tells.   Out: `keywords`.
Not here: printing them (tables.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping

from gradscribe.frontend.library_arguments import library_parameters, renamed_parameters
from gradscribe.ops.spec import OpSpec, Reason, Spelling
from gradscribe.ops.table import lookup

UNDECLARED = ""
"""The reason of a keyword that nobody has thought of."""


def keywords(spec: OpSpec, spelling: Spelling) -> Mapping[str, Reason | None]:
    """Keyword -> why it is refused, None where it works; nothing where NumPy does not tell the parameters."""
    parameters = library_parameters(spelling) or {}
    words = renamed_parameters(parameters, spec)
    entries = list(_entries(spec))
    found: dict[str, Reason | None] = {}
    for name, parameter in parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            found.update(
                {
                    word: why
                    for entry in entries
                    for word, why in entry.refused_keywords.items()
                    if word != "out"
                }
            )
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            continue
        word = words.get(name, name)
        works = name == "out" or any(_takes(entry, word) for entry in entries)
        reasons = [why for entry in entries if (why := entry.why_refused(word)) is not None]
        found[name] = None if works else next(iter(reasons), UNDECLARED)
    return found


def _entries(spec: OpSpec) -> Iterator[OpSpec]:
    """The entries that answer for a function, one after the other."""
    yield spec
    if spec.otherwise:
        yield from _entries(lookup(spec.otherwise))


def _takes(entry: OpSpec, word: str) -> bool:
    if entry.written is not None and word in inspect.signature(entry.written).parameters:
        return True
    return word in entry.parameters.parameters and word not in entry.refused_keywords
