"""The platform behind the contract: a small model of it, held against the mock at every step."""
