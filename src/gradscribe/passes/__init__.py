"""Rewriting: graph to graph, one file a pass."""
