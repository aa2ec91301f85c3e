"""Servers that behave as real ones do, each in one way, and what the check has to say of them."""
