"""From a program to Python source: scheduling, naming, printing."""
