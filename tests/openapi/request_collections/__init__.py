"""Tests of the collections of requests for API desks."""
