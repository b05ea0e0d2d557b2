"""Facts about graphs, computed when asked and never kept beyond the graph they describe."""
