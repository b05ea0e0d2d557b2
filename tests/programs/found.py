"""Random programs that were wrong once, as small as they were still wrong.

In:  nothing.   Out: `FOUND`, programs with the name of what went wrong.
Not here: running them (test_found.py), programs that other systems get wrong (landscape.py).
"""

from __future__ import annotations

from tests.programs.broad.generate import IMPORTS
from tests.programs.generate import Program
from tests.programs.scope import Shape

FOUND: dict[str, Program] = {}


def _found(name: str, body: str, *shapes: Shape, n: int = 3, dtype: str = "float64") -> None:
    names = ", ".join("xyz"[: len(shapes)])
    FOUND[name] = Program(f"{IMPORTS}\n\ndef program({names}, n={n}):{body}", shapes, dtype, 0, "number")


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
