"""Random programs made of the fragments that numerical people write: `generate.generate_broad`."""
