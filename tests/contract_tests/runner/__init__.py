"""Runs, workers, merging."""
