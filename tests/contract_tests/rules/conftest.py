"""The mock that probes are tried on, once a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract_tests.rules.probe_contexts import Site, Verdicts, site


@pytest.fixture(scope="session")
def mock_site() -> Iterator[Site]:
    """A mock without a fault."""
    with site() as found:
        yield found


@pytest.fixture(scope="session")
def verdicts(mock_site: Site) -> Verdicts:
    """What came of every probe there."""
    return Verdicts(mock_site.ground)


@pytest.fixture(scope="module")
def faulty_site() -> Iterator[Site]:
    """A mock whose fault a test sets."""
    with site() as found:
        yield found
