"""Tests of sessions and their worlds."""
