"""The contract as the check reads it."""
