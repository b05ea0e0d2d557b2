"""Every keyword of every SciPy function in the table works, or is refused by its name; arguments stand where SciPy
has them."""

from __future__ import annotations

import ast
import inspect
import warnings

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError
from gradscribe.frontend.library_arguments import library_parameters
from gradscribe.ops.spec import Refused, SpellingKind
from gradscribe.ops.table import resolve, table
from tests.rules.calls import Call, calls_of
from tests.rules.grid_checks import difference
from tools.keywords import UNDECLARED, keywords

SPELLED = {
    spelling: spec
    for spec in reversed(table().values())
    for spelling in spec.spellings
    if spelling.kind is SpellingKind.FUNCTION and spelling.name.startswith("scipy.")
}
CALLED = {spelling.name: (spec, spelling) for spelling, spec in SPELLED.items() if any(calls_of(spec))}
PLACES = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def first_call(name):
    """The first sample of an entry, written in this spelling."""
    spec, _ = CALLED[name]
    call = next(calls_of(spec))
    return Call(f"{name}({call.text.partition('(')[2]}", call.values)


def all_in_place(name, call):
    """The same call with its arguments by position as far as SciPy allows it, defaults between them; or None."""
    parameters = library_parameters(CALLED[name][1])
    if parameters is None or isinstance(resolve(name), np.ufunc):
        return None
    node = ast.parse(call.text, mode="eval").body
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    if not given or len(node.args) > len(parameters):
        return None
    names = [word for word, parameter in parameters.items() if parameter.kind in PLACES]
    written = [ast.unparse(argument) for argument in node.args]
    last = max((names.index(word) for word in given if word in names), default=-1)
    for word in names[len(written) : last + 1]:
        written.append(given.pop(word, repr(parameters[word].default)))
    written += [f"{word}={text}" for word, text in given.items()]
    return Call(f"{name}({', '.join(written)})", call.values)


def in_place():
    """For each function, the call with most arguments."""
    for name, (spec, _) in CALLED.items():
        calls = [Call(f"{name}({call.text.partition('(')[2]}", call.values) for call in calls_of(spec)]
        found = [call for call in (all_in_place(name, call) for call in calls) if call is not None]
        kept = [call for call in found if "<" not in call.text]
        if kept and not isinstance(spec.form, Refused):
            yield max(kept, key=lambda call: call.text.count(","))


def test_every_keyword_is_thought_of():
    """A keyword of a new version of SciPy, or of a new entry, works or has a reason."""
    missing = [
        (spelling.name, name)
        for spelling, spec in SPELLED.items()
        for name, reason in keywords(spec, spelling).items()
        if reason == UNDECLARED and not isinstance(spec.form, Refused)
    ]
    assert missing == [], missing


@pytest.mark.parametrize("name", CALLED)
def test_refused_keywords_are_refused_by_name(name):
    spec, spelling = CALLED[name]
    call = first_call(name)
    refused = {keyword for keyword, reason in keywords(spec, spelling).items() if reason is not None}
    given = {keyword.arg for keyword in ast.parse(call.text, mode="eval").body.keywords}
    for keyword in sorted(refused - given):
        extended = Call(f"{call.text[:-1]}, {keyword}=x{len(call.values)})", [*call.values, np.ones(2)])
        with pytest.raises(GradscribeError) as caught:
            gs.vjp(extended.function, *extended.values)
        assert f"`{keyword}`" in str(caught.value), str(caught.value)


@pytest.mark.parametrize("call", list(in_place()), ids=lambda call: call.text)
def test_arguments_by_position_stand_where_scipy_has_them(call):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        value, _ = gs.vjp(call.function, *call.values)
        assert difference(value, call.function(*call.values)) == ""
