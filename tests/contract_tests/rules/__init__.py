"""The rules, tried on the mock over HTTP; and the probes, tried on servers that break them."""
