"""Programs that keep the documentation true. Not part of the package."""
