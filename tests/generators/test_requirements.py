"""Debian packages that clients need are installed in CI, and named where they are missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.generators import requirements
from tests.generators.clients import CLIENTS
from tests.generators.requirements import missing_packages
from tests.generators.workplace import REPOSITORY


def test_continuous_integration_installs_all_that_clients_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without programs, jars and Go packages, each is named by a package of `.ci/run`'s list."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(requirements, "JARS", tmp_path)
    monkeypatch.setattr(requirements, "GO_SOURCES", tmp_path)
    text = (REPOSITORY / ".ci/debian-packages.txt").read_text(encoding="utf-8")
    listed = {line.partition("#")[0].strip() for line in text.splitlines()}
    needed = {client.name: {*missing_packages(client)} for client in CLIENTS}
    assert set().union(*needed.values()) <= listed
    assert needed["java"] >= {"default-jdk-headless", "libjackson2-databind-java"}
    assert needed["go"] >= {"golang-go", "golang-gopkg-validator.v2-dev"}
    assert not needed["orval"]
