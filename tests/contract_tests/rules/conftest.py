"""The mock for probes, once per process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract_tests.rules.probe_contexts import ProbeMock, VerdictCache, run_probe_mock


@pytest.fixture(scope="session")
def probe_mock() -> Iterator[ProbeMock]:
    """Yield a mock without a fault."""
    with run_probe_mock() as found:
        yield found


@pytest.fixture(scope="session")
def verdicts(probe_mock: ProbeMock) -> VerdictCache:
    """Return the results of every probe on it."""
    return VerdictCache(probe_mock.context)


@pytest.fixture(scope="module")
def faulty_probe_mock() -> Iterator[ProbeMock]:
    """Yield a mock whose fault a test sets."""
    with run_probe_mock() as found:
        yield found
