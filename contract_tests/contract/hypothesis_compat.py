"""Internals of Hypothesis that the check patches: the collection of constants to draw from.

Hypothesis draws constants from the source of loaded modules outside site-packages. A checkout would
therefore send other requests than an installed package, and an edit of our code would change them.
Hypothesis has no setting for this, so the check relies on

- `providers._get_local_constants()`, which returns the constants of such modules at each draw;
- `providers.CONSTANTS_CACHE.cache`, which stores the constants that can be drawn;
- `Constants()`, an empty collection.

Without them the check continues with a warning (`compat_warnings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from typing import Any

from openapi import installed_version, supported_versions

PROVIDERS_MODULE = "hypothesis.internal.conjecture.providers"
CONSTANTS_MODULE = "hypothesis.internal.constants_ast"


def compat_warnings() -> Iterator[str]:
    """Yield a warning if this version of Hypothesis has other internals."""
    try:
        _internals()
    except (ImportError, AttributeError) as error:
        yield (
            f"hypothesis {installed_version('hypothesis')} has other internals ({error}):"
            " requests depend on the loaded Python modules and not on the seed alone;"
            f" supported is hypothesis {supported_versions('hypothesis')}"
        )


def without_local_constants() -> AbstractContextManager[None]:
    """Return a context in which Hypothesis draws no constants from the source of loaded modules."""
    try:
        providers, none = _internals()
    except (ImportError, AttributeError):
        return nullcontext()
    return _patched_constants(providers, none)


@contextmanager
def _patched_constants(providers: Any, none: Any) -> Iterator[None]:
    before = providers._get_local_constants
    providers._get_local_constants = lambda: none
    # Constants collected before the patch could still be drawn.
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        providers._get_local_constants = before
        providers.CONSTANTS_CACHE.cache.clear()


def _internals() -> tuple[Any, Any]:
    """Return the providers module and an empty collection of constants."""
    providers = import_module(PROVIDERS_MODULE)
    # Access both now, so that a missing one is an AttributeError here and not in the middle of a
    # run.
    _ = providers._get_local_constants, providers.CONSTANTS_CACHE.cache.clear
    return providers, import_module(CONSTANTS_MODULE).Constants()
