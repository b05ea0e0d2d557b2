"""What is emitted for any program: against the evaluator of graphs, and as a file of its own.

In:  a subject.   Out: nothing, or `Mismatch`.
Not here: the numbers themselves (checks.py).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradscribe.ad.transforms import gradient as gradient_program
from gradscribe.codegen.numpy_source import generate as generate_source
from gradscribe.compiler.load import load
from gradscribe.compiler.pipeline import lower_function
from gradscribe.frontend.arguments import read_arguments
from gradscribe.frontend.lower import Lowered
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Program as GraphProgram
from gradscribe.ir.verify import verify
from gradscribe.ops.execute import execute
from gradscribe.passes.pipelines import optimise
from tests.programs.checks import Mismatch, Subject, assert_close, assert_same_bits
from tests.programs.load import load_module
from tests.references import leaves


def check_evaluator(subject: Subject) -> None:
    """What is emitted computes what the graph means, with passes and without."""
    arguments = subject.arguments()
    read = read_arguments(subject.function, arguments, {})
    lowered = lower_function(subject.function, read)
    if _reads_attributes(lowered):
        return
    assert read.leaf_values is not None
    raw = gradient_program(lowered.program, subject.positions, value=True, name="derivative")
    expected: Sequence[object] | None = None
    for program in (raw, optimise(raw)):
        verify(program)
        meant = evaluate(program, read.leaf_values, execute)
        emitted = _run_emitted(program, subject.arguments())
        assert_close(emitted, list(meant), subject.tolerance, "emitted against evaluator")
        assert_same_bits(emitted[0], meant[0], "value emitted against evaluator")
        if expected is not None:
            assert_close(list(meant), list(expected), subject.tolerance, "passes on against off")
        expected = meant


def _reads_attributes(lowered: Lowered) -> bool:
    """Attributes of classes are read afresh at each call: generated functions would have to be given them."""
    return bool(lowered.program.entry.signature.hidden)


def _run_emitted(program: GraphProgram, arguments: Sequence[Any]) -> list[Any]:
    generated = generate_source(program)
    loaded = load(
        generated.text, "emitted", generated.functions, generated.namespace, generated.derivative_lines
    )
    return list(leaves(loaded.functions[program.main](*arguments)))


def check_saved(subject: Subject) -> None:
    """The saved module computes the same bits, and knows nothing of gradscribe."""
    if subject.program.own_exceptions:
        # It would import them from the module of the program, which is no file.
        return
    # Other checks may have called it with arguments of other layouts since; what was compiled last is saved.
    derivative = subject.value_and_grad.compile(*subject.arguments())
    expected = derivative(*subject.arguments())
    read = read_arguments(subject.function, subject.arguments(), {})
    if _reads_attributes(lower_function(subject.function, read)):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.py"
        derivative.save(path)
        text = path.read_text(encoding="utf-8")
    if "import gradscribe" in text or "from gradscribe" in text:
        raise Mismatch("the saved module imports gradscribe")
    saved = getattr(load_module(text), derivative.__name__)
    assert_same_bits(saved(*subject.arguments()), expected, "saved module")
