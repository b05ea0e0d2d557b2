"""Arguments in every layout and kind: one cell of the grid for each entry; grid.py runs all of it."""

from __future__ import annotations

import pytest

from tests.rules.calls import VARIANTS
from tests.rules.grid import Cell, one_of_each

CELLS = list(one_of_each())


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.entry}: {cell.variant}")
def test_value_and_derivatives_do_not_depend_on_layout_and_kind(cell: Cell) -> None:
    assert cell.fault() == ""


def test_every_variant_is_tested() -> None:
    assert {cell.variant for cell in CELLS} == set(VARIANTS)
