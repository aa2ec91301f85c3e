"""The mock, over real HTTP."""
