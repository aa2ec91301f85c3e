"""Errors about third-party packages whose internals are not those that this project relies on.

Each package of which more is used than it documents has one `*_compat.py`, which takes what it
needs within `reporting_missing_internals` and is the only module that does. Imports little, as
`command_runner.py` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

PROJECT = "hypers-contract"
REQUIREMENT_PATTERN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([<>=!~][^;]*)")
"""A requirement of the installed project: name, perhaps extras, versions."""


class UnsupportedPackageError(Exception):
    """A third-party package lacks an internal that this project relies on.

    The message names the package, its installed version, what it lacks and the supported range.
    """


def unsupported_package_error(package: str, reason: str, *others: str) -> UnsupportedPackageError:
    """Return the error for a distribution that lacks something, as `reason` says.

    `others` are distributions that may be the cause, because this one uses them.
    """
    names = (package, *others)
    found = " with ".join(f"{name} {installed_version(name)}" for name in names)
    ranges = ", ".join(f"{name} {wanted}" for name in names if (wanted := supported_versions(name)))
    advice = f"; supported is {ranges}" if ranges else ""
    return UnsupportedPackageError(f"{found} cannot be used: {reason}{advice}")


@contextmanager
def reporting_missing_internals(package: str) -> Iterator[None]:
    """Raise UnsupportedPackageError for a missing import or attribute of the package.

    A package that is not installed at all stays a ModuleNotFoundError.
    """
    module = package.replace("-", "_")
    try:
        yield
    except ImportError as error:
        name = error.name or module
        if isinstance(error, ModuleNotFoundError) and "." not in name:
            raise
        other = name.partition(".")[0].replace("_", "-")
        others = (other,) if other != package else ()
        raise unsupported_package_error(package, str(error), *others) from error
    except AttributeError as error:
        raise unsupported_package_error(package, str(error)) from error


def require_members(package: str, owner: type, names: Iterable[str]) -> None:
    """Raise UnsupportedPackageError unless a class, or what its methods mention, has these names.

    So an attribute counts that is set by a method, without an instance being made.
    """
    found = set(dir(owner))
    for member in vars(owner).values():
        function = getattr(member, "__func__", member)
        found.update(getattr(getattr(function, "__code__", None), "co_names", ()))
    if lacking := [name for name in names if name not in found]:
        raise unsupported_package_error(package, f"{owner.__name__} has no {', '.join(lacking)}")


def installed_version(package: str) -> str:
    """Return the installed version of a distribution, or that there is none."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow to import

    try:
        return version(package)
    except PackageNotFoundError:
        return "(of unknown version)"


def supported_versions(package: str) -> str:
    """Return the range of a distribution that this project declares; empty if it is not known.

    Code that is run without being installed declares none.
    """
    from importlib.metadata import PackageNotFoundError, requires  # noqa: PLC0415 - likewise

    try:
        declared = requires(PROJECT) or []
    except PackageNotFoundError:
        return ""
    for text in declared:
        found = REQUIREMENT_PATTERN.match(text)
        if found and found[1].lower().replace("_", "-") == package.lower():
            return ",".join(sorted(found[2].replace(" ", "").split(","), reverse=True))
    return ""
