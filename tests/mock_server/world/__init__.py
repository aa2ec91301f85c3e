"""Tests of the records of a session."""
