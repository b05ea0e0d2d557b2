"""What users call: transformations of functions, one file each."""
