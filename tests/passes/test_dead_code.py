"""What nothing depends on goes, whatever it hides in; effects stay."""

from gradscribe.ir.control import ForView, IfView, WhileView, make_call
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Value
from gradscribe.ir.text import to_text
from gradscribe.ir.types import INT, SequenceType
from gradscribe.ir.verify import verify
from gradscribe.ir.walk import walk
from gradscribe.ops.execute import execute
from gradscribe.passes.dead_code import eliminate_dead_code
from tests.graphs import NUMBER, as_program, block_of

LIST = SequenceType(NUMBER)


def cleaned(program):
    result = eliminate_dead_code(program)
    verify(result)
    return result


def operations(program):
    return [node.op.name for node in walk(program.entry.body)]


def loop_program(results):
    """a, b, c carried; a reads itself, b reads c, c reads itself; lists of a and b."""
    names = ["a", "b", "c"]
    params = [Value(INT, "i"), *(Value(NUMBER, name) for name in names)]
    body = block_of(
        params,
        lambda b, i, a, bb, c: [b.op("sin", a), b.op("mul", bb, c), b.op("cos", c), a, b.op("exp", bb)],
    )

    def build(b, x):
        bounds = (b.constant(0), b.constant(3), b.constant(1))
        outputs = [*(Value(NUMBER, name) for name in names), Value(LIST, "la"), Value(LIST, "lb")]
        b.append(ForView.make(bounds, body, initial=[x, x, x], outputs=outputs))
        return [outputs[k] for k in results]

    return as_program(block_of([Value(NUMBER, "x")], build))


def test_carried_values_that_feed_only_themselves_go():
    assert set(operations(cleaned(loop_program([0])))) == {"constant", "for", "sin"}


def test_carried_values_that_feed_a_live_one_stay():
    program = cleaned(loop_program([1]))
    assert set(operations(program)) == {"constant", "for", "mul", "cos"}
    (loop,) = (ForView.of(node) for node in program.entry.body.nodes if node.blocks)
    assert [value.hint for value in loop.final] == ["b", "c"]
    assert loop.collected == ()


def test_collected_lists_go_one_by_one():
    program = cleaned(loop_program([3]))
    (loop,) = (ForView.of(node) for node in program.entry.body.nodes if node.blocks)
    assert [value.hint for value in loop.outputs] == ["a", "la"]


def test_nothing_dead_is_the_same_object():
    program = loop_program([0, 1, 2, 3, 4])
    assert eliminate_dead_code(program) is program


def test_unused_outputs_and_captured_values_of_branches_go():
    def build(b, x, y):
        captured = [Value(NUMBER, "x"), Value(NUMBER, "y")]
        then = block_of(captured, lambda b, x, y: [b.op("sin", x), b.op("sin", y)])
        otherwise = block_of([Value(NUMBER), Value(NUMBER)], lambda b, x, y: [x, b.op("cos", y)])
        outputs = [Value(NUMBER), Value(NUMBER)]
        b.append(IfView.make(b.op("gt", x, 0.0), [x, b.op("exp", y)], then, otherwise, outputs))
        return outputs[0]

    program = cleaned(as_program(block_of([Value(NUMBER, "x"), Value(NUMBER, "y")], build)))
    assert operations(program) == ["constant", "gt", "if", "sin"]
    (branch,) = (IfView.of(node) for node in program.entry.body.nodes if node.blocks)
    assert [value.hint for value in branch.captured] == ["x"]


def test_what_a_while_condition_reads_stays():
    def build(b, x):
        tested = [Value(NUMBER, "x"), Value(NUMBER, "limit"), Value(NUMBER, "unused")]
        condition = block_of(tested, lambda b, x, limit, unused: b.op("lt", x, limit))
        params = [Value(NUMBER, name) for name in ("x", "limit", "unused")]
        body = block_of(params, lambda b, x, limit, unused: [b.op("add", x, 1.0), unused])
        outputs = [Value(NUMBER), Value(LIST), Value(INT, "trips")]
        captured = [b.op("exp", x), b.op("cos", x)]
        b.append(WhileView.make(condition, body, initial=[x], captured=captured, outputs=outputs))
        return outputs[2]

    program = cleaned(as_program(block_of([Value(NUMBER, "x")], build)))
    assert operations(program) == ["exp", "while", "lt", "constant", "add"]
    assert evaluate(program, [0.5], execute) == (2,)


def test_effects_stay_with_the_branches_that_hold_them():
    def build(b, x):
        def shout(b, x):
            b.apply("print_", (x,), {"args": ()})
            return x

        then, otherwise = block_of([Value(NUMBER)], shout), block_of([Value(NUMBER)], lambda b, x: x)
        b.append(IfView.make(b.op("gt", x, 0.0), [x], then, otherwise, [Value(NUMBER)]))
        return b.constant(1.0)

    program = cleaned(as_program(block_of([Value(NUMBER, "x")], build)))
    assert operations(program) == ["constant", "gt", "if", "print_", "constant"]


def recursive(callee_results, *, effect=False):
    """f calls g and uses its first result; g calls itself."""

    def inner(b, n, x):
        if effect:
            b.apply("print_", (x,), {"args": ()})
        below = [Value(NUMBER), Value(NUMBER)]
        b.append(make_call("g", [b.op("sub", n, 1), b.op("sin", x)], below))
        return [b.op("add", n, 1.0), b.op("cos", below[1])]

    def entry(b, n, x):
        outputs = [Value(NUMBER), Value(NUMBER)]
        b.append(make_call("g", [n, b.op("exp", x)], outputs))
        return [outputs[k] for k in callee_results] or [b.constant(1.0)]

    params = [Value(INT, "n"), Value(NUMBER, "x")]
    return as_program(block_of(params, entry), block_of([Value(INT, "n"), Value(NUMBER, "x")], inner))


def test_results_and_parameters_of_called_graphs_go():
    program = cleaned(recursive([0]))
    assert [value.hint for value in program.graphs["g"].body.params] == ["n"]
    assert "exp" not in operations(program)
    assert "sin" not in to_text(program)


def test_graphs_that_nobody_calls_any_more_go():
    assert list(cleaned(cleaned(recursive([]))).graphs) == ["f"]


def test_calls_of_graphs_with_effects_stay():
    program = cleaned(cleaned(recursive([], effect=True)))
    assert list(program.graphs) == ["f", "g"]
    assert "call" in operations(program)


def test_both_functions_of_a_program_that_nobody_calls_stay():
    forward = block_of([Value(NUMBER, "x")], lambda b, x: b.op("sin", x))
    pullback = block_of([Value(NUMBER, "x")], lambda b, x: b.op("cos", x))
    assert list(cleaned(as_program(forward, pullback)).graphs) == ["f", "g"]
