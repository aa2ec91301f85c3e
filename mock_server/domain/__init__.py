"""Business logic: records, state machines, rules; pure functions of (record, now, seed)."""
