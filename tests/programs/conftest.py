"""What is known not to grow as it should yet.

Each entry is a goal that is not reached: the derivative is right, and takes more memory or time than the primal
warrants.
"""

from __future__ import annotations

import pytest

NOT_REACHED = frozenset(
    {
        "test_bytes_kept_grow_no_faster_than_the_primal_s_work[forward_substitution-1]",
        "test_bytes_kept_grow_no_faster_than_the_primal_s_work[forward_substitution-2]",
        "test_bytes_kept_grow_no_faster_than_the_primal_s_work[recursion_over_an_array-1]",
        "test_bytes_kept_grow_no_faster_than_the_primal_s_work[recursion_over_an_array-2]",
        "test_bytes_kept_grow_no_faster_than_the_primal_s_work[store_under_if-1]",
        "test_bytes_kept_grow_no_faster_than_the_primal_s_work[store_under_if-2]",
        "test_compiling_is_linear_in_depth_of_nesting[both]",
        "test_compiling_is_linear_in_depth_of_nesting[for]",
        "test_compiling_is_linear_in_depth_of_nesting_at_second_order",
        "test_elements_touched_grow_as_the_primal_s[forward_substitution-2]",
        "test_elements_touched_grow_as_the_primal_s[recursion_over_an_array-2]",
        "test_elements_touched_grow_as_the_primal_s[store_under_if-2]",
        "test_memory_of_emitted_code_grows_no_faster_than_the_primal_s_work[forward_substitution-1]",
        "test_memory_of_emitted_code_grows_no_faster_than_the_primal_s_work[forward_substitution-2]",
        "test_memory_of_emitted_code_grows_no_faster_than_the_primal_s_work[recursion_over_an_array-2]",
        "test_memory_of_emitted_code_grows_no_faster_than_the_primal_s_work[store_under_if-1]",
        "test_memory_of_emitted_code_grows_no_faster_than_the_primal_s_work[store_under_if-2]",
    }
)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.name == "test_growth.py" and item.name in NOT_REACHED:
            item.add_marker(pytest.mark.xfail(reason="grows faster than the primal", strict=False))
