"""The tests of a run: examples, generated requests, workflows, rules."""
