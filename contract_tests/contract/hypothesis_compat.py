"""Internals of Hypothesis that the check relies on: where it collects constants to draw.

Hypothesis draws constants out of the source of modules that are loaded, those of site-packages
excepted. So a checkout would send other requests than what is installed from it, and an edit of
ours would change them. There is no setting for this; relied upon are

- `providers._get_local_constants()`, which it asks at each draw for the constants of such modules;
- `providers.CONSTANTS_CACHE.cache`, which keeps those that a draw may take;
- `Constants()`, which has none.

Without them a check goes on and says what is lost (`compat_warnings`).
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
    """Yield what a check has to do without, with this version of Hypothesis; one line."""
    try:
        _internals()
    except (ImportError, AttributeError) as error:
        yield (
            f"hypothesis {installed_version('hypothesis')} has other internals ({error}):"
            " what is sent depends on the Python modules that are loaded, not on the seed alone;"
            f" supported is hypothesis {supported_versions('hypothesis')}"
        )


def without_local_constants() -> AbstractContextManager[None]:
    """Keep Hypothesis from drawing constants out of the source of modules that are loaded."""
    try:
        providers, none = _internals()
    except (ImportError, AttributeError):
        return nullcontext()
    return _patched_constants(providers, none)


@contextmanager
def _patched_constants(providers: Any, none: Any) -> Iterator[None]:
    before = providers._get_local_constants
    providers._get_local_constants = lambda: none
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        providers._get_local_constants = before
        providers.CONSTANTS_CACHE.cache.clear()


def _internals() -> tuple[Any, Any]:
    """Return the module of the constants, and none of them."""
    providers = import_module(PROVIDERS_MODULE)
    _ = providers._get_local_constants, providers.CONSTANTS_CACHE.cache.clear
    return providers, import_module(CONSTANTS_MODULE).Constants()
