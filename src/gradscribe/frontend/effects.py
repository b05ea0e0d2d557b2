"""`print`, `raise`, `assert`: what happens once, in the forward sweep.

In:  statements and calls.   Out: effect nodes.
Not here: text (text.py).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.blocks import emit_branch
from gradscribe.frontend.conditions import tested
from gradscribe.frontend.indexing import shape_items
from gradscribe.frontend.operands import as_value, present
from gradscribe.frontend.references import holds_objects
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import RAISES, Flow, Lowering
from gradscribe.frontend.storage import read_dict, read_list
from gradscribe.frontend.text import not_shown
from gradscribe.frontend.trials import Point
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    DictCell,
    ListCell,
    Number,
    ShapeValue,
    Static,
    Text,
    TupleValue,
)
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.template import shift
from gradscribe.ops.effects import CAUGHT

Saying = Callable[[Lowering, cst.CSTNode, Sequence[Abstract], Mapping[str, Abstract]], Abstract]


class Message:
    """Collects the run-time values of one effect."""

    def __init__(self, run: Lowering, node: cst.CSTNode) -> None:
        self.run = run
        self.node = node
        self.inputs: list[Value] = []

    def template(self, value: Abstract) -> object:
        """What is printed or raised, with placeholders for run-time values."""
        value = present(self.run, value, self.node)
        match value:
            case Static(value=found):
                return found
            case Number() | ArrayCell():
                return self._input(as_value(self.run, value, self.node))
            case Text():
                return self._input(as_value(self.run, value, self.node))
            case TupleValue(items=items):
                return tuple(self.template(item) for item in items)
            case ShapeValue():
                return tuple(self.template(item) for item in shape_items(self.run, self.node, value))
            case ListCell():
                content = read_list(self.run, value, self.node)
                if isinstance(content, Value):
                    return self._input(content)
                return [self.template(item) for item in content]
            case DictCell():
                return {key: self.template(item) for key, item in read_dict(self.run, value).items()}
        raise not_shown(self.run, self.node, value)

    def _input(self, value: Value) -> Input:
        if holds_objects(value.type):
            raise not_shown(self.run, self.node, self.run.wrap(value))
        self.inputs.append(value)
        return Input(len(self.inputs) - 1)


def saying(operation: str) -> Saying:
    """The handler of `print(...)` and `warnings.warn(...)`, which this operation does at run time."""

    def handler(
        run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
    ) -> Abstract:
        message = Message(run, node)
        attrs: dict[str, object] = {"args": tuple(message.template(value) for value in args)}
        if kwargs:
            attrs["kwargs"] = {name: message.template(value) for name, value in kwargs.items()}
        run.apply(node, operation, message.inputs, attrs)
        return NOTHING

    return handler


def logging_method(target: object) -> Saying | None:
    """The handler of a method of a logger, or of a function of `logging`, that writes a message."""
    name = getattr(target, "__name__", "")
    logger = getattr(target, "__self__", None)
    if name not in MESSAGES:
        return None
    if target is getattr(logging, name):
        return _logging(None, name)
    # Another logger could not be found by its name when the derivative runs.
    if isinstance(logger, logging.Logger) and logging.getLogger(logger.name) is logger:
        return _logging(logger.name, name)
    return None


def _logging(logger: str | None, method: str) -> Saying:
    def handler(
        run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
    ) -> Abstract:
        message = Message(run, node)
        attrs = {
            "logger": logger,
            "method": method,
            "args": tuple(message.template(value) for value in args),
            "kwargs": {name: message.template(value) for name, value in kwargs.items()},
        }
        run.apply(node, "log_", message.inputs, attrs)
        return NOTHING

    return handler


MESSAGES = frozenset({"debug", "info", "warning", "error", "critical", "exception", "log"})


def execute_raise(run: Lowering, node: cst.Raise) -> Flow:
    """`raise Error(...)`."""
    if node.exc is None:
        # The exception that is being handled, as Python finds it; where there is none, Python says so.
        run.apply(node, "raise_", (), {"exception": None})
        return RAISES
    message = Message(run, node)
    exception, args = _exception(run, node, message)
    raised = exception if isinstance(exception, type) else type(exception)
    if run.frame.yields is not None and issubclass(raised, StopIteration):
        raise run.refusal(
            node,
            "GS102",
            "this generator raises StopIteration",
            why="Python makes a RuntimeError of it: `generator raised StopIteration`",
            fix="end the generator by `return`",
        )
    attrs: dict[str, object] = {"exception": exception}
    if args is not None:
        attrs["args"] = tuple(message.template(value) for value in args)
    cause = run.evaluate(run, node.cause.item) if node.cause is not None else None
    if isinstance(cause, Number) or (isinstance(cause, Static) and cause.value is None):
        attrs["cause"] = message.template(cause)
    run.apply(node, "raise_", message.inputs, attrs)
    run.last_raise = _always_raises(run, node, exception, args or ())
    return RAISES


def _exception(run: Lowering, node: cst.Raise, message: Message) -> tuple[object, Sequence[Abstract] | None]:
    """What is raised: a class, with the arguments that it is called with if it is, or an exception.

    One that a handler has caught is a placeholder.
    """
    called = node.exc if isinstance(node.exc, cst.Call) else None
    assert node.exc is not None
    found = present(run, run.evaluate(run, called.func if called is not None else node.exc), node.exc)
    if called is None and isinstance(found, Number) and found.value.type == CAUGHT:
        return message.template(found), None
    exception = found.value if isinstance(found, Static) else None
    is_plain = called is None or all(arg.keyword is None and not arg.star for arg in called.args)
    is_class = isinstance(exception, type) and issubclass(exception, BaseException)
    if not is_plain or not (is_class or isinstance(exception, BaseException)):
        raise run.refusal(
            node,
            "GS110",
            "this form of `raise` is outside the supported subset",
            why="the exception must be an exception class called with positional arguments",
            fix="write `raise ValueError(...)`",
        )
    return exception, None if called is None else [run.evaluate(run, arg.value) for arg in called.args]


def _always_raises(run: Lowering, node: cst.Raise, exception: object, args: Sequence[Abstract]) -> Refusal:
    """What is said where nothing but this is ever reached."""
    if isinstance(exception, Input):
        name = "what a handler has caught"
    else:
        name = exception.__name__ if isinstance(exception, type) else type(exception).__name__
    text = args[0].value if args and isinstance(args[0], Static) else ""
    title = f"this raises {name}" + (f": {text}" if text else "")
    why = "with arguments of these types nothing else is reached, and what returns nothing has no derivative"
    return run.refusal(node, "GS141", title, why=why, fix="pass other arguments")


def execute_assert(run: Lowering, node: cst.Assert) -> Flow | None:
    """`assert condition, message`; None when it surely holds."""
    condition = tested(run, node.test)
    if condition is True:
        return None
    message = Message(run, node)
    if condition is False:
        text: tuple[Abstract, ...] = (run.evaluate(run, node.msg),) if node.msg is not None else ()
        args = tuple(message.template(part) for part in text)
        run.apply(node, "raise_", message.inputs, {"exception": AssertionError, "args": args})
        return RAISES
    if node.msg is not None:
        _assert_with_message(run, node, condition)
        return None
    run.apply(node, "assert_", (condition,))
    return None


CHEAP = frozenset({"constant", "format_text", "dimension", "size"})


def _assert_with_message(run: Lowering, node: cst.Assert, condition: Value) -> None:
    """The message is evaluated only where the assertion fails, unless evaluating it cannot be noticed."""
    message, before = Message(run, node), Point.of(run)
    with run.block() as trial:
        text = _message(run, node, message)
    if all(made.op.name in CHEAP for made in trial.nodes) and before.is_unchanged(run):
        run.builder.nodes.extend(trial.nodes)
        run.apply(node, "assert_", (condition, *message.inputs), {"message": (shift(text, 1),)})
        return
    before.restore(run)

    def raising() -> None:
        inside = Message(run, node)
        attrs = {"exception": AssertionError, "args": (_message(run, node, inside),)}
        run.apply(node, "raise_", inside.inputs, attrs)

    emit_branch(run, node, condition, lambda: None, raising)


def _message(run: Lowering, node: cst.Assert, message: Message) -> object:
    assert node.msg is not None
    return message.template(run.evaluate(run, node.msg))
