"""Arithmetic of trees: nested parameters, gradients and updates as if they were one vector.

Numbers and arrays are the leaves; None, text, flags and functions stay as they are, and so do integers in objects
of your own classes. The functions are plain Python: a loss may call them, and they are differentiated.

In:  trees of one structure.   Out: trees of that structure, or numbers.
Not here: reading them for an optimiser (layout.py); moments and states (state_trees.py), which stand in this
namespace, too; the flat arrays of states (`flatten`, `unflatten`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradscribe.optim.state_trees import bias_correction as bias_correction
from gradscribe.optim.state_trees import get as get
from gradscribe.optim.state_trees import get_all_with_path as get_all_with_path
from gradscribe.optim.state_trees import map_params as map_params
from gradscribe.optim.state_trees import set as set
from gradscribe.optim.state_trees import update_infinity_moment as update_infinity_moment
from gradscribe.optim.state_trees import update_moment as update_moment
from gradscribe.optim.state_trees import update_moment_per_elem_norm as update_moment_per_elem_norm
from gradscribe.optim.structure import leaves_of, mapped

Number = Any


def map(function: Callable[..., Any], tree: Any, *trees: Any) -> Any:
    """`function` of each leaf, together with the same leaves of further trees.

    Raises:
        GS350: the trees are not of one structure.

    Example:
        >>> map(lambda w, g: w - 0.1 * g, {"w": [1.0, 2.0]}, {"w": [10.0, 10.0]})
        {'w': [0.0, 1.0]}
    """
    return mapped(function, [tree, *trees], "tree")


def leaves(tree: Any) -> list[Any]:
    """The numbers and arrays of a tree, in order.

    >>> leaves({"w": [1.0, None], "b": 2.0})
    [1.0, 2.0]
    """
    return leaves_of(tree)


def size(tree: Any) -> int:
    """How many numbers a tree holds.

    >>> size({"w": np.ones((2, 3)), "b": 1.0})
    7
    """
    count = 0
    for leaf in leaves_of(tree):
        count = count + np.size(leaf)
    return count


def add(tree: Any, *trees: Any) -> Any:
    """The sum of trees.

    >>> add({"w": 1.0}, {"w": 2.0}, {"w": 3.0})
    {'w': 6.0}
    """
    for other in trees:
        tree = map(lambda a, b: a + b, tree, other)
    return tree


def sub(tree_x: Any, tree_y: Any) -> Any:
    """The difference of two trees.

    >>> sub([3.0], [1.0])
    [2.0]
    """
    return map(lambda x, y: x - y, tree_x, tree_y)


def mul(tree_x: Any, tree_y: Any) -> Any:
    """The product of two trees, number by number.

    >>> mul([3.0], [2.0])
    [6.0]
    """
    return map(lambda x, y: x * y, tree_x, tree_y)


def div(tree_x: Any, tree_y: Any) -> Any:
    """The quotient of two trees, number by number.

    >>> div([3.0], [2.0])
    [1.5]
    """
    return map(lambda x, y: x / y, tree_x, tree_y)


def scale(scalar: Number, tree: Any) -> Any:
    """A number times a tree.

    >>> scale(2.0, {"w": 1.5})
    {'w': 3.0}
    """
    return map(lambda x: scalar * x, tree)


def add_scale(tree_x: Any, scalar: Number, tree_y: Any) -> Any:
    """x + scalar · y.

    >>> add_scale([1.0], -0.1, [10.0])
    [0.0]
    """
    return map(lambda x, y: x + scalar * y, tree_x, tree_y)


def sum(tree: Any) -> Number:
    """The sum of all numbers.

    >>> print(sum({"w": np.array([1.0, 2.0]), "b": 3.0}))
    6.0
    """
    total = 0.0
    for leaf in leaves_of(tree):
        total = total + np.sum(leaf)
    return total


def max(tree: Any) -> Number:
    """The largest number.

    >>> print(max({"w": np.array([1.0, 2.0]), "b": 3.0}))
    3.0
    """
    return np.max(_joined(tree))


def min(tree: Any) -> Number:
    """The smallest number.

    >>> print(min({"w": np.array([1.0, 2.0]), "b": 3.0}))
    1.0
    """
    return np.min(_joined(tree))


def vdot(tree_x: Any, tree_y: Any) -> Number:
    """The inner product of two trees; the first is conjugated.

    >>> print(vdot([1.0, 2.0], [3.0, 4.0]))
    11.0
    """
    total = 0.0
    for product in leaves_of(map(np.vdot, tree_x, tree_y)):
        total = total + product
    return total


def norm(tree: Any, ord: float | None = None, squared: bool = False) -> Number:
    """The norm of all numbers together.

    Args:
        tree: nested numbers and arrays.
        ord: as `np.linalg.norm` has it for vectors: 1, 2, np.inf; the Euclidean norm if None.
        squared: the square of the norm; for the Euclidean one without a root, so that it has a derivative at zero.

    Example:
        >>> print(norm({"w": np.array([3.0]), "b": 4.0}), norm([3.0, -4.0], ord=1), norm([3.0, 4.0], squared=True))
        5.0 7.0 25.0
    """
    if squared and (ord is None or ord == 2):
        return np.real(vdot(tree, tree))
    length = np.linalg.norm(_joined(tree), ord)
    return length**2 if squared else length


def clip(tree: Any, min_value: Number = None, max_value: Number = None) -> Any:
    """All numbers between two bounds, of which either may be None.

    >>> clip([-2.0, 0.5, 2.0], -1.0, 1.0)
    [np.float64(-1.0), np.float64(0.5), np.float64(1.0)]
    """
    return map(lambda x: np.clip(x, min_value, max_value), tree)


def where(condition: Any, tree_x: Any, tree_y: Any) -> Any:
    """The numbers of one tree where a condition holds, and of another elsewhere.

    Args:
        condition: a flag or an array of flags for all leaves, or a tree of them.
        tree_x: where it holds.
        tree_y: elsewhere.

    Example:
        >>> where(True, {"w": np.array([1.0])}, {"w": np.array([2.0])})
        {'w': array([1.])}
    """
    if isinstance(condition, (bool, np.bool, np.ndarray)):
        return map(lambda x, y: np.where(condition, x, y), tree_x, tree_y)
    return map(lambda x, flags, y: np.where(flags, x, y), tree_x, condition, tree_y)


def zeros_like(tree: Any, dtype: Any = None) -> Any:
    """Zeros in the structure and the dtypes of a tree.

    >>> zeros_like({"w": np.ones(2), "b": 1.0})
    {'w': array([0., 0.]), 'b': 0.0}
    """
    return full_like(tree, 0, dtype)


def ones_like(tree: Any, dtype: Any = None) -> Any:
    """Ones in the structure and the dtypes of a tree.

    >>> ones_like({"w": np.zeros(2, np.float32), "b": 0.0})
    {'w': array([1., 1.], dtype=float32), 'b': 1.0}
    """
    return full_like(tree, 1, dtype)


def full_like(tree: Any, fill_value: Number, dtype: Any = None) -> Any:
    """One number everywhere, in the structure and the dtypes of a tree.

    >>> full_like([np.zeros(2), 0.0], 7)
    [array([7., 7.]), 7.0]
    """

    def filled(leaf: Any) -> Any:
        if isinstance(leaf, (np.ndarray, np.generic)) or dtype is not None:
            return np.full_like(leaf, fill_value, dtype)[()]
        return type(leaf)(fill_value)

    return map(filled, tree)


def random_like(rng: np.random.Generator, tree: Any, sampler: Callable[..., Any] | None = None) -> Any:
    """Random numbers in the structure and the dtypes of a tree.

    Args:
        rng: the generator.
        tree: nested floats and arrays.
        sampler: called as `sampler(rng, size=shape)`; draws from the standard normal distribution if None.

    Example:
        >>> noise = random_like(np.random.default_rng(0), {"w": np.zeros(2, np.float32), "b": 0.0})
        >>> noise["w"].dtype, type(noise["b"])
        (dtype('float32'), <class 'float'>)
    """
    draw = sampler or np.random.Generator.standard_normal
    return map(lambda leaf: _like(leaf, draw(rng, size=np.shape(leaf))), tree)


def cast(tree: Any, dtype: Any) -> Any:
    """The numbers in another dtype; as they are if it is None.

    >>> cast({"w": np.array([1.0, 2.0])}, np.float32)
    {'w': array([1., 2.], dtype=float32)}
    """
    return tree if dtype is None else map(lambda leaf: np.asarray(leaf, dtype)[()], tree)


def cast_like(tree: Any, other_tree: Any) -> Any:
    """The numbers in the kinds and dtypes of another tree.

    >>> cast_like({"w": np.array([1.0, 2.0])}, {"w": np.zeros(2, np.float32)})
    {'w': array([1., 2.], dtype=float32)}
    """
    return map(lambda leaf, like: _like(like, leaf), tree, other_tree)


def conj(tree: Any) -> Any:
    """The complex conjugate.

    >>> conj([1.0 + 2.0j])
    [np.complex128(1-2j)]
    """
    return map(np.conj, tree)


def real(tree: Any) -> Any:
    """The real parts.

    >>> real({"w": np.array([1.0 + 2.0j])})
    {'w': array([1.])}
    """
    return map(np.real, tree)


def allclose(
    tree_x: Any, tree_y: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """All numbers are equal within a tolerance, as `np.allclose` has it.

    >>> allclose({"w": 1.0}, {"w": 1.0 + 1e-9})
    True
    """
    same = map(lambda x, y: int(np.allclose(x, y, rtol, atol, equal_nan)), tree_x, tree_y)
    return 0 not in leaves_of(same)


def ravel(tree: Any) -> tuple[np.ndarray, Callable[[np.ndarray], Any]]:
    """All numbers as one vector, and the function that makes a tree of such a vector again.

    >>> vector, unravel = ravel({"w": np.array([[1.0, 2.0]]), "b": 3.0})
    >>> vector, unravel(10.0 * vector)
    (array([1., 2., 3.]), {'w': array([[10., 20.]]), 'b': 30.0})
    """

    def unravel(vector: np.ndarray) -> Any:
        stop = 0

        def cut(leaf: Any) -> Any:
            nonlocal stop
            start, stop = stop, stop + np.size(leaf)
            return _like(leaf, np.reshape(vector[start:stop], np.shape(leaf)))

        return map(cut, tree)

    return _joined(tree), unravel


def _joined(tree: Any) -> np.ndarray:
    """All numbers as one vector."""
    found = [np.ravel(leaf) for leaf in leaves_of(tree)]
    return np.concatenate(found) if found else np.zeros(0)


def _like(like: Any, value: Any) -> Any:
    """A value in the kind and dtype of a leaf."""
    if isinstance(like, (np.ndarray, np.generic)):
        return np.asarray(value, like.dtype)[()] if np.ndim(like) == 0 else np.asarray(value, like.dtype)
    return type(like)(value)
