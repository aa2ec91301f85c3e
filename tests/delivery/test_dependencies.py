"""All imports are declared, and all installed distributions are pinned."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import distributions, packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from contract_tests.__main__ import CHECK_EXTRA

pytestmark = pytest.mark.whole

CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("openapi", "mock_server", "contract_tests")
DEVELOPMENT_PACKAGES = ("tests", "benchmarks")
OWN_PACKAGES = frozenset((*PACKAGES, *DEVELOPMENT_PACKAGES))
BOOTSTRAP_PACKAGES = frozenset(("pip", "setuptools", "wheel"))
"""Packages of a new virtual environment, which `pip freeze` and the pins leave out."""
CORE_PACKAGES, CHECK_PACKAGES = PACKAGES[:2], PACKAGES[2:]
"""Packages that work without an extra, and those that need the extra `check`."""
CORPUS_SCRIPTS = "tests/corpus/make"
"""Scripts that run in an environment of their own, with the packages of their requirements.txt."""
LIBREOFFICE_MODULES = frozenset(("com", "uno"))
"""Modules of LibreOffice's Python."""
DISTRIBUTIONS_OF_SCRIPTS = {"msoffcrypto": "msoffcrypto-tool"}
"""Distributions that are not called like their module."""
OPTIONAL_IMPORTS = {
    "hypothesis": {"mock_server/http/generation/scalars.py"},
    "pytest": {"mock_server/pytest_plugin.py"},  # which only pytest imports
}
"""Modules of the extra that the core imports if they are there, with the files that do."""
NEVER_IMPORTED = {
    "uvloop": "uvicorn's event loop where there is one",
    "openapi-spec-validator": "a file of it is read: openapi/openapi_spec_validator_compat.py",
}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """Return the `project` table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    return table


def requirements(project: dict[str, Any], *extras: str) -> list[str]:
    """Return the requirements of the core and of these extras, without those on ourselves."""
    table = project["optional-dependencies"]
    listed = [*project["dependencies"], *(text for extra in extras for text in table[extra])]
    return [text for text in listed if Requirement(text).name != project["name"]]


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


def _distributions_of(modules: Iterable[str]) -> set[str]:
    """Return the names of the distributions that provide these modules."""
    return {canonicalize_name(name) for one in modules for name in providers().get(one, ())}


@cache
def providers() -> Mapping[str, list[str]]:
    """Return the distributions that provide each installed top-level module."""
    return packages_distributions()


def undeclared_modules(packages: Iterable[str], declared: set[str]) -> dict[str, list[str]]:
    """Return modules without a declared distribution, with the files that import them.

    Scripts with requirements of their own are left out.
    """
    found = {}
    for module, importing in third_party_imports(packages).items():
        files = sorted(file for file in importing if not file.startswith(CORPUS_SCRIPTS))
        provided = {canonicalize_name(name) for name in providers().get(module, ())}
        if files and not provided & declared:
            found[module] = files
    return found


def test_every_module_that_is_imported_is_declared(project: dict[str, Any]) -> None:
    """Another dependency that pulls it in may drop it in its next version."""
    checked = distribution_names(requirements(project, "check"))
    assert undeclared_modules(PACKAGES, checked) == {}


def test_contract_and_mock_need_no_extra(project: dict[str, Any]) -> None:
    """The core declares all modules that they import, except the listed optional ones."""
    undeclared = undeclared_modules(CORE_PACKAGES, distribution_names(project["dependencies"]))
    assert {module: {*files} for module, files in undeclared.items()} == OPTIONAL_IMPORTS


def test_the_extra_has_only_what_the_core_does_not_need(project: dict[str, Any]) -> None:
    """A requirement that contract or mock cannot do without belongs to the core."""
    needed = third_party_imports(CORE_PACKAGES).keys() - OPTIONAL_IMPORTS.keys()
    extra = distribution_names(project["optional-dependencies"]["check"])
    assert not extra & distribution_names(project["dependencies"])
    assert not extra & _distributions_of(needed)


def test_a_missing_extra_is_told_by_its_modules(project: dict[str, Any]) -> None:
    """Each module that only the extra provides leads to the line that names the extra."""
    extra = distribution_names(project["optional-dependencies"]["check"])
    used = third_party_imports(CHECK_PACKAGES)
    assert {name for name in used if _distributions_of([name]) & extra} == CHECK_EXTRA.modules
    assert CHECK_EXTRA.name in project["optional-dependencies"]


def test_the_tests_import_only_what_is_declared(project: dict[str, Any]) -> None:
    """Tests may also use the tools for development, which include the check."""
    assert "hypers-contract[check]" in project["optional-dependencies"]["dev"]
    developed = distribution_names(requirements(project, "check", "dev"))
    assert undeclared_modules(DEVELOPMENT_PACKAGES, developed) == {}


def test_the_scripts_of_the_corpus_import_only_what_they_pin() -> None:
    """They run in an environment that has one version of each package."""
    lines = (CHECKOUT / CORPUS_SCRIPTS / "requirements.txt").read_text(encoding="utf-8").split()
    imported = third_party_imports([CORPUS_SCRIPTS]).keys() - LIBREOFFICE_MODULES
    assert {line.partition("==")[0] for line in lines if "==" in line} == {
        DISTRIBUTIONS_OF_SCRIPTS.get(name, name) for name in imported
    }


def test_every_dependency_is_used(project: dict[str, Any]) -> None:
    """It is imported by a package, or is one of the few with another use."""
    used = _distributions_of(third_party_imports(PACKAGES))
    declared = distribution_names(requirements(project, "check"))
    assert declared - used == NEVER_IMPORTED.keys()


def test_every_requirement_has_a_range_and_says_why_it_is_there() -> None:
    """The range is from the tested to the next breaking version; a comment has the reason."""
    lines = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    tables = ("dependencies = [", "check = [", "dev = [")
    begins = [n for n, line in enumerate(lines) if line in tables]
    assert len(begins) == len(tables)
    for begin in begins:
        end = lines.index("]", begin)
        for line in lines[begin + 1 : end]:
            name = r"[a-z0-9-]+(\[[a-z-]+\])?"
            bounds = r">=[0-9]+(\.[0-9]+)*,<[0-9]+(\.[0-9]+)*"
            if '"hypers-contract[' in line:  # one extra includes the other
                bounds = ""
            assert re.fullmatch(rf'    "{name}{bounds}(; .+)?", +# \S.+', line), line


def test_every_pin_lies_within_its_range(project: dict[str, Any]) -> None:
    """Pinned versions can also be installed without `constraints.txt`."""
    pinned = pinned_versions()
    outside = {
        text: pinned[canonicalize_name(required.name)]
        for text in requirements(project, "check", "dev")
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
