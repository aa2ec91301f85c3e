"""Errors about third-party packages that lack an internal that this project relies on.

Undocumented parts of a package are used only in its `*_compat.py`, which imports them within
`reporting_missing_internals`. Like `command_runner.py`, this module imports little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

PROJECT = "hypers-contract"
REQUIREMENT_PATTERN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([<>=!~][^;]*)")
"""A requirement of the installed project: name, optional extras, versions."""


class UnsupportedPackageError(Exception):
    """A third-party package lacks an internal that this project relies on.

    The message names the package, its installed version, the missing internal and the supported
    range.
    """


def unsupported_package_error(package: str, reason: str, *others: str) -> UnsupportedPackageError:
    """Return the error for a distribution; `reason` says what is missing.

    `others` are its dependencies that may be the cause.
    """
    names = (package, *others)
    found = " with ".join(f"{name} {installed_version(name)}" for name in names)
    ranges = ", ".join(f"{name} {wanted}" for name in names if (wanted := supported_versions(name)))
    advice = f"; supported is {ranges}" if ranges else ""
    return UnsupportedPackageError(f"{found} cannot be used: {reason}{advice}")


@contextmanager
def reporting_missing_internals(package: str) -> Iterator[None]:
    """Raise UnsupportedPackageError for a missing import or attribute of the package.

    If the package is not installed at all, the ModuleNotFoundError is passed on.
    """
    module = package.replace("-", "_")
    try:
        yield
    except ImportError as error:
        name = error.name or module
        # A missing submodule means another version; a missing package was never installed.
        if isinstance(error, ModuleNotFoundError) and "." not in name:
            raise
        # The import may fail inside a dependency, whose version is then as relevant.
        other = name.partition(".")[0].replace("_", "-")
        others = (other,) if other != package else ()
        raise unsupported_package_error(package, str(error), *others) from error
    except AttributeError as error:
        raise unsupported_package_error(package, str(error)) from error


def require_members(package: str, owner: type, names: Iterable[str]) -> None:
    """Raise UnsupportedPackageError unless the class has these members.

    Attributes that its own methods set or read count as well, so that no instance is needed.
    """
    found = set(dir(owner))
    for member in vars(owner).values():
        # `co_names` has the names of attributes in the bytecode, including those that are set.
        function = getattr(member, "__func__", member)
        found.update(getattr(getattr(function, "__code__", None), "co_names", ()))
    if lacking := [name for name in names if name not in found]:
        raise unsupported_package_error(package, f"{owner.__name__} has no {', '.join(lacking)}")


def installed_version(package: str) -> str:
    """Return the installed version of a distribution, or `(of unknown version)`."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow to import

    try:
        return version(package)
    except PackageNotFoundError:
        return "(of unknown version)"


def supported_versions(package: str) -> str:
    """Return the version range that this project requires of a distribution.

    Empty if it requires none, or if the project runs without being installed.
    """
    from importlib.metadata import PackageNotFoundError, requires  # noqa: PLC0415 - likewise

    try:
        declared = requires(PROJECT) or []
    except PackageNotFoundError:
        return ""
    for text in declared:
        found = REQUIREMENT_PATTERN.match(text)
        if found and found[1].lower().replace("_", "-") == package.lower():
            # In reverse order, `>=` comes before `<`.
            return ",".join(sorted(found[2].replace(" ", "").split(","), reverse=True))
    return ""
