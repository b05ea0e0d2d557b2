"""Random programs of what people write: right, or refused; most are not refused, and they use what they should.

Longer runs: python -m tests.programs.campaign --programs 20000 --seed 1000
"""

from __future__ import annotations

import pytest

from tests.programs.broad.generate import generate_broad
from tests.programs.campaign import failure_of
from tests.programs.dependence import values_without_effect

PROGRAMS = range(16)
TEXTS = range(160)
WORDS = (
    *(".at(", "out=", ".sort(", "np.copyto(", "[::-1]", " > 0.", ".T", ".reshape(", ".ravel("),
    *(
        "break",
        "continue",
        "return total +",
        "while ",
        "else:",
        "match ",
        "elif ",
        "halves(",
        "lambda",
        "def ",
    ),
    *("Box(", "Pair(", "Point(", "append(", ".pop(", "insert(", "[-1]", "{'", ":=", "try:", "@", "np.where("),
)


@pytest.mark.parametrize("seed", PROGRAMS)
def test_program_is_right_or_refused(seed):
    failure = failure_of(generate_broad(seed, size=4))
    assert failure is None or failure.refused, failure.text


def test_few_programs_are_refused():
    failures = [failure_of(generate_broad(seed, size=3)) for seed in range(100, 110)]
    assert sum(failure is not None for failure in failures) <= 1


def test_programs_use_what_people_write():
    text = "\n".join(generate_broad(seed).source.split("def program")[1] for seed in TEXTS)
    assert [word for word in WORDS if word not in text] == []


def test_results_depend_on_what_is_computed():
    lost = {seed: values_without_effect(generate_broad(seed)) for seed in range(24)}
    assert sum(map(bool, lost.values())) <= 2, {seed: texts for seed, texts in lost.items() if texts}
