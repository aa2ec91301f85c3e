"""The mock."""
