"""Losses of sequences, rankings, segmentations and embeddings, as plain NumPy functions.

In:  arrays of floats.   Out: a value for each example, or one number where examples are compared with each other.
Not here: losses of single predictions (losses.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradscribe.optim.losses import log_sigmoid, log_softmax, softmax_cross_entropy
from gradscribe.optim.settings import refused


def triplet_margin_loss(
    anchors: Any,
    positives: Any,
    negatives: Any,
    axis: int = -1,
    norm_degree: Any = 2,
    margin: Any = 1.0,
    eps: Any = 1e-6,
) -> Any:
    """max(0, d(a, p) - d(a, n) + margin), d = (Σ |x|^k + ε)^(1/k) over one axis.

    References:
        Balntas et al. 2016, Learning local feature descriptors with triplets and shallow convolutional networks.

    Example:
        >>> print(triplet_margin_loss(np.zeros((1, 2)), np.ones((1, 2)), 3.0 * np.ones((1, 2)), margin=4.0))
        [1.17157311]
    """
    near = np.sum(np.abs(anchors - positives) ** norm_degree, axis=axis) + eps
    far = np.sum(np.abs(anchors - negatives) ** norm_degree, axis=axis) + eps
    return np.maximum(near ** (1.0 / norm_degree) - far ** (1.0 / norm_degree) + margin, 0.0)


def ntxent(embeddings: Any, labels: Any, temperature: Any = 0.07) -> Any:
    """Normalised temperature-scaled cross-entropy: embeddings of one label attract, others repel; one number.

    For each pair i, j of one label: -log(exp(s_ij) / (exp(s_ij) + Σ exp(s_ik) over k of other labels)).

    References:
        Chen et al. 2020, A simple framework for contrastive learning of visual representations.
        https://arxiv.org/abs/2002.05709

    Example:
        >>> embeddings = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
        >>> print(ntxent(embeddings, np.array([0, 0, 1]), temperature=1.0))
        0.31326168751822286
    """
    n = embeddings.shape[0]
    squares = np.sum(embeddings**2, axis=1, keepdims=True)
    unit = embeddings / np.sqrt(np.maximum(squares, 2.220446049250313e-16))
    similarity = (unit @ unit.T) / temperature
    same = np.expand_dims(labels, 1) == np.expand_dims(labels, 0)
    pairs = same & ~np.eye(n, dtype=bool)
    others = np.where(same, -1e30, similarity)
    top = np.max(similarity, axis=1, keepdims=True)
    repelled = np.sum(np.exp(others - top), axis=1, keepdims=True)
    log_share = similarity - top - np.log(repelled + np.exp(similarity - top))
    return -np.sum(np.where(pairs, log_share, 0.0)) / float(np.sum(pairs))


def ranking_softmax_loss(
    logits: Any,
    labels: Any,
    *,
    where: Any = None,
    weights: Any = None,
    reduce_fn: Callable[[Any], Any] | None = np.mean,
) -> Any:
    """-Σ y log softmax(x) over each list (the last axis), averaged: ListNet of relevances y, items of `where`.

    Args:
        logits: scores of the items of each list.
        labels: their relevances y.
        where: which items there are.
        weights: multiply the relevances.
        reduce_fn: `np.mean` or `np.sum` of all lists; None for one value each.

    References:
        Cao et al. 2007, Learning to rank: from pairwise approach to listwise approach.

    Example:
        >>> logits, labels = np.array([[0.0, 0.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 2.0]])
        >>> print(ranking_softmax_loss(logits, labels, reduce_fn=None))
        [0.69314718 1.38629436]
    """
    relevance = labels if weights is None else labels * weights
    losses = softmax_cross_entropy(logits, relevance, where=where)
    return losses if reduce_fn is None else reduce_fn(losses)


def dice_loss(
    predictions: Any,
    targets: Any,
    *,
    class_weights: Any = None,
    smooth: Any = 1.0,
    alpha: Any = 0.5,
    beta: Any = 0.5,
    apply_softmax: bool = True,
    reduction: str = "mean",
    ignore_background: bool = False,
    axis: int | tuple[int, ...] | None = None,
) -> Any:
    """1 - (I + s) / (I + α (P - I) + β (T - I) + s) for each class, averaged; I, P, T are sums over places.

    Args:
        predictions: logits, or probabilities if not `apply_softmax`; (batch, places..., classes).
        targets: of the same shape, 0 to 1.
        class_weights: multiply the terms of the classes; (classes,).
        smooth: s.
        alpha: weight of false positives; 1/2 and 1/2 is Dice, others are Tversky's index.
        beta: weight of false negatives.
        apply_softmax: over classes; a sigmoid where there is one class.
        reduction: "mean" or "sum" over classes; "none" keeps them.
        ignore_background: leave the first class out, unless it is the only one.
        axis: the axes of places; all but the first and the last by default.

    Raises:
        GS356: the reduction is none of the three.

    References:
        Milletari et al. 2016, V-Net. https://arxiv.org/abs/1606.04797. Salehi et al. 2017, Tversky loss function.
        https://arxiv.org/abs/1706.05721

    Example:
        >>> p, t = np.array([[[1.0, 0.0], [0.0, 1.0]]]), np.array([[[1.0, 0.0], [1.0, 0.0]]])
        >>> print(dice_loss(p, t, apply_softmax=False))
        [0.26666667]
        >>> print(dice_loss(p, t, apply_softmax=False, reduction="none"))
        [[0.2        0.33333333]]
    """
    if reduction not in ("mean", "sum", "none"):
        raise refused("dice_loss", "`reduction` is unknown", "pass 'mean', 'sum' or 'none'")
    p = predictions
    if apply_softmax:
        p = np.exp(log_sigmoid(p)) if p.shape[-1] == 1 else np.exp(log_softmax(p))
    places = tuple(range(1, p.ndim - 1)) if axis is None else axis
    both = np.sum(p * targets, axis=places)
    wrong = alpha * (np.sum(p, axis=places) - both) + beta * (np.sum(targets, axis=places) - both)
    by_class = 1.0 - (both + smooth) / (both + wrong + smooth)
    if class_weights is not None:
        by_class = by_class * class_weights
    if ignore_background and p.shape[-1] > 1:
        by_class = by_class[..., 1:]
    if reduction == "mean":
        return np.mean(by_class, axis=-1)
    return np.sum(by_class, axis=-1) if reduction == "sum" else by_class


def multiclass_generalized_dice_loss(
    predictions: Any,
    targets: Any,
    *,
    smooth: Any = 1.0,
    apply_softmax: bool = True,
    ignore_background: bool = False,
) -> Any:
    """`dice_loss` with classes weighted by 1 / frequency², normalised to mean 1; one number.

    References:
        Sudre et al. 2017, Generalised Dice overlap as a deep learning loss function. https://arxiv.org/abs/1707.03237

    Example:
        >>> p = np.array([[[1.0, 0.0], [0.0, 1.0]]])
        >>> print(multiclass_generalized_dice_loss(p, p[:, ::-1], apply_softmax=False))
        0.5
    """
    frequency = np.sum(np.reshape(targets, (-1, targets.shape[-1])), axis=0)
    weights = 1.0 / (frequency**2 + 1e-7)
    by_class = dice_loss(
        predictions,
        targets,
        class_weights=weights / np.mean(weights),
        smooth=smooth,
        apply_softmax=apply_softmax,
        reduction="none",
        ignore_background=ignore_background,
    )
    return np.mean(by_class)


def binary_dice_loss(predictions: Any, targets: Any, *, smooth: Any = 1.0, apply_sigmoid: bool = True) -> Any:
    """`dice_loss` of one class: arrays of (batch, places...), or with a last axis of length 1.

    Example:
        >>> print(binary_dice_loss(np.array([[9.0, -9.0, 9.0]]), np.array([[1.0, 0.0, 0.0]])))
        [0.20002962]
    """
    # All places of an example are summed: whether a last axis of length 1 is there makes no difference.
    p = np.reshape(predictions, (predictions.shape[0], -1, 1))
    t = np.reshape(targets, (targets.shape[0], -1, 1))
    return dice_loss(p, t, smooth=smooth, apply_softmax=apply_sigmoid)


def ctc_loss(
    logits: Any,
    logit_paddings: Any,
    labels: Any,
    label_paddings: Any,
    blank_id: int = 0,
    log_epsilon: Any = -1e5,
) -> Any:
    """Connectionist temporal classification: -log of the probability of a label sequence under all alignments.

    Args:
        logits: (batch, time, classes).
        logit_paddings: (batch, time), 1.0 where there is no input.
        labels: (batch, length), integers.
        label_paddings: (batch, length), 1.0 where there is no label; at the end.
        blank_id: the class that stands for no label.
        log_epsilon: stands for log 0.

    Returns:
        (batch,).

    References:
        Graves et al. 2006, Connectionist temporal classification, §4.1.

    Example:
        >>> logits, labels = np.zeros((1, 2, 2)), np.array([[1]])
        >>> print(np.exp(-ctc_loss(logits, np.zeros((1, 2)), labels, np.zeros((1, 1)))))
        [0.75]
    """
    return ctc_loss_with_forward_probs(logits, logit_paddings, labels, label_paddings, blank_id, log_epsilon)[
        0
    ]


def ctc_loss_with_forward_probs(
    logits: Any,
    logit_paddings: Any,
    labels: Any,
    label_paddings: Any,
    blank_id: int = 0,
    log_epsilon: Any = -1e5,
) -> tuple[Any, Any, Any]:
    """`ctc_loss`, and the log probabilities that it sums.

    For each time, of all alignments so far: those that end in a blank after so many labels, and in each label.
    At the last time the first are all with so many labels.

    Args:
        logits: as in `ctc_loss`.
        logit_paddings: as in `ctc_loss`.
        labels: as in `ctc_loss`.
        label_paddings: as in `ctc_loss`.
        blank_id: as in `ctc_loss`.
        log_epsilon: as in `ctc_loss`.

    Returns:
        The losses (batch,); log probabilities (time, batch, length + 1) and (time, batch, length).

    References:
        Graves et al. 2006, Connectionist temporal classification, §4.1.
    """
    batch, length = labels.shape
    log_p = log_softmax(logits)
    repeated = np.zeros((batch, length), logits.dtype)
    repeated[:, :-1] = 1.0 * (labels[:, :-1] == labels[:, 1:])
    # Forward scores of paths that end in a blank after each label (first: before any), and in each label.
    blank = np.full((batch, length + 1), log_epsilon, logits.dtype)
    blank[:, 0] = 0.0
    emit = np.full((batch, length), log_epsilon, logits.dtype)
    blanks, emits = [], []
    for t in range(logits.shape[1]):
        of_label = np.take_along_axis(log_p[:, t, :], labels, axis=1)
        of_blank = log_p[:, t, blank_id : blank_id + 1]
        # A label may follow a label at once, unless it is the same.
        opened = np.logaddexp(blank[:, 1:], emit + log_epsilon * repeated)
        before = np.concatenate((blank[:, :1], opened), axis=1)
        next_emit = np.logaddexp(before[:, :-1], emit) + of_label
        closed = np.logaddexp(before[:, 1:] + of_blank, emit + of_blank + log_epsilon * (1.0 - repeated))
        next_blank = np.concatenate((before[:, :1] + of_blank, closed), axis=1)
        pad = logit_paddings[:, t : t + 1]
        emit = pad * emit + (1.0 - pad) * next_emit
        blank = pad * blank + (1.0 - pad) * next_blank
        blanks.append(blank)
        emits.append(emit)
    final = np.concatenate((blank[:, :1], np.logaddexp(blank[:, 1:], emit)), axis=1)
    lengths = length - np.sum(label_paddings, axis=1)
    ends = np.expand_dims(lengths, 1) == np.arange(length + 1)
    in_blank = np.concatenate((np.stack(blanks)[:-1], np.expand_dims(final, 0)))
    return -np.sum(np.where(ends, final, 0.0), axis=1), in_blank, np.stack(emits)
