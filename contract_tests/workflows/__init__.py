"""Chains of operations: what links lead to, and a shadow of what was written on the way."""
