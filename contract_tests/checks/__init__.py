"""Checks of single requests and responses, and of the completeness of a run."""
