"""Source-transforming differentiation of NumPy functions."""
