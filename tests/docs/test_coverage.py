"""What other tools differentiate is differentiated here, or has a stated reason."""

from __future__ import annotations

import pytest

from gradscribe.ops.spec import ConstantAlmostEverywhere, Refused
from gradscribe.ops.table import find_callable
from tools.coverage import MISSING, WORKS_IN, count, function_of, names, status

# The numbers of names in the comparison; a list that shrinks would flatter.
UNIONS = {
    **{"numpy": 207, "numpy.linalg": 30, "numpy.fft": 18},
    **{"scipy.special": 59, "scipy.linalg": 26, "scipy.stats": 26, "scipy.signal": 10, "scipy.ndimage": 1},
    **{"scipy.integrate": 2, "scipy.interpolate": 1, "scipy.fft": 4},
}


@pytest.mark.parametrize("namespace", WORKS_IN)
def test_the_lists_are_complete(namespace):
    assert len(names(namespace)) == UNIONS[namespace]
    assert sum(count(namespace).values()) == UNIONS[namespace]


@pytest.mark.parametrize("namespace", WORKS_IN)
def test_what_is_not_differentiated_has_a_reason(namespace):
    for name in names(namespace):
        found = find_callable(function_of(namespace, name))
        if found is not None and isinstance(found[0].form, ConstantAlmostEverywhere | Refused):
            assert found[0].form.why, name


@pytest.mark.parametrize("namespace", WORKS_IN)
def test_no_name_is_missing(namespace):
    missing = [name for name in names(namespace) if status(namespace, name) == MISSING]
    assert missing == []
