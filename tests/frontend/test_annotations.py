"""Names in annotations of inner functions. A `__future__` import of annotations would leave them unevaluated."""

import pytest

from gradscribe.errors import GradscribeError
from tests.frontend.lowered import lowered, value_of


def of_parameter(x):
    def squared(a: missing):  # noqa: F821
        return a * a

    return squared(x)


def of_result(x):
    def squared(a: float) -> list[missing]:  # noqa: F821
        return a * a

    return squared(x)


def bound_later(x):
    def squared(a: kind):  # noqa: F821
        return a * a

    kind = float  # noqa: F841
    return squared(x)


@pytest.mark.parametrize(
    ("function", "code", "column"),
    [(of_parameter, "GS120", 19), (of_result, "GS120", 34), (bound_later, "GS121", 19)],
)
def test_a_name_that_is_not_bound(function, code, column):
    with pytest.raises((NameError, UnboundLocalError)):
        function(2.0)
    with pytest.raises(GradscribeError) as caught:
        lowered(function, 2.0)
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.column) == (code, column)


def test_bound_names_are_not_evaluated():
    kind = float

    def function(x):
        own = int

        def squared(a: own, b: "missing" = 1.0, *c: kind) -> tuple[float, ...] | None:  # noqa: F821
            return a * a * b

        return squared(x)

    assert value_of(lowered(function, 2.0), function, 2.0) == 4.0
