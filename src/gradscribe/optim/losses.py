"""Losses of predictions and similarity, as plain NumPy functions, which the compiler differentiates.

Each returns one value for each example; take the mean, or any other, in the function that is differentiated.
`where` is an array of flags, as for `np.sum`: what is False, padding say, is not there. Targets have as many axes
as predictions, or are one number; where NumPy would pair each with each, a ValueError is raised instead.

In:  arrays of floats; classes are the last axis, unless `axis` says otherwise.   Out: an array.
Not here: losses of sequences and sets (structured_losses.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradscribe.optim.projections import simplex_rows

AXES = (
    "predictions and targets have different numbers of axes, and each would be paired with each: reshape one"
)
LABELS = "labels are integers and have one axis less than scores: reshape them, or take `np.argmax` of rows"
INTEGERS = "labels are integers of fewer axes than logits: use `softmax_cross_entropy_with_integer_labels`"


def log_sigmoid(x: Any) -> Any:
    """log(1 / (1 + exp(-x))), without overflow.

    >>> print(log_sigmoid(np.array([-800.0, -700.0])))
    [-800. -700.]
    """
    return -np.logaddexp(0.0, -x)


def log_softmax(logits: Any, axis: int = -1, where: Any = None) -> Any:
    """log(exp(x) / Σ exp(x)) over one axis, without overflow; -inf where `where` is False.

    >>> print(log_softmax(np.array([800.0, 0.0])))
    [   0. -800.]
    """
    if where is not None:
        return _log_softmax_where(logits, axis, where)
    shifted = logits - np.max(logits, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def _log_softmax_where(logits: Any, axis: int, where: Any) -> Any:
    some = np.any(where, axis=axis, keepdims=True)
    top = np.max(np.where(where, logits, -np.inf), axis=axis, keepdims=True)
    shifted = np.where(where, logits - np.where(some, top, 0.0), 0.0)
    total = np.sum(np.where(where, np.exp(shifted), 0.0), axis=axis, keepdims=True)
    return np.where(where, shifted - np.log(np.where(some, total, 1.0)), -np.inf)


def _present(x: Any, where: Any) -> Any:
    """The numbers where `where` is True, 0 elsewhere: whatever stands there, it does not even overflow."""
    return x if where is None else np.where(where, x, 0.0)


def _like_logits(where: Any, logits: Any, axis: int) -> Any:
    """Flags for whole examples are those of all their classes."""
    return where if where is None or where.ndim == logits.ndim else np.expand_dims(where, axis)


def one_hot(labels: Any, classes: int) -> Any:
    """1.0 at the label, 0.0 elsewhere, along a new last axis.

    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    return 1.0 * _is_label(labels, classes)


def _is_label(labels: Any, classes: int) -> Any:
    return np.expand_dims(labels, -1) == np.arange(classes)


def _is_label_of(labels: Any, scores: Any) -> Any:
    if np.ndim(labels) != np.ndim(scores) - 1:
        raise ValueError(LABELS)
    return _is_label(labels, scores.shape[-1])


def _check_axes(predictions: Any, targets: Any) -> None:
    """Demand as many axes of both, or a number for one: NumPy would pair each prediction with each target."""
    if np.ndim(predictions) != np.ndim(targets) and np.ndim(predictions) > 0 and np.ndim(targets) > 0:
        raise ValueError(AXES)


def _errors(predictions: Any, targets: Any) -> Any:
    if targets is None:
        return predictions
    _check_axes(predictions, targets)
    return predictions - targets


def squared_error(predictions: Any, targets: Any = None) -> Any:
    """(p - t)²; without targets they are 0.

    >>> squared_error(np.array([3.0]), np.array([1.0]))
    array([4.])
    """
    return _errors(predictions, targets) ** 2


def l2_loss(predictions: Any, targets: Any = None) -> Any:
    """(p - t)² / 2.

    >>> l2_loss(np.array([3.0]), np.array([1.0]))
    array([2.])
    """
    return 0.5 * _errors(predictions, targets) ** 2


def huber_loss(predictions: Any, targets: Any = None, delta: Any = 1.0) -> Any:
    """e²/2 up to |e| = δ, then the line δ (|e| - δ/2).

    References:
        Huber 1964, Robust estimation of a location parameter.

    >>> huber_loss(np.array([0.5, 3.0]), np.zeros(2))
    array([0.125, 2.5  ])
    """
    size = np.abs(_errors(predictions, targets))
    quadratic = np.minimum(size, delta)
    return 0.5 * quadratic**2 + delta * (size - quadratic)


def log_cosh(predictions: Any, targets: Any = None) -> Any:
    """log(cosh(p - t)): e²/2 near 0, |e| - log 2 far away.

    >>> log_cosh(np.array([1000.0]), np.zeros(1))
    array([999.30685282])
    """
    errors = _errors(predictions, targets)
    return np.logaddexp(errors, -errors) - 0.6931471805599453


def cosine_similarity(
    predictions: Any, targets: Any, epsilon: Any = 0.0, axis: int = -1, where: Any = None
) -> Any:
    """⟨p, t⟩ / (|p| |t|) over one axis; squared norms are at least `epsilon`.

    >>> print(cosine_similarity(np.array([1.0, 0.0]), np.array([3.0, 4.0])))
    0.6
    """
    p, t = _present(predictions, where), _present(targets, where)
    of_p = np.sqrt(np.maximum(np.sum(p**2, axis=axis), epsilon))
    of_t = np.sqrt(np.maximum(np.sum(t**2, axis=axis), epsilon))
    return np.sum(p * t, axis=axis) / (of_p * of_t)


def cosine_distance(
    predictions: Any, targets: Any, epsilon: Any = 0.0, axis: int = -1, where: Any = None
) -> Any:
    """1 - cosine_similarity.

    >>> print(cosine_distance(np.array([1.0, 0.0]), np.array([3.0, 4.0])))
    0.4
    """
    return 1.0 - cosine_similarity(predictions, targets, epsilon, axis, where)


def sigmoid_binary_cross_entropy(logits: Any, labels: Any) -> Any:
    """-y log σ(x) - (1-y) log σ(-x).

    >>> sigmoid_binary_cross_entropy(np.array([0.0, 800.0]), np.array([0.5, 1.0]))
    array([0.69314718, 0.        ])
    """
    _check_axes(logits, labels)
    return -labels * log_sigmoid(logits) - (1.0 - labels) * log_sigmoid(-logits)


def sigmoid_focal_loss(logits: Any, labels: Any, alpha: Any = None, gamma: Any = 2.0) -> Any:
    """Binary cross-entropy times (1 - p of the label)^γ, which leaves easy examples out.

    Args:
        logits: x.
        labels: y in [0, 1].
        alpha: weight of the positive class, 1-α that of the negative; None weights both 1.
        gamma: γ; 0 is cross-entropy.

    References:
        Lin et al. 2017, Focal loss for dense object detection. https://arxiv.org/abs/1708.02002

    Example:
        >>> print(sigmoid_focal_loss(np.array([0.0, 3.0]), np.array([1.0, 1.0])))
        [1.73286795e-01 1.09283324e-04]
    """
    _check_axes(logits, labels)
    p, q = np.exp(log_sigmoid(logits)), np.exp(log_sigmoid(-logits))
    missed = (1.0 - labels) * p + labels * q
    loss = sigmoid_binary_cross_entropy(logits, labels) * missed**gamma
    if alpha is None:
        return loss
    return (alpha * labels + (1.0 - alpha) * (1.0 - labels)) * loss


def softmax_cross_entropy(logits: Any, labels: Any, axis: int = -1, where: Any = None) -> Any:
    """-Σ y log softmax(x) over one axis; y are probabilities.

    >>> softmax_cross_entropy(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]))
    array([0.69314718])
    """
    if np.ndim(labels) < np.ndim(logits) and np.asarray(labels).dtype.kind in "iu":
        raise ValueError(INTEGERS)
    where = _like_logits(where, logits, axis)
    log_p = log_softmax(logits, axis, where)
    return -np.sum(labels * _present(log_p, where), axis=axis)


def safe_softmax_cross_entropy(logits: Any, labels: Any) -> Any:
    """`softmax_cross_entropy`, where classes of probability 0 count 0 even if their logit is -inf.

    >>> safe_softmax_cross_entropy(np.array([[0.0, 0.0, -np.inf]]), np.array([[1.0, 0.0, 0.0]]))
    array([0.69314718])
    """
    log_p = log_softmax(logits)
    return -np.sum(np.where(labels != 0.0, labels * np.where(labels != 0.0, log_p, 0.0), 0.0), axis=-1)


def softmax_cross_entropy_with_integer_labels(
    logits: Any, labels: Any, axis: int = -1, where: Any = None
) -> Any:
    """-log softmax(x) at the label, over one axis; 0 where `where` has nothing.

    >>> softmax_cross_entropy_with_integer_labels(np.array([[0.0, 0.0]]), np.array([1]))
    array([0.69314718])
    """
    where = _like_logits(where, logits, axis)
    log_p = log_softmax(logits, axis, where)
    found = -np.squeeze(np.take_along_axis(log_p, np.expand_dims(labels, axis), axis=axis), axis=axis)
    return found if where is None else np.where(np.any(where, axis=axis), found, 0.0)


def poly_loss_cross_entropy(
    logits: Any, labels: Any, epsilon: Any = 2.0, axis: int = -1, where: Any = None
) -> Any:
    """Cross-entropy plus ε (1 - p of the label): its first Taylor term, weighted.

    References:
        Leng et al. 2022, PolyLoss. https://arxiv.org/abs/2204.12511

    Example:
        >>> print(poly_loss_cross_entropy(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]])))
        [1.69314718]
    """
    where = _like_logits(where, logits, axis)
    p = np.exp(log_softmax(logits, axis, where))
    missed = np.sum(_present(labels, where) * (1.0 - p), axis=axis)
    return softmax_cross_entropy(logits, labels, axis, where) + epsilon * missed


def smooth_labels(labels: Any, alpha: Any, axis: int = -1, where: Any = None) -> Any:
    """(1-α) y + α / number of classes.

    References:
        Szegedy et al. 2016, Rethinking the inception architecture, §7. https://arxiv.org/abs/1512.00567

    >>> smooth_labels(np.array([1.0, 0.0]), 0.1)
    array([0.95, 0.05])
    """
    classes = labels.shape[axis] if where is None else np.sum(where, axis=axis, keepdims=True)
    return (1.0 - alpha) * labels + alpha / classes


def hinge_loss(predictor_outputs: Any, targets: Any) -> Any:
    """max(0, 1 - x y), y = ±1.

    >>> hinge_loss(np.array([0.5, 2.0]), np.array([1.0, 1.0]))
    array([0.5, 0. ])
    """
    _check_axes(predictor_outputs, targets)
    return np.maximum(0.0, 1.0 - predictor_outputs * targets)


def perceptron_loss(predictor_outputs: Any, targets: Any) -> Any:
    """max(0, -x y), y = ±1.

    References:
        Rosenblatt 1958, The perceptron.

    Example:
        >>> print(perceptron_loss(np.array([0.5, 2.0]), np.array([-1.0, 1.0])))
        [0.5 0. ]
    """
    _check_axes(predictor_outputs, targets)
    return np.maximum(0.0, -predictor_outputs * targets)


def sparsemax_loss(logits: Any, labels: Any) -> Any:
    """The binary sparsemax loss: 0 below -1, the logit above 1, a parabola between; y = 0 or 1.

    References:
        Blondel, Martins & Niculae 2020, Learning with Fenchel-Young losses, §4.4. https://arxiv.org/abs/1901.02324

    Example:
        >>> print(sparsemax_loss(np.array([-2.0, 0.0, 2.0]), np.array([1.0, 1.0, 1.0])))
        [2.   0.25 0.  ]
    """
    _check_axes(logits, labels)
    x = np.where(labels > 0, -logits, logits)
    return np.where(x <= -1.0, 0.0, np.where(x >= 1.0, x, 0.25 * (x + 1.0) ** 2))


def multiclass_hinge_loss(scores: Any, labels: Any) -> Any:
    """max over classes of x + 1 - [is the label], minus x of the label.

    References:
        Crammer & Singer 2001, On the algorithmic implementation of multiclass kernel-based vector machines.

    Example:
        >>> print(multiclass_hinge_loss(np.array([[0.5, 0.0, 2.0]]), np.array([0])))
        [2.5]
    """
    hot = _is_label_of(labels, scores)
    margins = np.where(hot, scores, scores + 1.0)
    return np.max(margins, axis=-1) - np.sum(np.where(hot, scores, 0.0), axis=-1)


def multiclass_perceptron_loss(scores: Any, labels: Any) -> Any:
    """max over classes of x, minus x of the label.

    References:
        Collins 2002, Discriminative training methods for hidden Markov models.

    Example:
        >>> print(multiclass_perceptron_loss(np.array([[0.5, 0.0, 2.0]]), np.array([0])))
        [1.5]
    """
    hot = _is_label_of(labels, scores)
    return np.max(scores, axis=-1) - np.sum(np.where(hot, scores, 0.0), axis=-1)


def multiclass_sparsemax_loss(scores: Any, labels: Any) -> Any:
    """⟨p, x⟩ - |p|²/2 + 1/2 - x of the label, p the projection of x on the simplex.

    References:
        Martins & Astudillo 2016, From softmax to sparsemax. https://arxiv.org/abs/1602.02068

    Example:
        >>> print(multiclass_sparsemax_loss(np.array([[0.5, 0.0, 2.0]]), np.array([0])))
        [1.5]
    """
    p = simplex_rows(scores)
    of_label = np.sum(np.where(_is_label_of(labels, scores), scores, 0.0), axis=-1)
    return np.sum(p * scores, axis=-1) - 0.5 * np.sum(p * p, axis=-1) + 0.5 - of_label


def kl_divergence(log_predictions: Any, targets: Any, axis: int = -1, where: Any = None) -> Any:
    """Σ t (log t - log p) over one axis; 0 log 0 = 0.

    References:
        Kullback & Leibler 1951, On information and sufficiency.

    Example:
        >>> print(kl_divergence(np.log([0.5, 0.5]), np.array([1.0, 0.0])))
        0.6931471805599453
    """
    log_t = np.log(np.where(targets > 0.0, targets, 1.0))
    return np.sum(_present(targets, where) * (log_t - _present(log_predictions, where)), axis=axis)


def kl_divergence_with_log_targets(
    log_predictions: Any, log_targets: Any, axis: int = -1, where: Any = None
) -> Any:
    """Σ t (log t - log p) over one axis, from log t.

    Example:
        >>> print(kl_divergence_with_log_targets(np.log([0.5, 0.5]), np.log([0.25, 0.75])))
        0.13081203594113697
    """
    log_t, log_p = _present(log_targets, where), _present(log_predictions, where)
    return np.sum(np.exp(log_t) * (log_t - log_p), axis=axis)


def generalized_kl_divergence(log_predictions: Any, targets: Any, axis: int = -1, where: Any = None) -> Any:
    """Σ t (log t - log p) + p - t: for positive numbers that need not sum to 1, never negative.

    Example:
        >>> print(generalized_kl_divergence(np.log([2.0, 3.0]), np.array([1.0, 3.0])))
        0.30685281944005516
    """
    excess = np.sum(_present(np.exp(_present(log_predictions, where)) - targets, where), axis=axis)
    return kl_divergence(log_predictions, targets, axis, where) + excess


convex_kl_divergence = generalized_kl_divergence


def make_fenchel_young_loss(max_fun: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """The loss max_fun(x) - ⟨y, x⟩ of a regularised maximum over the last axis.

    Args:
        max_fun: from scores to their regularised maximum over the last axis, such as log-sum-exp.

    References:
        Blondel, Martins & Niculae 2020, Learning with Fenchel-Young losses. https://arxiv.org/abs/1901.02324

    Example:
        >>> loss = make_fenchel_young_loss(lambda x: np.log(np.sum(np.exp(x), axis=-1)))
        >>> print(loss(np.array([0.0, 0.0]), np.array([1.0, 0.0])))
        0.6931471805599453
    """

    def fenchel_young_loss(scores: Any, targets: Any) -> Any:
        return max_fun(scores) - np.sum(targets * scores, axis=-1)

    return fenchel_young_loss
