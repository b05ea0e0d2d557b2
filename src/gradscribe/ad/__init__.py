"""Differentiation: program to program, in one language, so that higher order is applying it again."""
