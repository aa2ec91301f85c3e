"""The mock: a stateful server of the contract."""
