"""Results of a run as plain data: violations, records, the baseline."""
