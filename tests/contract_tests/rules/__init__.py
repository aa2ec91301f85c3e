"""The rules tried on the mock, and the probes tried on servers that break them."""
