"""Objects and dicts that iterations choose, and whose attributes and entries are then replaced.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), branches (chosen_objects.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting
from tests.programs.mutation.chosen_objects import Arm, Box, Holder, Node, Particle, Tree

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.71, 1.3, 0.6])
z3 = np.array([1.4, 0.8, 0.9])


@at(x3, 4)
@at(z3, 3)
@at(z3, 0)
def the_smaller_one_grows(x, n):
    a, b = Box(x * 2.0, x[0]), Box(x**2, x[1])
    for _ in range(n):
        best = a if a.count < b.count else b
        best.count = best.count + 0.4 * x[2]
        best.w = best.w * 0.9
        best.w[0] += best.count
    return a.w.sum() * a.count + 3.0 * b.count * b.w[0]


@at(x3, 40)
def the_smaller_one_grows_many_times(x, n):
    a, b = Box(x * 2.0, x[0]), Box(x**2, x[1])
    best = a
    for i in range(n):
        if i % 3 == 1:
            best = b
        elif x[i % 3] > 1.0:
            best = a
        best.count = best.count + 0.01 * x[2]
        best.w = best.w * 0.99
    best.count *= 2.0
    return a.w.sum() * a.count + 3.0 * b.count * b.w[0]


@at(x3)
@at(z3)
def leader_of_a_swarm(x):
    nodes = [Node(x[0]), Node(x[1]), Node(x[2])]
    for _ in range(4):
        best = nodes[0]
        for node in nodes[1:]:
            if node.value < best.value:
                best = node
        best.value = best.value * 0.9 + x[0] * 0.3
    return sum((i + 1) * node.value**2 + node.visits for i, node in enumerate(nodes))


@at(x3)
@at(z3)
def node_at_an_index(x):
    nodes = [Node(x[0]), Node(x[1]), Node(x[2])]
    node = nodes[int(np.argmin([node.value for node in nodes]))]
    node.value = 0.7 * node.value + x[0] * x[1]
    node.visits = node.visits + 1.0
    return sum((i + 1) * node.value**2 + node.visits for i, node in enumerate(nodes))


@at(x3, 3)
def particle_swarm(x, n):
    swarm = [Particle(x * (k + 1.0), x * 0.1 * k) for k in range(3)]
    for _ in range(n):
        costs = np.array([one.cost() for one in swarm])
        leader = swarm[int(np.argmin(costs))]
        for one in swarm:
            one.step(leader)
        leader.v = leader.v * 0.5 + 0.01 * x
    return sum(one.cost() * (i + 1) for i, one in enumerate(swarm))


@at(x3, 5)
@at(z3, 40)
def arms_of_a_bandit(x, n):
    arms = [Arm(x[i]) for i in range(3)]
    for t in range(n):
        best = arms[0]
        for arm in arms[1:]:
            if arm.value + 1.0 / (1 + arm.count) > best.value + 1.0 / (1 + best.count):
                best = arm
        best.pull(best.mean * np.sin(t + 1.0))
    return sum(arm.value * (i + 1) for i, arm in enumerate(arms)) + arms[0].count


@at(x3, 3)
@at(z3, 40)
def down_a_tree(x, n):
    leaves = [Tree(x[i] * (i + 1)) for i in range(3)]
    root = Tree(x[0] * x[1], Tree(x[2], leaves[0], leaves[1]), leaves[2])
    for i in range(n):
        cur = root
        while cur.left is not None:
            cur.value = cur.value + 0.3 * x[1]
            cur = cur.left if cur.value < 1.0 + 0.4 * i else cur.right
        cur.value += x[0] * 0.1
    return root.value + 2 * root.left.value + sum((i + 3) * leaf.value**2 for i, leaf in enumerate(leaves))


@at(x3, 5)
@at(z3, 40)
def around_a_ring(x, n):
    ring = [Arm(x[i % 3] * (i + 1)) for i in range(4)]
    for i in range(4):
        ring[i].next = ring[(i + 1) % 4]
    cur = ring[0]
    for _ in range(n):
        cur.total = cur.total + cur.mean * 0.5
        cur = cur.next if cur.total > 0.93 else cur.next.next
    cur.total *= 3.0
    return sum((k + 1) * one.total for k, one in enumerate(ring))


@at(x3, 4)
@at(z3, 40)
def the_worst_so_far_or_none(x, n):
    a, b = Arm(x[0]), Arm(x[1])
    worst = None
    for i in range(n):
        arm = a if x[i % 3] > 0.83 else b
        if worst is None or arm.total < worst.total:
            worst = arm
        worst.total += x[2] * (i + 1.0)
    worst.total *= 2.0
    return a.total + 3.0 * b.total


@at(x3, 4)
@at(z3, 40)
def leader_of_a_team(x, n):
    a, b, team = Arm(x[0]), Arm(x[1]), Holder()
    team.leader = a
    for i in range(n):
        if x[i % 3] > 0.7 + 0.12 * i:
            team.leader = b if team.leader is a else a
        team.leader.total += x[2] * (i + 1)
        team.leader.mean = team.leader.mean * 0.9
    team.leader.pull(x[0])
    return a.total * a.mean + 2.0 * b.total * b.mean + team.leader.total


@at(x3, 4)
@at(z3, 40)
def states_in_a_dict_of_dicts(x, n):
    state = {"a": {"m": x[0], "w": x * 1.0}, "b": {"m": x[1], "w": x * 2.0}}
    for i in range(n):
        one = state["a"] if x[i % 3] > 0.7 else state["b"]
        one["m"] = one["m"] * 0.9 + 0.1 * one["w"][i % 3]
        one["w"] = one["w"] * 0.9
        one["w"][0] += 0.1 * one["m"]
    return state["a"]["m"] * 2.0 + state["b"]["m"] + (state["a"]["w"] * state["b"]["w"]).sum()


@at(x3, 4)
@at(z3, 40)
def counts_by_bin(x, n):
    bins = [{"n": 0, "s": 0.0} for _ in range(3)]
    for i in range(n):
        one = bins[int(x[i % 3] * 3) % 3]
        one["n"] += 1
        one["s"] += x[i % 3] * i
    return sum((k + 1) * one["s"] / max(one["n"], 1) for k, one in enumerate(bins))


@at(x3)
@at(z3)
def until_one_of_them_is_large(x):
    a, b = Arm(x[0]), Arm(x[1])
    cur = a
    k = 0
    while True:
        cur.total += 0.3 * x[2]
        k += 1
        if cur.total > 1.0 or k > 20:
            break
        if cur.total > b.total:
            cur = b
        else:
            cur = a
    cur.mean *= 2.0
    return a.total * a.mean + b.total * b.mean + k


@at(x3, 4)
@at(x3, 41)
def back_and_forth(x, n):
    a, b = Node(x[0]), Node(x[1])
    cur = a
    s = 0.0
    for i in range(n):
        s = s + (x[0] if cur is a else x[1] * i)
        cur = b if cur is a else a
        cur.value *= 0.9
    return s + (cur is b) * x[2] + a.value * b.value


# Run-time lists


def replaced(p, q, x, flag):
    v = x * 2.0
    best = p if flag else q
    best.w = v
    return v


@at(x3, 60)
@at(z3, 60)
def an_array_in_a_list_and_in_the_chosen_one(x, n):
    p, q = Box(x * 1.0, x[0]), Box(x * 4.0, x[1])
    rows = []
    for _ in range(n):
        rows.append(x * 3.0)
    rows.append(replaced(p, q, x, x[0] > 0.8))
    rows[n][0] = 5.0 * x[1]
    return p.w.sum() + rows[1].sum() + q.w @ q.w


# Recursion


def warm(arm, g):
    if g < 0.05:
        return arm.mean * g
    arm.mean = arm.mean * 0.9 + 0.1 * g
    return warm(arm, g * 0.7) + arm.total


@at(x3)
@at(z3)
def the_better_one_given_to_a_recursive_function(x):
    a, b = Arm(x[0]), Arm(x[1])
    best = a if x[0] > 1.0 else b
    s = warm(best, x[2])
    best.total += x[2]
    return s + a.mean * 2 + b.mean * 3 + a.total * 5 + b.total


def insert(tree, g):
    if g < 0.3 or tree.left is None:
        tree.value = tree.value + g
        return tree.value
    child = tree.left if g < tree.value else tree.right
    child.value = child.value * 0.9
    return insert(child, g * 0.8)


@at(x3)
@at(z3)
def down_a_tree_by_recursion(x):
    left = Tree(x[1], Tree(x[2]), Tree(x[0] * 2))
    root = Tree(x[0], left, Tree(x[1] * 3))
    s = 0.0
    for i in range(3):
        s = s + insert(root, x[i % 3])
    inner = left.left.value * 4 + left.right.value * 5
    return s + root.value + left.value * 2 + root.right.value * 3 + inner


def take_turns(a, b, g):
    if g < 0.05:
        return a.mean * g
    best = a if a.mean < b.mean else b
    best.mean = best.mean * 0.9 + 0.1 * g
    return take_turns(b, a, g * 0.7) + best.mean


@at(x3)
@at(z3)
def the_smaller_one_at_each_level(x):
    a, b = Arm(x[0]), Arm(x[1])
    s = take_turns(a, b, x[2])
    return s + a.mean * 2 + b.mean * 3


# Chosen by an inner loop, and without a value before the outer one


@at(x3)
@at(z3)
def bound_by_an_inner_loop_and_changed_in_the_next_round(x):
    a, b = Box(x * 1.0, x[0]), Box(x * 2.0, x[1])
    for k in range(3):
        if k > 0:
            one.count = one.count * x[k % 3]  # noqa: F821
        for j in range(2):
            one = a
            if x[j] > 1.0:
                one = b
            one.count = 0.9 * one.count + np.tanh(x[j])
    return a.count + 2.0 * b.count + np.sum(a.w * b.w)


@at(x3)
@at(z3)
def bound_by_an_inner_loop_to_one_of_two_dicts(x):
    a, b = {"m": x[0]}, {"m": x[1]}
    for k in range(3):
        if k > 0:
            one["m"] = one["m"] * x[k % 3]  # noqa: F821
        for j in range(2):
            one = [a, b][int(np.argmax(np.array([a["m"], b["m"]])))]
            one["m"] = 0.7 * one["m"] - np.tanh(x[j])
    return a["m"] + 2.0 * b["m"]


@at(x3)
@at(z3)
def bound_by_an_inner_loop_to_one_of_two_arrays(x):
    a, b = x * 1.0, x * 2.0
    for k in range(3):
        if k > 0:
            one[1] = one[1] * x[k % 3]  # noqa: F821
        for j in range(2):
            one = a
            if x[j] > 1.0:
                one = b
            one[1] = 0.9 * one[1] + np.tanh(x[j])
    return a[1] + 2.0 * b[1] + np.sum(a * b)


@at(x3)
@at(z3)
def bound_by_an_inner_loop_to_a_new_one_or_an_old_one(x):
    a, b = Box(x * 1.0, x[0]), Box(x * 2.0, x[1])
    for k in range(3):
        if k > 0:
            one.count = one.count * x[k % 3]  # noqa: F821
        for j in range(2):
            one = a
            if x[j] > 1.0:
                one = Box(x * 0.4, x[0])
            one.count = 0.9 * one.count + np.tanh(x[j])
    return a.count + 2.0 * b.count + np.sum(a.w * b.w)


@at(x3)
@at(z3)
def bound_by_an_inner_loop_to_a_row(x):
    z = np.outer(x, x[::-1])
    for k in range(3):
        if k > 0:
            row[0] = row[0] * x[k % 3]  # noqa: F821
        for j in range(2):
            row = z[(k + j) % 3]
            row[1] = row[1] * 0.3
    return np.sum(z**2)


# What a branch did not make, saved in a loop whose gradient is differentiated


@at(x3)
@at(z3)
def a_new_dict_or_an_old_one_written_in_a_loop(x):
    c = Box(x * 1.0, 0.5)
    d, e = {"w": x + 1.0, "m": x[0]}, {"w": x * 1.0, "m": x[1]}
    r = d
    if r["m"] > 1.0:
        r = {"w": x[::-1] * 0.5, "m": x[1]}
    for k in range(2):
        r["w"][1] = x[k] ** 2
        r["w"] = c.w * 0.9
    for one in (d, e, r):
        total = np.sum(one["w"] ** 2)
    return total


@at(np.array([0.3, 0.4, 0.5]), np.array([0.7, 0.2, 0.3]))
@at(np.array([0.3, 0.4, -0.5]), np.array([0.7, 0.2, 0.3]))
@at(np.array([0.3, 0.4, 0.5]), np.array([0.7, 0.2, 0.1]))
def chosen_before_a_branch_and_replaced_in_a_loop_of_it(x, y):
    a, b = Box(x * 1.0, y[0]), Box(y * 2.0, x[1])
    q = a
    if x[2] > 0.0717:
        q = Box(a.w * 0.5, a.count)
    if y[2] < 0.1717:
        a.w = a.w * 0.9
    else:
        for k in range(len(x)):
            q = Box(b.w, q.count)
            a.w[k] += np.tanh(y[k])
    return np.sum(q.w) + q.count + np.sum(a.w) + b.count


# What holds the chosen one is handed on; the chosen one is changed by its other name afterwards


@at(x3, 0)
@at(x3, 1)
@at(x3, 3)
@at(-x3, 3)
def held_by_an_attribute_then_changed(x, n):
    a, c = Box(x * 1.0, x[0]), Box(x * 2.0, x[2])
    holder = Holder()
    holder.best = c
    for k in range(n):
        holder.best = a if x[k % 3] > 0.0717 else c
        a.count = a.count * 0.5 + np.tanh(x[1])
    return holder.best.count + 0.3 * c.count


@at(x3, 1)
@at(x3, 3)
@at(-x3, 3)
def held_by_an_entry_then_changed(x, n):
    a, c = [x[0], x[1]], [x[2], x[0]]
    held = {"best": c, "all": [c, a]}
    for k in range(n):
        if x[k % 3] > 0.0717:
            held["best"] = a
            held["all"][0] = a
        a[0] = a[0] * 0.5 + np.tanh(x[1])
    return held["best"][0] + 0.3 * held["all"][0][0] ** 2


# Held by lists of run-time length, then changed


@at(x3, 40)
def chosen_object_in_a_list_of_unknown_length(x, n):
    a, b = Box(x * 1.0, x[0]), Box(x * 4.0, x[1])
    best = a if x[0] > 0.8 else b
    rows = []
    for _ in range(n):
        rows.append(best)
    best.w = x * 2.0
    return rows[0].w.sum() + rows[n - 1].w[1]


@at(x3, 40)
def object_changed_then_appended(x, n):
    b, h = Box(x * 1.0, x[0] * 1.0), []
    for _ in range(n):
        b.count = b.count * x[1]
        h.append(b)
    return h[0].count


@at(x3, 3)
def object_changed_then_put_into_a_chosen_list(x, n):
    b, p, q = Box(x * 1.0, x[0] * 1.0), [], []
    for i in range(n):
        b.count = b.count * x[1]
        h = p if x[i] > 0.5 else q
        h.append(b)
    return p[0].count


@at(x3, 3)
def sorted_in_place_then_changed(x, n):
    b, h = Box(x * 1.0, x[0] * 1.0), []
    for _ in range(n):
        h.append(b)
    h.sort(key=lambda o: o.count)
    b.count = b.count * x[1]
    return h[0].count


@at(x3, 40)
def repeated_in_place_then_changed(x, n):
    b = Box(x * 1.0, x[0] * 1.0)
    h = [b]
    h *= n
    b.count = b.count * x[1]
    return h[0].count
