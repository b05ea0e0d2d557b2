"""Derive partials with SymPy: the module ops/derived.py, which entries read that say `derived`.

Only what a person would have written, too, is read from there: a partial that is rewritten so that it neither
cancels nor overflows, or chosen by the operands, stands in its entry, and tests compare it with the formula.

Run:  python -m tools.derive              fails where the module is not what the formulas give
      python -m tools.derive --update     rewrites the module

In:  the formulas of the operation table.   Out: src/gradscribe/ops/derived.py.
Not here: reading formulas as SymPy does (formulas.py), how expressions are printed (expression_text.py).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import scipy.special  # noqa: F401 (its functions are entries of the table once it is imported)
import sympy

from gradscribe.ops.spec import Elementwise, OpSpec
from gradscribe.ops.table import table
from tools.expression_text import text_of
from tools.formulas import formula_of

MODULE = Path(__file__).parents[1] / "src/gradscribe/ops/derived.py"
HEADER = '''"""Partials that SymPy derives from the formulas of the table; do not edit.

`python -m tools.derive --update` writes this module.

In:  nothing.   Out: `PARTIALS`, by entry and operand.
Not here: partials that are better stated by hand (the entries themselves).
"""

from __future__ import annotations

from collections.abc import Mapping

PARTIALS: Mapping[str, Mapping[str, str]] = {
'''


def derived_partial(spec: OpSpec, operand: str) -> str:
    """The derivative of the formula of an entry by one of its operands, as the entry would state it."""
    symbols, formula = formula_of(spec)
    derivative = sympy.diff(formula, symbols[operand])
    return text_of(derivative.subs(formula, sympy.Symbol("out")))


def module_text() -> str:
    """The whole module."""
    return HEADER + "".join(_lines()) + "}\n"


def _lines() -> Iterator[str]:
    for name, spec in table().items():
        if isinstance(spec.form, Elementwise) and spec.form.derived:
            partials = ", ".join(
                f'"{operand}": "{derived_partial(spec, operand)}"' for operand in spec.form.derived
            )
            yield f'    "{name}": {{{partials}}},\n'


def main() -> int:
    """Compare or rewrite the module."""
    found = module_text()
    if found == MODULE.read_text(encoding="utf-8"):
        return 0
    if "--update" in sys.argv[1:]:
        MODULE.write_text(found, encoding="utf-8")
        return 0
    print(f"{MODULE.name} is stale: run `python -m tools.derive --update` and read the difference")
    return 1


if __name__ == "__main__":
    sys.exit(main())
