"""Special methods that return what Python does not take, and what depends on the class of a number.

In:  nothing.   Out: more of `REFUSED`.
Not here: those that work (protocols.py).
"""

from __future__ import annotations

import itertools

import numpy as np

from tests.programs.language.protocols import AU, D2, A, Abs, B, Rev, Sl, x3
from tests.programs.language.refused import raising, refused
from tests.programs.language.refused_classes import REFUSED

__all__ = ["REFUSED"]


class SlBad:
    __slots__ = ("a",)

    def __init__(self, a):
        self.a = a
        self.c = a * 2


class SlClassAttr:
    __slots__ = ("a",)
    k = 3.0

    def __init__(self, a):
        self.a = a


class RevIter:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


class RevNone(Rev):
    __reversed__ = None


class AM(A):
    def __array_ufunc__(self, ufunc, method, *inputs, **kw):
        return self.v * 9


class AA(A):
    def __array__(self, dtype=None, copy=None):
        return np.ones(3)


class Meta(type):
    def __instancecheck__(cls, o):
        return True

    def __subclasscheck__(cls, o):
        return True


class Any_(metaclass=Meta):
    pass


class BoolBad:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return 1


class BoolNp:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return self.v > 0.5


class BoolRT:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return self.v


class LenNeg:
    def __len__(self):
        return -1


class LenFloat:
    def __len__(self):
        return 2.0


class LenRT:
    def __init__(self, v):
        self.v = v

    def __len__(self):
        return self.v


class IterList:
    def __init__(self, v):
        self.v = v

    def __iter__(self):
        return [self.v, self.v]


class IterArr:
    def __init__(self, v):
        self.v = v

    def __iter__(self):
        return self.v


@refused("GS140", x3)
def slots(x):
    s = Sl(x[0])
    s.b = x[1]
    return s.b


@refused("GS140", x3)
def slots_init(x):
    class_ = SlBad
    s = class_(x[0])
    return s.a


@refused("GS140", x3)
def slots_classattr(x):
    s = SlClassAttr(x[0])
    s.k = x[1]
    return s.k * s.a


@refused("GS141", x3)
def rev_iteronly(x):
    return sum(reversed(RevIter([x[0], x[1]])))


@refused("GS141", x3)
def rev_none(x):
    return sum(reversed(RevNone([x[0], x[1]])))


@refused("GS141", x3)
def abs(x):
    return Abs(x[0]).g()


@refused("GS141", x3)
def bool_bad(x):
    return x[0] if BoolBad(x[0]) else x[1]


@refused("GS141", x3)
def bool_np(x):
    return x[0] if BoolNp(x[0]) else x[1]


@refused("GS141", x3)
def bool_rtbad(x):
    class_ = BoolRT
    return x[0] if class_(x[0]) else x[1]


@refused("GS141", x3)
def not_bool_bad(x):
    return x[0] if not BoolBad(x[0]) else x[1]


@refused("GS141", x3)
def bool_call(x):
    return x[0] if bool(BoolBad(x[0])) else x[1]


@refused("GS141", x3)
def len_neg(x):
    return x[0] * len(LenNeg())


@refused("GS141", x3)
def len_float(x):
    return x[0] * len(LenFloat())


@refused("GS141", x3)
def len_bool_neg(x):
    return x[0] if LenNeg() else x[1]


@refused("GS141", x3)
def len_rt(x):
    return x[0] * len(LenRT(x[0]))


@refused("GS141", x3)
def iter_list(x):
    return sum(IterList(x[0]))


@refused("GS141", x3)
def iter_list_for(x):
    s = 0.0
    for v in IterList(x[0]):
        s += v
    return s


@refused("GS141", x3)
def iter_arr_for(x):
    s = 0.0
    for v in IterArr(x):
        s += v
    return s


@refused("GS141", x3)
def iter_unpack(x):
    a, b = IterList(x[0])
    return a * b


@refused("GS202", x3)
def divmod_missing(x):
    a, b = divmod(x[0], D2(x[1]))
    return a


@refused("GS202", x3)
def arr_obj(x):
    return (x + A(x[0]))[0] + (x + A(x[0]))[1]


@refused("GS202", x3)
def arr_obj_um(x):
    return x + AM(x[0])


@refused("GS202", x3)
def arr_obj_arr(x):
    return np.sum(x + AA(x[0]))


@refused("GS202", x3)
def arr_cmp(x):
    return np.sum((x < A(x[0])) * x)


@refused("GS202", x3)
def aug_obj(x):
    y = x * 1
    y += A(x[0])
    return np.sum(y)


@refused("GS202", x3)
def aug_obj_uf(x):
    y = x * 1
    y += AU(x[0])
    return y


@refused("GS142", x3)
def meta_inst(x):
    return x[0] if isinstance(x, Any_) else x[1]


@refused("GS142", x3)
def meta_inst_obj(x):
    return x[0] if isinstance(B(x[0]), Any_) else x[1]


@refused("GS102", x3)
def gen_stop(x):
    def g():
        yield x[0]
        raise StopIteration

    return sum(g())


@refused("GS102", x3)
def gen_stop_for(x):
    def g():
        yield x[0]
        raise StopIteration(3)

    s = 0.0
    for v in g():
        s += v
    return s


@refused("GS102", x3)
def gen_stop_cond(x):
    def g():
        for v in x:
            if v > 1:
                raise StopIteration
            yield v

    return sum(g())


@refused("GS127", x3)
def npbool(x):
    r = (x[0] > 0) and True
    return x[0] * (1 if isinstance(r, np.bool_) else 2)


@refused("GS127", x3)
def npbool_is(x):
    r = (x[0] > 0) and True
    return x[0] if r is True else x[1]


@refused("GS127", x3)
def npbool_and2(x):
    r = (x[0] > 0) and (float(x[1]) > 0)
    return x[0] * (1 if isinstance(r, np.bool_) else 2)


@refused("GS127", x3)
def max_cls(x):
    m = max(0.0, x[0])
    return x[0] * (3 if isinstance(m, np.floating) else 2)


@refused("GS127", x3)
def max_type(x):
    m = max(5.0, x[0])
    return x[0] * (3 if type(m) is float else 2)


@refused("GS127", x3)
def max_hasattr(x):
    m = max(5.0, x[0])
    return x[0] * hasattr(m, "ndim")


class Long:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


@raising(1.5, -2)
def length_that_is_negative_at_run_time(x, n):
    return x * len(Long(n))


@raising(1.5)
def no_such_slot_in_a_branch(x):
    box = Sl(x)
    if x > 1.0:
        box.missing = x
    return box.a


class Seen:
    def __init__(self, v):
        self.v, self.n = v, 0

    @property
    def hit(self):
        self.n += 1
        return self.v > 1.0


@refused("GS110", 1.3, 2)
def pattern_that_changes_what_it_looks_into(x, n):
    seen = Seen(x)
    match {"a": n, "b": seen}:
        case {"a": 2, "b": Seen(hit=True)}:
            r = x
        case _:
            r = 5 * x
    return r * seen.n + x


COUNTS = itertools.count(1)


@refused("GS127", x3)
def next_of_an_iterator_of_the_module(x):
    return x[0] * next(COUNTS)


@refused("GS125", x3)
def tuple_of_a_list_of_run_time_length(x):
    found = [v for v in x if v > 0.0]
    return sum(tuple(found))


@refused("GS204", x3)
def nan_to_num_in_place(x):
    y = x * 2.0
    np.nan_to_num(y, copy=False)
    return np.sum(y)
