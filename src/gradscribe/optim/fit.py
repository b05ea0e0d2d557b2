"""The training loop for minibatches.

In:  a loss, parameters, batches, an optimiser.   Out: `FitResult`: the fitted parameters and what happened.
Not here: full-batch solvers (minimize.py, least_squares.py), what is stored of a run (training.py).
"""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim import tree
from gradscribe.optim.archive import Path
from gradscribe.optim.batches import Batches, bad_batches, each_epoch
from gradscribe.optim.complex_parameters import is_complex, split, split_if_complex
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.history import History
from gradscribe.optim.objective import derivative_of
from gradscribe.optim.progress import Bar, NoBar, progress_bar
from gradscribe.optim.run_settings import check_batch, check_patience, check_place, check_run
from gradscribe.optim.settings import check_counts, check_not_negative
from gradscribe.optim.training import Training
from gradscribe.optim.transformation import GradientTransformation, core_of
from gradscribe.optim.validation import check_measured, measure_of
from gradscribe.optim.vector import vector_of


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """Stop when epochs no longer help.

    What counts is the validation (its first measure, where there are several), or else the mean loss of the epoch.

    Attributes:
        patience: epochs without improvement that are borne, at least 1.
        min_delta: what counts as an improvement.

    Raises:
        GS356: they are no such numbers.
    """

    patience: int
    min_delta: float = 0.0

    def __post_init__(self) -> None:
        check_counts("EarlyStopping", patience=self.patience)
        check_not_negative("EarlyStopping", min_delta=self.min_delta)


@dataclass(frozen=True, slots=True)
class Epoch:
    """What a callback is told after an epoch.

    Attributes:
        number: from 1 on.
        params: the parameters now; not to be written to.
        loss: mean over the batches of the epoch.
        validation: what the validation measured, by name.
        steps: taken so far.
    """

    number: int
    params: Any
    loss: float
    validation: Mapping[str, float]
    steps: int


@dataclass(frozen=True, slots=True)
class FitResult:
    """What `fit` returns.

    Attributes:
        params: the parameters after the last step.
        state: of the optimiser, to go on by hand.
        best_params: the parameters after the epoch with the lowest validation, or mean loss where there is none.
        best_epoch: its number, from 1 on.
        best_value: what was lowest there.
        epochs: complete epochs.
        steps: steps taken.
        reason: why the run ended.
        history: the losses; `history.plot("loss.png")` draws them.
    """

    params: Any
    state: Any
    best_params: Any
    best_epoch: int
    best_value: float
    epochs: int
    steps: int
    reason: str
    history: History

    def __str__(self) -> str:
        """One line for a person."""
        last = self.history.epoch_loss[-1] if self.history.epoch_loss.size else math.nan
        best = f"best {self.best_value:.6g} in epoch {self.best_epoch}"
        return f"{self.epochs} epochs, {self.steps} steps: mean loss {last:.6g}, {best}; {self.reason}"


def fit(
    loss: Callable[..., Any],
    params: Any,
    batches: Batches | Sequence[Any],
    optimizer: GradientTransformation,
    epochs: int = 1,
    *,
    seed: int = 0,
    validation: Callable[[Any], float | Mapping[str, float]] | tuple[Any, ...] | None = None,
    early_stopping: EarlyStopping | None = None,
    callbacks: Sequence[Callable[[Epoch], object]] = (),
    checkpoint: Path | None = None,
    checkpoint_every: int | None = None,
    progress: bool | None = None,
) -> FitResult:
    """Fit parameters to batches of data.

    The run is a function of its arguments: the random generator of epoch k is made from (seed, k), and nothing
    else is random. So a run that was killed and is started again with the same arguments ends with the same
    parameters, bit for bit, as one that was not.

    Args:
        loss: takes `params` and the arrays of a batch, returns a real scalar; plain NumPy, differentiated here.
        params: where to start; floats, complex numbers and arrays of them in any containers. They are not changed.
            Complex ones are moved as pairs of real ones.
        batches: `minibatches(x, y, size=32)`; or a list of batches, which are tuples of arguments for the loss;
            or a function of a `np.random.Generator` that returns the batches of one epoch, noise included.
        optimizer: such as `gs.optim.adam(1e-3)`.
        epochs: how often to go through the batches.
        seed: of everything random.
        validation: a function of the parameters that returns a number, or several by name, the lowest of the first
            being best; or the arguments of the loss for data that are held out. It is called after each epoch.
        early_stopping: when to stop before all epochs are done.
        callbacks: each is called with an `Epoch` after each epoch; the run stops when one returns True.
        checkpoint: a file that keeps the run. If it exists, the run goes on from there.
        checkpoint_every: write the file each so many steps, too; by default after each epoch.
        progress: show a progress bar; by default on a terminal where rich is installed.

    Raises:
        GS351: a parameter is no float, real or complex.
        GS332: the loss or a gradient is not finite.
        GS337: the checkpoint is damaged, or another file.
        GS338: the checkpoint is of another run: other parameters, optimiser, seed or number of batches.
        GS339: the batches could be used only once, there is none, or the loss does not take what is in one.
        GS354: the optimiser is none.
        GS356: another argument is of a wrong kind.

    Example:
        >>> import gradscribe.optim as optim
        >>> def loss(w, x, y):
        ...     return np.mean((x @ w - y) ** 2)
        >>> x = np.random.default_rng(0).normal(size=(64, 2))
        >>> batches = optim.minibatches(x, x @ np.array([1.0, -2.0]), size=16)
        >>> result = fit(loss, np.zeros(2), batches, optim.sgd(0.1), epochs=50)
        >>> result.params.round(6)
        array([ 1., -2.])
    """
    check_run(epochs, seed, callbacks, validation)
    check_patience(early_stopping, EarlyStopping)
    check_place(checkpoint, checkpoint_every)
    core_of(optimizer)
    # The run's own: callbacks and the result never see the arrays that were passed.
    params = copy.deepcopy(params)
    optimizer = split_if_complex(optimizer, params)
    length = len(batches) if hasattr(batches, "__len__") else None
    run = Training(params, optimizer.init(params), seed, length)
    if checkpoint is not None and os.path.exists(checkpoint):
        run.read(checkpoint)
    stop = early_stopping or EarlyStopping(epochs + 1)
    loop = _Loop(loss, run, each_epoch(batches), optimizer, measure_of(loss, validation))
    loop.checkpoint, loop.checkpoint_every, loop.min_delta = checkpoint, checkpoint_every, stop.min_delta
    total = None if length is None else length * epochs
    reason = ""
    with progress_bar(progress, len(run.losses)) as bar:
        while not (reason := reason or _ended(run, epochs, stop)):
            loop.epoch(bar, total)
            if any([callback(loop.report()) for callback in callbacks]):
                reason = "a callback asked to stop"
    return FitResult(
        params=run.params,
        state=run.state,
        best_params=run.params if run.best_params is None else run.best_params,
        best_epoch=run.best_epoch,
        best_value=run.best_value,
        epochs=run.epoch,
        steps=len(run.losses),
        reason=reason,
        history=run.history(),
    )


def _ended(run: Training, epochs: int, stop: EarlyStopping) -> str:
    if run.epoch >= epochs:
        return "all epochs are done"
    if run.epoch - run.best_epoch >= stop.patience:
        return f"no improvement in {stop.patience} epochs"
    return ""


def _on_batches(
    loss: Callable[..., Any],
) -> tuple[Callable[[Any], Any], Callable[[tuple[Any, ...]], None]]:
    """The loss as a function of the parameters alone, and a function that shows it the next batch.

    It is one function for all batches, so that what is derived from it is compiled once.
    """
    batch: tuple[Any, ...] = ()

    def objective(params: Any) -> Any:
        return loss(params, *batch)

    def show(shown: tuple[Any, ...]) -> None:
        nonlocal batch
        batch = shown

    return objective, show


def _downhill(loss_and_grad: Callable[..., tuple[Any, Any]]) -> Callable[..., tuple[Any, Any]]:
    """With the conjugate of the gradient, against which a real loss of complex parameters falls."""

    def conjugated(params: Any, *batch: Any) -> tuple[Any, Any]:
        value, grads = loss_and_grad(params, *batch)
        return value, tree.conj(grads)

    return conjugated


class _Loop:
    """Takes the steps of one call of `fit`."""

    def __init__(
        self,
        loss: Callable[..., Any],
        run: Training,
        batches: Batches,
        optimizer: GradientTransformation,
        measure: Callable[[Any], dict[str, float]],
    ) -> None:
        self.run = run
        self.batches = batches
        self.optimizer = optimizer
        self.loss = loss
        self.loss_and_grad = _downhill(derivative_of(loss)) if is_complex(run.params) else derivative_of(loss)
        self.objective, self.show = _on_batches(loss)
        self.flattening = Flattening.of(split(run.params), "grads")
        self.measure = measure
        self.checkpoint: Path | None = None
        self.checkpoint_every: int | None = None
        self.min_delta = 0.0

    def epoch(self, bar: Bar | NoBar, total: int | None) -> None:
        """What is left of one epoch."""
        run = self.run
        rng = np.random.default_rng((run.seed, run.epoch))
        for batch in islice(iter(self.batches(rng)), run.batch, None):
            parts = batch if isinstance(batch, tuple) else (batch,)
            if run.batch == 0:
                check_batch(self.loss, run.params, parts)
            self.step(parts)
            bar.show(run.epoch + 1, len(run.losses), total, run.losses[-1], run.state)
            if self.checkpoint_every and len(run.losses) % self.checkpoint_every == 0:
                self.write()
        if run.batch == 0:
            title = f"`batches` gave no batch in epoch {run.epoch + 1}"
            raise bad_batches(title, "return a fresh iterable each time")
        self.finish_epoch()
        self.write()

    def step(self, batch: tuple[Any, ...]) -> None:
        """One batch."""
        run = self.run
        value, grads = self.loss_and_grad(run.params, *batch)
        self.check_finite(float(value), grads)

        self.show(batch)
        run.params, run.state = self.optimizer.step(
            run.params,
            grads,
            run.state,
            value=value,
            grad=grads,
            value_and_grad=lambda params: self.loss_and_grad(params, *batch),
            obj_fn=self.objective,
        )
        run.losses.append(float(value))
        run.batch += 1

    def finish_epoch(self) -> None:
        """Measure, and remember the best."""
        run = self.run
        mean = math.fsum(run.losses[-run.batch :]) / run.batch
        measured = self.measure(run.params)
        check_measured(measured, run.epoch + 1)
        run.epoch, run.batch = run.epoch + 1, 0
        run.epoch_losses.append(mean)
        run.epoch_ends.append(len(run.losses))
        for name, value in measured.items():
            run.validation.setdefault(name, []).append(value)
        monitored = next(iter(measured.values()), mean)
        if monitored < run.best_value - self.min_delta:
            run.best_params, run.best_epoch, run.best_value = run.params, run.epoch, monitored

    def report(self) -> Epoch:
        """The last epoch, for callbacks."""
        run = self.run
        measured = {name: values[-1] for name, values in run.validation.items()}
        return Epoch(run.epoch, run.params, run.epoch_losses[-1], measured, len(run.losses))

    def write(self) -> None:
        """Keep the run on disk."""
        if self.checkpoint is not None:
            self.run.write(self.checkpoint)

    def check_finite(self, value: float, grads: Any) -> None:
        """Demand that loss and gradient are finite, before they reach the parameters.

        Raises:
            GS332: they are not; the message names the first part.
        """
        parts = split(grads)
        gradient = vector_of(self.flattening.layout, parts, "grads")
        if math.isfinite(value) and math.isfinite(gradient.norm()):
            return
        what = f"the loss is {value}"
        if math.isfinite(value):
            flat = self.flattening.ravel(parts)
            if np.isfinite(flat).all():
                return
            position = int(np.argmin(np.isfinite(flat)))
            what = f"the gradient `{self.flattening.path_of(position)}` is {flat[position]}"
        where = f"in batch {self.run.batch + 1} of epoch {self.run.epoch + 1}"
        why = "a step would make parameters that are not numbers"
        fix = "lower the learning rate, clip the gradient, or look at what the loss does with this batch"
        raise UsageError(Diagnostic("GS332", f"{what}, {where}", why=why, fix=fix))
