"""The table of constructs covers Python, and says the same as the code."""

from __future__ import annotations

import inspect

import libcst as cst
import pytest

from gradscribe.frontend.expressions import HANDLERS as EXPRESSIONS
from gradscribe.frontend.statements import HANDLERS as STATEMENTS
from gradscribe.frontend.subset import SUBSET

PARTS = {"StarredDictComp", "LazyImport", "LazyImportFrom"}
ELSEWHERE = {cst.If, cst.For, cst.While, cst.Match, cst.StarredElement, cst.StarredDictElement}


def constructs(base):
    for kind in base.__subclasses__():
        if not inspect.isabstract(kind) and not kind.__name__.startswith(("Base", "_")):
            yield kind
        yield from constructs(kind)


@pytest.mark.parametrize("base", [cst.BaseExpression, cst.BaseSmallStatement, cst.BaseCompoundStatement])
def test_every_construct_has_an_entry(base):
    assert {k.__name__ for k in constructs(base)} - PARTS <= {k.__name__ for k in SUBSET}


def test_what_is_supported_has_a_handler_and_what_is_refused_has_none():
    supported = {kind for kind, entry in SUBSET.items() if not entry.code}
    handled = {*EXPRESSIONS, *STATEMENTS, *ELSEWHERE}
    assert supported == handled


def test_a_refusal_says_why_and_what_to_write_instead():
    assert all(entry.why and entry.fix for entry in SUBSET.values() if entry.code)
