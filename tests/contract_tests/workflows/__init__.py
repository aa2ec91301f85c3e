"""Chains of operations and the model of what they made."""
