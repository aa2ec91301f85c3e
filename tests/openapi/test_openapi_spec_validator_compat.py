"""The one internal file of openapi-spec-validator that is used."""

from __future__ import annotations

import pytest

from openapi import UnsupportedPackageError
from openapi import openapi_spec_validator_compat as compat


def test_the_schema_is_that_of_openapi_3_0() -> None:
    """It is Draft 4, with the fields of a document."""
    schema = compat.openapi_schema()
    assert schema["$schema"] == "http://json-schema.org/draft-04/schema#"
    assert {"openapi", "info", "paths"} <= {*schema["properties"]}
    assert schema["properties"]["openapi"]["pattern"].startswith("^3")


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the schema, no contract can be validated."""
    monkeypatch.setattr(compat, "SCHEMA_FILE", "resources/schemas/v3.0/elsewhere.json")
    with pytest.raises(
        UnsupportedPackageError, match=r"openapi-spec-validator .* has no file .*elsewhere"
    ):
        compat.openapi_schema()


def test_a_package_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is that of any missing package."""
    monkeypatch.setattr(compat, "PACKAGE", "no_such_validator")
    with pytest.raises(ModuleNotFoundError, match="no_such_validator"):
        compat.openapi_schema()
