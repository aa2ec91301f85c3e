"""Violations, records, the baseline."""
