"""A run: setup, execution by pytest, distribution to workers, merging, end and cleanup."""
