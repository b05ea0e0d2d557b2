"""Operations with an effect: they run once, in order, in the forward sweep.

In:  nothing.   Out: `OPERATIONS`; which effects last, which branch goes on.
"""

from __future__ import annotations

import logging
import operator
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradscribe.ir.control import IF, IfView, caught_by
from gradscribe.ir.graph import Block, Op
from gradscribe.ir.template import fill
from gradscribe.ir.types import BOOL, FLOAT, INT, TEXT, OpaqueType
from gradscribe.ops.declare import entry
from gradscribe.ops.promotion import always
from gradscribe.ops.spec import ConstantAlmostEverywhere, Spelling

NO_RESULT = ConstantAlmostEverywhere(why="it has no result")
Attrs = Mapping[str, object]
CAUGHT = OpaqueType("Exception")

ENDING = frozenset({"raise_", "assert_"})
"""Operations with no other effect than to end what runs."""


def has_lasting_effect(op: Op) -> bool:
    """Whether an effect is seen twice where the operation runs twice, and too early where it runs early."""
    return op.has_effect and op.name not in ENDING


def surely_taken(view: IfView) -> bool | None:
    """Whether `then` has run wherever something follows, as the other branch raises; None if either may have."""
    if _raises(view.otherwise):
        return True
    return False if _raises(view.then) and not view.catches else None


def _raises(block: Block) -> bool:
    """Whether a block never comes to its end."""
    for node in block.nodes:
        if node.op.name == "raise_":
            return True
        if node.op is IF and not caught_by(node) and all(map(_raises, node.blocks)):
            return True
    return False


def _print(inputs: Sequence[object], attrs: Attrs) -> object:
    print(*fill(attrs["args"], inputs), **fill(attrs.get("kwargs", {}), inputs))
    return ()


def _warn(inputs: Sequence[object], attrs: Attrs) -> object:
    warnings.warn(*fill(attrs["args"], inputs), **fill(attrs.get("kwargs", {}), inputs))
    return ()


def _log(inputs: Sequence[object], attrs: Attrs) -> object:
    logger = attrs["logger"]
    owner = logging if logger is None else logging.getLogger(str(logger))
    write = getattr(owner, str(attrs["method"]))
    write(*fill(attrs["args"], inputs), **fill(attrs["kwargs"], inputs))
    return ()


def _raise(inputs: Sequence[object], attrs: Attrs) -> object:
    exception: Any = fill(attrs["exception"], inputs)
    if exception is None:
        exception = sys.exception()
    if not isinstance(exception, BaseException):
        exception = exception(*fill(attrs.get("args", ()), inputs))
    if "cause" in attrs:
        exception.__cause__ = fill(attrs["cause"], inputs)
    raise exception


def _assert(inputs: Sequence[object], attrs: Attrs) -> object:
    if not inputs[0]:
        message = fill(attrs.get("message", ()), inputs)
        raise AssertionError(*(message if isinstance(message, tuple) else (message,)))
    return ()


def _format(inputs: Sequence[object], attrs: Attrs) -> object:
    layout, *values = inputs
    return str(layout).format(*values)


COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
IS_TEXT = ConstantAlmostEverywhere(why="text has no derivative")
TEXT_METHODS = (
    ".ljust() .rjust() .center() .zfill() .strip() .lstrip() .rstrip() .upper() .lower() .title() .capitalize() "
    ".replace() .expandtabs() .removeprefix() .removesuffix() .join()"
)


def _compare_texts(inputs: Sequence[object], attrs: Attrs) -> object:
    spelling = attrs["spelling"]
    assert isinstance(spelling, Spelling)
    return COMPARED[spelling.name](*inputs)


def _text_method(inputs: Sequence[object], attrs: Attrs) -> object:
    spelling = attrs.get("spelling")
    name = spelling.name if isinstance(spelling, Spelling) else "ljust"
    return getattr(inputs[0], name)(*inputs[1:])


OPERATIONS = (
    entry(
        "compare_texts",
        "compared-texts",
        "left, right",
        IS_TEXT,
        always(BOOL),
        "Texts are equal, or one stands before the other; the spelling of the node says which.",
        operands=("left", "right"),
        evaluate=_compare_texts,
    ),
    entry(
        "text_method",
        TEXT_METHODS,
        "text, *values",
        IS_TEXT,
        always(TEXT),
        "Other text made of a text.",
        operands=("text",),
        evaluate=_text_method,
    ),
    entry(
        "text_length",
        "len",
        "text",
        IS_TEXT,
        always(INT),
        "The number of characters of a text.",
        operands=("text",),
        evaluate=lambda inputs, attrs: len(str(inputs[0])),
    ),
    entry(
        "print_",
        "print",
        "args=(), kwargs={}",
        NO_RESULT,
        always(),
        "print(...)",
        operands=(),
        has_effect=True,
        evaluate=_print,
    ),
    entry(
        "warn_",
        "warnings.warn",
        "args=(), kwargs={}",
        NO_RESULT,
        always(),
        "warnings.warn(...)",
        operands=(),
        has_effect=True,
        evaluate=_warn,
    ),
    entry(
        "log_",
        "logging",
        "logger, method, args=(), kwargs={}",
        NO_RESULT,
        always(),
        "logging.info(...), logger.info(...)",
        operands=(),
        has_effect=True,
        evaluate=_log,
    ),
    entry(
        "clock",
        "time.perf_counter time.time time.monotonic time.process_time",
        "",
        NO_RESULT,
        always(FLOAT),
        "What a clock shows when the derivative runs.",
        operands=(),
        has_effect=True,
    ),
    entry(
        "clock_in_nanoseconds",
        "time.perf_counter_ns time.time_ns time.monotonic_ns time.process_time_ns",
        "",
        NO_RESULT,
        always(INT),
        "What a clock shows when the derivative runs.",
        operands=(),
        has_effect=True,
    ),
    entry(
        "raise_",
        "raise",
        "exception, args=(), cause=None",
        NO_RESULT,
        always(),
        "raise ...",
        operands=(),
        has_effect=True,
        evaluate=_raise,
    ),
    entry(
        "assert_",
        "assert",
        "condition, message=()",
        NO_RESULT,
        always(),
        "assert ...",
        operands=("condition",),
        has_effect=True,
        evaluate=_assert,
    ),
    entry(
        "format_text",
        ".format()",
        "text, *values",
        NO_RESULT,
        always(TEXT),
        "An f-string: a layout, filled with numbers.",
        operands=("text",),
        evaluate=_format,
    ),
    entry(
        "caught",
        "caught",
        "",
        NO_RESULT,
        always(CAUGHT),
        "The exception that a handler has caught.",
        operands=(),
        evaluate=lambda inputs, attrs: sys.exception(),
    ),
    entry(
        "is_caught",
        "isinstance",
        "exception, classes",
        NO_RESULT,
        always(BOOL),
        "Which handler an exception is for.",
        operands=("exception",),
        evaluate=lambda inputs, attrs: isinstance(inputs[0], attrs["classes"]),
    ),
)
