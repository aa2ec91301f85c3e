"""What the API means: records, state machines, rules. Pure functions of (record, now, seed)."""
