"""Checks of requests and answers."""
