"""Records, state machines, rules."""
