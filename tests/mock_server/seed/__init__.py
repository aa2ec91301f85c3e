"""Tests of the initial data."""
