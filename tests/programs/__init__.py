"""Random programs, planted faults, growth and the silent wrong answers of other systems."""
