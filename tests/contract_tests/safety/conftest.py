"""Servers for tests of the request guard."""

from __future__ import annotations

import pytest

from contract_tests.safety.policy import SafetyPolicy
from tests.contract_tests.safety.staging import LI, ZHANG, Staging


@pytest.fixture
def staging(monkeypatch: pytest.MonkeyPatch) -> Staging:
    """Return a server with two test members and no other permission."""
    return Staging(monkeypatch, SafetyPolicy((ZHANG, LI)))


@pytest.fixture
def permissive(monkeypatch: pytest.MonkeyPatch) -> Staging:
    """Return a server with two test members and all permissions."""
    return Staging(monkeypatch, SafetyPolicy((ZHANG, LI), release=True, token_probes=True))
