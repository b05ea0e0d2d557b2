"""Which writes happen in place, and where a copy is needed: one pass over an opened block.

A write is in place iff this function owns the memory and nobody uses its old content afterwards. Modular in
loops: a slot of a loop whose value is written in the body is *exclusive*: it enters the loop owned and unshared
(copied at the entry otherwise) and leaves each iteration so. Memory from outside a loop that does not come in
through an exclusive slot is never written inside, because the next iteration would meet the change.

In:  an opened block, owned parameters, what calls share.   Out: `Decisions`, or `Fixes` to make first.
Not here: carrying decisions out (schedule.py), which nodes write (writes.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.codegen.decisions import CallSummary, Decisions, Fixes
from gradscribe.codegen.flow import PUTS_IN
from gradscribe.codegen.frames import Frame
from gradscribe.codegen.marks import Marks
from gradscribe.codegen.memory import NOTHING, Memory, Piece, Pieces, Region, fresh_region
from gradscribe.codegen.uses import NEVER, Uses
from gradscribe.codegen.write_backs import write_backs
from gradscribe.codegen.writes import accumulates, aliasing_of, is_mutable, stores, writes_inside
from gradscribe.ir.control import CALL, FOR, IF, WHILE, Caught, caught_by
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import ArrayType, ResidualsType, SequenceType
from gradscribe.ops.spec import Aliasing


class StoragePass:
    """One pass; see the module.

    Attributes:
        depth: number of loops around the current place.
    """

    def __init__(
        self,
        body: Block,
        donated: frozenset[int],
        summaries: Mapping[str, CallSummary],
        shared_slots: set[Value],
        *,
        fixing: bool,
    ) -> None:
        self.fixing = fixing
        self.body = body
        self.summaries = summaries
        self.shared_slots = shared_slots
        self.uses = Uses(body)
        self.marks = Marks(body, summaries)
        self.memory = Memory()
        self.decisions = Decisions()
        self.fixes = Fixes()
        self.frames: list[Frame] = []
        self.depth = 0
        self.stored_by: dict[Piece, list[Value]] = {}
        self.view_bases: dict[Value, Node] = {}
        self.through: set[Value] = set()
        self.param_pieces: dict[Piece, int] = {}
        for position, param in enumerate(body.params):
            region = fresh_region(param, 0, owned=position in donated)
            self.memory.set(param, region)
            if position not in donated:
                self.param_pieces.update(dict.fromkeys(region.all, position))
        self._block(body, is_loop=False)

    def _block(
        self, block: Block, *, is_loop: bool, handler: Block | None = None, catches: Caught = ()
    ) -> None:
        frame = Frame(block, is_loop, write_backs(block, self.uses), handler, catches)
        self.frames.append(frame)
        self.depth += is_loop
        for place, node in enumerate(block.nodes):
            frame.place = place
            self._node(node)
        frame.place = len(block.nodes)
        self.frames.pop()
        self.depth -= is_loop

    def _node(self, node: Node) -> None:
        if node.op is IF:
            self._branch(node)
        elif node.op is FOR:
            n = node.attrs["carried"]
            assert isinstance(n, int)
            self._loop(node, len(node.inputs) - n, node.blocks[0])
        elif node.op is WHILE:
            self._loop(node, 0, node.blocks[1])
        elif node.op is CALL:
            self._call(node)
        else:
            if self._write(node):
                return
            if aliasing_of(node) in (Aliasing.VIEW, Aliasing.MAYBE_VIEW):
                self.view_bases.update(dict.fromkeys(node.outputs, node))
            self.memory.place_outputs(node, self.depth)

    # Writes.

    def _write(self, node: Node) -> bool:
        """Decide about a write and place its outputs; False leaves it as an ordinary operation."""
        if stores(node):
            target = node.inputs[0]
            if self._is_stored_back(node):
                self._store_back(node)
                return True
            if self._may_write(node, 0, target):
                self._note_through(target, node.outputs[0])
            else:
                self.decisions.copied_inputs.add((node, 0))
                if writes_inside(node):
                    self.decisions.nested.add((node, 0))
            self._place_written(node, target)
            return True
        for position in accumulates(node):
            target = node.inputs[position]
            if self.marks.is_accumulator(target) and self._may_write(node, position, target, fixing=False):
                self._place_written(node, target)
                return True
        return False

    def _place_written(self, node: Node, target: Value) -> None:
        first = node.outputs[0]
        self.decisions.in_place[first] = target
        region = fresh_region(first, self.depth, inside=writes_inside(node))
        if isinstance(first.type, SequenceType) and not writes_inside(node):
            entries = self.memory.of(target).entries
            if node.op.name in PUTS_IN:
                added = node.inputs[-1]
                entries = self.memory.held([added], entries, self.depth)
                for piece in self.memory.of(added).all:
                    self.stored_by.setdefault(piece, []).append(first)
            region = Region(region.own, entries)
        for output in node.outputs[1:]:
            self.memory.set(output, self.memory.element_of(target, output))
        self.memory.set(first, region)

    def _may_write(
        self, node: Node, position: int, target: Value, *, fixing: bool = True, inside: bool = False
    ) -> bool:
        region = self.memory.of(target)
        inside = inside or writes_inside(node)
        own = region.all if inside else region.own
        if not own or not all(piece.owned and piece.depth >= self.depth for piece in own):
            return False
        if node.attrs.get("repeats") and any(
            self.memory.of(value).own & own for k, value in enumerate(node.inputs) if k != position
        ):
            return False
        blocking = self._used_later(own, self._back_of(target))
        return self._fix(blocking, own, inside) if fixing else not blocking

    def _used_later(self, pieces: Pieces, excused: Value | None) -> list[Value]:
        """Values holding one of the pieces that are used after the current node."""
        holders = {value: None for piece in pieces for value in self.memory.holders.get(piece, ())}
        return [value for value in holders if value is not excused and self._is_used_later(value)]

    # Views that are stored back (see write_backs.py).

    def _back_of(self, target: Value) -> Value | None:
        """The array of which `target` is a view, if nobody uses it before the view is stored back, nor later."""
        frame = self.frames[-1]
        back = frame.backs.get(target)
        if back is None or back.free_after > frame.place:
            return None
        last = self.uses.anything[frame.block].get(back.base, NEVER)
        is_last = last < len(frame.block.nodes) and frame.block.nodes[last].outputs[:1] == (back.result,)
        beyond = not frame.is_loop and any(
            self.uses.anything[outer.block].get(back.base, NEVER) > outer.place for outer in self.frames[:-1]
        )
        return back.base if is_last and not beyond else None

    def _note_through(self, before: Value, after: Value) -> None:
        """Remember that a version of a view was written in its array."""
        is_view = before in self.view_bases and self._back_of(before) is not None
        if is_view or before in self.through:
            self.through.add(after)

    def _is_stored_back(self, node: Node) -> bool:
        if node.op.name != "set_item":
            return False
        back = self.frames[-1].backs.get(node.inputs[1])
        return back is not None and back.result is node.outputs[0] and node.inputs[1] in self.through

    def _store_back(self, node: Node) -> None:
        self.decisions.in_place[node.outputs[0]] = node.inputs[0]
        self.decisions.elided.add(node.outputs[0])
        # From now on the view and the array share their memory under the name of the view's piece.
        self.memory.set(node.outputs[0], self.memory.of(node.inputs[1]))

    def _is_used_later(self, value: Value) -> bool:
        uses = self.uses.content
        for frame in reversed(self.frames):
            if uses[frame.block].get(value, NEVER) > frame.place:
                return True
            if frame.is_seen_by_handler(value, self.uses):
                return True
            if frame.is_loop:
                return False
            # A use of only the shape can be turned to the new version in the block of the write, not further out.
            uses = self.uses.anything
        return False

    def _fix(self, values: Sequence[Value], pieces: Pieces, inside: bool = False) -> bool:
        """Ask for copies of what is saved, if all who use the old content are saved lists or views."""
        fixes = Fixes()
        is_enough = self.fixing and all(self._copy_saved(value, pieces, fixes) for value in values)
        if is_enough:
            self.fixes.views |= fixes.views
            self.fixes.appends |= fixes.appends
            self.fixes.nested |= fixes.appends if inside else set()
        return is_enough or not values

    def _copy_saved(self, value: Value, pieces: Pieces, fixes: Fixes) -> bool:
        """Have one of them hold a copy; residuals of a call are one value, of which there are no copies."""
        if isinstance(value.type, SequenceType) and not _holds_residuals(value):
            region = self.memory.of(value)
            stored = {store for piece in pieces & region.entries for store in self.stored_by.get(piece, ())}
            appends = {store for store in stored if not _holds_residuals(store)}
            fixes.appends |= appends
            return bool(appends) and not pieces & region.own
        if value in self.view_bases and self._only_derivatives_follow(value):
            fixes.views.add(value)
            return True
        return False

    def _only_derivatives_follow(self, value: Value) -> bool:
        """Whether all uses of a view after the current node are in derivative statements."""
        frame = self.frames[-1]
        later = frame.block.nodes[frame.place + 1 :]
        if any(
            (value in node.inputs or self.uses.inside(node, value)) and not node.derivative for node in later
        ):
            return False
        if value in frame.block.results and not self._leaves_to_derivatives(value):
            return False
        outer = self.frames[:-1] if not frame.is_loop else []
        return not any(self.uses.anything[other.block].get(value, NEVER) > other.place for other in outer)

    def _leaves_to_derivatives(self, value: Value) -> bool:
        """Whether a result of the current branch, and of those around it, ends in derivative statements."""
        leaving = {value}
        for inner, outer in zip(reversed(self.frames), reversed(self.frames[:-1]), strict=False):
            if inner.is_loop:
                return False
            owner = outer.block.nodes[outer.place]
            pairs = zip(owner.outputs, inner.block.results, strict=True)
            leaving = {output for output, result in pairs if result in leaving}
            later = outer.block.nodes[outer.place + 1 :]
            if any(not node.derivative and not leaving.isdisjoint(node.inputs) for node in later):
                return False
            if any(self.uses.inside(node, output) for node in later for output in leaving):
                return False
            if leaving.isdisjoint(outer.block.results):
                return True
        return False

    # Control flow.

    def _branch(self, node: Node) -> None:
        then, otherwise = node.blocks
        catches = caught_by(node)
        self._block(then, is_loop=False, handler=otherwise if catches else None, catches=catches)
        self._block(otherwise, is_loop=False)
        for output, a, b in zip(node.outputs, then.results, otherwise.results, strict=True):
            self.memory.set(output, self.memory.of(a) | self.memory.of(b))

    def _call(self, node: Node) -> None:
        summary = self.summaries[str(node.attrs["graph"])]
        for position in sorted(summary.donated):
            target = node.inputs[position]
            if is_mutable(target.type) and not self._may_hand_over(node, position):
                self.decisions.copied_inputs.add((node, position))
        regions = [fresh_region(output, self.depth) for output in node.outputs]
        for k, output in enumerate(node.outputs):
            for position in summary.params[k]:
                regions[k] |= _as_region(output, self.memory.of(node.inputs[position]).all)
        for i, j in summary.shared:
            common = frozenset({Piece(self.depth, owned=True)})
            regions[i] |= _as_region(node.outputs[i], common)
            regions[j] |= _as_region(node.outputs[j], common)
        for output, region in zip(node.outputs, regions, strict=True):
            self.memory.set(output, region)

    def _may_hand_over(self, node: Node, position: int, inside: bool = False) -> bool:
        """Whether an input of a call or loop may be given away: nobody else uses it, not even the node itself."""
        target = node.inputs[position]
        if not self._may_write(node, position, target, fixing=False, inside=inside):
            return False
        own = self.memory.of(target).all if inside else self.memory.of(target).own
        others = [value for k, value in enumerate(node.inputs) if k != position]
        readers = {
            value for piece in own for value in self.memory.holders[piece] if self.uses.inside(node, value)
        }
        return not readers and not any(self.memory.of(value).all & own for value in others)

    def _loop(self, node: Node, first: int, body: Block) -> None:
        """`first` is the position of the first carried input."""
        carried = len(node.inputs) - first
        fixed = len(body.params) - carried
        params = body.params[fixed:]
        exclusive = [self._is_exclusive(node, first + k, param) for k, param in enumerate(params)]
        inner = self.depth + 1
        for k, param in enumerate(body.params[:fixed]):
            source = node.inputs[2 + k] if k else None
            region = fresh_region(param, inner, owned=False)
            if source is not None:
                region |= self.memory.element_of(source, param)
            self.memory.set(param, region)
        if len(node.blocks) == 2:
            for param in params:
                self.memory.set(param, fresh_region(param, inner, owned=False))
            self._block(node.blocks[0], is_loop=True)
        for param, own in zip(params, exclusive, strict=True):
            self.memory.set(
                param,
                fresh_region(
                    param, inner, owned=own, inside=own and self.marks.is_written_inside(param, body)
                ),
            )
        self._block(body, is_loop=True)
        self._end_of_iteration(body, params, exclusive, inner)
        self._after_loop(node, first, body, params, exclusive)

    def _is_exclusive(self, node: Node, position: int, param: Value) -> bool:
        if not is_mutable(param.type) or param in self.shared_slots:
            return False
        if not self.marks.is_written(param):
            return False
        inside = self.marks.is_written_inside(param, node.blocks[-1])
        if self._may_hand_over(node, position, inside):
            return True
        if not self.marks.must_be_written(param):
            return False
        self.decisions.copied_inputs.add((node, position))
        if inside:
            self.decisions.nested.add((node, position))
        return True

    def _end_of_iteration(
        self, body: Block, params: Sequence[Value], exclusive: Sequence[bool], inner: int
    ) -> None:
        """An exclusive slot must end each iteration with memory that nothing else carries on."""
        results = body.results[: len(params)]
        for k, (param, own) in enumerate(zip(params, exclusive, strict=True)):
            if not own or (body, k) in self.decisions.copied_results:
                continue
            region, inside = self.memory.of(results[k]), self.marks.is_written_inside(param, body)
            pieces = region.all if inside else region.own
            is_own = all(piece.owned and piece.depth >= inner for piece in pieces)
            sharing = [
                results[j]
                for j in range(len(params))
                if j != k and (body, j) not in self.decisions.copied_results
                if self.memory.of(results[j]).all & pieces
            ]
            if is_own and self._fix(sharing, pieces, inside):
                continue
            if self.marks.must_be_written(param):
                self.decisions.copied_results.add((body, k))
                if inside:
                    self.decisions.nested.add((body, k))
            else:
                self.fixes.shared_slots.add(param)

    def _after_loop(
        self, node: Node, first: int, body: Block, params: Sequence[Value], exclusive: Sequence[bool]
    ) -> None:
        """Place the outputs: what entered, or what the last iteration left, seen from outside."""
        n = len(params)
        regions: list[Region] = []
        for k in range(n):
            before = self.memory.of(node.inputs[first + k])
            after = self.memory.of(body.results[k])
            if exclusive[k] or (body, k) in self.decisions.copied_results:
                inside = self.marks.is_written_inside(params[k], body)
                fresh = fresh_region(params[k], self.depth + 1, inside=inside)
                regions.append(fresh if inside else Region(fresh.own, before.entries | after.entries))
            else:
                regions.append(before | after)
        starts = [self.memory.of(param) for param in params]
        closed = _close(regions, starts)
        outward: dict[Piece, Piece] = {}
        for k, output in enumerate(node.outputs):
            if exclusive[k] and (node, first + k) not in self.decisions.copied_inputs:
                self._note_through(node.inputs[first + k], output)
        for output, region in zip(node.outputs, closed, strict=True):
            own = frozenset(self._outside(piece, outward) for piece in region.own)
            entries = frozenset(self._outside(piece, outward) for piece in region.entries)
            self.memory.set(output, Region(own, entries))

    def _outside(self, piece: Piece, outward: dict[Piece, Piece]) -> Piece:
        """The piece as those after the loop see it."""
        if piece.depth <= self.depth:
            return piece
        if piece not in outward:
            outward[piece] = Piece(self.depth, piece.owned)
            if piece in self.stored_by:
                self.stored_by[outward[piece]] = self.stored_by[piece]
        return outward[piece]


def _holds_residuals(value: Value) -> bool:
    return isinstance(value.type, SequenceType) and isinstance(value.type.element, ResidualsType)


def _as_region(value: Value, pieces: Pieces) -> Region:
    match value.type:
        case ArrayType():
            return Region(pieces)
        case SequenceType():
            return Region(pieces, pieces)
        case _:
            return Region(NOTHING, pieces)


def _close(regions: list[Region], starts: Sequence[Region]) -> list[Region]:
    """Replace what slots held at the start of an iteration by all that they may have held.

    Args:
        regions: what each slot may hold after the loop, in terms of what slots held before an iteration.
        starts: those regions, of the parameters.
    """
    own_of = {piece: k for k, start in enumerate(starts) for piece in start.own if not piece.owned}
    entries_of = {piece: k for k, start in enumerate(starts) for piece in start.entries}

    def grown(pieces: Pieces) -> Pieces:
        found = pieces
        for piece in pieces:
            if piece in own_of:
                found |= regions[own_of[piece]].own
            if piece in entries_of:
                found |= regions[entries_of[piece]].entries
        return found

    changed = True
    while changed:
        changed = False
        for k, region in enumerate(regions):
            larger = Region(grown(region.own), grown(region.entries))
            if larger != region:
                regions[k], changed = larger, True
    inside = own_of.keys() | entries_of.keys()
    return [Region(region.own - inside, region.entries - inside) for region in regions]
