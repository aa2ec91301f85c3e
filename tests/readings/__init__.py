"""Mocks with combinations of readings, and what `hypers-check` observes of them."""
