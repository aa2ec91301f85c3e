"""The check of any server against the contract; it only needs the contract and a target URL."""
