"""Programs over NumPy, 3 to 15 lines each, every one about other functions and keywords."""
