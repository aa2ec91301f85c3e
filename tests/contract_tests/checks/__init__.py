"""Checks of requests and responses."""
