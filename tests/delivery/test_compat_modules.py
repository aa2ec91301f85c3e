"""Internals of third-party packages are used in one `*_compat.py` for each package."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.whole

CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("openapi", "mock_server", "contract_tests")
COMPAT_MODULES = {
    "a2wsgi": "mock_server/pages/a2wsgi_compat.py",
    "connexion": "mock_server/http/connexion_compat.py",
    "faker": "mock_server/seed/faker_compat.py",
    "hypothesis": "contract_tests/contract/hypothesis_compat.py",
    "openapi_spec_validator": "openapi/openapi_spec_validator_compat.py",
    "pytest": "contract_tests/runner/pytest_compat.py",
    "requests": "contract_tests/target/requests_compat.py",
    "schemathesis": "contract_tests/contract/schemathesis_compat.py",
    "starlette": "mock_server/http/starlette_compat.py",
    "uvicorn": "mock_server/http/uvicorn_compat.py",
    "yaml": "openapi/yaml_compat.py",
}
"""Compat module of each package, by import name."""
INTERNAL_MODULES = {
    **dict.fromkeys(("a2wsgi", "connexion", "faker", "openapi_spec_validator", "uvicorn"), r".*"),
    "hypothesis": r"internal(\..*)?",
    "requests": r"(?!adapters|cookies|exceptions|structures).+",
    "schemathesis": r"(?!errors|openapi|checks|stateful).+|openapi\..+",
    "starlette": r"middleware\.cors|_.*|.*\._.*",
}
"""Modules of a package that only its compat module may import, as an expression.

Names with an underscore are internal in every package.
"""
INTERNAL_ATTRIBUTES = frozenset(
    {
        *("applied_parameters", "as_transport_kwargs", "derive", "find_parent", "find_response"),
        *("formatted_path", "operation_label", "path_regex", "poolmanager", "raw_schema"),
        *("validation_message", "yaml_implicit_resolvers"),
    }
)
"""Attributes without an underscore that are internal, too, as used by compat modules."""
UNDERSCORED_NAME = re.compile(r"(.*\.)?_[^_].*|_.*")
OWN_NAME_COMMENT = "its own"
"""Comment on a name with an underscore that belongs to the same class, not to a package."""


def package_sources() -> Iterator[tuple[str, str]]:
    """Yield path and text of every module of the three packages."""
    for ours in PACKAGES:
        for path in sorted((CHECKOUT / ours).rglob("*.py")):
            yield path.relative_to(CHECKOUT).as_posix(), path.read_text(encoding="utf-8")


def imported_modules(text: str) -> Iterator[tuple[str, str]]:
    """Yield package and rest of each imported module; a name from a module is part of the rest."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = (alias.name for alias in node.names)
            found = [node.module, *(f"{node.module}.{name}" for name in names if name[:1] == "_")]
        else:
            continue
        for name in found:
            package, _, rest = name.partition(".")
            yield package, rest


def is_internal(package: str, rest: str) -> bool:
    """Return whether a module of a package, or a name with an underscore in it, is internal."""
    if package in (*PACKAGES, "__future__"):
        return False
    below = re.fullmatch(INTERNAL_MODULES[package], rest) if package in INTERNAL_MODULES else None
    return bool(below) or UNDERSCORED_NAME.fullmatch(f"{package}.{rest}") is not None


def stray_internals(path: str, text: str) -> list[str]:
    """Return the internals of packages that a module uses without being their compat module."""
    found = [
        f"{path} imports {package}.{rest}".rstrip(".")
        for package, rest in imported_modules(text)
        if is_internal(package, rest) and path != COMPAT_MODULES.get(package)
    ]
    if path not in COMPAT_MODULES.values():
        found += [
            f"{path} uses .{name}" for name in sorted(attribute_names(text) & INTERNAL_ATTRIBUTES)
        ]
    lines = (line.strip() for line in text.splitlines())
    return found + [
        f"{path}: {line}" for line in lines if "SLF001" in line and OWN_NAME_COMMENT not in line
    ]


def attribute_names(text: str) -> set[str]:
    """Return the names of all attributes that a module reads or sets."""
    return {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}


def test_internals_are_used_in_compat_modules_alone() -> None:
    """Imports and attributes with an underscore are checked; the linter finds other attributes."""
    assert [one for path, text in package_sources() for one in stray_internals(path, text)] == []


def test_each_compat_module_is_that_of_one_package() -> None:
    """It has the name of the distribution or the import, and imports it."""
    found = {path for path, _ in package_sources() if path.endswith("_compat.py")}
    assert found == {*COMPAT_MODULES.values()}


@pytest.mark.parametrize("package", COMPAT_MODULES)
def test_each_compat_module_has_a_test(package: str) -> None:
    """It is at the same place in the tests; its failure names what has changed."""
    path = Path("tests", COMPAT_MODULES[package])
    assert (CHECKOUT / path.parent / f"test_{path.name}").exists()


@pytest.mark.parametrize("package", COMPAT_MODULES)
def test_the_architecture_page_lists_each_compat_module(package: str) -> None:
    """The page says what does not work without the internals."""
    page = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert f"| `{COMPAT_MODULES[package]}` |" in page


@pytest.mark.parametrize(
    "line",
    [
        "import uvicorn",
        "from uvicorn.protocols.http import httptools_impl",
        "from hypothesis.internal.conjecture import providers",
        "import schemathesis.core.failures",
        "from schemathesis.openapi.checks import JsonSchemaError",
        "from schemathesis.generation import stateful",
        "from requests.utils import select_proxy",
        "from _pytest.nodes import Node",
        "from starlette._utils import anything",
        "from multipart import _anything",
        "answer._content = b''  # noqa: SLF001 - because",
        "print(case.formatted_path)",
    ],
)
def test_a_use_elsewhere_is_found(line: str) -> None:
    """There is a case for each kind of use."""
    assert len(stray_internals("mock_server/elsewhere.py", line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "from hypothesis import strategies as st",
        "from hypothesis.strategies import from_regex",
        "from schemathesis import Case, checks",
        "import schemathesis.openapi",
        "from requests.adapters import HTTPAdapter",
        "from starlette.responses import Response",
        "from openapi.yaml_compat import _anything",
        "made._set(1)  # noqa: SLF001 - its own",
    ],
)
def test_what_is_documented_may_be_used_anywhere(line: str) -> None:
    """Our own names may be used anywhere, too."""
    assert stray_internals("mock_server/elsewhere.py", line) == []
