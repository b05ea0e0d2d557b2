"""From the user's function to a program: the only part that knows LibCST."""
