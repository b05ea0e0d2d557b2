"""Tables of the documentation that are read off the compiler itself.

In:  the operation table.   Out: Markdown, one function a table.
Not here: the Python that is supported (python_tables.py), putting tables into pages (pages.py).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import scipy.spatial.distance
import scipy.special
import scipy.stats  # noqa: F401

import gradscribe
from gradscribe.ops import places, references, sets
from gradscribe.ops.declare import UFUNC_KEYWORDS
from gradscribe.ops.options import in_words
from gradscribe.ops.spec import (
    Bilinear,
    Composite,
    ConstantAlmostEverywhere,
    Custom,
    Elementwise,
    Linear,
    OpSpec,
    Partial,
    Refused,
    Spelling,
    SpellingKind,
)
from gradscribe.ops.table import ENTRY_MODULES
from tools import optimiser_tables
from tools.coverage import CONSTANT, DIFFERENTIATED, MISSING, REFUSED, WORKS_IN, count, names, status
from tools.keywords import keywords
from tools.python_tables import markdown

# Operations that only the compiler makes.
INTERNAL = (
    "literal",
    "absent",
    "identity",
    "pack",
    "unpack",
    *(
        spelling.name
        for spec in (*places.OPERATIONS, *references.OPERATIONS, *sets.OPERATIONS)
        for spelling in spec.spellings
    ),
    "by_rule",
    "opaque_call",
)


def operations() -> str:
    """All operations that users can write, by the module of their entry."""
    sections = []
    for module in ENTRY_MODULES:
        rows = [_operation_row(spec) for spec in _entries_of(module) if any(map(_is_public, spec.spellings))]
        if rows:
            sections.append(
                f"## {module.capitalize().replace('_', ' ')}\n\n"
                + markdown(("written", "derivative", "keywords refused", "notes"), rows)
            )
    return "\n" + "\n\n".join(sections) + "\n"


def _entries_of(module: str) -> Iterator[OpSpec]:
    yield from importlib.import_module(f"gradscribe.ops.{module}").OPERATIONS


def _operation_row(spec: OpSpec) -> tuple[str, str, str, str]:
    written = ", ".join(_written(spelling) for spelling in spec.spellings if _is_public(spelling))
    return written, _derivative(spec), _refused_keywords(spec), _notes(spec)


def _is_public(spelling: Spelling) -> bool:
    """Users write it; `runtime/` is written by generated code only, but for what the package exports."""
    if spelling.kind is SpellingKind.OPERATOR:
        return spelling.name not in INTERNAL
    return not spelling.name.startswith("gradscribe.runtime.") or _exported(spelling) in gradscribe.__all__


def _exported(spelling: Spelling) -> str:
    return spelling.name.rpartition(".")[2]


def _written(spelling: Spelling) -> str:
    match spelling.kind:
        case SpellingKind.FUNCTION if spelling.name.startswith("gradscribe."):
            return f"`gs.{_exported(spelling)}`"
        case SpellingKind.FUNCTION:
            return f"`{spelling.name.replace('numpy.', 'np.').replace('builtins.', '')}`"
        case SpellingKind.METHOD:
            return f"`.{spelling.name}()`"
        case SpellingKind.ATTRIBUTE:
            return f"`.{spelling.name}`"
        case SpellingKind.OPERATOR:
            return f"`{spelling.name}`"


def _derivative(spec: OpSpec) -> str:
    match spec.form:
        case Elementwise(partials=partials):
            return "; ".join(f"∂{name}: {_partial(partial)}" for name, partial in partials.items())
        case Linear():
            return "linear"
        case Bilinear():
            return "linear in each operand"
        case Custom(why=why):
            return f"a rule: {why}"
        case Composite(why=why):
            return f"of its parts: {why}"
        case ConstantAlmostEverywhere(why=why):
            return f"zero: {why}"
        case Refused(why=why):
            return f"refused: {why}"


def _partial(partial: Partial) -> str:
    """The expression, or what the rule that chooses one says of itself."""
    if isinstance(partial, str):
        return f"`{partial}`"
    return (partial.__doc__ or "by the operands").splitlines()[0].rstrip(".")


def coverage() -> str:
    """For each namespace, how many of the names that others differentiate have which status here."""
    columns = (DIFFERENTIATED, CONSTANT, REFUSED, MISSING)
    rows = []
    for namespace, lists in WORKS_IN.items():
        counted = count(namespace)
        listed = ", ".join(f"{len(text.split())} {name}" for name, text in lists.items())
        counts = (str(counted[column]) for column in columns)
        rows.append((f"`{namespace}`", f"{len(names(namespace))} ({listed})", *counts))
    return "\n" + markdown(("namespace", "names", *columns), rows) + "\n"


def not_differentiated() -> str:
    """The names of the union that have no derivative here, by status."""
    rows = []
    for column in (CONSTANT, REFUSED, MISSING):
        found = [
            f"`{namespace.replace('numpy', 'np')}.{name}`"
            for namespace in WORKS_IN
            for name in names(namespace)
            if status(namespace, name) == column
        ]
        rows.append((column, ", ".join(found)))
    return "\n" + markdown(("status", "names"), rows) + "\n"


def ufunc_keywords() -> str:
    """The keywords of ufuncs that are taken with their default only."""
    rows = [(f"`{name}`", why) for name, why in UFUNC_KEYWORDS.items() if name not in ("out", "where")]
    return "\n" + markdown(("keyword", "because"), rows) + "\n"


def _refused_keywords(spec: OpSpec) -> str:
    """Those that no spelling takes but with their default; the table of universal functions has theirs."""
    told = [found for spelling in spec.spellings if (found := keywords(spec, spelling))]
    if not told:
        return ", ".join(f"`{name}`" for name in spec.refused_keywords)
    refused = dict.fromkeys(name for found in told for name, reason in found.items() if reason is not None)
    return ", ".join(f"`{name}`" for name in refused if name not in UFUNC_KEYWORDS or not _is_ufunc(spec))


def _is_ufunc(spec: OpSpec) -> bool:
    return spec.refused_keywords.items() >= UFUNC_KEYWORDS.items()


def _notes(spec: OpSpec) -> str:
    notes = [f"at {point:g} the derivative is {value:g}" for point, value in spec.kinks.items()]
    notes += [f"`{name}`: {in_words(values)}" for name, values in spec.options.items()]
    if spec.note:
        notes.append(spec.note)
    if str(spec.accuracy):
        notes.append(str(spec.accuracy))
    return "; ".join(notes)


def optimisers() -> str:
    """All optimisers with their constants and papers."""
    header = ("optimiser", "arguments", "what it does", "source")
    sections = (
        f"### {heading}\n\n{markdown(header, rows)}" for heading, rows in optimiser_tables.optimisers()
    )
    return "\n" + "\n\n".join(sections) + "\n"


def trees() -> str:
    """The arithmetic of trees."""
    return "\n" + markdown(("`optim.tree`", "arguments", "what it does"), optimiser_tables.trees()) + "\n"


def torch_optimizers() -> str:
    """The optimisers of PyTorch with their constants."""
    header = ("`optim.torch_optimizers`", "arguments", "what it does")
    return "\n" + markdown(header, optimiser_tables.torch_rows()) + "\n"


def gradient_transforms() -> str:
    """All other transformations."""
    return "\n" + markdown(("transformation", "what it does"), optimiser_tables.transforms()) + "\n"


def schedules() -> str:
    """All schedules."""
    return "\n" + markdown(("schedule", "what it is"), optimiser_tables.schedules()) + "\n"


def losses() -> str:
    """All losses and projections."""
    return "\n" + markdown(("function", "what it is"), optimiser_tables.losses()) + "\n"
