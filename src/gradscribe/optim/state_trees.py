"""Moments of trees, for optimisers of your own, and what states of optimisers hold, by name and by parameter.

In:  trees, states.   Out: trees, states; all of it stands in `optim.tree`.
Not here: arithmetic (tree.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.layout import Layout, layout_of
from gradscribe.optim.settings import refused
from gradscribe.optim.structure import gathered, mapped, named, names_of, part_of, path_of, replaced


def update_moment(updates: Any, moments: Any, decay: float, order: int) -> Any:
    """The decaying mean of powers: β m + (1-β) g^order.

    >>> update_moment({"w": 2.0}, {"w": 1.0}, 0.75, 2)
    {'w': 1.75}
    """
    return mapped(lambda g, m: (1.0 - decay) * g**order + decay * m, [updates, moments], "updates")


def update_moment_per_elem_norm(updates: Any, moments: Any, decay: float, order: int) -> Any:
    """The decaying mean of powers of sizes: β m + (1-β) |g|^order; of complex numbers, too.

    >>> update_moment_per_elem_norm({"w": 2.0j}, {"w": 1.0}, 0.75, 2)
    {'w': 1.75}
    """
    return mapped(lambda g, m: (1.0 - decay) * abs(g) ** order + decay * m, [updates, moments], "updates")


def update_infinity_moment(updates: Any, moments: Any, decay: float, eps: float) -> Any:
    """The decaying maximum of sizes: max(β m, |g| + ε).

    >>> update_infinity_moment({"w": np.array([-2.0])}, {"w": np.array([1.0])}, 0.75, 0.0)
    {'w': array([2.])}
    """
    return mapped(lambda g, m: np.maximum(decay * m, abs(g) + eps), [updates, moments], "updates")


def bias_correction(moment: Any, decay: float, count: int) -> Any:
    """A decaying mean that started at zero, over 1 - β^count.

    >>> bias_correction({"w": 0.75}, 0.5, 2)
    {'w': 1.0}
    """
    return mapped(lambda m: m / (1.0 - decay**count), [moment], "moment")


def get_all_with_path(tree: Any, key: Any) -> list[tuple[str, Any]]:
    """All parts of a tree under this key, field or attribute, with their paths.

    >>> import gradscribe.optim as optim
    >>> state = optim.chain(optim.trace(0.9), optim.scale_by_adam()).init(1.0)
    >>> get_all_with_path(state, "count")
    [('tree[1].count', 0)]
    """
    return list(named(tree, key, "tree"))


def get(tree: Any, key: Any, default: Any = None) -> Any:
    """The part of a tree under this key, field or attribute, however deep: a hyperparameter, say, or a count.

    Args:
        tree: a state, as a rule.
        key: the name.
        default: what there is, if nothing has this name.

    Raises:
        GS356: several parts have this name.

    Example:
        >>> import gradscribe.optim as optim
        >>> state = optim.inject_hyperparams(optim.sgd)(learning_rate=0.1).init([1.0])
        >>> get(state, "learning_rate")
        0.1
    """
    found = get_all_with_path(tree, key)
    if len(found) > 1:
        paths = ", ".join(path for path, _ in found)
        raise refused("tree.get", f"{key!r} is the name of {paths}", "take one of them by its path")
    return found[0][1] if found else default


def set(tree: Any, **values: Any) -> Any:
    """The tree with other values under these keys, fields or attributes, wherever they are.

    Raises:
        GS356: no part has one of these names.

    Example:
        >>> import gradscribe.optim as optim
        >>> state = optim.inject_hyperparams(optim.sgd)(learning_rate=0.1).init([1.0])
        >>> get(set(state, learning_rate=0.01), "learning_rate")
        0.01
    """
    for key in values:
        if not any(True for _ in named(tree, key, "tree")):
            raise refused("tree.set", f"no part is called {key!r}", "look at the tree: `print(state)`")
    return replaced(tree, values)


def map_params(
    function: Callable[..., Any],
    state: Any,
    params: Any,
    *trees: Any,
    transform_non_params: Callable[[Any], Any] | None = None,
) -> Any:
    """The state with `function` of each leaf of the vectors that it holds, such as momentum.

    Args:
        function: takes a leaf in the shape of its parameter, and the same leaf of each further tree.
        state: of an optimiser of these parameters.
        params: the parameters.
        *trees: of the structure of the parameters.
        transform_non_params: applied to all else: counts, rates, and arrays that are not like the parameters.

    Raises:
        GS350: a tree is not like the parameters, or what the function returns.
        GS353: the state holds arrays that are not like the parameters, as that of `partition` does, and
            `transform_non_params` does not say what becomes of them.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt, params = optim.trace(0.9), {"w": [1.0, 2.0], "b": 3.0}
        >>> state = opt.update(params, opt.init(params))[1]
        >>> keep = {"w": [1.0, 1.0], "b": 0.0}
        >>> optim.unflatten(map_params(lambda m, k: m * k, state, params, keep).trace, params)
        {'w': [1.0, 2.0], 'b': 0.0}
    """
    layout = layout_of(params).working
    others = [layout.leaves_like(tree, "tree") for tree in trees]

    def visit(part: Any, path: str) -> Any:
        if _is_vector(layout, part):
            leaves = [function(*some) for some in zip(layout.views(part), *others, strict=True)]
            made = layout.joined(layout.leaves_like(layout.nest(leaves), "result"))
            # Moments may be kept narrower than parameters.
            return tuple(array.astype(one.dtype, copy=False) for array, one in zip(made, part, strict=True))
        names = names_of(part)
        if names is not None and len(names) > 0:
            parts = [visit(part_of(part, name), path_of(part, path, name)) for name in names]
            return gathered(part, names, parts)
        if transform_non_params is not None:
            return transform_non_params(part)
        if isinstance(part, np.ndarray):
            raise _not_like_params(path)
        return part

    return visit(state, "state")


def _is_vector(layout: Layout, part: Any) -> bool:
    """Flat arrays of all parameters."""
    if type(part) is not tuple or not all(isinstance(one, np.ndarray) for one in part):
        return False
    return bool(part) and [(one.shape, one.dtype.kind) for one in part] == [((n,), "f") for n in layout.sizes]


def _not_like_params(path: str) -> UsageError:
    return UsageError(
        Diagnostic(
            "GS353",
            f"`{path}` is not like the parameters",
            why="it is of some of them only, or of rows and columns",
            fix="say what becomes of it with `transform_non_params=`, or map the state of one part",
        )
    )
