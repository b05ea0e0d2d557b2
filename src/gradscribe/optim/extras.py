"""Libraries that only some functions need: loaded when first used.

In:  the name of a module.   Out: the module, or an error that says how to install it.
Not here: what is done with them.
"""

from __future__ import annotations

import importlib
from typing import Any

from gradscribe.errors import Diagnostic, UsageError

EXTRA_OF = {"scipy": "fitting", "rich": "fitting", "matplotlib": "fitting", "numba": "numba"}


def load(module: str, purpose: str) -> Any:
    """A module of an optional library.

    Args:
        module: its dotted name.
        purpose: what it is needed for, as messages say it.

    Raises:
        GS331: the library is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        library = module.partition(".")[0]
        if (error.name or "").partition(".")[0] != library:
            raise
        title = f"{purpose} needs {library}, which is not installed"
        fix = f'pip install "gradscribe[{EXTRA_OF[library]}]"'
        raise UsageError(Diagnostic("GS331", title, fix=fix)) from None
