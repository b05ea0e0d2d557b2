"""Losses and projections: values against SciPy and direct enumeration, derivatives by the compiler itself."""

from __future__ import annotations

import functools
from itertools import product

import numpy as np
import pytest
import scipy.optimize
import scipy.special

import gradscribe as gs
from gradscribe import optim

RNG = np.random.default_rng(5)
X = RNG.normal(size=(4, 5))
P = scipy.special.softmax(RNG.normal(size=(4, 5)), axis=1)
LABELS = np.array([1, 4, 0, 2])
SIGNS = np.where(RNG.normal(size=(4, 5)) > 0, 1.0, -1.0)
BINARY = (SIGNS > 0) * 1.0
Y = RNG.normal(size=(4, 5))
GROUPS = np.array([0, 1, 0, 1])
IMAGE = RNG.normal(size=(2, 3, 3, 4))
MASKS = (RNG.random((2, 3, 3, 4)) < 0.5) * 1.0

LOSSES = {
    "squared_error": (Y,),
    "l2_loss": (Y,),
    "huber_loss": (Y,),
    "log_cosh": (Y,),
    "cosine_similarity": (Y,),
    "cosine_distance": (Y,),
    "log_sigmoid": (),
    "log_softmax": (),
    "sigmoid_binary_cross_entropy": (BINARY,),
    "sigmoid_focal_loss": (BINARY, 0.25, 2.0),
    "softmax_cross_entropy": (P,),
    "safe_softmax_cross_entropy": (P,),
    "softmax_cross_entropy_with_integer_labels": (LABELS,),
    "poly_loss_cross_entropy": (P,),
    "hinge_loss": (SIGNS,),
    "perceptron_loss": (SIGNS,),
    "sparsemax_loss": (BINARY,),
    "multiclass_hinge_loss": (LABELS,),
    "multiclass_perceptron_loss": (LABELS,),
    "multiclass_sparsemax_loss": (LABELS,),
    "kl_divergence": (P,),
    "kl_divergence_with_log_targets": (np.log(P),),
    "generalized_kl_divergence": (P,),
    "triplet_margin_loss": (Y, Y[::-1]),
    "ntxent": (GROUPS, 0.5),
    "ranking_softmax_loss": (P,),
}


@pytest.mark.parametrize("name", LOSSES)
def test_the_compiler_differentiates(name):
    function, further = getattr(optim, name), LOSSES[name]

    def total(x):
        return np.sum(function(x, *further))

    gs.testing.check_grads(total, (X,))


@pytest.mark.parametrize("name", LOSSES)
def test_float32_stays_float32(name):
    function, further = getattr(optim, name), optim.tree.map(narrow, LOSSES[name])
    x = X.astype(np.float32)
    assert function(x, *further).dtype == np.float32
    assert gs.grad(lambda x: np.sum(function(x, *further)))(x).dtype == np.float32


PAIRED = (
    "squared_error", "l2_loss", "huber_loss", "log_cosh", "sigmoid_binary_cross_entropy", "sigmoid_focal_loss",
    "hinge_loss", "perceptron_loss", "sparsemax_loss",
)  # fmt: skip
MISFITS = {
    **{name: (X[:, :1], BINARY[:, 0], "different numbers of axes") for name in PAIRED},
    "softmax_cross_entropy": (X, LABELS, "softmax_cross_entropy_with_integer_labels"),
    "multiclass_hinge_loss": (X, LABELS[:, None], "one axis less than scores"),
    "multiclass_perceptron_loss": (X, np.eye(5)[LABELS], "one axis less than scores"),
    "multiclass_sparsemax_loss": (X, LABELS[:, None], "one axis less than scores"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_targets_that_would_be_paired_with_each_prediction_are_refused(name):
    function, (x, targets, message) = getattr(optim, name), MISFITS[name]
    with pytest.raises(ValueError, match=message):
        function(x, targets)
    with pytest.raises(gs.GradscribeError, match=f"GS141: this raises ValueError: .*{message}"):
        gs.grad(lambda x, t: np.sum(function(x, t)))(x, targets)


@pytest.mark.parametrize("name", PAIRED)
def test_one_number_is_a_target_of_all(name):
    function = getattr(optim, name)
    np.testing.assert_array_equal(function(X, 1.0), function(X, np.ones_like(X)))
    np.testing.assert_array_equal(function(X, np.array(1.0)), function(X, np.ones_like(X)))


def narrow(leaf):
    """Arrays of floats in float32; labels and numbers of Python as they are."""
    return leaf.astype(np.float32) if isinstance(leaf, np.ndarray) and leaf.dtype == np.float64 else leaf


def log_sum_exp(x):
    top = np.max(x, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(x - top), axis=-1)) + top[..., 0]


def test_fenchel_young_of_log_sum_exp_is_cross_entropy():
    loss = optim.make_fenchel_young_loss(log_sum_exp)
    np.testing.assert_allclose(loss(X, P), optim.softmax_cross_entropy(X, P), rtol=1e-13)
    gs.testing.check_grads(lambda x: np.sum(loss(x, P)), (X,))


def test_cross_entropies_agree_with_scipy():
    log_p = scipy.special.log_softmax(X, axis=1)
    np.testing.assert_allclose(optim.log_softmax(X), log_p, rtol=1e-14)
    np.testing.assert_allclose(optim.softmax_cross_entropy(X, P), -np.sum(P * log_p, axis=1))
    np.testing.assert_allclose(
        optim.softmax_cross_entropy_with_integer_labels(X, LABELS), -log_p[np.arange(4), LABELS]
    )
    p = scipy.special.expit(X)
    np.testing.assert_allclose(
        optim.sigmoid_binary_cross_entropy(X, BINARY), -np.where(BINARY > 0, np.log(p), np.log1p(-p))
    )
    missed = np.where(BINARY > 0, 1 - p, p)
    weights = np.where(BINARY > 0, 0.25, 0.75)
    np.testing.assert_allclose(
        optim.sigmoid_focal_loss(X, BINARY, 0.25, 2.0), -weights * missed**2 * np.log1p(-missed)
    )
    exact = -np.sum(P * log_p, axis=1) + 2.0 * np.sum(P * (1 - np.exp(log_p)), axis=1)
    np.testing.assert_allclose(optim.poly_loss_cross_entropy(X, P), exact)


def test_far_logits_neither_overflow_nor_lose_the_gradient():
    far = np.array([-1e4, -800.0, 800.0, 1e4])
    gradient = gs.grad(lambda x: np.sum(optim.sigmoid_binary_cross_entropy(x, np.zeros(4))))(far)
    np.testing.assert_allclose(gradient, [0.0, 0.0, 1.0, 1.0], atol=1e-300)
    gradient = gs.grad(lambda x: np.sum(optim.softmax_cross_entropy_with_integer_labels(x, LABELS)))(1e4 * X)
    assert np.all(np.isfinite(gradient))
    gradient = gs.grad(lambda x: np.sum(optim.log_cosh(x, np.zeros(4))))(far)
    np.testing.assert_allclose(gradient, [-1.0, -1.0, 1.0, 1.0])


def test_divergences_agree_with_scipy():
    log_q = scipy.special.log_softmax(X, axis=1)
    expected = np.sum(scipy.special.rel_entr(P, np.exp(log_q)), axis=1)
    np.testing.assert_allclose(optim.kl_divergence(log_q, P), expected)
    np.testing.assert_allclose(optim.kl_divergence_with_log_targets(log_q, np.log(P)), expected)
    np.testing.assert_allclose(
        optim.generalized_kl_divergence(X, P), np.sum(scipy.special.kl_div(P, np.exp(X)), axis=1)
    )
    assert optim.convex_kl_divergence is optim.generalized_kl_divergence
    zero = np.array([1.0, 0.0])
    assert optim.kl_divergence(np.log([0.5, 0.5]), zero) == np.log(2.0)


def test_huber_agrees_with_scipy():
    np.testing.assert_allclose(optim.huber_loss(X, Y, 0.7), scipy.special.huber(0.7, X - Y))


def test_margins_by_enumeration():
    for row, label in enumerate(LABELS):
        others = [X[row, j] + 1.0 - X[row, label] for j in range(5) if j != label]
        assert optim.multiclass_hinge_loss(X, LABELS)[row] == pytest.approx(max(0.0, *others))
        assert optim.multiclass_perceptron_loss(X, LABELS)[row] == pytest.approx(max(X[row]) - X[row, label])


def test_sparsemax_is_the_conjugate_of_the_square():
    """max over the simplex of ⟨p, x⟩ - |p|²/2, by a general solver."""
    constraint = {"type": "eq", "fun": lambda p: np.sum(p) - 1.0}
    for row, label in enumerate(LABELS):
        found = scipy.optimize.minimize(
            lambda p: 0.5 * p @ p - p @ X[row],
            np.full(5, 0.2),
            bounds=[(0, 1)] * 5,
            constraints=constraint,
            tol=1e-14,
        )
        expected = -found.fun + 0.5 - X[row, label]
        assert optim.multiclass_sparsemax_loss(X, LABELS)[row] == pytest.approx(expected, abs=1e-7)
    scores = np.array([[0.0, 0.6], [0.0, -3.0], [0.0, 3.0]])
    binary = optim.sparsemax_loss(scores[:, 1] - scores[:, 0], np.zeros(3))
    np.testing.assert_allclose(binary, optim.multiclass_sparsemax_loss(scores, np.zeros(3, int)))


def test_triplets_and_contrast_by_enumeration():
    d = np.sqrt(np.sum((X - Y) ** 2, axis=1) + 1e-6) - np.sqrt(np.sum((X - Y[::-1]) ** 2, axis=1) + 1e-6)
    np.testing.assert_allclose(optim.triplet_margin_loss(X, Y, Y[::-1]), np.maximum(d + 1.0, 0.0))
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    s = np.exp(unit @ unit.T / 0.5)
    terms = [
        -np.log(s[i, j] / (s[i, j] + sum(s[i, k] for k in range(4) if GROUPS[k] != GROUPS[i])))
        for i, j in product(range(4), repeat=2)
        if i != j and GROUPS[i] == GROUPS[j]
    ]
    assert optim.ntxent(X, GROUPS, 0.5) == pytest.approx(np.mean(terms))


def test_smoothing_and_ranking():
    np.testing.assert_allclose(np.sum(optim.smooth_labels(P, 0.3), axis=1), 1.0)
    weights = np.linspace(1.0, 2.0, 5)
    expected = -np.sum(P * weights * scipy.special.log_softmax(X, axis=1), axis=1)
    loss = optim.ranking_softmax_loss
    np.testing.assert_allclose(loss(X, P, weights=weights, reduce_fn=None), expected)
    assert loss(X, P, weights=weights) == pytest.approx(np.mean(expected))
    assert loss(X, P, weights=weights, reduce_fn=np.sum) == pytest.approx(np.sum(expected))


def test_dice_is_one_minus_the_overlap():
    p = scipy.special.softmax(IMAGE, axis=-1)
    expected = []
    for n in range(2):
        terms = []
        for c in range(4):
            both, mine, theirs = (
                np.sum(p[n, ..., c] * MASKS[n, ..., c]),
                np.sum(p[n, ..., c]),
                np.sum(MASKS[n, ..., c]),
            )
            terms.append(1 - (2 * both + 2.0) / (mine + theirs + 2.0))
        expected.append(np.mean(terms))
    np.testing.assert_allclose(optim.dice_loss(IMAGE, MASKS), expected)
    one = optim.binary_dice_loss(IMAGE[..., 0], MASKS[..., 0])
    q = scipy.special.expit(IMAGE[..., 0])
    for n in range(2):
        both = np.sum(q[n] * MASKS[n, ..., 0])
        assert one[n] == pytest.approx(1 - (2 * both + 2) / (np.sum(q[n]) + np.sum(MASKS[n, ..., 0]) + 2))
    for name in ("dice_loss", "multiclass_generalized_dice_loss"):
        gs.testing.check_grads(lambda x: np.sum(getattr(optim, name)(x, MASKS)), (IMAGE,))


DICE = {
    "weighted": {"class_weights": np.array([1.0, 0.5, 2.0, 3.0])},
    "tversky": {"alpha": 0.3, "beta": 0.7, "smooth": 0.5},
    "sum": {"reduction": "sum"},
    "none": {"reduction": "none", "ignore_background": True},
    "foreground": {"ignore_background": True},
    "one axis of places": {"axis": 2, "reduction": "none"},
}


@pytest.mark.parametrize("name", DICE)
def test_options_of_dice_by_enumeration(name):
    options = {"class_weights": np.ones(4), "smooth": 1.0, "alpha": 0.5, "beta": 0.5} | DICE[name]
    p = scipy.special.softmax(IMAGE, axis=-1)
    places = options.get("axis", (1, 2))
    both, mine, theirs = (np.sum(a, axis=places) for a in (p * MASKS, p * (1 - MASKS), (1 - p) * MASKS))
    s = options["smooth"]
    terms = 1 - (both + s) / (both + options["alpha"] * mine + options["beta"] * theirs + s)
    terms = (terms * options["class_weights"])[..., bool(options.get("ignore_background")) :]
    reduce = {"none": lambda x: x, "sum": lambda x: x.sum(axis=-1)}.get(
        options.get("reduction"), lambda x: x.mean(axis=-1)
    )
    np.testing.assert_allclose(optim.dice_loss(IMAGE, MASKS, **DICE[name]), reduce(terms), rtol=1e-13)
    gs.testing.check_grads(lambda x: np.sum(np.sin(optim.dice_loss(x, MASKS, **DICE[name]))), (IMAGE,))


def test_generalized_dice_may_leave_the_background_out():
    weights = 1.0 / (MASKS.sum(axis=(0, 1, 2)) ** 2 + 1e-7)
    weights = weights / weights.mean()
    terms = optim.dice_loss(IMAGE, MASKS, reduction="none") * weights
    found = optim.multiclass_generalized_dice_loss(IMAGE, MASKS, ignore_background=True)
    assert found == pytest.approx(terms[:, 1:].mean())


@pytest.mark.parametrize("shape", [(2, 3, 3), (2, 3, 3, 1), (2, 5), (2, 1)])
def test_the_compiler_differentiates_binary_dice_with_and_without_a_last_axis(shape):
    p, t = RNG.normal(size=shape), (RNG.random(shape) < 0.5) * 1.0
    gs.testing.check_grads(lambda p: np.sum(optim.binary_dice_loss(p, t)), (p,))


def test_binary_dice_takes_a_last_axis_of_one_and_unknown_reductions_are_refused():
    one = optim.binary_dice_loss(IMAGE[..., 0], MASKS[..., 0])
    np.testing.assert_array_equal(optim.binary_dice_loss(IMAGE[..., :1], MASKS[..., :1]), one)
    with pytest.raises(gs.GradscribeError, match="GS356: `dice_loss`: `reduction` is unknown"):
        optim.dice_loss(IMAGE, MASKS, reduction="max")


def collapse(path, blank):
    found, last = [], blank
    for symbol in path:
        if symbol not in (last, blank):
            found.append(symbol)
        last = symbol
    return found


def test_ctc_sums_over_all_alignments():
    """Every path through 5 steps of 3 classes, one after the other."""
    logits = RNG.normal(size=(3, 5, 3))
    log_p = scipy.special.log_softmax(logits, axis=2)
    labels = np.array([[1, 2], [1, 1], [2, 0]])
    label_paddings = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    logit_paddings = np.zeros((3, 5))
    logit_paddings[2, 4] = 1.0
    found = optim.ctc_loss(logits, logit_paddings, labels, label_paddings)
    for n, wanted in enumerate(([1, 2], [1, 1], [2])):
        steps = 4 if n == 2 else 5
        total = sum(
            np.exp(sum(log_p[n, t, path[t]] for t in range(steps)))
            for path in product(range(3), repeat=steps)
            if collapse(path, 0) == wanted
        )
        assert found[n] == pytest.approx(-np.log(total))
    gs.testing.check_grads(
        lambda x: np.sum(optim.ctc_loss(x, logit_paddings, labels, label_paddings)), (logits,)
    )


def test_forward_probabilities_are_those_of_the_beginnings_of_alignments():
    """Every path through the first steps that has emitted so many labels, by what it ends in."""
    logits = RNG.normal(size=(1, 4, 3))
    log_p = scipy.special.log_softmax(logits, axis=2)[0]
    labels, paddings = np.array([[1, 2]]), np.zeros((1, 2))
    loss, blanks, emits = optim.ctc_loss_with_forward_probs(logits, np.zeros((1, 4)), labels, paddings)
    assert blanks.shape == (4, 1, 3)
    assert emits.shape == (4, 1, 2)
    np.testing.assert_array_equal(loss, optim.ctc_loss(logits, np.zeros((1, 4)), labels, paddings))
    for t in range(4):
        expected = {"blank": np.zeros(3), "label": np.zeros(2)}
        for path in product(range(3), repeat=t + 1):
            emitted = collapse(path, 0)
            if emitted == [1, 2][: len(emitted)]:
                p = np.exp(sum(log_p[k, path[k]] for k in range(t + 1)))
                if path[-1] == 0:
                    expected["blank"][len(emitted)] += p
                else:
                    expected["label"][len(emitted) - 1] += p
        if t == 3:
            expected["blank"][1:] += expected["label"]
        np.testing.assert_allclose(np.exp(blanks[t, 0]), expected["blank"], rtol=1e-12, atol=1e-300)
        np.testing.assert_allclose(np.exp(emits[t, 0]), expected["label"], rtol=1e-12, atol=1e-300)
    gs.testing.check_grads(
        lambda x: np.sum(optim.ctc_loss_with_forward_probs(x, np.zeros((1, 4)), labels, paddings)[2][-1]),
        (logits,),
    )


ALONG_AN_AXIS = {
    "log_softmax": (),
    "cosine_similarity": (Y,),
    "cosine_distance": (Y,),
    "softmax_cross_entropy": (P,),
    "poly_loss_cross_entropy": (P,),
    "kl_divergence": (P,),
    "kl_divergence_with_log_targets": (np.log(P),),
    "generalized_kl_divergence": (P,),
    "triplet_margin_loss": (Y, Y[::-1]),
    "softmax_cross_entropy_with_integer_labels": (LABELS,),
}


@pytest.mark.parametrize("name", ALONG_AN_AXIS)
def test_classes_may_stand_on_any_axis(name):
    function, further = getattr(optim, name), ALONG_AN_AXIS[name]
    turned = tuple(np.transpose(array) for array in further)
    expected = function(X, *further)
    np.testing.assert_array_equal(function(X.T, *turned, axis=0), expected.T)

    def total(x):
        return np.sum(np.sin(function(x, *turned, axis=0)))

    gs.testing.check_grads(total, (X.T,))


def test_labels_are_smoothed_along_an_axis():
    np.testing.assert_array_equal(optim.smooth_labels(P.T, 0.2, axis=0), optim.smooth_labels(P, 0.2).T)


@pytest.mark.parametrize("name", ["squared_error", "l2_loss", "huber_loss", "log_cosh"])
def test_errors_alone_have_targets_of_zero(name):
    function = getattr(optim, name)
    np.testing.assert_array_equal(function(X), function(X, np.zeros(X.shape)))
    gs.testing.check_grads(lambda x: np.sum(function(x)), (X,))


A = np.array([1.0, -2.0, 0.5, 0.0, 1.0])
SETS = {
    "projection_non_negative": ((), lambda y: np.all(y >= 0)),
    "projection_box": ((-0.5, 0.7), lambda y: np.all((y >= -0.5) & (y <= 0.7))),
    "projection_hypercube": ((0.6,), lambda y: np.all((y >= 0) & (y <= 0.6))),
    "projection_simplex": ((1.5,), lambda y: np.all(y >= 0) and np.isclose(np.sum(y), 1.5)),
    "projection_l1_ball": ((1.5,), lambda y: np.sum(np.abs(y)) <= 1.5 + 1e-12),
    "projection_l2_ball": ((0.8,), lambda y: np.linalg.norm(y) <= 0.8 + 1e-12),
    "projection_linf_ball": ((0.4,), lambda y: np.max(np.abs(y)) <= 0.4),
    "projection_vector": ((A,), lambda y: np.linalg.matrix_rank(np.stack((y, A)), tol=1e-10) == 1),
    "projection_hyperplane": ((A, 1.0), lambda y: np.isclose(A @ y, 1.0)),
    "projection_halfspace": ((A, -1.0), lambda y: A @ y <= -1.0 + 1e-12),
    "projection_l1_sphere": ((1.5,), lambda y: np.isclose(np.sum(np.abs(y)), 1.5)),
    "projection_l2_sphere": ((0.8,), lambda y: np.isclose(np.linalg.norm(y), 0.8)),
}


@pytest.mark.parametrize("name", SETS)
def test_projection_is_in_the_set_and_no_other_point_is_nearer(name):
    further, contains = SETS[name]
    project = getattr(optim, name)
    rng = np.random.default_rng(7)
    for _ in range(20):
        x = 2.0 * rng.normal(size=5)
        y = project(x, *further)
        assert contains(y)
        for _ in range(20):
            other = project(y + 0.3 * rng.normal(size=5), *further)
            assert np.linalg.norm(x - y) <= np.linalg.norm(x - other) + 1e-9


@pytest.mark.parametrize("name", SETS)
def test_the_compiler_differentiates_projections(name):
    further, _ = SETS[name]
    project = getattr(optim, name)
    gs.testing.check_grads(
        lambda x: np.sum(np.sin(project(x, *further))), (np.array([0.9, -1.3, 0.35, 1.7, -0.2]),)
    )


JOINT = {
    name: further
    for name, (further, _) in SETS.items()
    if not any(isinstance(one, np.ndarray) for one in further)
}


@pytest.mark.parametrize("name", JOINT)
def test_all_numbers_of_a_tree_are_projected_together(name):
    project, further = getattr(optim, name), JOINT[name]
    vector = np.array([0.9, -1.3, 0.35, 1.7, -0.2])

    def tree_of(x):
        return {"a": np.reshape(x[:4], (2, 2)), "b": [x[4]]}

    params = tree_of(vector) | {"b": [-0.2]}
    found = project(params, *further)
    np.testing.assert_allclose(np.append(found["a"], found["b"][0]), project(vector, *further), rtol=1e-15)
    narrow = project(optim.tree.cast(params, np.float32), *further)
    assert narrow["a"].dtype == np.float32 and narrow["a"].shape == (2, 2)
    assert project(vector.astype(np.float32), *further).dtype == np.float32

    def total(p):
        q = project(p, *further)
        return np.sum(np.sin(q["a"])) + np.cos(q["b"][0])

    gs.testing.check_grads(total, (params,))


def test_boxes_may_be_trees():
    params = {"a": np.array([-1.0, 3.0]), "b": 2.0}
    found = optim.projection_box(params, {"a": np.array([-0.5, 0.0]), "b": 0.0}, {"a": 1.0, "b": 1.5})
    np.testing.assert_array_equal(found["a"], [-0.5, 1.0])
    assert found["b"] == 1.5


def test_all_are_covered():
    tested = {*LOSSES, *SETS, "make_fenchel_young_loss", "convex_kl_divergence", "smooth_labels", "one_hot"}
    tested |= {"dice_loss", "binary_dice_loss", "multiclass_generalized_dice_loss"}
    tested |= {"ctc_loss", "ctc_loss_with_forward_probs"}
    modules = {"losses", "structured_losses", "projections"}
    public = {
        name
        for name in optim.__all__
        if getattr(getattr(optim, name), "__module__", "").split(".")[-1] in modules
    }
    assert public == tested


KEPT = np.array([[1, 1, 0, 1, 1], [0, 1, 1, 0, 1], [1, 0, 0, 0, 0], [1, 1, 1, 1, 1]], dtype=bool)
WHERE = {
    "softmax_cross_entropy": P,
    "poly_loss_cross_entropy": P,
    "kl_divergence": P,
    "kl_divergence_with_log_targets": np.log(P),
    "generalized_kl_divergence": P,
    "cosine_similarity": Y,
    "cosine_distance": Y,
    "ranking_softmax_loss": P,
}


@pytest.mark.parametrize("name", WHERE)
def test_what_where_leaves_out_is_not_there(name):
    loss = getattr(optim, name)
    if name == "ranking_softmax_loss":
        loss = functools.partial(loss, reduce_fn=None)
    expected = [loss(X[i, kept], WHERE[name][i, kept]) for i, kept in enumerate(KEPT)]
    # What is left out may be anything.
    hidden = np.where(KEPT, X, 1e300)
    np.testing.assert_allclose(loss(hidden, WHERE[name], where=KEPT), expected, rtol=1e-13)
    gs.testing.check_grads(lambda x: np.sum(loss(x, WHERE[name], where=KEPT)), (X,))


def test_where_of_integer_labels_and_of_examples_without_classes():
    loss = optim.softmax_cross_entropy_with_integer_labels
    labels = np.array([0, 2, 0, 1])
    expected = [loss(X[i, kept], np.sum(kept[: labels[i]])) for i, kept in enumerate(KEPT)]
    np.testing.assert_allclose(loss(X, labels, where=KEPT), expected, rtol=1e-13)
    gs.testing.check_grads(lambda x: np.sum(loss(x, labels, where=KEPT)), (X,))
    padded = np.array([True, False, True, False])
    for function, target in ((loss, labels), (optim.softmax_cross_entropy, P)):
        plain, some = function(X, target), function(X, target, where=padded)
        np.testing.assert_allclose(some, np.where(padded, plain, 0.0), rtol=1e-13)
        grads = gs.grad(lambda x, f=function, t=target: np.sum(f(x, t, where=padded)))(X)
        assert np.array_equal(grads[~padded], np.zeros((2, 5))) and np.all(grads[padded] != 0.0)


def test_smoothing_counts_the_classes_of_where():
    found = optim.smooth_labels(BINARY, 0.2, where=KEPT)
    np.testing.assert_allclose(found, 0.8 * BINARY + 0.2 / KEPT.sum(axis=1, keepdims=True))
