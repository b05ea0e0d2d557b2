"""The few NumPy-only functions that generated code may call."""
