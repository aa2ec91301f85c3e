"""The folder of the documentation, for the tests in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from openapi import Documentation


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make docs` writes."""
    made = tmp_path_factory.mktemp("documentation")
    Documentation().write(made)
    return made
