"""What happened while a model was fitted.

In:  numbers, step by step.   Out: `History`: arrays, and a plot of them.
Not here: the loop (fit.py).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.optim.extras import load


@dataclass(frozen=True, slots=True)
class History:
    """Losses of a run.

    Attributes:
        loss: of each batch, before its step; float64[steps].
        epoch_loss: mean over the batches of each epoch; float64[epochs].
        epoch_end: how many steps were taken when each epoch ended; int64[epochs].
        validation: what the validation measured after each epoch, by name; float64[epochs] each.
    """

    loss: np.ndarray
    epoch_loss: np.ndarray
    epoch_end: np.ndarray
    validation: Mapping[str, np.ndarray]

    def plot(self, target: str | os.PathLike[str] | Any = None) -> Any:
        """Draw the losses over the steps, the validation beside them.

        Args:
            target: a file to write, or axes of matplotlib to draw on; by default new axes.

        Returns:
            The axes.

        Raises:
            GS331: matplotlib is not installed.
        """
        is_file = isinstance(target, str | os.PathLike)
        if target is None or is_file:
            # Figures made like this need no screen, and leave pyplot's state alone.
            figure = load("matplotlib.figure", "plotting").Figure(figsize=(7.0, 4.0), layout="constrained")
            axes = figure.add_subplot()
        else:
            axes = target
        steps = np.arange(1, self.loss.size + 1)
        axes.plot(steps, self.loss, color="0.75", linewidth=0.7, label="batch loss")
        axes.plot(self.epoch_end, self.epoch_loss, marker=".", label="epoch mean")
        for name, values in self.validation.items():
            axes.plot(self.epoch_end, values, marker=".", label=name)
        axes.set_xlabel("step")
        if self.loss.size and np.min(self.loss) > 0.0:
            axes.set_yscale("log")
        axes.legend()
        if is_file:
            axes.figure.savefig(target)
        return axes
