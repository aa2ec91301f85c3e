"""Tests of records, state machines and rules."""
