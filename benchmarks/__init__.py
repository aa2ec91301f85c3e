"""Benchmarks of the mock beside other servers: `make bench`; a soak test: `make soak`."""
