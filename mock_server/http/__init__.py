"""HTTP parsing and validation: requests in, responses out, no domain logic."""
