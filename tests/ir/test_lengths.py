"""What is known of the sign of a length."""

from __future__ import annotations

from gradscribe.ir.lengths import at_least_zero, fresh, smaller


def test_dimensions_slices_and_their_sums_and_products_are_not_negative():
    n, m = fresh("n"), fresh("m")
    for length in (n, n * m, n + 3, at_least_zero(n - 2), at_least_zero(n - 2) * m + n, smaller(n, m)):
        assert length.is_not_negative
        assert at_least_zero(length) == length


def test_differences_may_be_negative_and_so_may_the_smaller_one_of_two():
    n, m = fresh("n"), fresh("m")
    for length in (n - 1, n - m, smaller(n - 1, m), smaller(n - 1, m - 2) * n):
        assert not length.is_not_negative
        assert at_least_zero(length) != length
