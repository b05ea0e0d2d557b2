"""The order in which Python evaluates: `op=` loads the target before its right side runs, and stores after.

In:  nothing.   Out: `PROGRAMS`.
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.7, 1.3, 0.4])


class Box:
    def __init__(self, v):
        self.v = v


class Doubling(Box):
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)


class Counted:
    def __init__(self, v):
        self._v = v
        self.n = 0

    @property
    def v(self):
        return self._v

    @v.setter
    def v(self, value):
        self._v = value
        self.n = self.n + 1


class Items:
    def __init__(self, v):
        self.d = {"a": v}
        self.n = 0.0

    def __getitem__(self, key):
        self.n += 1
        return self.d[key]

    def __setitem__(self, key, value):
        self.n += 10
        self.d[key] = value


class Tripling:
    def __get__(self, owner, cls):
        return owner._d

    def __set__(self, owner, value):
        owner._d = value * 3


class Described:
    d = Tripling()

    def __init__(self, v):
        self._d = v


@at(x3)
def attr_aug(x):
    b = Box(x[0])

    def g():
        b.v = x[1] * 5
        return x[2]

    b.v += g()
    return b.v * x[0]


@at(x3)
def attr_aug_array(x):
    b = Box(x * 1)

    def g():
        b.v = x * 5
        return x * 2

    b.v += g()
    return np.sum(b.v * x)


@at(x3)
def attr_aug_array_old(x):
    b = Box(x * 1)
    old = b.v

    def g():
        b.v = x * 5
        return x * 2

    b.v += g()
    return np.sum(old * x) + np.sum(b.v)


@at(x3)
def attr_aug_array_inplace(x):
    b = Box(x * 1)

    def g():
        b.v[0] = 9 * x[1]
        return x * 2

    b.v += g()
    return np.sum(b.v * x)


@at(x3)
def list_aug(x):
    L = [x[0], x[1]]

    def g():
        L[0] = x[1] * 7
        return x[2]

    L[0] += g()
    return L[0] * L[1]


@at(x3)
def list_aug_insert(x):
    L = [x[0], x[1]]

    def g():
        L.insert(0, x[1] * 7)
        return x[2]

    L[0] += g()
    return L[0] * 3 + L[1] * 5 + L[2]


@at(x3)
def list_aug_array_b(x):
    L = [x * 2, x * 3]
    a = L[0]

    def g():
        L[0] = x * 7
        return x[2]

    L[0] += g()
    return np.sum(L[0] * x) + np.sum(a) * 3 + (L[0] is a)


@at(x3)
def dict_aug(x):
    d = {"a": x[0]}

    def g():
        d["a"] = x[1] * 4
        return x[2]

    d["a"] += g()
    return d["a"] * x[0]


@at(x3)
def dict_aug_array(x):
    d = {"a": x * 1}

    def g():
        d["a"] = x * 4
        return x[2]

    d["a"] += g()
    return np.sum(d["a"] * x)


@at(x3)
def dict_aug_del(x):
    d = {"a": x[0], "b": x[1]}

    def g():
        del d["a"]
        return x[2]

    d["a"] += g()
    return sum((k + 1) * v for k, v in enumerate(d.values()))


@at(x3)
def nonlocal_aug(x):
    n = x[0]

    def g():
        nonlocal n
        n = x[1] * 3
        return x[2]

    n += g()
    return n * x[0]


@at(x3)
def nonlocal_aug_array(x):
    n = x * 1
    m = n

    def g():
        nonlocal n
        n = x * 3
        return x * x[2]

    n += g()
    return np.sum(n * x) + np.sum(m)


@at(x3)
def nonlocal_aug_list(x):
    n = [x[0]]
    m = n

    def g():
        nonlocal n
        n = [x[1]]
        return [x[2]]

    n += g()
    return sum((k + 1) * v for k, v in enumerate(n)) + len(m)


@at(x3)
def aug_log(x):
    log = []

    def t(a, v):
        log.append(a)
        return v

    L = [x[0], x[1]]
    t(1.0, L)[t(2, 0)] += t(3.0, x[2])
    return sum((k + 1) * v for k, v in enumerate(log)) * x[0] + L[0]


@at(x3)
def setattr_aug(x):
    g = Doubling(x[0])
    g.v += x[1]
    return g.v


@at(x3)
def setattr_aug_arr(x):
    g = Doubling(x)
    g.v += x[1]
    return np.sum(g.v)


@at(x3)
def setattr_aug_list(x):
    g = Doubling([x[0]])
    g.v += [x[1]]
    return sum(a * (k + 1) for k, a in enumerate(g.v))


@at(x3)
def prop_aug_arr(x):
    g = Counted(x * 1)
    g.v += x[1]
    return np.sum(g.v * x) * g.n


@at(x3)
def items_aug_arr(x):
    g = Items(x * 1)
    g["a"] += x[1]
    return np.sum(g.d["a"] * x) * g.n


@at(x3)
def desc_arr(x):
    g = Described(x * 1)
    g.d += x[1]
    return np.sum(g.d * x)


@at(x3)
def arr_aug_slice(x):
    a = x * 1

    def g():
        a[0] = x[1] * 9
        return x[2]

    a[:2] += g()
    return np.sum(a * x)


@at(x3)
def arr_aug_elem(x):
    a = x * 1

    def g():
        a[0] = x[1] * 9
        return x[2]

    a[0] += g()
    return np.sum(a * x)


@at(x3)
def arr_aug_rebind(x):
    a = x * 1
    b = a

    def g():
        nonlocal a
        a = x * 3
        return x[2]

    a[0] += g()
    return np.sum(a * x) + 2 * np.sum(b)


@at(x3)
def loop_aug_rt(x):
    n = x[0]

    def g(k):
        nonlocal n
        n = n * x[1] + k
        return x[2]

    k = 0.0
    while k < x[0] * 5:
        n += g(k)
        k += 1.0
    return n


@at(x3)
def loop_attr_rt(x):
    b = Box(x[0])

    def g(k):
        b.v = b.v * x[1] + k
        return x[2]

    k = 0.0
    while k < x[0] * 5:
        b.v += g(k)
        k += 1.0
    return b.v


@at(x3)
def branch_attr_arr(x):
    n = Box(x * 1)

    def g():
        if x[1] > 1:
            n.v = x * 3
        return x[2]

    n.v += g()
    return np.sum(n.v * x)


@at(x3)
def listpop0(x):
    L = [x[0], x[1], x[2]]
    L[0] += L.pop(0)
    return L[0] * L[1]


@at(x3)
def aug_walrus_array(x):
    n = x * 1
    m = n
    n *= (n := x + 3)
    return np.sum(n * x) + np.sum(m)


@at(x3)
def idx_mut(x):
    a = x * 1
    i = np.array([0, 1])

    def g():
        i[0] = 2
        return x[1] * 5

    a[i] += g()
    return np.sum(a * x)


@at(x3)
def loop_attr_arr(x):
    b = Box(x * 1)

    def g(k):
        b.v = b.v * x[1] + k
        return x[2]

    k = 0.0
    while k < x[0] * 5:
        b.v += g(k)
        k += 1.0
    return np.sum(b.v * x)


@at(x3)
def choice_owner(x):
    a, b = Box(x * 1), Box(x * 2)
    c = a if x[0] > 0.5 else b

    def g():
        c.v = x * 7
        return x[2]

    c.v += g()
    return np.sum(a.v * x) + 3 * np.sum(b.v)


@at(x3)
def choice_other(x):
    a, b = Box(x * 1), Box(x * 2)
    c = a if x[0] > 0.5 else b

    def g():
        a.v = x * 7
        return x[2]

    c.v += g()
    return np.sum(a.v * x) + 3 * np.sum(b.v)


@at(x3)
def swap_aug(x):
    L = [x * 1, x * 2]

    def g():
        L.reverse()
        return x[2]

    L[0] += g()
    return np.sum(L[0] * x) + 3 * np.sum(L[1])


@at(x3)
def nested(x):
    d = {"a": [x * 1, x * 2]}

    def g():
        d["a"] = [x * 3, x * 4]
        return x[2]

    d["a"][0] += g()
    return np.sum(d["a"][0] * x) + 3 * np.sum(d["a"][1])


@at(x3)
def aug_list_in_obj(x):
    b = Box([x[0]])

    def g():
        b.v = [x[1]]
        return [x[2]]

    b.v += g()
    return sum((k + 1) * v for k, v in enumerate(b.v))


@at(x3)
def aug_dict_in_obj(x):
    b = Box({"a": x[0]})

    def g():
        b.v = {"b": x[1]}
        return {"c": x[2]}

    b.v |= g()
    return sum((k + 1) * v for k, v in enumerate(b.v.values()))


@at(x3)
def list_rt_num(x, n=3):
    L = []
    i = 0.0
    while i < x[0] * 5:
        L.append(x[0] * i)
        i += 1

    def g():
        L[1] = x[2] * 7
        return x[2]

    L[1] += g()
    return sum((k + 1) * v for k, v in enumerate(L))
