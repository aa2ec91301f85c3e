"""The contract: a hand-curated OpenAPI 3.0.3 description of the Hypers HTTP API.

`load()` is the one way any code reads it. Nothing else in this package is public but
`ContractError`, which says what is wrong with a contract and where.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openapi.bundle import ContractError, load

__all__ = ["ContractError", "load"]


def __getattr__(name: str) -> Any:
    """Import what is public when it is asked for.

    The commands begin with `openapi.entry`, which reports a package that is missing, and YAML's
    could be that.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from openapi import bundle  # noqa: PLC0415 - see above

    globals()[name] = found = getattr(bundle, name)
    return found
