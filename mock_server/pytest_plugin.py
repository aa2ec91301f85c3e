"""The fixture `hypers_mock` for pytest.

With pytest-xdist, each worker has one mock in a process of its own, which starts with the first
test that uses the fixture. Each test has a session of that mock, named after the test: its own
records, tokens, clock, faults and journal, which are removed after it. So tests neither disturb
each other nor depend on their order, and a test costs milliseconds instead of a start.

Options in the configuration of pytest, on its command line, and of a test:

- `hypers_mock_options`: options of `hypers-mock` (`--strict --readings spring`);
- `hypers_mock_url`, `--hypers-mock-url`: a mock that is already running, instead of a new process;
- `@pytest.mark.hypers_mock(scenario="empty", seed=7, instant=..., readings={...})`: the beginning
  of the session of a test.

pytest imports this module in every run. So it is not in `mock_server.testing`, which it imports
when a test uses the fixture.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_server.testing import Mock

OPTIONS_SETTING = "hypers_mock_options"
URL_SETTING = "hypers_mock_url"
URL_OPTION = "--hypers-mock-url"
FIXTURE = MARKER = "hypers_mock"
REPORT_TITLE = "Requests to hypers-mock"
MAX_NAME_LENGTH = 64
SESSION_ARGUMENTS = ("scenario", "seed", "size", "instant", "readings")
SUFFIX_BYTES = 4


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings and the option."""
    parser.addini(
        OPTIONS_SETTING, "options of hypers-mock for the fixture hypers_mock", type="args"
    )
    parser.addini(URL_SETTING, "URL of a running mock for the fixture hypers_mock", default="")
    parser.getgroup("hypers-mock").addoption(
        URL_OPTION,
        metavar="URL",
        help="use the mock at this URL for the fixture hypers_mock, instead of starting one",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}({', '.join(f'{each}=…' for each in SESSION_ARGUMENTS)}): "
        "how the session of the fixture hypers_mock begins",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the last requests to the mock to the report of a test that failed."""
    report = yield
    mock: Mock | None = getattr(item, "funcargs", {}).get(FIXTURE)
    if mock and report.when == "call" and report.failed:
        report.sections.append((REPORT_TITLE, _describe_requests(mock)))
    return report


@pytest.fixture(scope="session")
def hypers_mock_server(pytestconfig: pytest.Config) -> Iterator[Mock]:
    """Start one mock for this process; yield its default session."""
    # Imported here, so that runs that do not use the fixture do not pay for it.
    from mock_server.testing.process import mock_process, running_mock  # noqa: PLC0415

    options: list[str] = pytestconfig.getini(OPTIONS_SETTING)
    url = _given_url(pytestconfig)
    if url and options:
        pytest.fail(
            f"{OPTIONS_SETTING} does not apply to the mock that is running at {url}; give these "
            "options to that mock",
            pytrace=False,
        )
    with running_mock(url) if url else mock_process(["--frozen", *options]) as mock:
        yield mock


@pytest.fixture
def hypers_mock(request: pytest.FixtureRequest) -> Iterator[Mock]:
    """A mock for this test alone: a session of the process's mock, in its initial state."""
    from mock_server.testing.errors import MockError  # noqa: PLC0415 - as above

    beginning = _marker_arguments(request.node)
    server: Mock = request.getfixturevalue("hypers_mock_server")
    readings: Mapping[str, str | None] = beginning.pop("readings", None) or {}
    # A mock that others use, too, may have a session of the same test in another run or worker.
    suffix = f"-{os.urandom(SUFFIX_BYTES).hex()}" if _given_url(request.config) else ""
    mock = server.session(session_name(request.node.name, suffix), **beginning)
    try:
        if readings:
            mock.readings.set(readings)
        yield mock
    finally:
        # It is not there if the test has removed it, or if the mock has ended.
        with suppress(MockError):
            mock.remove()


def session_name(test: str, suffix: str = "") -> str:
    """Return a name of a session for a test; a name that is too long keeps its beginning."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", test).strip("-.")
    return (plain[: MAX_NAME_LENGTH - len(suffix)] or "test") + suffix


def _describe_requests(mock: Mock) -> str:
    from mock_server.testing.errors import MockError  # noqa: PLC0415 - as above

    try:
        return mock.requests.describe()
    except MockError as error:  # the mock has ended, which may be why the test failed
        return str(error)


def _given_url(config: pytest.Config) -> str:
    return config.getoption(URL_OPTION) or str(config.getini(URL_SETTING))


def _marker_arguments(node: pytest.Item) -> dict[str, Any]:
    """Return the arguments of the markers of a test; its own override those of its class."""
    found: dict[str, Any] = {}
    for marker in node.iter_markers(MARKER):
        unknown = sorted(marker.kwargs.keys() - set(SESSION_ARGUMENTS))
        if marker.args or unknown:
            wrong = ", ".join([*map(repr, marker.args), *unknown])
            pytest.fail(
                f"@pytest.mark.{MARKER} has no argument {wrong}; it has "
                f"{', '.join(SESSION_ARGUMENTS)}, by keyword",
                pytrace=False,
            )
        found = {**marker.kwargs, **found}
    return found
