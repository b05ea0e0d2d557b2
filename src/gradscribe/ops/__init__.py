"""The table of operations: the only place that knows mathematics."""
