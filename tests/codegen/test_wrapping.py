"""Long lines are broken at good places, and mean the same."""

from __future__ import annotations

import ast

import pytest

from gradscribe.codegen.wrapping import WIDTH, wrapped

LONG = [f"a_rather_long_name_{k}" for k in range(6)]


@pytest.mark.parametrize(
    "text",
    [
        f"result = function({', '.join(LONG)})",
        f"result = {' + '.join(LONG)}",
        f"result = {' - '.join(LONG)} + (x if c else y) - (a - b)",
        f"result -= {' + '.join(LONG)}",
        f"result *= {' + '.join(LONG)}",
        f"return {' - '.join(LONG)}",
        f"result = function({', '.join(LONG * 2)})",
        f"result = function({LONG[0]}, 'text, (text', {', '.join(LONG)})",
        f"x[{LONG[0]}:{LONG[1]}] += {' * '.join(LONG)}",
        f"residuals = {', '.join(LONG)}",
        f"{', '.join(LONG)} = residuals",
        f"return {', '.join(LONG)}",
        f"return {', '.join(LONG)}, float({LONG[0]})",
        f"return ({' * '.join(LONG[:4])} * 2.0,)",
        f"return ({' + '.join(LONG)},)",
        f"return [{' * '.join(LONG[:4])} * 2.0]",
        f"return {{'a': [{', '.join(LONG)}], 'b': ({LONG[0]},), 'c': {{'d': Point({LONG[1]}, y={LONG[2]})}}}}",
        f"saved = [{' * '.join(LONG)} for {', '.join(LONG)} in zip({', '.join(LONG)})]",
        f"saved = [{LONG[0]} if {LONG[1]} else {LONG[2]} for {LONG[0]} in zip({', '.join(LONG)}) if {LONG[3]}]",
        f"total = sum({' * '.join(LONG)} for {LONG[0]}, {LONG[1]} in zip({LONG[2]}, {LONG[3]}))",
        f"return [{', '.join(LONG)}], {{'b': {LONG[0]}, 'c': ({', '.join(LONG)})}}",
    ],
)
def test_broken_statement_means_the_same(text: str) -> None:
    code: ast.stmt = ast.parse(text.replace("return", "answer =")).body[0]
    if text.startswith("return") and isinstance(code, ast.Assign):
        code = ast.Return(code.value)
    lines = wrapped(text, "    ", code)
    joined = "\n".join(line[4:] for line in lines)
    if text.startswith("return"):
        text, joined = f"def f():\n {text}", "def f():\n " + joined.replace("\n", "\n ")
    assert ast.dump(ast.parse(joined)) == ast.dump(ast.parse(text))


def test_one_value_for_many_names() -> None:
    text = f"{' = '.join(LONG)} = None"
    lines = wrapped(text, "    ", ast.parse(text).body[0])
    assert len(lines) == 2
    assert max(map(len, lines)) <= WIDTH
    targets = [target for line in lines for target in line.strip().removesuffix(" = None").split(" = ")]
    assert targets == LONG


def test_header_of_a_loop() -> None:
    text = f"for {', '.join(LONG[:3])} in zip(reversed(range(n)), {', '.join(LONG[:3])}):"
    lines = wrapped(text, "    ")
    assert len(lines) == 3
    assert max(map(len, lines)) <= WIDTH
    assert lines[0].endswith("zip(")
    assert lines[2] == "    ):"


def test_targets_of_a_loop_that_fill_a_line() -> None:
    text = f"for {', '.join(LONG)} in zip({', '.join(LONG)}):"
    lines = wrapped(text, "    ")
    assert lines[0] == "    for ("
    assert max(map(len, lines)) <= WIDTH
    joined = "\n".join([*(line[4:] for line in lines), "    pass"])
    assert ast.dump(ast.parse(joined)) == ast.dump(ast.parse(f"{text}\n    pass"))


def test_results_of_many_arguments_stand_one_a_line() -> None:
    code = ast.parse(f"({', '.join(LONG)}, float(x))", mode="eval").body
    lines = wrapped(f"return {', '.join(LONG)}, float(x)", "    ", ast.Return(code))
    assert lines == ["    return (", *(f"        {name}," for name in [*LONG, "float(x)"]), "    )"]


def test_short_lines_stay() -> None:
    assert wrapped("x = f(y)", "    ") == ["    x = f(y)"]
