"""Loops that carry a list through branches: appending in one branch of their body, or taking from it there.

    for i in range(n):                      a_saved, in -> if c(i): a = exp(x); append(a_saved, a) -> a_saved, out
        if c(i):                                           else: a_saved
            a = exp(x)
            a_saved.append(a)

In:  a block, and for each loop what is to be done with lists that it collects or goes through.   Out: the block.
Not here: for which lists that is right (sink_saves.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gradscribe.ir.control import ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import INT
from gradscribe.ir.walk import map_blocks, substitute
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.table import lookup
from gradscribe.passes.rebuild import loop_view, same_block

NUMBER_TAKEN, NUMBER_LEFT = "taken", "left"


@dataclass(frozen=True)
class Step:
    """Into one branch of an `if`, or into the handler of a `try`; its body is left as it is.

    Attributes:
        flag: for a `try`, what says that its body completed.
    """

    node: Node
    branch: int
    flag: Value | None = None

    @property
    def is_after(self) -> bool:
        """What the body of a `try` leaves is appended after it, where it completed."""
        return self.flag is not None and self.branch == 0


@dataclass(frozen=True)
class Append:
    """The entries of a collected list are appended at the end of a branch.

    Attributes:
        position: of the list among those that the loop collects.
        path: the branches, from outside in.
        exists: what is appended there is never absent.
    """

    position: int
    path: tuple[Step, ...]
    exists: bool


@dataclass(frozen=True)
class Take:
    """The entries of a list are taken at the start of a branch, from its end or from its start.

    Attributes:
        position: of the list among those that the loop goes through.
        path: the branches, from outside in.
        from_the_end: the last one first.
        uses_up: nobody else reads the list, so that entries can be removed from its end.
    """

    position: int
    path: tuple[Step, ...]
    from_the_end: bool
    uses_up: bool


Job = Append | Take


@dataclass(frozen=True, eq=False)
class _Thread:
    """What goes through one block for a job, or for all that count together.

    Attributes:
        path: the branches still to enter.
        last: the innermost branch.
        takes: whether entries are taken.
        carried: the list, or the number of the next entry of `items` (of the last one, for the way back).
        items: lists that entries are taken from by their number; they do not change.
        step: of that number.
        exists: what is appended is never absent.
        values: what is appended, or what the entries that are taken are called, each perhaps in several ways.
    """

    path: tuple[Step, ...]
    last: Step
    takes: bool
    carried: Value
    items: tuple[Value, ...]
    values: tuple[frozenset[Value], ...]
    step: int = 1
    exists: bool = False

    @property
    def given(self) -> tuple[Value, ...]:
        """What it needs in a branch."""
        return (self.carried, *self.items)

    @property
    def taken(self) -> set[Value]:
        """What the entries that it takes are called."""
        return {value for values in self.values for value in values} if self.takes else set()

    def inside(self, node: Node, block: Block, given: Sequence[Value]) -> _Thread:
        """The thread in the branch that its path leads to."""
        inner = (block.params, node.inputs[1:]) if self.takes else (block.results, node.outputs)
        pairs = list(zip(*inner, strict=False))
        values = tuple(frozenset(one for one, outer in pairs if outer in wanted) for wanted in self.values)
        return replace(self, path=self.path[1:], carried=given[0], items=tuple(given[1:]), values=values)


@dataclass(frozen=True)
class _Entry:
    """A thread at its loop: what enters, the thread in the body, what leaves, and lists that are only read."""

    start: Value
    thread: _Thread
    final: Value
    outside: tuple[Value, ...] = ()


def rewrite_loops(block: Block, jobs: Mapping[Node, Sequence[Job]]) -> Block:
    """The block with the jobs done, in loops inside of loops too."""
    rewriter = _Rewriter(dict(jobs))
    made = rewriter.block(block)
    assert not rewriter.jobs, (
        "a list would have entries for some branches only, and readers that do not know it"
    )
    return made


@dataclass
class _Rewriter:
    """Goes through a graph.

    Attributes:
        jobs: what is still to be done, by loop.
    """

    jobs: dict[Node, Sequence[Job]]

    def block(self, block: Block) -> Block:
        """The block with the jobs done."""
        nodes: list[Node] = []
        for node in block.nodes:
            made, wanted = node, self.jobs.pop(node, None)
            if wanted is not None:
                b = OpBuilder(derivative=True, location=node.location)
                made = self.loop(b, node, wanted)
                nodes += b.nodes
            nodes.append(map_blocks(made, self.block))
        return same_block(block, block.params, nodes, block.results)

    def loop(self, b: OpBuilder, node: Node, jobs: Sequence[Job]) -> Node:
        """The loop that carries what its jobs need; what that is before the loop goes to `b`."""
        view = loop_view(node)
        entries = list(_entries(b, view, jobs))
        body, results = self.threaded(view.body, [entry.thread for entry in entries])
        appended = {job.position for job in jobs if isinstance(job, Append)}
        kept = [k for k in range(len(view.collected)) if k not in appended]
        leave = [body.results[-1]] if view.leaves else []
        n = len(view.initial)
        all_results = [*body.results[:n], *results, *(body.results[n + k] for k in kept), *leave]
        outputs = [*view.final, *(entry.final for entry in entries), *(view.collected[k] for k in kept)]
        initial = [*view.initial, *(entry.start for entry in entries)]
        captured = [*view.captured, *(value for entry in entries for value in entry.outside)]
        carried_params = [*view.carried_params, *(entry.thread.carried for entry in entries)]
        items = [value for entry in entries for value in entry.thread.items]
        params = [*carried_params, *view.captured_params, *items]
        if isinstance(view, WhileView):
            return _while(
                node, view, Block(tuple(params), body.nodes, tuple(all_results)), initial, captured, outputs
            )
        taken = {job.position for job in jobs if isinstance(job, Take)}
        read = [k for k in range(len(view.sequences)) if k not in taken]
        params = [view.index, *(view.elements[k] for k in read), *params]
        return ForView.make(
            (view.start, view.stop, view.step),
            Block(tuple(params), body.nodes, tuple(all_results)),
            sequences=[view.sequences[k] for k in read],
            initial=initial,
            captured=captured,
            outputs=[*outputs, *([] if view.trips is None else [view.trips])],
            backwards=view.backwards,
            leaves=view.leaves,
            location=node.location,
            derivative=node.derivative,
        )

    def threaded(self, block: Block, threads: Sequence[_Thread]) -> tuple[Block, list[Value]]:
        """A block with the threads going through it, and what each of them carries on; its parameters stay."""
        nodes: list[Node] = []
        last: list[Node] = []
        mapping: dict[Value, Value] = {}
        after: dict[_Thread, Value] = {}
        for thread in threads:
            if thread.takes and not thread.path:
                after[thread] = _take(nodes, last, thread, mapping)
        for node in block.nodes:
            inside = [thread for thread in threads if thread.path and thread.path[0].node is node]
            made = self.reading(node, mapping)
            tried = [thread for thread in inside if thread.path[0].is_after]
            if len(inside) > len(tried):
                made = self.branch(made, [thread for thread in inside if thread not in tried], after)
            nodes.append(made)
            if tried:
                nodes.append(_append_after(tried, after))
        saving = [thread for thread in threads if not thread.takes and not thread.path]
        saved = {value for thread in saving for values in thread.values for value in values}
        # Together, as soon as all of it is there.
        place = max((k + 1 for k, node in enumerate(nodes) if not saved.isdisjoint(node.outputs)), default=0)
        before, nodes = nodes[:place], nodes[place:]
        for thread in saving:
            after[thread] = _append(before, thread, mapping)
        nodes = [*before, *nodes, *last]
        results = tuple(mapping.get(value, value) for value in block.results)
        return Block(block.params, tuple(nodes), results), [after[thread] for thread in threads]

    def reading(self, node: Node, mapping: Mapping[Value, Value]) -> Node:
        """The node reading other values; what is to be done with it stays to be done."""
        made = substitute(node, mapping)
        if made is not node and node in self.jobs:
            self.jobs[made] = self.jobs.pop(node)
        return made

    def branch(self, node: Node, threads: Sequence[_Thread], after: dict[_Thread, Value]) -> Node:
        """An `if` with the threads going through it; those that take entries bring what was captured of them."""
        view = IfView.of(node)
        gone = {value for thread in threads for value in thread.taken}
        kept = [k for k, value in enumerate(view.captured) if value not in gone]
        given = [value for thread in threads for value in thread.given]
        blocks: list[Block] = []
        for branch, block in enumerate((view.then, view.otherwise)):
            more = [_copy(value) for value in given]
            supply = iter(more)
            own = {thread: [next(supply) for _ in thread.given] for thread in threads}
            inner = {
                thread: thread.inside(node, block, own[thread])
                for thread in threads
                if thread.path[0].branch == branch
            }
            elsewhere = {value for thread in threads if thread not in inner for value in thread.taken}
            body, results = self.threaded(_without_zeros(node, block, elsewhere), list(inner.values()))
            carried = {thread: values[0] for thread, values in own.items()} | dict(
                zip(inner, results, strict=True)
            )
            params = (*(block.params[k] for k in kept), *more)
            blocks.append(
                Block(params, body.nodes, (*body.results, *(carried[thread] for thread in threads)))
            )
        after.update((thread, _copy(thread.carried)) for thread in threads)
        outputs = [*view.outputs, *(after[thread] for thread in threads)]
        captured = [*(view.captured[k] for k in kept), *given]
        then, otherwise = blocks
        return IfView.make(
            view.condition,
            captured,
            then,
            otherwise,
            outputs,
            catches=view.catches,
            location=node.location,
            derivative=node.derivative,
        )


def _while(
    node: Node,
    view: WhileView,
    body: Block,
    initial: Sequence[Value],
    captured: Sequence[Value],
    outputs: Sequence[Value],
) -> Node:
    n = len(view.initial)
    tested, fixed = view.condition.params[:n], view.condition.params[n:]
    more = [_copy(value) for value in body.params[n : len(initial)]]
    condition = Block((*tested, *more, *fixed), view.condition.nodes, view.condition.results)
    return WhileView.make(
        condition,
        body,
        initial=initial,
        captured=captured,
        outputs=[*outputs, view.trips],
        leaves=view.leaves,
        location=node.location,
        derivative=node.derivative,
    )


def _entries(b: OpBuilder, view: ForView | WhileView, jobs: Sequence[Job]) -> Iterator[_Entry]:
    counting: dict[tuple[bool, tuple[Step, ...]], list[int]] = defaultdict(list)
    for job in jobs:
        last = job.path[-1]
        if isinstance(job, Append):
            items = view.collected[job.position]
            start = _copy(items)
            b.append(Node(lookup("list_new"), (), (start,), location=b.location, derivative=True))
            saved = frozenset({view.collected_results[job.position]})
            thread = _Thread(job.path, last, False, _copy(items), (), (saved,), exists=job.exists)
            yield _Entry(start, thread, items)
        elif job.from_the_end and job.uses_up:
            items, entries = _read(view, job.position)
            thread = _Thread(job.path, last, True, _copy(items), (), (entries,))
            yield _Entry(items, thread, _copy(items))
        else:
            counting[job.from_the_end, job.path].append(job.position)
    for (from_the_end, path), positions in counting.items():
        lists, values = zip(*(_read(view, position) for position in positions), strict=True)
        number = Value(INT, NUMBER_LEFT if from_the_end else NUMBER_TAKEN)
        inside = tuple(map(_copy, lists))
        thread = _Thread(path, path[-1], True, number, inside, values, -1 if from_the_end else 1)
        start = b.op("list_length", lists[0]) if from_the_end else b.constant(0)
        yield _Entry(start, thread, _copy(number), lists)


def _read(view: ForView | WhileView, position: int) -> tuple[Value, frozenset[Value]]:
    """A list that a loop goes through, and its entry."""
    assert isinstance(view, ForView)
    return view.sequences[position], frozenset({view.elements[position]})


def is_optional_zero(node: Node) -> bool:
    """A zero for what may be absent."""
    return node.op.name == "zeros_like" and bool(node.attrs.get("optional"))


def _copy(value: Value) -> Value:
    return Value(value.type, value.hint)


def _take(nodes: list[Node], last: list[Node], thread: _Thread, mapping: dict[Value, Value]) -> Value:
    """Take an entry of each list; return the list without it, or the number, which counts up at the end."""
    b = OpBuilder(derivative=True, location=thread.last.node.location)
    entries = [_copy(next(iter(values))) for values in thread.values]
    for entry, values in zip(entries, thread.values, strict=True):
        mapping.update(dict.fromkeys(values, entry))
    if thread.items:
        number = rest = thread.carried
        if thread.step < 0:
            number = rest = b.op("sub", number, b.constant(1))
        for items, entry in zip(thread.items, entries, strict=True):
            b.append(Node(lookup("list_get"), (items, number), (entry,), {}, (), b.location, True))
        if thread.step > 0:
            end = OpBuilder(derivative=True, location=b.location)
            rest = end.op("add", number, end.constant(1))
            last += end.nodes
    else:
        rest = _copy(thread.carried)
        b.append(Node(lookup("list_pop"), (thread.carried,), (rest, *entries), {}, (), b.location, True))
    nodes += b.nodes
    return rest


def _append(nodes: list[Node], thread: _Thread, mapping: Mapping[Value, Value]) -> Value:
    """Append the value that is saved; return the list."""
    ((value,),) = thread.values
    made = next((node for node in reversed(nodes) if value in node.outputs), thread.last.node)
    inputs = (thread.carried, mapping.get(value, value))
    grown = _copy(thread.carried)
    nodes.append(
        Node(
            lookup("list_append"),
            inputs,
            (grown,),
            {"exists": thread.exists},
            location=made.location,
            derivative=True,
        )
    )
    return grown


def _append_after(threads: Sequence[_Thread], after: dict[_Thread, Value]) -> Node:
    """An `if` on the flag of a `try`, which appends what the body or the handler left."""
    step = threads[0].path[0]
    assert step.flag is not None
    saved = [value for thread in threads for values in thread.values for value in values]
    captured = [*(thread.carried for thread in threads), *saved]
    blocks: list[Block] = []
    for branch in range(2):
        params = [_copy(value) for value in captured]
        nodes: list[Node] = []
        results = params[: len(threads)]
        for k, thread in enumerate(threads):
            if thread.path[0].branch == branch:
                value = frozenset({params[len(threads) + k]})
                results[k] = _append(nodes, replace(thread, carried=params[k], values=(value,)), {})
        blocks.append(Block(tuple(params), tuple(nodes), tuple(results)))
    after.update((thread, _copy(thread.carried)) for thread in threads)
    outputs = [after[thread] for thread in threads]
    then, otherwise = blocks
    location = step.node.location
    return IfView.make(step.flag, captured, then, otherwise, outputs, location=location, derivative=True)


def _without_zeros(node: Node, block: Block, gone: Collection[Value]) -> Block:
    """The block where a zero like what is not there is not there either."""
    params = {param for param, value in zip(block.params, node.inputs[1:], strict=True) if value in gone}
    nodes = [
        Node(lookup("absent"), (), inner.outputs, location=inner.location, derivative=True)
        if is_optional_zero(inner) and inner.inputs[0] in params
        else inner
        for inner in block.nodes
    ]
    return same_block(block, block.params, nodes, block.results)
