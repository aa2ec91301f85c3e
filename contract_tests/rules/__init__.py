"""Probes: for every rule of `rules.yaml` a request that keeps it and one that breaks it.

One module a tag holds the probes of its rules; `ids.py`, `paging.py` and `sorting.py` hold those of
rules that several tags share. `registry.py` collects them by rule id, `probe_context.py` runs one
against a server and says what came of it. Probes make their own data and use nothing but the
contract, HTTP and the server's address.
"""
