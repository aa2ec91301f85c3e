"""All imports are declared, and all installed distributions are pinned."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import distributions, packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("openapi", "mock_server", "contract_tests")
DEVELOPMENT_PACKAGES = ("tests", "benchmarks")
OWN_PACKAGES = frozenset((*PACKAGES, *DEVELOPMENT_PACKAGES))
BOOTSTRAP_PACKAGES = frozenset(("pip", "setuptools", "wheel"))
"""Packages of a new virtual environment, which `pip freeze` and the pins leave out."""
NEVER_IMPORTED = {
    "uvloop": "uvicorn's event loop where there is one",
    "openapi-spec-validator": "a file of it is read: openapi/openapi_spec_validator_compat.py",
}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """Return the `project` table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    return table


def distribution_names(requirements: Iterable[str]) -> set[str]:
    """Return the names of the distributions in requirements."""
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def pinned_versions() -> dict[str, str]:
    """Return the versions in `constraints.txt` by distribution."""
    lines = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = (line.partition("==") for line in lines)
    return {canonicalize_name(name): version for name, _, version in found}


def third_party_imports(packages: Iterable[str]) -> dict[str, set[str]]:
    """Return each third-party module that the packages import, with the files that import it."""
    found: dict[str, set[str]] = defaultdict(set)
    for package in packages:
        for path in (CHECKOUT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                for module in _imported_modules(node):
                    found[module.partition(".")[0]].add(path.relative_to(CHECKOUT).as_posix())
    return {name: files for name, files in found.items() if _is_third_party(name)}


def _imported_modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def _is_third_party(name: str) -> bool:
    return name not in OWN_PACKAGES and name not in sys.stdlib_module_names


def undeclared_modules(packages: Iterable[str], declared: set[str]) -> dict[str, list[str]]:
    """Return modules without a declared distribution, with the files that import them."""
    providers = packages_distributions()
    return {
        module: sorted(files)
        for module, files in third_party_imports(packages).items()
        if not {canonicalize_name(name) for name in providers.get(module, ())} & declared
    }


def test_every_module_that_is_imported_is_declared(project: dict[str, Any]) -> None:
    """Another dependency that pulls it in may drop it in its next version."""
    assert undeclared_modules(PACKAGES, distribution_names(project["dependencies"])) == {}


def test_the_tests_import_only_what_is_declared(project: dict[str, Any]) -> None:
    """Tests may also use the tools for development."""
    developed = project["dependencies"] + project["optional-dependencies"]["dev"]
    assert undeclared_modules(DEVELOPMENT_PACKAGES, distribution_names(developed)) == {}


def test_every_dependency_is_used(project: dict[str, Any]) -> None:
    """It is imported by a package, or is one of the few with another use."""
    providers = packages_distributions()
    used = {
        canonicalize_name(name)
        for module in third_party_imports(PACKAGES)
        for name in providers.get(module, ())
    }
    assert distribution_names(project["dependencies"]) - used == NEVER_IMPORTED.keys()


def test_every_requirement_has_a_range_and_says_why_it_is_there() -> None:
    """The range is from the tested to the next breaking version; a comment has the reason."""
    lines = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    begins = [n for n, line in enumerate(lines) if line in ("dependencies = [", "dev = [")]
    assert len(begins) == 2
    for begin in begins:
        end = lines.index("]", begin)
        for line in lines[begin + 1 : end]:
            name = r"[a-z0-9-]+(\[[a-z-]+\])?"
            bounds = r">=[0-9]+(\.[0-9]+)*,<[0-9]+(\.[0-9]+)*"
            assert re.fullmatch(rf'    "{name}{bounds}(; .+)?", +# \S.+', line), line


def test_every_pin_lies_within_its_range(project: dict[str, Any]) -> None:
    """Pinned versions can also be installed without `constraints.txt`."""
    pinned = pinned_versions()
    developed = project["dependencies"] + project["optional-dependencies"]["dev"]
    outside = {
        text: pinned[canonicalize_name(required.name)]
        for text in developed
        if (required := Requirement(text))
        and pinned[canonicalize_name(required.name)] not in required.specifier
    }
    assert outside == {}


def test_the_build_backend_is_the_pinned_one() -> None:
    """Tests and users build the wheel with the same version."""
    table = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    assert table["build-system"]["requires"] == [f"hatchling=={pinned_versions()['hatchling']}"]


def test_every_installed_distribution_is_pinned_as_it_is_installed(project: dict[str, Any]) -> None:
    """`constraints.txt` equals the output of `pip freeze`."""
    ignored = {project["name"], *BOOTSTRAP_PACKAGES}
    installed = {
        canonicalize_name(found.name): found.version
        for found in distributions()
        if canonicalize_name(found.name) not in ignored
    }
    assert pinned_versions() == installed
