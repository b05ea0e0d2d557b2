"""Arrays and lists that run-time conditions choose, and that are then written.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), random ones (tests/programs/choosing.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.3, 0.7, -0.4, 1.1])
x3 = np.array([1.5, 2.0, 0.7])
y4 = np.array([0.5, -0.2, 0.9, 0.1])


class Box:
    def __init__(self, u):
        self.u = u


@at(x4, y4)
def an_element_of_one_of_two_arrays(x, y):
    a = x * 1.0
    b = y * 2.0
    dst = a if x[0] > 0 else b
    dst[0] = x[1] * 3
    return np.sum(a**2) + np.sum(b**3)


@at(x4, y4)
def parts_of_two_arrays_written_in_a_loop(x, y):
    a = x * 1.0
    b = y * 2.0
    if x[0] > 0:
        v = a[1:]
    else:
        v = b[:3]
    for i in range(3):
        v[i] += x[i]
    return np.sum(a**2) + np.sum(b**3)


@at(x4, y4)
def buffers_swapped_under_a_condition(x, y):
    cur = x * 1.0
    nxt = y * 2.0
    for i in range(40):
        nxt[1:] = cur[:-1] * 0.5 + nxt[1:] * 0.3
        nxt[0] = cur[-1] * 0.1
        if i % 3 == 0 or x[i % 4] > 0.5:
            cur, nxt = nxt, cur
    return np.sum(cur**2) + np.sum(nxt**3)


@at(x4, y4)
def one_of_two_lists_grows(x, y):
    left = []
    right = []
    for i in range(4):
        target = left if x[i] > 0.2 else right
        target.append(y[i] * x[i])
    s = 0.0
    for v in left:
        s += v**2
    for v in right:
        s += v**3
    return s


@at(x4, y4)
def one_of_two_lists_grows_at_run_time(x, y):
    left = []
    right = []
    for i in range(len(x)):
        target = left if x[i] > 0.2 else right
        target.append(y[i] * x[i])
    s = 0.0
    for v in left:
        s += v**2
    for v in right:
        s += v**3
    return s


@at(x4, y4)
def buffers_written_after_a_loop_that_swaps_them(x, y):
    cur = x * 1.0
    nxt = y * 2.0
    for i in range(40):
        nxt[1:] = cur[:-1] * 0.5 + nxt[1:] * 0.3
        cur, nxt = nxt, cur
    cur[0] = 5.0 * cur[1]
    return np.sum(cur**2) + np.sum(nxt**3)


@at(x4, y4)
def buffers_swapped_in_an_inner_loop(x, y):
    cur = x * 1.0
    nxt = y * 2.0
    for k in range(len(x)):
        for i in range(40):
            nxt[1:] = cur[:-1] * 0.5 + nxt[1:] * 0.3
            cur, nxt = nxt, cur
        cur[0] = 0.3 * cur[1]
    return np.sum(cur**2) + np.sum(nxt**3)


@at(x4, y4)
def buffers_swapped_in_an_inner_loop_under_a_condition(x, y):
    cur = x * 1.0
    nxt = y * 2.0
    for k in range(len(x)):
        for i in range(40):
            nxt[1:] = cur[:-1] * 0.5 + nxt[1:] * 0.3
            if x[i % 4] > y[k]:
                cur, nxt = nxt, cur
        cur[0] = 0.3 * cur[1]
    return np.sum(cur**2) + np.sum(nxt**3)


@at(x4, y4)
def buffers_swapped_before_they_are_written(x, y):
    cur = x * 1.0
    nxt = y * 2.0
    for i in range(40):
        if x[i % 4] > 0.5:
            cur, nxt = nxt, cur
        nxt[1:] = cur[:-1] * 0.5 + nxt[1:] * 0.3
    nxt[0] = cur[0]
    return np.sum(cur**2) + np.sum(nxt**3)


@at(x4, y4)
def three_buffers_in_turn_under_conditions(x, y):
    a = x * 1.0
    b = y * 2.0
    c = x * y
    for i in range(40):
        if x[i % 4] > 0.5:
            a, b, c = b, c, a
        elif y[i % 4] > 0.3:
            a, b = b, a
        a[1:] = b[:-1] * 0.5 + c[1:] * 0.3
        c[0] = b[1] * 0.4
    return np.sum(a**2) + np.sum(b**3) + np.sum(c)


@at(x4, y4)
def swaps_one_after_the_other(x, y):
    a = x * 1.0
    b = y * 2.0
    if x[0] > 0:
        a, b = b, a
    a[0] = b[1] * 3
    if x[1] > 0:
        a, b = b, a
    b[1] *= a[2]
    if y[1] > 0:
        a, b = b, a
    b[1:] *= a[2]
    return np.sum(a**2) + np.sum(b**3)


@at(x4, y4)
def swapped_names_of_arrays_that_keep_theirs(x, y):
    a = x * 1.0
    b = y * 2.0
    p, q = a, b
    if x[0] > 0:
        p, q = q, p
    p[0] = b[1] * 3
    q[0] = p[0] * a[2]
    a[1] = q[0] * p[1]
    return np.sum(a**2) + np.sum(b**3) + np.sum(p * q)


@at(x4, y4)
def one_of_three_arrays_and_one_of_those(x, y):
    a = x * 1.0
    b = y * 2.0
    c = x * y
    p = a if x[0] > 0.5 else b if x[1] > 0.5 else c
    p[0] = b[1] * 3
    q = p if y[1] > 0 else a
    q[1:] += p[:-1]
    return np.sum(a**2) + np.sum(b**3) + np.sum(c * p * q)


@at(x4, y4)
def an_array_that_a_branch_makes(x, y):
    a = x * 1.0
    b = y * 2.0
    p = a
    z = b
    if x[0] > 0:
        z = np.zeros(4)
        if y[0] > 0:
            p = z
        z[1] = x[2]
    p[0] = x[1] * 3
    return np.sum(a**2) + np.sum(b**3) + np.sum(z * p)


@at(x4, y4)
def chosen_in_each_iteration(x, y):
    a = x * 1.0
    b = y * 2.0
    for i in range(4):
        d = a if x[i] > 0.5 else b
        d[i] *= x[i]
        d[(i + 1) % 4] += d[i] * y[i]
    return np.sum(a**2) + np.sum(b**3)


@at(x4, y4)
def chosen_before_the_loop_that_writes(x, y):
    a = x * 1.0
    b = y * 2.0
    d = a if x[0] > 0.5 else b
    for i in range(4):
        d[i] *= x[i]
        d[(i + 1) % 4] += d[i] * y[i] + a[0]
    return np.sum(a**2) + np.sum(b**3) + d[0]


@at(x4, y4)
def a_loop_hands_on_which_array_it_is(x, y):
    a = x * 1.0
    b = y * 2.0
    d = a
    for i in range(40):
        if x[i % 4] > 0.5:
            d = b
        elif y[i % 4] > 0.3:
            d = a
        d[i % 4] *= x[i % 4]
    return np.sum(a**2) + np.sum(b**3) + d[0]


@at(x4, y4)
def all_kinds_of_writes_to_what_was_chosen(x, y):
    A = np.outer(x, y)
    B = np.outer(y, y)
    M = A if x[0] > 0.5 else B
    r = M[1]
    r[0] = x[0]
    M[2, 1:] *= r[0]
    M.T[0] += r
    M[M > 0.2] *= 0.5
    np.add.at(M, ([0, 0], [1, 1]), x[0])
    M.fill(1.0) if x[3] < 0 else M.sort()
    return np.sum(A**2) + np.sum(B**3) + r[1]


@at(x4, y4)
def a_helper_writes_what_was_chosen(x, y):
    def bump(u, v):
        u[0] += v[1]
        u *= 0.9
        return u[1:]

    a = x * 1.0
    b = y * 2.0
    w = bump(a if x[0] > 0.5 else b, b)
    w[0] = 3 * w[1]
    return np.sum(a**2) + np.sum(b**3)


@at(x4, y4)
def entries_of_a_dict(x, y):
    d = {"a": x * 1.0, "b": y * 2.0}
    t = d["a"] if x[0] > 0.5 else d["b"]
    t[0] = x[1]
    return np.sum(d["a"] ** 2) + np.sum(d["b"] ** 3)


@at(x4, y4)
def attributes_of_one_of_two_objects(x, y):
    p = Box(x * 1.0)
    q = Box(y * 1.0)
    r = p if x[0] > 0.5 else q
    r.u[0] = x[1] * 3
    r.u *= 2
    return np.sum(p.u**2) + np.sum(q.u**3)


@at(x4, y4)
def every_change_of_one_of_two_lists(x, y):
    k = [x[0], x[1]]
    r = [y[0], y[1]]
    t = k if x[0] > 0.5 else r
    t[0] = x[2] * 3
    t += [x[3]]
    t.insert(0, y[3])
    u = t.pop()
    t.reverse()
    s = u
    for v in k:
        s += v**2
    for v in r:
        s += v**3
    return s


@at(x4, y4)
def one_of_two_arguments(x, y):
    d = x if x[0] > 0.5 else y
    d[0] = d[1] * 3
    return np.sum(x**2) + np.sum(y**3)


@at(x4, y4)
def a_list_that_a_loop_chose_is_changed_after_it(x, y):
    s, t = [x[0], y[1]], [y[2], x[3]]
    w = s
    for k0 in range(len(x)):
        for k1 in range(2):
            w = s if y[k0 % 3] > 0.0917 else t
            if x[k0 % 3] > 0.5:
                break
    w.append(x[0])
    return w[0] + t[-1] + s[-1]


@at(x4, y4)
def a_list_that_a_loop_chose_before_it_broke_off(x, y):
    s, t = [x[0], y[1]], [y[2], x[3]]
    w = s
    for k0 in range(40):
        w = s if y[k0 % 3] > 0.0917 else t
        if x[k0 % 3] > 0.5:
            break
    w.append(x[0])
    return w[0] + t[-1] + s[-1]


@at(x4, y4)
def a_list_chosen_in_nested_branches(x, y):
    s, t = [x[0], y[1]], [y[2], x[3]]
    w = s
    if x[0] > 0:
        w = s if y[1] > 0.0917 else t
        if x[1] < 0:
            w = t
    w.append(x[0])
    return w[0] + t[-1] + s[-1]


@at(x3)
def run_time_branch_chooses_the_array(x):
    a = x * 1.0
    b = x * 2.0
    if x[0] > 0:
        t = a
    else:
        t = b
    t[0] = x[1]
    return np.sum(a**2) + np.sum(b**3)


@at(x3)
def one_entry_or_another_before_it_is_written(x):
    rows = []
    s = 0.0
    for i in range(len(x)):
        first, second = x * x[i], x * 2.0
        rows.append(first)
        rows.append(second)
        chosen = first if x[i] > 0.5 else second
        rows[-1][0] = 7.0 * x[i]
        s += chosen.sum()
    return s


@at(x3)
def one_array_two_iterations_later(x, n=100):
    w, c, q, p = x * 1.0, x * 2.0, x * 3.0, np.sin(x)
    total = 0.0
    for _ in range(n):
        w[0] = 5.0
        total += np.sum(c)
        w, c, q = p, q, p
    return total


@at(np.array([5.0, 1.0, 2.0]))
def handed_on_in_one_branch(x, n=100):
    s = x[0] * 1.0
    y, q = x * 0.5, x * s
    if s < 3.67:
        s = s * 1.0
    else:
        for _ in range(n):
            q = y
            y = x * s
        if s < 5.92:
            q[1] = x[1] * 0.7
    return np.sum(q**2) + np.sum(y)


@at(np.array([-0.61, 0.65, 1.06, 1.1]), np.array([0.71, 0.9, 0.79, 0.06]))
def a_list_that_nested_loops_chose_before_they_broke_off(x, y):
    a, b = x * 1.0, y * 2.0
    q = b
    s, t = [x[0]], [y[2]]
    w = s
    for k in range(len(x)):
        for _ in range(2):
            a = np.sin(a)
            w = s if q[1] > 0.0917 else t
            if w[0] > 0.0917:
                break
        if x[k % 3] > 0.0717:
            a, b = (b, a) if w[0] > 0.0917 else (a, b)
        else:
            q[1] = 2.0
        if x[-2] > 0.0717:
            break
    return w[0] + np.sum(b)


@at(x4, y4)
def turned_parts_of_two_arrays(x, y):
    a, b = x * 1.0, y * 2.0
    if x[0] > 0.5:
        v = np.flip(a)
    else:
        v = b.reshape(2, 2)[1]
    v[0] = x[1] * 3.0
    return np.sum(a**2) + np.sum(b**3)


@at(x4, y4)
def arrays_of_a_list_at_run_time_indices(x, y, n=40):
    grids = [x * 1.0, y * 1.0, x * y]
    for i in range(n):
        grids[i % 3][i % 4] = 0.3 * grids[(i + 1) % 3][0] + x[i % 4]
        grids[-1 - i % 2] *= 0.9
    return np.sum(grids[0] ** 2) + np.sum(grids[1] ** 3) + np.sum(grids[2])


@at(x4, y4)
def one_array_twice_in_a_list(x, y):
    a = x * 1.0
    listed = [a, y * 1.0, a]
    k = 2 if x[0] > 0.0 else 1
    listed[k][0] = x[1] * 5.0
    listed[k - 2][1:] += listed[k][0]
    return np.sum(a**2) + np.sum(listed[1] ** 3)


@at(np.array([-1.1, 1.2, 0.5, -0.8]), np.array([0.27, 0.14, -0.45, 0.49]))
def what_a_branch_made_is_sorted_in_a_loop_that_breaks_off(x, y, n=3):
    a, b, c = x * 1.0, y * 2.0, x * y
    p, q = a, b
    v = q[::2]
    for k in range(n):
        q = b if y[k % 3] < 0.1717 else a if np.sum(q) > 0.0917 else p
        if x[1] > 0.0717:
            p = a * 0.5
        q.sort()
        if x[k % 3] > 0.0717:
            break
        q[[0, 2, 0]] += np.sin(v[-1])
    a = q * 0.9
    p = a * 0.9
    return np.sum(a) + np.sum(b**2) - 0.7 * np.sum(np.sin(c)) + 0.3 * np.sum(p * q) + np.sum(v**2)


@at(x3)
def one_array_after_the_loop(x, n=100):
    a, b = x * 1.0, np.sin(x)
    p = b
    for _ in range(n):
        a, b = b, b
    p[0] = 0.3
    return np.sum(a)


@at(x3)
def pair_written_at_a_run_time_place(x, n=3):
    a = x * 1.0
    b = x * 2.0
    pair = [a, b]
    for i in range(n):
        pair[i % 2][0] = x[i]
    return np.sum(a * b)
