"""Planted faults: each is a mistake that such a compiler can make, and some check must notice it.

In:  a fault.   Out: the compiler with the fault, for the time of a `with`.
Not here: running the checks (test_sabotage.py).
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gradscribe.ad import accumulate, branches, elementwise, loops, residuals
from gradscribe.analysis import shape_sources
from gradscribe.codegen import marks, memory, storage, writes
from gradscribe.codegen.storage import StoragePass
from gradscribe.ir.control import ForView, IfView
from gradscribe.ir.graph import Node
from gradscribe.ir.types import ArrayType, SequenceType
from gradscribe.ir.walk import substitute
from gradscribe.ops import sequences
from gradscribe.ops.spec import Aliasing, At, Elementwise
from gradscribe.ops.table import lookup
from gradscribe.passes import branch_lists, common_subexpressions, dead_code, sink_saves
from gradscribe.runtime import lists, unbroadcast


@dataclass
class Patches:
    """Attributes that were replaced."""

    replaced: list[tuple[Any, str, Any]] = field(default_factory=list)

    def set(self, target: Any, name: str, value: Any) -> None:
        """Replace an attribute, of a frozen object too."""
        old = target.__dict__[name] if isinstance(target, type) else getattr(target, name)
        self.replaced.append((target, name, old))
        _assign(target, name, value)

    def undo(self) -> None:
        """Put everything back."""
        for target, name, old in reversed(self.replaced):
            _assign(target, name, old)


def _assign(target: Any, name: str, value: Any) -> None:
    if dataclasses.is_dataclass(target) and not isinstance(target, type):
        object.__setattr__(target, name, value)
    else:
        setattr(target, name, value)


Plant = Callable[[Patches], None]


@dataclass(frozen=True)
class Fault:
    """One mistake.

    Attributes:
        plant: makes it.
        probe: the checks that should notice: one of PROBES of test_sabotage.py.
    """

    plant: Plant
    probe: str

    @property
    def name(self) -> str:
        """Of the function that plants it."""
        return self.plant.__name__

    @contextlib.contextmanager
    def planted(self) -> Iterator[None]:
        """The compiler has the fault inside the `with`."""
        patches = Patches()
        try:
            self.plant(patches)
            yield
        finally:
            patches.undo()


FAULTS: list[Fault] = []


def fault(probe: str) -> Callable[[Plant], Plant]:
    """Add the decorated mistake."""

    def add(plant: Plant) -> Plant:
        FAULTS.append(Fault(plant, probe))
        return plant

    return add


# --- rules ---------------------------------------------------------------------------------------------------


@fault("random")
def sign_of_the_partial_of_sine(patches: Patches) -> None:
    """The partial of sin is -cos."""
    patches.set(lookup("sin"), "form", Elementwise(partials={"x": "-cos(x)"}, formula="sin(x)"))


@fault("landscape")
def selection_by_multiplication(patches: Patches) -> None:
    """The branch that `where` does not take is multiplied by zero: inf and nan leak."""

    def leaking(b: Any, masked: Any) -> Any:
        taken = b.op("where", masked.condition, *((1.0, 0.0) if masked.taken_if else (0.0, 1.0)))
        return b.op("mul", masked.value, taken)

    patches.set(accumulate, "select", leaking)
    patches.set(elementwise, "select", leaking)
    patches.set(elementwise, "_keeps_selection", lambda *_: False)
    patches.set(elementwise, "is_singular", lambda node: False)


@fault("landscape")
def repeated_index_added_once(patches: Patches) -> None:
    """`x[[0, 0, 1]]` is transposed without adding up."""
    original = accumulate.Cotangents._add_at

    def once(self: Any, primal: Any, part: Any) -> Any:
        return original(self, primal, dataclasses.replace(part, repeats=False))

    patches.set(accumulate.Cotangents, "_add_at", once)


# --- accumulation --------------------------------------------------------------------------------------------


@fault("random")
def earlier_contribution_lost(patches: Patches) -> None:
    """A second contribution replaces the first."""
    patches.set(accumulate.Cotangents, "_sum", lambda self, primal, old, new: new)


@fault("random")
def missing_unbroadcast(patches: Patches) -> None:
    """The cotangent of a broadcast operand is not summed."""
    for module in (accumulate, elementwise):
        patches.set(module, "reduce_to", lambda b, value, result, operand: value)


@fault("landscape")
def missing_unbroadcast_at_run_time(patches: Patches) -> None:
    """Nor where lengths decide it."""
    patches.set(unbroadcast, "unbroadcast_like", lambda value, like: value)


@fault("growth")
def dense_accumulation(patches: Patches) -> None:
    """An indexed contribution is added as an array that is zero elsewhere: right, and quadratic."""
    original = accumulate.Cotangents.add

    def dense(self: Any, primal: Any, part: Any) -> None:
        if isinstance(part, At) and primal in self.wanted:
            part = self._add_at(primal, self.b.op("zeros_like", primal), part)
        original(self, primal, part)

    patches.set(accumulate.Cotangents, "add", dense)


# --- control flow --------------------------------------------------------------------------------------------


@fault("random")
def reverse_loop_in_forward_order(patches: Patches) -> None:
    """The reverse loop visits the iterations from the first to the last."""
    original = loops._Reversal.emit

    def forward(self: Any, bounds: Any, backwards: bool, lists: Any) -> None:
        original(self, bounds, not backwards, lists)

    patches.set(loops._Reversal, "emit", forward)


@fault("random")
def swapped_branches(patches: Patches) -> None:
    """The reverse `if` runs the adjoint of the branch that was not taken."""
    original = IfView.make

    def swapped(condition: Any, captured: Any, then: Any, otherwise: Any, outputs: Any, **rest: Any) -> Node:
        return original(condition, captured, otherwise, then, outputs, **rest)

    class Swapped:
        of = staticmethod(IfView.of)
        make = staticmethod(original)

    emit = branches._emit_reverse

    def emitting(*args: Any) -> None:
        Swapped.make = staticmethod(swapped)
        try:
            emit(*args)
        finally:
            Swapped.make = staticmethod(original)

    patches.set(branches, "IfView", Swapped)
    patches.set(branches, "_emit_reverse", emitting)


@fault("landscape")
def cotangent_of_an_overwritten_value_kept(patches: Patches) -> None:
    """A variable that an iteration overwrites keeps its cotangent in the reverse loop, where zero is right."""
    original = loops.zero_if_any

    def keeping(b: Any, value: Any, absent: Any) -> Any:
        return value if value.hint.startswith("d_") else original(b, value, absent)

    patches.set(loops, "zero_if_any", keeping)


@fault("random")
def lists_added_by_plus(patches: Patches) -> None:
    """Cotangents of nested lists are concatenated."""
    patches.set(lists, "add_lists", lambda a, b: a + b)


@fault("random")
def saved_values_of_the_first_iteration(patches: Patches) -> None:
    """The index of the reverse loop starts one late."""
    original = ForView.make

    def late(bounds: Any, body: Any, **rest: Any) -> Node:
        if rest.get("derivative") and rest.get("backwards"):
            rest["sequences"] = [*rest.get("sequences", ())][::-1]
        return original(bounds, body, **rest)

    patches.set(ForView, "make", staticmethod(late))


@fault("branches")
def readers_of_a_list_not_told(patches: Patches) -> None:
    """A loop reads an entry for each iteration of a list that one branch alone fills."""
    patches.set(branch_lists._Rewriter, "reading", lambda self, node, mapping: substitute(node, mapping))


@fault("branches")
def saved_entries_taken_from_the_wrong_end(patches: Patches) -> None:
    """What branches have saved is read in the order in which it was saved, by loops that run backwards too."""
    patches.set(sink_saves, "_is_backwards", lambda loop: False)


@fault("exceptions")
def caught_exception_forgotten(patches: Patches) -> None:
    """The reverse sweep of `try` always runs the adjoint of its body."""
    patches.set(branches, "decision", lambda view: view.condition)


@fault("tables")
def table_read_by_columns(patches: Patches) -> None:
    """The cotangent of `table[i][j]` is added at `[j][i]`."""
    original = accumulate.Cotangents._add_at

    def turned(self: Any, primal: Any, old: Any, part: Any) -> Any:
        if isinstance(primal.type, SequenceType):
            part = dataclasses.replace(part, inputs=part.inputs[::-1])
        return original(self, primal, old, part)

    patches.set(accumulate.Cotangents, "_add_at", turned)


@fault("queues")
def queue_given_back_at_the_wrong_end(patches: Patches) -> None:
    """The cotangent of what leaves a list at one end is put in at the other."""
    patches.set(sequences, "_from_start", lambda b, node, length: length())


@fault("shapes")
def shape_of_another_array(patches: Patches) -> None:
    """A shape is read from any array that is there."""
    original = shape_sources.shapes_elsewhere

    def any_array(nodes: Any, results: Any, saved: Any, there: Any) -> Any:
        arrays = [value for value in there if isinstance(value.type, ArrayType)]
        found = original(nodes, results, saved, there)
        return {value: arrays[0] for value in found} if arrays else found

    patches.set(residuals, "shapes_elsewhere", any_array)


# --- passes and memory ---------------------------------------------------------------------------------------


@fault("random")
def expressions_merged_across_their_index(patches: Patches) -> None:
    """x[0] and x[1] are taken for the same expression."""

    def key(self: Any, node: Node) -> Any:
        return node.op, tuple(self.first.get(value, value) for value in node.inputs)

    patches.set(common_subexpressions._Merger, "key", key)


@fault("effects")
def dead_effect_removed(patches: Patches) -> None:
    """A `print` whose result nobody reads is dead code."""
    patches.set(Node, "has_effect", property(lambda self: False))
    assert dead_code


@fault("random")
def write_in_place_under_a_reader(patches: Patches) -> None:
    """A storage is written although its old content is still read: a saved view is not copied."""
    patches.set(StoragePass, "_used_later", lambda self, pieces: [])


@fault("random")
def view_taken_for_new_memory(patches: Patches) -> None:
    """A slice is believed to be a copy."""
    original = writes.aliasing_of

    def copying(node: Node) -> Aliasing:
        return Aliasing.FRESH if node.op.name == "get_item" else original(node)

    for module in (memory, marks, storage):
        patches.set(module, "aliasing_of", copying)
