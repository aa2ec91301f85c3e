"""The contract: a hand-curated OpenAPI 3.0.3 description of the Hypers HTTP API.

`load()` is the one way any code reads it. Nothing else in this package is public but
`ContractError`, which says what is wrong with a contract and where.
"""

from openapi.bundle import ContractError, load

__all__ = ["ContractError", "load"]
