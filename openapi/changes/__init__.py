"""Change control: what changed in the contract, which readers it breaks, which version fits.

`python -m openapi.changes` compares the contract of the working tree with the released one, or with
that of a git ref. A contract has two kinds of readers: clients, which send requests and read
responses, and servers, which implement it.
"""
