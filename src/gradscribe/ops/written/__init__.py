"""NumPy functions in Python, for calls that no rule of an entry covers; they are lowered as user code is."""
