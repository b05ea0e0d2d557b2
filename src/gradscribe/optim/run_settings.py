"""What is passed to `fit`, checked before the first step: an epoch may take hours.

In:  arguments of `fit`.   Out: errors.
Not here: settings of optimisers (settings.py), batches that were used up (batches.py).
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from typing import Any

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.archive import Path
from gradscribe.optim.batches import bad_batches
from gradscribe.optim.settings import check_counts, described, refused


def check_run(epochs: Any, seed: Any, callbacks: Any, validation: Any) -> None:
    """Demand arguments that a loop can use.

    Raises:
        GS356: one is of a wrong kind.
    """
    check_counts("fit", 0, epochs=epochs, seed=seed)
    if not isinstance(callbacks, Sequence) or not all(map(callable, callbacks)):
        raise refused("fit", "`callbacks` is not a list of functions", "pass `callbacks=[function]`")
    if not (validation is None or isinstance(validation, tuple) or callable(validation)):
        what = f"`validation` is a {type(validation).__name__}"
        fix = "pass the data held out as a tuple, `validation=(x, y)`, or a function of the parameters"
        raise refused("fit", what, fix)


def check_patience(early_stopping: Any, kind: type) -> None:
    """Demand that `early_stopping` is of its class, or None.

    Raises:
        GS356: it is not.
    """
    if early_stopping is not None and not isinstance(early_stopping, kind):
        fix = "pass `early_stopping=gs.optim.EarlyStopping(patience=5)`"
        raise refused("fit", f"`early_stopping` is a {type(early_stopping).__name__}", fix)


def check_place(checkpoint: Path | None, checkpoint_every: int | None) -> None:
    """Demand that there is a place for the checkpoint, if one is to be written.

    Raises:
        GS337: its folder does not exist, or it is one.
        GS338: it has no name.
        GS356: its name is no name.
    """
    if checkpoint is None:
        if checkpoint_every is not None:
            title = "`checkpoint_every` says when to write, but not where"
            raise UsageError(Diagnostic("GS338", title, fix='pass `checkpoint="run.npz"`, too'))
        return
    if not isinstance(checkpoint, str | os.PathLike):
        raise refused(
            "fit", described("checkpoint", checkpoint), 'pass the name of a file, such as "run.npz"'
        )
    if checkpoint_every is not None:
        check_counts("fit", checkpoint_every=checkpoint_every)
    if os.path.isdir(checkpoint):
        title = f"'{os.fspath(checkpoint)}' is a folder"
        raise UsageError(
            Diagnostic("GS337", title, fix='name a file in it: `os.path.join(folder, "run.npz")`')
        )
    folder = os.path.dirname(os.path.abspath(checkpoint))
    if not os.path.isdir(folder):
        title = f"there is no folder '{folder}' for the checkpoint"
        raise UsageError(
            Diagnostic("GS337", title, fix="make it first: `os.makedirs(folder, exist_ok=True)`")
        )


def check_batch(loss: Callable[..., Any], params: Any, batch: tuple[Any, ...]) -> None:
    """Demand that the loss takes the parameters and what is in a batch.

    Raises:
        GS339: it does not.
    """
    try:
        signature = inspect.signature(loss)
    except ValueError:
        return
    try:
        signature.bind(params, *batch)
    except TypeError as error:
        takes = f"the loss takes `{signature}`, but a batch has {len(batch)} parts: {error}"
        fix = "return from `batches` tuples of what follows the parameters: `minibatches(x, y, size=32)`"
        raise bad_batches(takes, fix) from None
