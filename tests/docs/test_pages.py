"""Every example in the documentation runs, and every output it shows is what the code produces."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest

from tools.pages import ROOT, pages, render

SRC = ROOT / "src" / "gradscribe"
TABLES_OF = "NumPy 2.4 and SciPy 1.17"


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_page_shows_what_its_code_produces(path):
    text = path.read_text(encoding="utf-8")
    numpy, scipy = (version(name).rpartition(".")[0] for name in ("numpy", "scipy"))
    if TABLES_OF in text and f"NumPy {numpy} and SciPy {scipy}" != TABLES_OF:
        pytest.skip(f"it tells the keywords of {TABLES_OF}")
    assert render(text) == text


def test_output_is_replaced_by_what_the_code_prints():
    page = "```python\nprint(1 + 1)\n```\n\n<!-- output -->\n```text\n3\n```\n"
    assert render(page) == page.replace("3", "2")


def test_an_error_that_is_not_shown_fails_the_page():
    with pytest.raises(ZeroDivisionError):
        render("```python\n1 / 0\n```\n")


def test_an_error_that_is_shown_is_its_text():
    page = "```python\n1 / 0\n```\n\n<!-- error -->\n```text\n?\n```\n"
    assert render(page) == page.replace("?", "division by zero")


def test_every_error_code_has_a_section_and_every_section_a_code():
    raised = {code for path in SRC.rglob("*.py") for code in re.findall(r'"(GS\d{3})"', path.read_text())}
    sections = set(
        re.findall(r"^## (GS\d{3})\b", (ROOT / "docs" / "errors.md").read_text(), flags=re.MULTILINE)
    )
    assert sorted(sections) == sorted(raised)


def test_every_public_name_is_in_the_documentation():
    import gradscribe as gs

    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    missing = [name for name in gs.__all__ if not re.search(rf"\b{re.escape(name)}\b", text)]
    assert missing == []
