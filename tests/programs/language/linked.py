"""Lists, trees and graphs of objects that refer to one another, made and changed in loops and by recursion.

In:  nothing.   Out: `PROGRAMS`.
Not here: objects that refer to no others (rows.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.7, -0.4, 1.3, -0.2, 0.9, 1.6])
Y = np.array([-0.5, 2.0, 0.3, 0.83, -0.25, -1.1])


class _Link:
    def __init__(self, v, after=None):
        self.v, self.after = v, after


def _linked(x):
    head = None
    for v in x:
        head = _Link(v, head)
    return head


def _weighted(head):
    total, k = 0.0, 1.0
    while head is not None:
        total += head.v**2 * k
        k += 1
        head = head.after
    return total


@at(X)
def a_list_that_is_reversed(x):
    current, before = _linked(x), None
    while current is not None:
        current.after, before, current = before, current, current.after
    return _weighted(before)


@at(Y)
def a_list_that_is_reversed_by_recursion(x):
    def reversed_onto(node, before):
        if node is None:
            return before
        after = node.after
        node.after = before
        return reversed_onto(after, node)

    return _weighted(reversed_onto(_linked(x), None))


@at(X)
def sorted_by_insertion(x):
    head = None
    for v in x:
        new = _Link(v)
        if head is None or new.v < head.v:
            new.after = head
            head = new
        else:
            c = head
            while c.after is not None and c.after.v < new.v:
                c = c.after
            new.after = c.after
            c.after = new
    return _weighted(head)


@at(Y)
def links_that_are_cut_out(x):
    head = _Link(0.0, _linked(x))
    c = head
    while c.after:
        if c.after.v < 0:
            c.after = c.after.after
        else:
            c.after.v *= x[0]
            c = c.after
    return _weighted(head.after)


@at(Y)
def a_stack_of_links(x):
    top = None
    for v in x:
        if v > 0:
            top = _Link(v, top)
        elif top is not None:
            top = top.after
    total = x[0]
    while top:
        total = total * 0.5 + top.v
        top = top.after
    return total


@at(X)
def a_ring(x):
    first = _Link(x[0])
    c = first
    for v in x[1:]:
        c.after = _Link(v)
        c = c.after
    c.after = first
    c, total = first, 0.0
    for i in range(2 * len(x) + 1):
        total += c.v * i
        c.v = c.v * 0.9
        c = c.after
    return total


class _Double:
    def __init__(self, v):
        self.v, self.before, self.after = v, None, None


@at(Y)
def a_list_that_is_linked_both_ways(x):
    first = last = _Double(x[0])
    for v in x[1:]:
        new = _Double(v)
        new.before = last
        last.after = new
        last = new
    c = first
    while c is not None:
        if c.v < 0:
            if c.before is not None:
                c.before.after = c.after
            else:
                first = c.after
            if c.after is not None:
                c.after.before = c.before
            else:
                last = c.before
        c = c.after
    total, k = first.v, 1.0
    while last is not None:
        total += last.v * k
        k += 1
        last = last.before
    return total


class _Tree:
    def __init__(self, key):
        self.key, self.left, self.right = key, None, None

    def insert(self, key):
        if key < self.key:
            if self.left is None:
                self.left = _Tree(key)
            else:
                self.left.insert(key)
        elif self.right is None:
            self.right = _Tree(key)
        else:
            self.right.insert(key)

    def total(self, weight):
        found = self.key * weight
        if self.left is not None:
            found += self.left.total(weight * 0.5)
        if self.right is not None:
            found += self.right.total(weight * 2.0)
        return found


def _scaled(node, factor):
    if node is None:
        return
    node.key = node.key * factor
    _scaled(node.left, factor * 0.5)
    _scaled(node.right, factor * 2.0)


@at(X)
def a_search_tree(x):
    root = _Tree(x[0])
    for v in x[1:]:
        node = root
        while True:
            if v < node.key:
                if node.left is None:
                    node.left = _Tree(v)
                    break
                node = node.left
            else:
                if node.right is None:
                    node.right = _Tree(v)
                    break
                node = node.right
    return root.total(1.0) ** 2


@at(Y)
def a_search_tree_by_recursion(x):
    root = _Tree(x[0])
    for v in x[1:]:
        root.insert(v)
    before = root.total(1.0)
    root.key = root.key * 3
    between = root.total(1.0)
    _scaled(root, x[2])
    _scaled(root.right, 2.0)
    return before * between * root.total(x[1]) + root.total(1.0)


class _Node:
    def __init__(self, v):
        self.v, self.near, self.parent, self.new = v, [], None, 0.0

    def add(self, other):
        self.near.append(other)
        other.parent = self


@at(X)
def a_graph_that_is_smoothed(x):
    n = len(x)
    nodes = [_Node(v) for v in x]
    for i in range(n):
        for j in range(n):
            if i != j and x[i] * x[j] > 0:
                nodes[i].near.append(nodes[j])
    for _ in range(2):
        for a in nodes:
            a.new = 0.5 * a.v + 0.1 * sum(b.v for b in a.near)
        for a in nodes:
            a.v = a.new
    return sum(a.v**2 for a in nodes)


@at(X)
def a_graph_gone_through_from_one_node(x):
    n = len(x)
    nodes = [_Node(v) for v in x]
    for i in range(n):
        for j in range(n):
            if i != j and x[i] * x[j] > 0:
                nodes[i].near.append(nodes[j])
    seen, queue = {nodes[0]}, [nodes[0]]
    total, weight = 0.0, 1.0
    while queue:
        a = queue.pop(0)
        total += a.v**2 * weight
        weight *= 0.9
        for b in a.near:
            if b not in seen:
                seen.add(b)
                queue.append(b)
    return total


@at(Y)
def a_tree_with_parents(x):
    root = _Node(x[0])
    nodes = [root]
    for i in range(1, len(x)):
        new = _Node(x[i])
        nodes[(i - 1) // 2].add(new)
        nodes.append(new)
    total, stack = 0.0, [root]
    while stack:
        node = stack.pop()
        total += node.v**2 * (1 + len(node.near))
        if node.parent is not None:
            total += node.v * node.parent.v
        stack.extend(node.near)
    return total


class _Set:
    def __init__(self, v):
        self.v, self.root = v, None


@at(X)
def sets_that_are_joined(x):
    members = [_Set(v) for v in x]
    for a in members:
        a.root = a
    for i in range(len(x) - 1):
        if x[i] * x[i + 1] > 0:
            a, b = members[i], members[i + 1]
            while a.root is not a:
                a = a.root
            while b.root is not b:
                b = b.root
            if a is not b:
                b.root = a
                a.v = a.v + b.v
    return sum(a.v**2 for a in members if a.root is a)


def _links(values):
    head = None
    for v in values:
        head = _Link(v, head)
    return head


@at(_links([0.1 * k - 0.7 for k in range(15)]), 0.4)
def a_long_list_that_is_given(head, x):
    return _weighted(head) + x * head.v


@at(_links([0.2 * k - 1.3 for k in range(14)]))
def a_long_list_that_is_left_half_way(head):
    total = 0.0
    while head.after is not None:
        total = total + head.v**3
        if head.v < -0.95:
            total = total * head.v
        head = head.after
        if head.v < -1.05:
            break
    return total + head.v


@at([[[[[0.8]]]]])
def a_nest_that_is_opened(nest):
    depth = 0
    while isinstance(nest, list):
        nest, depth = nest[0], depth + 1
    return nest**2 * depth
