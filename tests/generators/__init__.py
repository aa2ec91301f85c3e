"""Clients that public generators make from the contract: compiled, and run against the mock."""
