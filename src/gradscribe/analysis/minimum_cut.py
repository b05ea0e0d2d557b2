"""The cheapest set of edges that separates two vertices of a network.

In:  edges with capacities.   Out: the vertices on the side of the sink, as few as a minimum cut allows.
Not here: what the edges stand for (recomputation.py).
References: E. A. Dinic, Algorithm for solution of a problem of maximum flow in networks with power estimation,
Soviet Math. Dokl. 11 (1970).
"""

from __future__ import annotations

from collections import deque

UNLIMITED = 1 << 60


class Network:
    """A directed network. Edge e and its reverse, which flow opens, are neighbours: e and e ^ 1."""

    def __init__(self) -> None:
        self._edges: list[list[int]] = []
        self._ends: list[int] = []
        self._room: list[int] = []

    def vertex(self) -> int:
        """A new vertex."""
        self._edges.append([])
        return len(self._edges) - 1

    def connect(self, start: int, end: int, capacity: int) -> None:
        """An edge from `start` to `end`."""
        for vertex, other, room in ((start, end, capacity), (end, start, 0)):
            self._edges[vertex].append(len(self._ends))
            self._ends.append(other)
            self._room.append(room)

    def sink_side(self, source: int, sink: int) -> frozenset[int]:
        """Saturate the network; what can still reach the sink is its side of a minimum cut."""
        while (levels := self._levels(source)) and levels[sink] >= 0:
            self._saturate(source, sink, levels)
        found = {sink}
        waiting = [sink]
        while waiting:
            for edge in self._edges[waiting.pop()]:
                vertex = self._ends[edge]
                if self._room[edge ^ 1] and vertex not in found:
                    found.add(vertex)
                    waiting.append(vertex)
        return frozenset(found)

    def _levels(self, source: int) -> list[int]:
        """Distances from the source along edges with room; -1 where there is no way."""
        levels = [-1] * len(self._edges)
        levels[source] = 0
        waiting = deque([source])
        while waiting:
            vertex = waiting.popleft()
            for edge in self._edges[vertex]:
                end = self._ends[edge]
                if self._room[edge] and levels[end] < 0:
                    levels[end] = levels[vertex] + 1
                    waiting.append(end)
        return levels

    def _saturate(self, source: int, sink: int, levels: list[int]) -> None:
        """Push flow along shortest ways until none is left."""
        tried = [0] * len(self._edges)
        way: list[int] = []
        vertex = source
        while True:
            if vertex == sink:
                pushed = min(self._room[edge] for edge in way)
                for edge in way:
                    self._room[edge] -= pushed
                    self._room[edge ^ 1] += pushed
                way.clear()
                vertex = source
            edges = self._edges[vertex]
            while tried[vertex] < len(edges):
                edge = edges[tried[vertex]]
                if self._room[edge] and levels[self._ends[edge]] == levels[vertex] + 1:
                    break
                tried[vertex] += 1
            else:
                if not way:
                    return
                # A dead end: the edge that led here is not tried again.
                vertex = self._ends[way.pop() ^ 1]
                tried[vertex] += 1
                continue
            way.append(edge)
            vertex = self._ends[edge]
