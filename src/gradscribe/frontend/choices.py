"""Things known now of which a run-time condition chooses one: `f = relu if x.sum() > 0 else tanh`.

The generated code carries the label of the one that was chosen; what is done with it is a branch on the label:

    f = 'relu' if x.sum() > 0 else 'tanh'
    y = relu(x) if f == 'relu' else np.tanh(x)

In:  choices.   Out: what is made of each of their options, joined.
Not here: joining the choices themselves (merging.py, slots.py), their labels (labels.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from gradscribe.frontend.branches import choose
from gradscribe.frontend.operands import raise_if
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_instance
from gradscribe.frontend.values import (
    Abstract,
    Choice,
    InstanceCell,
    Number,
    Static,
    TupleValue,
    is_none,
    is_text,
)
from gradscribe.ir.graph import Value
from gradscribe.ops.written.containers import Entries
from gradscribe.ops.written.keyed import KeyedDict

Use = Callable[..., Abstract]


def over_choices(run: Lowering, node: cst.CSTNode, values: Sequence[Abstract], use: Use) -> Abstract:
    """`use(*values)`, for each option of the choices among the values where it is the one that was chosen."""
    place = next((k for k, value in enumerate(values) if isinstance(value, Choice)), None)
    if place is None:
        return use(*values)
    choice = values[place]
    assert isinstance(choice, Choice)

    def with_option(option: Abstract) -> Abstract:
        # A choice that stands at several places is one choice: `x[part, part]`.
        return over_choices(run, node, [option if value is choice else value for value in values], use)

    condition = _as_condition(run, node, choice, with_option)
    return condition if condition is not None else _each(run, node, choice, list(choice.options), with_option)


def over_chosen_key(run: Lowering, node: cst.CSTNode, owner: Abstract, key: Abstract, use: Use) -> Abstract:
    """`use(owner, key)`, for each option of the choices that the owner, the key or an item of the key is."""
    parts = _parts(key)

    def with_parts(owner: Abstract, *known: Abstract) -> Abstract:
        return use(owner, TupleValue(known) if isinstance(key, TupleValue) else known[0])

    return over_choices(run, node, (owner, *parts), with_parts)


def has_chosen(owner: Abstract, key: Abstract) -> bool:
    """Whether the owner, the key or an item of the key is a choice."""
    return any_choice((owner, *_parts(key)))


def _parts(key: Abstract) -> tuple[Abstract, ...]:
    return key.items if isinstance(key, TupleValue) else (key,)


def _as_condition(
    run: Lowering, node: cst.CSTNode, choice: Choice, use: Callable[[Abstract], Abstract]
) -> Abstract | None:
    """Where each option gives a bool that is known now: whether the label is one of those that give True."""
    heap, names, refusals = dict(run.heap), dict(run.frame.names), dict(run.refusals)
    with run.block() as trial:
        results = {label: use(option) for label, option in choice.options.items()}
    run.heap, run.frame.names, run.refusals = heap, names, refusals
    if trial.nodes or not all(_is_bool(result) for result in results.values()):
        return None
    return _one_of(run, node, choice, [label for label, result in results.items() if result.value])  # type: ignore[union-attr]


def _is_bool(value: Abstract) -> bool:
    return isinstance(value, Static) and isinstance(value.value, bool)


def _one_of(run: Lowering, node: cst.CSTNode, choice: Choice, labels: Sequence[str]) -> Abstract:
    if len(labels) in (0, len(choice.options)):
        return Static(bool(labels))
    conditions = [is_option(run, node, choice, label) for label in labels]
    result = conditions[0]
    for condition in conditions[1:]:
        result = run.op(node, "bool_or", result, condition)
    return Number(result)


def _each(
    run: Lowering,
    node: cst.CSTNode,
    choice: Choice,
    labels: Sequence[str],
    use: Callable[[Abstract], Abstract],
) -> Abstract:
    """A branch for each option but the last."""
    first, *rest = labels

    def with_first() -> Abstract:
        with run.within(("option", first)):
            return use(choice.options[first])

    if not rest:
        return with_first()
    condition = is_option(run, node, choice, first)
    return choose(run, node, condition, with_first, lambda: _each(run, node, choice, rest, use))


def is_option(run: Lowering, node: cst.CSTNode, choice: Choice, label: str) -> Value:
    """Whether this option was chosen."""
    return run.op(node, "has_label", choice.label, label=label)


def as_key(run: Lowering, owner: Abstract, key: Abstract) -> Abstract:
    """A text that was chosen, as it is, where it is a key of a dict that is asked at run time."""
    if not isinstance(owner, InstanceCell) or not isinstance(key, Choice):
        return key
    if issubclass(owner.cls, Entries):
        owner = read_instance(run, owner)["entries"]
    is_asked = isinstance(owner, InstanceCell) and issubclass(owner.cls, KeyedDict)
    return Number(key.label) if is_asked and all(map(is_text, key.options.values())) else key


def called(run: Lowering, node: cst.CSTNode, function: Abstract) -> Abstract:
    """What is called, of a choice in which None is an option: a call of None raises, as in Python."""
    if not isinstance(function, Choice):
        return function
    absent = [label for label, option in function.options.items() if is_none(option)]
    rest = {label: option for label, option in function.options.items() if label not in absent}
    if not absent or not rest:
        return function
    error = "'NoneType' object is not callable"
    raise_if(run, node, is_option(run, node, function, absent[0]), TypeError, (error,))
    return Choice(function.label, rest) if len(rest) > 1 else next(iter(rest.values()))


def any_choice(values: Sequence[Abstract]) -> bool:
    """Whether one of the values is a choice."""
    return any(isinstance(value, Choice) for value in values)
