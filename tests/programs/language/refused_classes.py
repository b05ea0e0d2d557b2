"""Classes whose ways cannot be followed, and uses of `np.vectorize` that are refused by name.

In:  nothing.   Out: `REFUSED`, those of refused.py among them.
Not here: other refusals (refused.py).
"""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tests.programs.language.refused import REFUSED, X, refused

__all__ = ["REFUSED"]


class Reversed(NamedTuple):
    x: float
    y: float

    def __getitem__(self, index):
        return tuple(self)[1 - index]


class Endless(NamedTuple):
    x: float

    def __len__(self):
        return 100


@refused("GS142", 2.0)
def item_of_a_named_tuple_of_its_own(x):
    return x * Reversed(x, 1.0)[0]


@refused("GS142", 2.0)
def length_of_a_named_tuple_of_its_own(x):
    return x * len(Endless(x))


class Meta(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.x = 10.0 * made.x
        return made


class Made(metaclass=Meta):
    def __init__(self, x):
        self.x = x


@refused("GS142", 2.0)
def object_of_a_metaclass(x):
    return x * Made(x).x


class Elsewhere:
    def __init__(self, x):
        self.kept = x

    def __getattribute__(self, name):
        return object.__getattribute__(self, "kept") * 3.0


@refused("GS142", 2.0)
def attributes_of_another_lookup(x):
    return x * Elsewhere(x).x


class Guessing:
    def __getattr__(self, name):
        raise AttributeError(name)


@refused("GS127", 2.0)
def attribute_that_getattr_decides(x):
    return x * getattr(Guessing(), "rate", 2.0)


@refused("GS205", X)
def attribute_that_exists_but_is_not_followed(x):
    return np.sum(x * getattr(x, "strides", 1.0)[0])


@dataclass
class Pair:
    x: float
    y: float


@refused("GS127", 2.0)
def dataclasses_of_floats_compared(x):
    return x if Pair(x, x) == Pair(x, x) else 2.0 * x


@functools.singledispatch
def size_of(x):
    return x


@refused("GS140", 2.0)
def dispatch_by_class(x):
    return size_of(x)


def zero_or_product(n, x):
    return 0 if n == 0 else x * zero_or_product(n - 1, x)


@refused("GS127", 2.0, 3)
def class_of_a_recursive_result(x, n):
    return x * 3.0 if isinstance(zero_or_product(n, x), int) else x


@refused("GS204", X)
def vectorized_results_of_two_classes(x):
    return np.sum(np.vectorize(lambda e: e if e > 0 else 0)(x))


@refused("GS204", X)
def vectorized_pairs(x):
    return np.sum(np.vectorize(lambda e: (e, e * e))(x)[0])


@refused("GS204", X)
def vectorized_with_a_signature(x):
    return np.sum(np.vectorize(np.sum, signature="(n)->()")(x))


@refused("GS204", X.astype(np.float32))
def vectorized_in_single_precision(x):
    return np.sum(np.vectorize(lambda e: e * e)(x))


class Halving:
    def __init__(self, x):
        self.x = x

    def __iter__(self):
        return self

    def __next__(self):
        self.x = self.x * 0.5
        if self.x < 0.1:
            raise StopIteration
        return self.x


@refused("GS111", 2.0)
def sum_of_an_iterator_of_users(x):
    return sum(Halving(x))


@refused("GS125", X)
def endless_loop_over_the_places_of_a_list(x):
    items, k, s = [x[0], x], 0, 0.0
    while True:
        try:
            item = items[k]
        except IndexError:
            break
        s, k = s + np.sum(item), k + 1
    return s


@dataclass
class Point:
    x: float


@dataclass
class Path:
    points: object


@refused("GS127", 2.0, 3)
def objects_in_a_run_time_list_as_dicts(x, n):
    points = []
    for k in range(n):
        points.append(Point(x * k))
    return x * len(dataclasses.asdict(Path(points))["points"])


@refused("GS127", 2.0, 3)
def counter_in_an_object_as_a_dict(x, n):
    return x * len(dataclasses.asdict(Path(Counter(range(n))))["points"])
