"""Speed of the generated code and of the compiler. `python -m benchmarks` prints every table."""
