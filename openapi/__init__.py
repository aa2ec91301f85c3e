"""The contract: a hand-curated OpenAPI 3.0.3 description of the Hypers HTTP API.

`load()` is the one way any code reads it; `sources()` are the files that it is made of. `faults()`
are what is wrong with single operations of a contract that others wrote; `ContractError` says what
is wrong with a whole contract, and where. Nothing else in this package is public.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openapi.bundle import ContractError, load, sources
    from openapi.validity import faults

__all__ = ["ContractError", "faults", "load", "sources"]


def __getattr__(name: str) -> Any:
    """Import what is public when it is asked for.

    The commands begin with `openapi.entry`, which reports a package that is missing, and YAML's
    could be that.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from openapi import bundle, validity  # noqa: PLC0415 - see above

    module = validity if name == "faults" else bundle
    globals()[name] = found = getattr(module, name)
    return found
