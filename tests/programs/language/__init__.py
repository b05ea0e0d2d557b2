"""Small programs, one construct of the language each; `ALL` lists them by subject."""

from __future__ import annotations

from tests.programs.language import (
    choices,
    classes,
    control,
    exceptions,
    functions,
    iteration,
    iterators,
    kept,
    loop_else,
    numbers,
    object_lists,
    objects,
    optional,
    orders,
    queries,
    searching,
    standard,
    suppressed,
    surrounded,
    texts,
    vectorized,
)
from tests.programs.language import patterns as patterns_

ALL = {
    "control": control.PROGRAMS,
    "loop else": loop_else.PROGRAMS,
    "kept": kept.PROGRAMS,
    "exceptions": exceptions.PROGRAMS,
    "suppressed": suppressed.PROGRAMS,
    "texts": texts.PROGRAMS,
    "orders": orders.PROGRAMS,
    "iteration": iteration.PROGRAMS,
    "iterators": iterators.PROGRAMS,
    "choices": choices.PROGRAMS,
    "optional": optional.PROGRAMS,
    "queries": queries.PROGRAMS,
    "searching": searching.PROGRAMS,
    "standard": standard.PROGRAMS,
    "functions": functions.PROGRAMS,
    "surrounded": surrounded.PROGRAMS,
    "objects": objects.PROGRAMS,
    "lists of objects": object_lists.PROGRAMS,
    "classes": classes.PROGRAMS,
    "vectorized": vectorized.PROGRAMS,
    "patterns": patterns_.PROGRAMS,
    "numbers": numbers.PROGRAMS,
}
