"""Objects whose classes say what operators and builtins do, as Python asks them, and slots.

In:  nothing.   Out: `PROGRAMS`.
Not here: what Python raises (refused_protocols.py).
"""

from __future__ import annotations

import abc

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.7, 1.3, 0.4])


class Sl:
    __slots__ = ("a",)

    def __init__(self, a):
        self.a = a


class Sl2(Sl):
    __slots__ = ("b",)


class SlDict(Sl):
    pass


class Rev:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter([100.0])

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


class Rev2(Rev):
    def __reversed__(self):
        return iter([self.items[1], self.items[0]])


class D:
    def __init__(self, v):
        self.v = v

    def __rdivmod__(self, o):
        return (o * self.v, self.v)


class D2:
    def __init__(self, v):
        self.v = v

    def __divmod__(self, o):
        return (o * self.v, self.v)

    def __rfloordiv__(self, o):
        return 7.0


class A:
    def __init__(self, v):
        self.v = v

    def __radd__(self, o):
        return self.v * np.sum(o) * 3

    def __rmul__(self, o):
        return self.v * np.sum(o) * 3

    def __lt__(self, o):
        return True

    def __gt__(self, o):
        return False

    def __eq__(self, o):
        return True


class AP(A):
    __array_priority__ = 100


class AU(A):
    __array_ufunc__ = None


class B:
    def __init__(self, v):
        self.v = v

    def __add__(self, o):
        return self.v * o


class Abs(abc.ABC):
    def __init__(self, v):
        self.v = v

    @abc.abstractmethod
    def f(self): ...
    def g(self):
        return self.v


class Con(Abs):
    def f(self):
        return self.v * 2


class BoolPy:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return bool(self.v > 0.5)


@at(x3)
def slots_ok(x):
    s = Sl2(x[0])
    s.b = x[1]
    s.a *= 2
    return s.b * s.a


@at(x3)
def slots_dict(x):
    s = SlDict(x[0])
    s.b = x[1]
    return s.b * s.a


@at(x3)
def slots_branch(x):
    s = Sl(x[0])
    if x[1] > 5:
        s.zz = x[1]
    return s.a * 2


@at(x3)
def slots_try(x):
    s = Sl(x[0])
    try:
        s.zz = x[1]
    except AttributeError:
        s.a = x[2]
    return s.a * 2


@at(x3)
def slots_hasattr(x):
    s = Sl2(x[0])
    return x[1] if hasattr(s, "b") else x[2]


@at(x3)
def rev(x):
    return sum((k + 1) * v for k, v in enumerate(reversed(Rev([x[0], x[1], x[2]]))))


@at(x3)
def rev2(x):
    return sum((k + 1) * v for k, v in enumerate(reversed(Rev2([x[0], x[1], x[2]]))))


@at(x3)
def rev_for(x):
    s = 0.0
    for v in reversed(Rev(x)):
        s = s * 2 + v
    return s


@at(x3)
def rev_list(x):
    return list(reversed(Rev2([x[0], x[1]])))[0] * x[0]


@at(x3)
def divmod_reflected(x):
    a, b = divmod(x[0], D(x[1]))
    return a * b


@at(x3)
def divmod_obj(x):
    a, b = divmod(D2(x[0]), x[1])
    return a * b


@at(x3)
def divmod_py(x):
    a, b = divmod(2.0, D(x[1]))
    return a * b


@at(x3)
def arr_obj_pri(x):
    return x + AP(x[0])


@at(x3)
def arr_obj_uf(x):
    return x + AU(x[0])


@at(x3)
def sc_obj(x):
    return x[0] + A(x[1])


@at(x3)
def sc_obj_pri(x):
    return x[0] + AP(x[1])


@at(x3)
def sc_obj_uf(x):
    return x[0] * AU(x[1])


@at(x3)
def pyfloat_obj(x):
    return 2.0 + A(x[1])


@at(x3)
def float_obj(x):
    return float(x[0]) + A(x[1])


@at(x3)
def obj_arr(x):
    return np.sum(B(x[0]) + x)


@at(x3)
def con(x):
    return Con(x[0]).f()


@at(x3)
def bool_py(x):
    return x[0] if BoolPy(x[0]) else x[1]


@at(x3)
def noeq(x):
    return x[0] if B(x[0]) == 1 else x[1]


@at(x3)
def noeq_ne(x):
    return x[0] if B(x[0]) != 1 else x[1]


@at(x3)
def gen_return(x):
    def g():
        yield x[0]
        return
        yield x[1]

    return sum(g())
