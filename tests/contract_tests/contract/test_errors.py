"""The exceptions of the check form the tree drawn in the docstring of `errors`."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import contract_tests
from contract_tests.contract import errors
from contract_tests.contract.errors import CheckError


def exceptions() -> dict[str, type[BaseException]]:
    """Return every exception class that a module of the check defines, by name."""
    found: dict[str, type[BaseException]] = {}
    for module in pkgutil.walk_packages(contract_tests.__path__, "contract_tests."):
        if re.search(r"__main__|conftest|suite\.|hooks", module.name):
            continue  # imported by pytest, in a run
        for name, value in vars(importlib.import_module(module.name)).items():
            is_class = isinstance(value, type) and issubclass(value, BaseException)
            if is_class and value.__module__ == module.name:
                found[name] = value
    return found


def parents() -> dict[str, str]:
    """Return the parent of each exception that the docstring draws."""
    path: list[str] = []
    found: dict[str, str] = {}
    drawn = re.compile(r"^    ((?:│   |    )*)(?:[├└]── )?(\w+Error)\b")
    for line in (errors.__doc__ or "").splitlines():
        if match := drawn.match(line):
            depth = len(match[1]) // 4 + ("──" in line)
            path[depth:] = [match[2]]
            found[match[2]] = path[depth - 1] if depth else "Exception"
    return found


def test_the_docstring_draws_every_exception() -> None:
    """The drawing includes exceptions of the suite, which pytest imports."""
    assert {*exceptions()} <= {*parents()}
    assert {*parents()} - {*exceptions()} == {"StepUnansweredError"}


@pytest.mark.parametrize("name", exceptions())
def test_each_exception_stands_below_the_parent_that_is_drawn(name: str) -> None:
    """The first base is the parent; a second one serves Schemathesis or requests."""
    assert exceptions()[name].__bases__[0].__name__ == parents()[name]
    assert issubclass(exceptions()[name], CheckError)
