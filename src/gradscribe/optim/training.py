"""The state of a training run: all that the next step depends on, and how it is kept on disk.

In:  a run.   Out: a file, and the same run again, bit for bit.
Not here: taking steps (fit.py), the file format (archive.py).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradscribe.optim.archive import Path, read_archive, write_archive
from gradscribe.optim.history import History
from gradscribe.optim.storage import not_storable, restored, stored

KIND = "training run"


@dataclass(slots=True)
class Training:
    """A run between two steps.

    Attributes:
        params: the parameters now.
        state: of the optimiser.
        seed: of everything random in the run.
        batches: in an epoch; None where that is not known beforehand.
        epoch: epochs that are complete.
        batch: batches of the next epoch that are done already.
        losses: of all batches.
        epoch_losses: mean of each complete epoch.
        epoch_ends: steps taken when each epoch ended.
        validation: what was measured after each epoch, by name.
        best_params: the parameters after the best epoch so far.
        best_epoch: its number, from 1 on; 0 before the first.
        best_value: what made it the best.
    """

    params: Any
    state: Any
    seed: int
    batches: int | None = None
    epoch: int = 0
    batch: int = 0
    losses: list[float] = field(default_factory=list)
    epoch_losses: list[float] = field(default_factory=list)
    epoch_ends: list[int] = field(default_factory=list)
    validation: dict[str, list[float]] = field(default_factory=dict)
    best_params: Any = None
    best_epoch: int = 0
    best_value: float = np.inf

    def history(self) -> History:
        """What happened so far."""
        return History(
            np.array(self.losses, np.float64),
            np.array(self.epoch_losses, np.float64),
            np.array(self.epoch_ends, np.int64),
            {name: np.array(values, np.float64) for name, values in self.validation.items()},
        )

    def write(self, path: Path) -> None:
        """Keep the run in a file, whole or not at all.

        Raises:
            GS338: the state of the optimiser has a part that cannot be stored.
        """
        best = self.params if self.best_params is None else self.best_params
        arrays, kinds = stored({"params": self.params, "state": self.state, "best_params": best})
        history = self.history()
        arrays["history/loss"] = history.loss
        arrays["history/epoch_loss"] = history.epoch_loss
        arrays["history/epoch_end"] = history.epoch_end
        for name, values in history.validation.items():
            arrays[f"history/validation/{name}"] = values
        note = {
            "what": KIND,
            "kinds": kinds,
            "seed": self.seed,
            "batches": self.batches,
            "epoch": self.epoch,
            "batch": self.batch,
            "best_epoch": self.best_epoch,
            "best_value": self.best_value,
            "validation": list(history.validation),
        }
        write_archive(path, arrays, note)

    def read(self, path: Path) -> None:
        """Become the run that was kept in a file; this one has fresh parameters and a fresh state.

        Raises:
            GS337: the file is damaged, or something else.
            GS338: it is a run with other parameters, another optimiser, another seed or other batches.
        """
        arrays, note = read_archive(path)
        if note.get("what") != KIND:
            title = f"the file {os.fspath(path)!r} holds no training run"
            raise not_storable(title, "pass the path of a checkpoint of `fit`, or of no file")
        if note["seed"] != self.seed:
            title = f"the run in {os.fspath(path)!r} has the seed {note['seed']}, not {self.seed}"
            raise not_storable(title, f"pass `seed={note['seed']}`, or start anew with another file")
        if note["batches"] != self.batches:
            title = f"the run in {os.fspath(path)!r} has {note['batches']} batches in an epoch, not {self.batches}"
            raise not_storable(title, "pass the data that it began with, or start anew with another file")
        params, kinds = self.params, note["kinds"]
        self.params = restored(params, "params", arrays, kinds)
        self.state = restored(self.state, "state", arrays, kinds)
        self.best_params = restored(params, "best_params", arrays, kinds) if note["best_epoch"] else None
        self.epoch, self.batch = note["epoch"], note["batch"]
        self.best_epoch, self.best_value = note["best_epoch"], note["best_value"]
        self.losses = arrays["history/loss"].tolist()
        self.epoch_losses = arrays["history/epoch_loss"].tolist()
        self.epoch_ends = arrays["history/epoch_end"].tolist()
        self.validation = {name: arrays[f"history/validation/{name}"].tolist() for name in note["validation"]}
