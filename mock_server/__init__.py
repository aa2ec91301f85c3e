"""The mock: the contract, alive."""
