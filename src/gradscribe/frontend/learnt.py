"""What an attempt at lowering learns for the next one: each `Restart` leaves something here.

In:  nothing.   Out: `Learnt`, `LoopMemory`.
Not here: when to start again (state.py, loops.py, equal_lengths.py).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.syntax import FunctionSyntax
from gradscribe.frontend.values import Abstract, Cell, MaybeNone
from gradscribe.ir.lengths import Length, Symbol
from gradscribe.ir.types import NONE, Type
from gradscribe.ops.references import OneOf


@dataclass
class LoopMemory:
    """What earlier attempts at a loop have taught.

    Attributes:
        types: bound of the type of each carried leaf, by its key.
        partings: attempts in which lengths that were thought to vary together did not.
        mixed: carried numbers that iterations leave as another class than they find, or arrays left as numbers.
        absent_values: names that an iteration may read before binding them, as an iteration leaves them.
        options: of carried things that are known now, what iterations choose among.
        optional: the kinds of values of what is None in some iterations.
        by_place: whether carried objects are entries of one list before each iteration and after it.
        followed: of carried parts of one array, which bounds change; None for what turned out not to be one.
        shrinking: those among them that iterations make smaller at the start.
        by_value: places in containers whose object an iteration replaces.
        written: objects from outside that the body writes, found by the attempts of this visit and the last one.
        recalled: those that it wrote at the last visit, while no attempt of this one has shown that it still does.
        appearing: what is new in objects from outside after an iteration, found likewise.
        read_first: chosen objects that are read before all attempts of this visit.
        tainted: objects from outside whose content is unknown inside, likewise, with the branches that would tell.
        alternatives: objects among which iterations choose, likewise; None for what turned out not to be such.
        aliases: what the body writes (an object from outside, or the key of a carried one), with the key of what
            may be part of it.
        held: objects from outside, with the lists that hold them when an iteration starts.
        sites: branches in the body that choose what is carried.
        unroll: the body needs the index as a static value.
        must_unroll: likewise, and there is no other way.
        stays: it cannot be written out: a run-time condition ends it.
        rotate: the condition of a `while` changes variables, and must be part of the body.
        peel: the first iteration differs in kind from the others.
        may_peel: after the first one, more would be known of what is one array.
    """

    types: dict[object, Type] = field(default_factory=dict)
    partings: int = 0
    mixed: set[object] = field(default_factory=set)
    absent_values: dict[str, Abstract] = field(default_factory=dict)
    options: dict[object, dict[str, Abstract]] = field(default_factory=dict)
    optional: dict[object, MaybeNone] = field(default_factory=dict)
    by_place: dict[object, bool] = field(default_factory=dict)
    followed: dict[object, frozenset[int] | None] = field(default_factory=dict)
    shrinking: set[object] = field(default_factory=set)
    by_value: set[tuple[object, ...]] = field(default_factory=set)
    written: dict[Cell, None] = field(default_factory=dict)
    recalled: frozenset[Cell] = frozenset()
    appearing: dict[Cell | None, dict[str, Any]] = field(default_factory=dict)
    read_first: dict[Cell, None] = field(default_factory=dict)
    tainted: dict[Cell, frozenset[object]] = field(default_factory=dict)
    alternatives: dict[object, tuple[Any, ...] | None] = field(default_factory=dict)
    aliases: dict[tuple[Cell | tuple[Hashable, ...], tuple[Hashable, ...]], None] = field(
        default_factory=dict
    )
    held: dict[tuple[Cell, Cell], None] = field(default_factory=dict)
    sites: frozenset[object] = frozenset()
    unroll: bool = False
    stays: bool = False
    rotate: bool = False
    peel: bool = False
    may_peel: bool = False
    must_unroll: bool = False

    def write_out(self) -> None:
        """What the loop makes is no run-time data: there is no other way than to write it out."""
        self.unroll = self.must_unroll = True


@dataclass
class Learnt:
    """What survives a restart of the whole lowering.

    `branching`: functions that call themselves so often that these known numbers which they get are taken as
        run-time values.
    `guesses_numbers`: some of them are a guess; `with_known_numbers`: what was refused with it, so that it is
        taken back.
    `endless`: generators that go over themselves, without an end in sight.
    `asks_layout`: an array is written that may be a view of another, depending on the layout of arguments.
    `apart`: what is tried statement by statement, as something is read that depends on which of them raised.
    `summed`: where `sum` goes over floats of Python, which it is given as a list.
    `keyed`: where dicts are made whose keys are known at run time only; `tried` are those among them whose keys
        would be known if loops were written out, and `spelt_out` are those of which this is the only way.
    `takes_out`: entries are taken out of such dicts.
    `powers`: where an int is raised to the power of what may be negative; `natural`: those of them that are taken
        to be ints, since something is refused otherwise.
    `counters`: where `itertools.count` makes an object that holds how far it has come.
    `fractional_powers`: a power of Python floats may be complex; `asks_for_parts`: parts of a real one are asked
        for.
    `sets`: where sets are made that are asked at run time, with the type of their items; `set_items`: the same by
        the type of such sets; `guessed_sets`: those of which others told the type.
    `known_sets`: sets known now by their identity, with the place where they are made.
    `outside`: where dicts outside of the function are read.
    `run_time`: places among the arguments of recursive functions, where lists and numbers are passed as run-time
        data, with what is known of the entries of a list.
    `without_places`: what was refused where `[None] * n` is a list as others are.
    `choosing`: branches of which the objects that they choose are followed; all of them where `chooses_all`.
    `choice_restarts`: how often lowering started again for that.
    `follows`: what loops carry is followed as parts of arrays, even if only what comes after them writes to those.
    `stepwise`: what loops and comprehensions go over item by item, as what happens between the items is seen.
    `asked_beyond`: parts of what a consumer goes over that Python may ask for more items, which does something.
    `is_stale`: all else was learnt before that was known.
    `renamed`: functions made inside that were given another name.
    `made`: classes that objects were made of, with the attributes of those; none where they differ.
    `made_in_loops`: those among them of which loops make objects.
    `tables`: the attributes of objects that are rows of a table, with what those refer to that may be None
        (see object_tables.py). `tables_tried`: there were tables. `joint` stands for the classes of objects that
        are numbered together. `refused_in_tables`: what was refused with tables.
    `written_out`: how often lowering started again to write loops out for the sake of what are one array in them.
    """

    loops: dict[object, LoopMemory] = field(default_factory=dict)
    static_leaves: set[int] = field(default_factory=set)
    same_lengths: dict[Symbol, Length] = field(default_factory=dict)
    recursive: set[object] = field(default_factory=set)
    branching: dict[FunctionSyntax, frozenset[str]] = field(default_factory=dict)
    guesses_numbers: bool = False
    with_known_numbers: list[Refusal] = field(default_factory=list)
    endless: set[FunctionSyntax] = field(default_factory=set)
    asks_layout: bool = False
    apart: set[object] = field(default_factory=set)
    summed: set[int] = field(default_factory=set)
    keyed: set[object] = field(default_factory=set)
    takes_out: bool = False
    counters: set[int] = field(default_factory=set)
    fractional_powers: bool = False
    asks_for_parts: bool = False
    powers: set[int] = field(default_factory=set)
    natural: set[int] = field(default_factory=set)
    tried: set[object] = field(default_factory=set)
    spelt_out: set[object] = field(default_factory=set)
    sets: dict[object, Type] = field(default_factory=dict)
    set_items: dict[Type, Type] = field(default_factory=dict)
    guessed_sets: set[object] = field(default_factory=set)
    known_sets: dict[int, tuple[object, object]] = field(default_factory=dict)
    outside: dict[object, tuple[Any, Any, Any, str]] = field(default_factory=dict)
    run_time: dict[tuple[FunctionSyntax, tuple[Hashable, ...]], Type] = field(default_factory=dict)
    without_places: list[Refusal] = field(default_factory=list)
    choosing: set[object] = field(default_factory=set)
    chooses_all: bool = False
    choice_restarts: int = 0
    follows: bool = False
    stepwise: set[int] = field(default_factory=set)
    asked_beyond: set[tuple[int, int]] = field(default_factory=set)
    is_stale: bool = False
    renamed: set[FunctionSyntax] = field(default_factory=set)
    made: dict[type, tuple[str, ...]] = field(default_factory=dict)
    made_in_loops: set[type] = field(default_factory=set)
    tables: dict[type, dict[str, type | None]] = field(default_factory=dict)
    tables_tried: bool = False
    joint: type[OneOf] | None = None
    refused_in_tables: list[Refusal] = field(default_factory=list)
    written_out: int = 0

    def afresh(self) -> Learnt:
        """What stays where all else was learnt before that was known."""
        return Learnt(
            stepwise=self.stepwise,
            summed=self.summed,
            with_known_numbers=self.with_known_numbers,
            tables=self.tables,
            tables_tried=self.tables_tried,
            joint=self.joint,
            refused_in_tables=self.refused_in_tables,
        )

    def step_through(self, consumer: int) -> bool:
        """Go over what this consumer goes over item by item from now on; False if that is so already.

        What was learnt so far may have been of its items in a list.
        """
        if consumer in self.stepwise:
            return False
        self.stepwise.add(consumer)
        self.is_stale = True
        return True

    def ask_set_at_run_time(self, value: object) -> bool:
        """Ask this set, known until now, at run time; False if it is none that the function made."""
        found, site = self.known_sets.get(id(value), (None, None))
        if found is None or found is not value:
            return False
        # What is put into it tells what it holds. Until then it may have to stand beside others in a list.
        kinds = set(self.sets.values()) - {NONE}
        self.sets[site] = kinds.pop() if len(kinds) == 1 else NONE
        self.guessed_sets.add(site)
        self.loops.clear()
        return True

    def ask_at_run_time(self, site: object) -> bool:
        """Ask the dict that is made there at run time from now on; False if that is so, or was tried, already."""
        if site is None or site in self.keyed | self.spelt_out:
            return False
        self.keyed.add(site)
        # Loops were written out, or their first iterations, for the sake of the keys.
        self.loops.clear()
        return True
