"""Error messages about third-party packages whose internals have changed."""

from __future__ import annotations

from importlib import import_module, metadata

import pytest

from openapi import (
    UnsupportedPackageError,
    reporting_missing_internals,
    require_members,
    supported_versions,
    unsupported_package_error,
)
from openapi import third_party_errors as errors
from tests.openapi.test_command_runner import code_for_import, run_command

DECLARED_RANGES = [
    "uvicorn<0.55,>=0.46",
    "connexion[swagger-ui]<3.4,>=3.2",
    "Faker>=40; extra == 'x'",
]


@pytest.fixture(autouse=True)
def _declared_requirements(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the requirements by those of an installed wheel."""
    monkeypatch.setattr(metadata, "requires", {errors.PROJECT: DECLARED_RANGES}.get)


class Sample:
    """A class as in other packages."""

    def __init__(self) -> None:
        """Set an attribute."""
        self.kept = 1

    @classmethod
    def made(cls) -> Sample:
        """Set another attribute later."""
        sample = cls()
        sample.later = 2  # type: ignore[attr-defined]
        return sample


def test_the_error_names_package_version_reason_and_range() -> None:
    """All of it is in one line, which the command can print."""
    version = metadata.version("uvicorn")
    assert str(unsupported_package_error("uvicorn", "it has no state")) == (
        f"uvicorn {version} cannot be used: it has no state; supported is uvicorn >=0.46,<0.55"
    )


@pytest.mark.parametrize(
    ("package", "found"),
    [("connexion", ">=3.2,<3.4"), ("faker", ">=40"), ("nothing", "")],
)
def test_the_range_is_that_of_the_installed_project(package: str, found: str) -> None:
    """It is in pyproject.toml only; extras, markers and case do not matter."""
    assert supported_versions(package) == found


def test_code_that_is_not_installed_has_no_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error then lacks the range only."""
    monkeypatch.undo()
    monkeypatch.setattr(errors, "PROJECT", "hypers-contract-that-is-not-installed")
    assert "supported" not in str(unsupported_package_error("uvicorn", "it has no state"))
    assert "of unknown version" in str(unsupported_package_error("uvicornette", "it has no state"))


def _import_for_uvicorn(module: str) -> None:
    with reporting_missing_internals("uvicorn"):
        import_module(module)


@pytest.mark.parametrize(
    ("module", "begins"),
    [
        ("uvicorn.no_such_module", r"^uvicorn [0-9.]+"),
        ("uvicorn.config.deeper", r"^uvicorn [0-9.]+"),
        ("httptools.no_such_module", r"^uvicorn [0-9.]+ with httptools"),
    ],
)
def test_a_module_that_has_gone_names_the_package_that_lacks_it(module: str, begins: str) -> None:
    """It also has the package that imported it, which may have to change."""
    with pytest.raises(UnsupportedPackageError, match=f"{begins}.* cannot be used: .*{module}"):
        _import_for_uvicorn(module)


def test_a_name_that_has_gone_is_named() -> None:
    """The name may be missing from an import or from a lookup."""
    with (
        pytest.raises(UnsupportedPackageError, match="'Nothing' from 'uvicorn'"),
        reporting_missing_internals("uvicorn"),
    ):
        from uvicorn import Nothing  # type: ignore[attr-defined]  # noqa: F401, PLC0415
    with (
        pytest.raises(UnsupportedPackageError, match="has no attribute 'nothing'"),
        reporting_missing_internals("uvicorn"),
    ):
        _ = Sample().nothing  # type: ignore[attr-defined]


def test_a_package_that_is_not_there_is_no_unsupported_one() -> None:
    """The command has a separate message: the package is not installed."""
    with pytest.raises(ModuleNotFoundError), reporting_missing_internals("uvicorn"):
        import_module("no_such_package")


def test_members_are_those_of_the_class_and_those_that_its_methods_set() -> None:
    """No instance is created, which might need a server or a socket."""
    require_members("uvicorn", Sample, ("made", "kept", "later"))
    with pytest.raises(UnsupportedPackageError, match="Sample has no gone, lost; supported"):
        require_members("uvicorn", Sample, ("made", "gone", "kept", "lost"))


@pytest.mark.parametrize(
    ("command", "module", "package"),
    [
        ("mock_server", "uvicorn.protocols.http.httptools_impl", "uvicorn"),
        ("mock_server", "connexion.middleware.routing", "connexion"),
        ("contract_tests", "schemathesis.openapi.checks", "schemathesis"),
    ],
)
def test_a_command_that_cannot_go_on_says_so_in_a_line(
    command: str, module: str, package: str
) -> None:
    """Package, version and the missing part, without a traceback; exit code 2."""
    gone = code_for_import(
        module, f"raise ModuleNotFoundError(f'no module {{name}}', name={module!r})"
    )
    done = run_command(command, "--help", before=gone)
    assert (done.returncode, done.stdout) == (2, "")
    name = {"mock_server": "hypers-mock", "contract_tests": "hypers-check"}[command]
    version = metadata.version(package)
    assert done.stderr.startswith(f"{name}: {package} {version} cannot be used: no module {module}")
    assert done.stderr.count("\n") == 1
