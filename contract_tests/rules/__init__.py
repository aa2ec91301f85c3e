"""Probes: for every rule of `rules.yaml` a request that keeps it and one that breaks it.

Each module holds the probes for the rules of one tag; `ids.py`, `paging.py` and `sorting.py` hold
those shared by several tags. `probe_registry.py` collects them by rule id, and `probe_context.py`
runs one against a server and returns its outcome. Probes create their own data and depend only on
the contract, HTTP and the server's URL.
"""
