"""Programs that change what they hold: arrays through every name and view of them, lists and dicts."""
