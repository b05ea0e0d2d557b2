"""Random programs that were wrong once, as small as they were still wrong.

In:  nothing.   Out: `FOUND`, programs with the name of what went wrong.
Not here: running them (test_found.py), programs that other systems get wrong (landscape.py).
"""

from __future__ import annotations

from tests.programs.broad.generate import IMPORTS
from tests.programs.generate import Program
from tests.programs.scope import Shape

FOUND: dict[str, Program] = {}


def _found(
    name: str, body: str, *shapes: Shape, n: int = 3, dtype: str = "float64", before: str = ""
) -> None:
    names = ", ".join("xyz"[: len(shapes)])
    source = f"{IMPORTS}\n\n{before}\n\ndef program({names}, n={n}):{body}"
    FOUND[name] = Program(source, shapes, dtype, 0, "number")


_found(
    # The statement after the inner loop was left out: the result was 0.
    "name_bound_in_an_inner_loop_and_read_after_it",
    """
    total = 0.0
    for i in range(n):
        for j in range(1, 3):
            b = x * j
        total = 0.9 * total + 0.5 * np.sin(b)
    return total
""",
    (),
)
_found(
    "names_bound_two_loops_deep",
    """
    total = 0.0
    for i in range(2):
        k = 0
        while k < 2:
            for j in range(1, n):
                b = x[j] * np.sin(x)
                c = b[0] * j
            k += 1
            total = total + 0.3 * c + 0.2 * np.sum(b)
        total = 0.8 * total + c * np.sum(b * b)
    return total
""",
    (4,),
)
_found(
    # What the list held before the loop was a value of an earlier attempt.
    "list_bound_in_a_loop_and_grown_there",
    """
    total = 0.0
    for i in range(2):
        items = [x[i]]
        items.insert(0, 0.5)
        total += sum(u * u for u in items)
    return total + items[1]
""",
    (3,),
)
_found(
    # The tangent, a Python float, was asked for its method `sum`.
    "reductions_of_a_number",
    """
    return np.sum(x) * x + np.mean(x) * np.sin(x) + np.max(x) * np.prod(x)
""",
    (),
)
_found(
    # What a read of several parts costs was taken for that of one.
    "array_overwritten_and_split_in_a_loop",
    """
    x = x.copy()
    total = 0.0
    for i in range(n):
        x *= 0.8 * np.sin(x)
        first, rest = np.split(x, [1])
        total += np.sum(first * first) - 0.3 * np.sum(np.sin(rest))
    return np.sum(x) + total
""",
    (4,),
)
_found(
    # Lowering asked again and again that the loop behind `list` be written out.
    "copy_of_a_list_of_the_items_of_an_array",
    """
    h = np.array([y, x, 0.4])
    items = list(h * 0.5)
    copied = items[:]
    copied[0] = 0.3 * y
    total = 0.2 * sum(copied)
    for u in items:
        total = 0.7 * total + 0.3 * u * u
    return total
""",
    (),
    (),
)
_found(
    # At second order the items of an empty list were stacked.
    "list_that_is_empty_at_the_end",
    """
    items = [x[2]]
    for i in range(3):
        if items[-1] > -2.0:
            break
        items.append(0.3)
    total = items.pop(0)
    return total + np.sum(np.sin(items))
""",
    (3,),
)
_found(
    # A Python number makes an array of single-precision numbers one of double precision.
    "list_of_single_precision_and_python_numbers",
    """
    items = [0.4, np.mean(x)]
    for i in range(2, n):
        items.append(items[1])
    return np.sum(items) + np.sum(np.sin(x))
""",
    (3,),
    dtype="float32",
)
_found(
    # At third order residuals, which are tuples, were added with `+`.
    "recursion_at_third_order",
    """
    return x * x * split(y, 0, len(y))


def split(u, low, high):
    if high - low == 1:
        return u[low] * u[low]
    middle = (low + high) // 2
    return np.sin(split(u, low, middle)) * split(u, middle, high)
""",
    (),
    (3,),
)
_found(
    # np.einsum adds in another order where there are gaps between the elements.
    "strided_argument_that_is_written",
    """
    for i in range(1, len(x)):
        x[i] = 0.6 * x[i - 1] + 0.5 * x[i]
    return np.einsum("i,i->", x, x)
""",
    (40,),
)
_found(
    # Whether the array is one of float32 depends on which of the two is larger.
    "array_of_a_python_number_or_one_of_single_precision",
    """
    a, b = np.array([max(x[0], 0.5)]), np.array([max(x[1], -9.5)])
    return np.sum(np.sin(a * x)) + np.sum(b * x) + np.sum(np.sin(max(x[1], 9.0)) * x)
""",
    (3,),
    dtype="float32",
)
_found(
    # The cotangent of a Python number was an np.float64, and made an array of it.
    "python_numbers_in_a_list_and_single_precision",
    """
    total = 0.0 + x[1]
    items = [math.tanh(np.mean(x))]
    for i in range(n):
        items.append(0.3)
    for i in range(len(items)):
        total += items[i] * math.sin(items[i])
    pairs = [(math.sin(x[0]), 1.0)]
    for i in range(n):
        pairs.append((pairs[i][0] * 0.5, 2.0))
    return total + sum(a * b for a, b in pairs) * np.sum(np.sin(x))
""",
    (3,),
    dtype="float32",
)
_found(
    # np.where(c, 1.0, 0.0) is of double precision.
    "selection_in_a_branch_in_single_precision",
    """
    try:
        if n > 0:
            raise NameError
        total = np.sum(x)
    except NameError:
        total = np.sum(np.where(x > 0.2, x, 0.4))
    return total
""",
    (3,),
    dtype="float32",
)
_found(
    # Refused, though each view is known once the loop is written out.
    "view_that_differs_from_iteration_to_iteration",
    """
    h = np.tanh(x)
    q = h
    for i in range(n):
        q = q[::-1]
        q[0] += 0.3 * h[-1]
    rest = h
    for i in range(2):
        rest = rest[1:]
        rest *= np.sin(h[0])
    return np.sum(h * h * q)
""",
    (4,),
)
_found(
    # Refused, though the loop can be written out.
    "one_array_several_times_in_a_list",
    """
    h = np.tanh(x)
    items = []
    for i in range(n):
        items.append(h)
    items[1] *= x[0]
    items[0][1] += np.sin(items[2][0])
    return np.sum(h * h)
""",
    (3,),
)
_found(
    # What was bound after a jump was taken for carried: functions cannot be.
    "function_bound_after_continue_and_break",
    """
    total = 0.0
    for i in range(n + 2):
        if x[0] > 0.1 * i:
            continue
        scale = lambda u: u * x[1]
        total += scale(total + x[2])
        if total > 50.0:
            break
        both = [scale, lambda u: np.sin(u)]
        total += both[1](both[0](total))
    return total
""",
    (3,),
)
_found(
    # Python's floats in a list of cotangents in single precision: the evaluator refused the list.
    "list_of_single_precision_emptied",
    """
    total = 0.0
    items = [np.sum(x), x[0]]
    while len(items) > 1:
        total += items.pop()
    return total * items[0]
""",
    (4,),
    dtype="float32",
)
_found(
    # The branch that leaves the loop was reduced to the `break`: the item was lost.
    "generator_that_yields_before_it_returns",
    """
    def some(u):
        for w in u:
            if w > 0.9:
                continue
            yield w
            if w < 0.2:
                return
    total = 0.0
    for w in some(x):
        total = 0.5 * total + w**2
    return total
""",
    (3,),
)
_found(
    # Zeros like an array that one branch alone saves, in that branch: they were taken for those of the other one.
    "branch_that_saves_an_array_for_its_shape",
    """
    a, b, c = x[0], 0.5, 1.0
    v = np.zeros(3)
    for _ in range(n, 0, -1):
        if c > 0.22:
            for _ in range(n, 0, -1):
                if b > 0.22:
                    c, a = np.sum(v), c
                    break
                v[k] += 2.0
            if b > 0.22:
                return a
            v = x[:3] * 1.0
        else:
            for k, c in enumerate(x):
                a, b = 1.25, 0.5
    return a
""",
    (3,),
)
_found(
    # A flag that became a NumPy bool was handed on as a Python bool.
    "flag_of_what_may_be_none_handed_to_another",
    """
    def first(u, k=0):
        if k == 3:
            return None
        return u[k] if u[k] > 0.239 else first(u, k + 1)
    total = x[0] * 1.0
    p = q = None
    for _ in range(n):
        if q is not None:
            total += np.sin(q)
        q = p
        for _ in range(n):
            p = first(x)
    if q is not None:
        total += np.cos(q)
    return total
""",
    (3,),
)
_found(
    # At third order a cotangent had the shape of another branch: of 3 elements, where there was 1.
    "part_of_another_length_chosen_in_a_loop_in_a_branch",
    """
    a, v = x.copy(), x[1:]
    if x[3] < 2.0:
        for k in range(n):
            a[[0, 2, 0]] += np.sin(x[k])
            if y[1] < 2.0:
                v = a[2:][:1]
    return np.sum(v ** 2)
""",
    (4,),
    (4,),
)
_found(
    # The cotangent of a number that is an array on another way: a bare AttributeError.
    "number_or_array_without_dimensions",
    """
    try:
        if x[0] > -2.0:
            raise NameError
        for _ in range(int(x[1] > 5.0)):
            raise OSError
        f = math.exp(-x[1] ** 2)
    except OSError:
        f = np.where(-0.2 > 0.2, np.sin(-0.2), 0.4 * (-0.2))
    except NameError:
        f = 0.5 * math.sqrt(1.5 + x[2] ** 2)
    return f + np.sum(x)
""",
    (4,),
)
_found(
    # At third order, what the reverse part of a call is passed went to and fro without end.
    "recursion_that_appends_in_a_loop",
    """
    total = 0.0
    level = 0
    items = [0.4, -0.3]
    def first(k):
        nonlocal level
        if k <= 0:
            return np.sin(0.1 * level)
        s = x[k % 3] * items[0]
        if level > 1:
            items.append(0.4 * y[1])
        else:
            level += 1
        return s + 0.4 * first(k - 1)
    for i in range(n):
        total += first(i)
    return total + sum(v * k for k, v in enumerate(items, 1))
""",
    (3,),
    (3,),
)
_found(
    # The first `second` was made while nothing was known of `first`, and stayed among the graphs: GS911.
    "two_recursions_one_of_which_appends",
    """
    seen = []
    def first(k):
        s = second(k)
        seen.append(0.4 * x[0])
        return second(k) + s
    def second(k):
        if k <= 0:
            return x[k % 3] * len(seen)
        s = np.sin(first(k - 2))
        return second(k - 1) + s * y[1]
    return first(n) + sum(v * k for k, v in enumerate(seen, 1))
""",
    (3,),
    (3,),
)
_found(
    # The residuals of a call shared a list with a result of it: a copy of them was asked for, an AttributeError.
    "recursion_in_a_branch_of_a_loop_whose_list_is_written_then",
    """
    total = 0.0
    items = [0.4, -0.3]
    def first(k):
        if k <= 0:
            return x[k % 3] * items[-1]
        items[-1] = 0.4 * y[1] + 0.1
        return 0.4 * second(k - 1)
    def second(k):
        if k <= 0:
            items[0] = 0.4 * y[0] + 0.1
            return x[k % 3] * items[1]
        items.append(0.4 * y[1] + 0.1)
        s = x[k % 3] * items[0] + 0.5 * second(k - 1)
        if items[0] < items[1]:
            items[0] *= 0.9
        else:
            s += 0.8 * np.sin(items[0])
        return 0.6 * s + 0.4 * second(k - 1)
    for i in range(n):
        total += 0.6 * first(n - 1)
        items.insert(0, 0.4 * x[i % 3] + 0.1)
        items[0] *= 0.9
    return total + sum(v * k for k, v in enumerate(items, 1))
""",
    (3,),
    (3,),
)
_found(
    # An entry that was read in the branch alone was read again before the list changed: GS911 with `verify`.
    "entry_of_a_list_read_in_a_branch_before_another_is_replaced",
    """
    rows, r = [], y * 2.0
    for k in range(n):
        rows.append(x * (k + 1.0))
    if x[0] < 9.0:
        r = rows[n - 1]
    rows[n - 1] = np.sin(y)
    return np.sum(r ** 2) + np.sum(rows[n - 1] * x)
""",
    (3,),
    (3,),
)
_found(
    # Lengths of a cotangent before and after a loop without turns were held to be one: GS914 with `verify`.
    "part_of_another_length_before_a_loop_without_turns",
    """
    v, w = x[1:], [x[0], y[1]]
    for k in range(len(x)):
        if y[k] < 0.1717:
            w.append(0.5 * x[k])
        else:
            for _ in range(n):
                v = x
    total = np.sum(v ** 2)
    for one in [y[2], y[3]] + w:
        total = 0.8 * total - one ** 2
    return total
""",
    (4,),
    (4,),
)
_found(
    # Zeros in the shape of a name that the other branch binds: UnboundLocalError, where Python has none.
    "name_bound_if_nothing_was_returned_and_written_to",
    """
    for k in range(n):
        if x[k] < -0.5:
            return x[0] * x[k]
    else:
        v = x[:3] * 1.0
    v[1] += 0.75
    return v @ np.array([1.0, 2.0, 0.5])
""",
    (4,),
)
_found(
    "name_bound_where_a_flag_is_not_set_and_written_to",
    """
    if x[0] > 0.0:
        done = True
    else:
        done, v = False, x[:3] * 1.0
    if done:
        return x[1] * y[0]
    v[1] += 0.75
    return v @ np.array([1.0, 2.0, 0.5])
""",
    (4,),
    (4,),
)
_found(
    # That a name is None at the first call was learnt at the start of a pass, outside of what goes on then: GS911.
    "recursion_that_finds_none_around_itself",
    """
    best = last = None
    def first(k):
        nonlocal last
        last = 0.4 * y[1]
        s = second(k)
        return s * second(k)
    def second(k):
        nonlocal best
        if k <= 0:
            best = 0.4 * y[0]
            return x[0] + 1.5
        return np.sin(first(k - 1)) * x[1]
    total = first(n)
    return total + last + best
""",
    (3,),
    (3,),
)
_found(
    # A list that was read in a branch was joined again after the next one: GS911 with `verify`.
    "list_of_an_object_that_two_branches_append_to",
    """
    ps, total = [], 0.0
    for v in x:
        if v > -9.0:
            ps.append(Node(v))
    if ps[0] in ps:
        ps[0].kids.append(ps[0])
    for p in ps[1:]:
        for kid in p.kids:
            total += kid.v
    if ps[1].v < 9.0:
        total += y[1]
    else:
        ps[0].kids.append(ps[0])
    return total + sum(kid.v ** 2 for kid in ps[0].kids)
""",
    (3,),
    (3,),
    before="class Node:\n    def __init__(self, v):\n        self.v, self.kids = v, []\n",
)
_found(
    # Asking whether a graph serves another call changed what it is called with: an IndexError (GS900).
    "recursion_that_finds_none_and_then_a_number_in_a_loop",
    """
    total, best = 0.0, None
    def first(k):
        nonlocal best
        if k <= 0:
            return x[0]
        best = None
        return y[0] * first(k - 1)
    total += first(n)
    for i in range(n):
        best = y[1]
        total += first(i)
    return total
""",
    (3,),
    (3,),
)
_found(
    # A literal of the derivative was a NumPy scalar of 64 bits beside arrays of 32, as in all functions that raise
    # or print: the gradient was one of float64.
    "mean_of_float32_in_a_function_that_raises",
    """
    largest = max(item for k, item in enumerate(y))
    means = [0.1] * 3
    for i in range(3):
        means[i] = y.mean()
    for mean in means:
        total = mean
    return total + np.sum(np.sin(y)) + 0.0 * x
""",
    (),
    (3,),
    dtype="float32",
)
_found(
    "quotients_of_python_numbers_beside_float32_in_a_function_that_logs",
    """
    logging.debug("often")
    scale = 1.5
    for i in range(n):
        scale = scale / (1.0 + 0.5 * i)
    return y.mean() * scale + np.sum(np.sin(y) / math.sqrt(scale)) + np.mean(y * x, keepdims=True)[0]
""",
    (),
    (3,),
    dtype="float32",
    before="import logging\n",
)
_found(
    # What one pass over `first` refused was forgotten with it, and `second`, in which that was left out, was kept.
    "two_recursive_functions_that_forget_the_best",
    """
    box = Box()

    def first(k):
        if k <= 0:
            return 0.1 * box.n
        s = np.sin(0.3 if box.best is None else box.best)
        box.up(0.4 * y[2] + 0.1)
        s = s + 0.5 * second(k - 1)
        box.best = None
        return 0.6 * s + 0.4 * first(k - 1)

    def second(k):
        if k <= 0:
            box.best = None
            return box.up(y[1])
        s = np.sin(0.1 * box.n) + x[k % 3]
        if box.best is not None:
            s += 0.8 * np.sin(box.best)
        else:
            box.n += 1
        s = s + 0.5 * second(k - 1)
        return 0.6 * s + 0.4 * first(k - 1)

    box.up(0.4 * x[2] + 0.1)
    return 0.6 * first(n - 1) + box.n + (0.0 if box.best is None else box.best)
""",
    (3,),
    (3,),
    before="""
class Box:
    def __init__(self):
        self.best, self.n = None, 0

    def up(self, a):
        if self.best is None or a > self.best:
            self.best = a
        self.n += 1
        return 0.3 * a

""",
)
_found(
    # What the graph of `first` reads from outside was a view that another branch had read.
    "view_that_is_read_in_a_branch_before_a_recursive_function_reads_it",
    """
    total = 0.0
    field = x * 1.0
    part = field[::2]

    def first(k):
        if k <= 0:
            return 0.4 * part[0]
        return 0.5 * part[1] + y[0] * first(k - 1)

    for i in range(n):
        if y[i] > 0.0:
            total += part[1]
            total += first(n)
        total += first(n - 1)
        field *= 0.9
    return total
""",
    (3,),
    (3,),
)
_found(
    # The list was read at the place at which an iteration had found `s.p`.
    "entry_that_a_loop_carries_read_after_the_loop",
    """
    d = {"u": x * 1.0, "v": x * y}
    held = [x * y, x * 0.5]
    total = 0.0
    for _ in range(n):
        held[0][0] = 0.7
        s = Pair(held[0], d["v"])
        d = {"u": held[1], "v": s.p}
        for _ in range(n):
            d = {"u": held[1], "v": d["v"]}
    held[0], s.p = s.p, held[0]
    return total + np.sum(held[0]) + np.sum(s.p * y) + np.sum(d["v"] * d["u"])
""",
    (3,),
    (3,),
    n=1,
    before="""
class Pair:
    def __init__(self, p, q):
        self.p, self.q = p, q

""",
)
_found(
    # Where the inner loop had returned, `v` was read as if it were the view.
    "view_chosen_where_another_way_returns",
    """
    a = x[0]
    v = np.zeros(4)
    for k in range(n):
        for i in range(len(x)):
            if x[i] > 0.9 + 0.1 * k:
                return a * 2.0 + k
            v[i % 3] += a
            v = v.copy() if x[i] > 0.1 else np.array([a, 0.5, x[i], 1.0])
            a = np.sum(v) * 0.1
        if a > 0.05:
            a = 0.9 * a
        else:
            v = v[::-1]
    return a + v @ np.array([1.0, 2.0, 0.5, 0.1])
""",
    (4,),
)
_found(
    "views_chosen_where_another_way_returns",
    """
    a = x[0]
    v = np.zeros(4)
    for k in range(n):
        for i in range(len(x)):
            if x[i] > 0.9 + 0.1 * k:
                return a * 2.0 + k
            v[i % 3] += a
            v = v.copy()
        v = v[::-1] if a < 0.2 else v[:]
        v[1] *= 0.7 * y[0]
        if y[1] > 0.3 + 0.3 * k:
            return a * v[0]
    return a + v @ np.array([1.0, 2.0, 0.5, 0.1])
""",
    (4,),
    (2,),
)
