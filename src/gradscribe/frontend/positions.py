"""Columns, looked up only when an error is reported.

In:  a location whose `syntax` is a `SyntaxHandle`.   Out: the same location with line and columns of the
expression.
Not here: lines of statements on the way of success (capture.py).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from gradscribe.errors import Diagnostic
from gradscribe.frontend.capture import Captured
from gradscribe.location import Location


@dataclass(frozen=True, slots=True)
class SyntaxHandle:
    """What `Location.syntax` holds: a node and the function it belongs to."""

    captured: Captured
    node: cst.CSTNode


def with_columns(location: Location) -> Location:
    """The place of the expression itself; the location as it is where nothing more is known."""
    handle = location.syntax
    if location.column >= 0 or not isinstance(handle, SyntaxHandle):
        return location
    span = _positions(handle.captured.module).get(handle.node)
    if span is None:
        return location
    captured = handle.captured
    return replace(
        location,
        line=span.start.line + captured.line_offset,
        column=_column(span.start.line, span.start.column, captured),
        end_line=span.end.line + captured.line_offset,
        end_column=_column(span.end.line, span.end.column, captured),
    )


def with_place(diagnostic: Diagnostic) -> Diagnostic:
    """The diagnostic with the columns of its location."""
    if diagnostic.location is None:
        return diagnostic
    return replace(diagnostic, location=with_columns(diagnostic.location))


def _column(line: int, column: int, captured: Captured) -> int:
    return column + captured.column_offset if line == 1 else column


def _positions(module: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    # LibCST visits recursively, and a long sum is as deep as it is long.
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 20_000))
    try:
        return wrapper.resolve(PositionProvider)
    except RecursionError:
        return {}
    finally:
        sys.setrecursionlimit(limit)
