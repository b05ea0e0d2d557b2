"""The compiler as a whole: the pipeline, dispatch by types, caches."""
