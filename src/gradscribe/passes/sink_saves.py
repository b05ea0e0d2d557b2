"""What only one branch of a loop saves is appended in that branch, and taken from the list in the reverse branch.

    before:  for i in range(n):                     after:  for i in range(n):
                 if c(i):                                       if c(i):
                     a = exp(x); ...                                a = exp(x); ...
                 else:                                              a_saved.append(a)
                     a = None                               for i in reversed(range(n)):
                 a_saved.append(a)                              if c(i):
             for i, a in zip(reversed(range(n)), ...):              a = a_saved.pop()
                 if c(i):                                           ...
                     ...

A list that a loop collects has an entry for each iteration. Where an `if` of the body supplies the entries in one
branch alone, and every loop over the list reads them only in the same branch of an `if` that is certain to decide
as the first one did (analysis/correspondence.py), entries that do not exist need no place: the list is carried
through both loops, which append and take in the branches. A loop in the opposite direction pops, where the list is
for it alone; others count. Where the decision cannot be recognised, or the reverse loop is in a function of its
own (recursion, the two halves of `vjp`), the list stays as it was.

In:  a program after all other passes.   Out: one whose lists have no entries for branches not taken.
Not here: how loops and branches are rewritten (branch_lists.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradscribe.analysis.correspondence import Correspondence, Origins, Use
from gradscribe.ir.control import FOR, IF, ForView, caught_by
from gradscribe.ir.graph import Graph, Node, Program, Value
from gradscribe.ir.walk import map_graphs, with_body
from gradscribe.ops.build import literals_of
from gradscribe.passes.branch_lists import Append, Job, Step, Take, is_optional_zero, rewrite_loops

# What may give an absent value though it is no branch.
HANDS_ON_ABSENT = frozenset(
    {"absent", "unpack", "identity", "list_get", "list_pop", "list_delete", "zeros_like"}
)

# A cotangent of what is saved in a branch exists in that branch only, once the list of the former has been dealt
# with: a round for each order of the derivative, and the rest stays as it was.
MAX_ROUNDS = 4


def sink_saves(program: Program) -> Program:
    """Append to the lists of saved values, and take from them, inside the branches that have these values."""
    for _ in range(MAX_ROUNDS):
        before, program = program, map_graphs(program, _graph)
        if program is before:
            break
    return program


def _graph(graph: Graph) -> Graph:
    origins = Origins.of(graph.body)
    jobs: dict[Node, list[Job]] = defaultdict(list)
    removed: set[Node] = set()
    # From outside in: where a list of lists needs no entry, nobody asks for zeros like that entry.
    for loop in origins.loops:
        for at, job in _Lists(origins, loop, removed).jobs():
            jobs[at].append(job)
    return with_body(graph, rewrite_loops(graph.body, jobs)) if jobs else graph


@dataclass(frozen=True)
class _Reader:
    """A loop over a list.

    Attributes:
        loop, position: the loop, and which of its lists.
        pairs: it and the loops around it, by the loops that they follow.
    """

    loop: Node
    position: int
    pairs: Mapping[Node, Node]


class _Refused(Exception):
    """A list is used in another way than by loops over it."""


@dataclass
class _Lists:
    """The lists of one loop.

    Attributes:
        removed: zeros like what is not there any more, for which nobody will ask.
    """

    origins: Origins
    loop: Node
    removed: set[Node]

    def jobs(self) -> Iterator[tuple[Node, Job]]:
        """What is to be done, at this loop and at those over its lists."""
        view = self.origins.loops[self.loop]
        for k, collected in enumerate(view.collected):
            saving = self.saving_path(view.collected_results[k])
            try:
                readers = list(self.readers(collected, (self.loop,), {})) if saving else []
            except _Refused:
                continue
            paths = [self.reading_path(saving, reader) for reader in readers]
            depth = min(map(len, paths), default=0)
            if depth == 0:
                continue
            exists = self.exists(view.collected_results[k], saving[:depth])
            yield self.loop, Append(k, tuple(saving[:depth]), exists)
            used_up = len(readers) == 1 and len(readers[0].pairs) == 1
            for reader, path in zip(readers, paths, strict=True):
                turned = _is_backwards(reader.loop) != _is_backwards(self.loop)
                yield reader.loop, Take(reader.position, tuple(path[:depth]), turned, used_up)
                self.note_removed(reader, path[:depth])

    def saving_path(self, value: Value) -> list[Step]:
        """The branches, from outside in, that alone supply a value."""
        path: list[Step] = []
        while (node := self.origins.defined.get(value)) is not None and node.op is IF:
            branch = self.origins.only_branch(node, value)
            if branch is None or (caught_by(node) and _flag(node) is None):
                break
            path.append(Step(node, branch, _flag(node)))
            if path[-1].is_after:
                break
            value = node.blocks[branch].results[node.outputs.index(value)]
        return path

    def exists(self, value: Value, path: Sequence[Step]) -> bool:
        """Whether a value is there wherever the path leads."""
        for step in path:
            value = step.node.blocks[step.branch].results[step.node.outputs.index(value)]
        made = self.origins.defined.get(value)
        return made is not None and not made.blocks and made.op.name not in HANDS_ON_ABSENT

    def readers(
        self, value: Value, collectors: Sequence[Node], pairs: Mapping[Node, Node]
    ) -> Iterator[_Reader]:
        """The loops over a list, also where it is an entry of other lists.

        Args:
            value: the list, or one that holds it.
            collectors: the loop that fills the list, the one that collects such lists, and so on.
            pairs: the loops whose entries are looked at, by the loops that they follow.

        Raises:
            _Refused: it is used in another way.
        """
        for use in self.origins.uses[value]:
            if use.node in self.removed:
                continue
            found = self.yielded(use, collectors, pairs) if use.block else self.read(use, collectors, pairs)
            yield from found

    def yielded(self, use: Use, collectors: Sequence[Node], pairs: Mapping[Node, Node]) -> Iterator[_Reader]:
        """The readers of what leaves a block."""
        owner = use.node
        if owner is None or use.block is None:
            raise _Refused
        if owner.op is IF:
            output = owner.outputs[use.position]
            branch = self.origins.only_branch(owner, output)
            if branch is None or owner.blocks[branch] is not use.block:
                raise _Refused
            return self.readers(output, collectors, pairs)
        view = self.origins.loops[owner]
        place = use.position - len(view.initial)
        if not 0 <= place < len(view.collected) or use.block is not view.body:
            raise _Refused
        return self.readers(view.collected[place], (*collectors, owner), pairs)

    def read(self, use: Use, collectors: Sequence[Node], pairs: Mapping[Node, Node]) -> Iterator[_Reader]:
        """The readers of the input of a node."""
        node = use.node
        assert node is not None
        view = self.origins.loops.get(node)
        if isinstance(view, ForView) and 3 <= use.position < 3 + len(view.sequences):
            if view.leaves:
                raise _Refused
            *inner, collector = collectors
            pairs = {**pairs, node: collector}
            place = use.position - 3
            if not inner:
                return iter([_Reader(node, place, pairs)])
            return self.readers(view.elements[place], inner, pairs)
        # Parameters stand for the last inputs; carried ones are no longer what came in.
        params = [block.params[use.position - len(node.inputs)] for block in node.blocks]
        if not params or any(
            self.origins.captured.get(param) is not node.inputs[use.position] for param in params
        ):
            raise _Refused
        return (reader for param in params for reader in self.readers(param, collectors, pairs))

    def reading_path(self, saving: Sequence[Step], reader: _Reader) -> list[Step]:
        """The branches that alone read the entries of a list, as far as they are those that supplied them."""
        in_step = Correspondence(self.origins, reader.pairs)
        values = self.entries(reader)
        path: list[Step] = []
        for saved in saving:
            node = self.only_reader(values, saved.branch)
            asked = saved.node.inputs[0] if saved.flag is None else saved.flag
            if node is None or not in_step.are_same(node.inputs[0], asked):
                break
            path.append(Step(node, saved.branch))
            values = _params_of(node, saved.branch, values)
        return path

    def entries(self, reader: _Reader) -> set[Value]:
        """What an entry of the list is called in the body of the reader."""
        return {self.origins.loops[reader.loop].body.params[1 + reader.position]}

    def only_reader(self, values: set[Value], branch: int) -> Node | None:
        """The `if` of which one branch alone reads the values; the other may ask for zeros like them."""
        uses = [use for value in values for use in self.origins.uses[value]]
        nodes = {use.node for use in uses}
        node = next(iter(nodes)) if len(nodes) == 1 else None
        if node is None or node.op is not IF or caught_by(node):
            return None
        if any(use.block is not None or use.position == 0 for use in uses):
            return None
        others = self.users(_params_of(node, 1 - branch, values))
        return node if all(other is not None and is_optional_zero(other) for other in others) else None

    def users(self, values: set[Value]) -> list[Node | None]:
        """What uses one of the values; None for the result of a block."""
        uses = [use for value in values for use in self.origins.uses[value]]
        return [None if use.block is not None else use.node for use in uses]

    def note_removed(self, reader: _Reader, path: Sequence[Step]) -> None:
        """Remember the zeros that go with the entries."""
        values = self.entries(reader)
        for step in path:
            others = self.users(_params_of(step.node, 1 - step.branch, values))
            self.removed.update(other for other in others if other is not None)
            values = _params_of(step.node, step.branch, values)


def _params_of(node: Node, branch: int, values: set[Value]) -> set[Value]:
    """The parameters of a branch that stand for captured values."""
    pairs = zip(node.blocks[branch].params, node.inputs[1:], strict=True)
    return {param for param, value in pairs if value in values}


def _is_backwards(loop: Node) -> bool:
    return loop.op is FOR and ForView.of(loop).backwards


def _flag(node: Node) -> Value | None:
    """For a `try`, the output that says that its body completed."""
    if not caught_by(node):
        return None
    literals = [literals_of(block.nodes) for block in node.blocks]
    for k, output in enumerate(node.outputs):
        if [known.get(block.results[k]) for known, block in zip(literals, node.blocks, strict=True)] == [
            True,
            False,
        ]:
            return output
    return None
