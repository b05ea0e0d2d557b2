"""The language of the compiler: types, graphs, and what can be asked of them."""
