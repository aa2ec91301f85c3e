"""Options of the mock from command line and environment, and the greeting."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import pytest

from mock_server.options import build_parser, build_settings
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.test_cli import becomes_true, contract_version, start_mock
from tests.mock_server.test_cli import startup_error as not_started
from tests.openapi.editing import copy_contract, edit_file

TOKEN_LINE = re.compile(r"its token +(\S+) \(X-Mock-Admin-Token\)")


@pytest.mark.whole
def test_time_runs_at_the_scale_that_is_asked_for() -> None:
    """With `--time-scale 3600` an hour passes every second; the greeting says so."""
    with start_mock("--port", "0", "--time-scale", "3600") as (address, printed):
        assert "time runs from now, 3600 times as fast" in "".join(printed)
        clock = expect_ok(httpx.get(f"{address}{ADMIN}/clock"))
        assert (clock["frozen"], clock["scale"]) == (False, 3600)
        began = expect_ok(httpx.get(f"{address}{ADMIN}/health"))["uptime"]
        time.sleep(0.5)
        gone = expect_ok(httpx.get(f"{address}{ADMIN}/health"))["uptime"] - began
        assert 1800 <= gone < 3600 * 30


@pytest.mark.whole
def test_frozen_wins_and_the_scale_is_for_later() -> None:
    """With `--frozen --time-scale 60` the clock stands until the control plane starts it."""
    variables = {"HYPERS_MOCK_TIME_SCALE": "60", "HYPERS_MOCK_FROZEN": "true"}
    with start_mock("--port", "0", **variables) as (address, _):
        standing = {"now": "2025-04-21T09:00:00+08:00", "frozen": True, "scale": 60}
        assert expect_ok(httpx.get(f"{address}{ADMIN}/clock")) == standing
        running = expect_ok(httpx.put(f"{address}{ADMIN}/clock", json={"frozen": False}))
        assert (running["frozen"], running["scale"]) == (False, 60)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--time-scale", "0"), "number from 0.001 to 86400"),
        (("--time-scale", "-1"), "--time-scale"),
        (("--time-scale", "86401"), "number from 0.001 to 86400"),
        (("--time-scale", "fast"), "number from 0.001 to 86400"),
        (("--time-scale", "nan"), "number from 0.001 to 86400"),
        (("--frozen", "9999-12-31T00:00:00"), "1971-01-01T00:00:00+08:00 to 9000-01-01"),
        (("--frozen", "0001-01-01T00:00:00+14:00"), "1971-01-01T00:00:00+08:00"),
        (("--admin-token", "two words"), "visible ASCII"),
        (("--admin-token", "密码"), "visible ASCII"),
        (("--admin-host", "https://mock.test"), "give no scheme and no port"),
        (("--admin-host", ""), "not a host name"),
        (("--proxy", "http://127.0.0.1:1"), "--proxy and --proxy-operations need each other"),
        (("--proxy-operations", "auth"), "--proxy and --proxy-operations need each other"),
        (("--proxy-auth-url", "http://127.0.0.1:1"), "--proxy-auth-url needs --proxy"),
        (("--proxy-operations", "auth,,files"), "not a list of operationIds and tags"),
        (("--proxy-host", "https://api.example"), "give no scheme and no port"),
        (("--proxy-timeout", "0"), "number of seconds up to 3600"),
        (("--proxy-ca", "none.pem"), "--proxy-ca: none.pem cannot be read"),
        (
            ("--proxy", "https://api.example", "--proxy-operations", "auth"),
            "--proxy-host api.example allows this host",
        ),
        (
            ("--proxy", "http://127.0.0.1:1", "--proxy-operations", "creatToken"),
            "--proxy-operations: 'creatToken': expected createToken",
        ),
        (
            ("--proxy", "http://127.0.0.1:1/?q", "--proxy-operations", "auth"),
            "expected http(s)://host[:port][/path]",
        ),
        (("--readings", "none.yaml"), "there is no file none.yaml; sets are default, all, spring"),
        (("--readings", "all"), "absent-values: a mock needs one of omitted, null"),
        (("--reading", "rates"), "'rates' is not key=value"),
        (("--reading", "rates=half"), "rates is one of fraction, percent, not 'half'"),
        (("--reading", "rate=percent"), "there is no 'rate'; there are absent-values"),
        (
            (
                *("--readings", "absent-values=null"),
                *("--reading", "external-id-after-unbinding=omitted"),
            ),
            "external-id-after-unbinding=omitted cannot go with absent-values=null",
        ),
        (("--reading", "rates=percent", "--contract", "c.yaml"), "the project's own contract"),
    ],
)
def test_what_cannot_be_is_one_clear_line_and_exit_code_2(
    arguments: tuple[str, ...], reason: str
) -> None:
    """The line names the accepted values. A start before the earliest instant is refused, too."""
    assert reason in not_started("--port", "0", *arguments)


@pytest.mark.whole
def test_an_empty_twin_is_no_twin() -> None:
    """An empty environment variable, as in a compose file, stands for the default."""
    variables = dict.fromkeys(("TIME_SCALE", "ADMIN_TOKEN", "HOST", "SEED", "CORS"), "")
    environment = {f"HYPERS_MOCK_{name}": value for name, value in variables.items()}
    with start_mock("--port", "0", "--frozen", **environment) as (address, printed):
        assert "seed 20250421" in "".join(printed)
        assert not TOKEN_LINE.search("".join(printed))
        assert expect_ok(httpx.get(f"{address}{ADMIN}/clock"))["scale"] == 1


@pytest.mark.whole
def test_on_loopback_the_control_plane_is_where_it_says_and_asks_for_nothing() -> None:
    """On loopback no token is needed; the greeting contains the address of the page."""
    with start_mock("--port", "0") as (address, printed):
        assert f"control plane  {address}{ADMIN}/docs/\n" in "".join(printed)
        assert not TOKEN_LINE.search("".join(printed))
        assert httpx.get(f"{address}{ADMIN}/docs/").status_code == 200
        expect_ok(httpx.post(f"{address}{ADMIN}/reset"))


@pytest.mark.whole
@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_beyond_loopback_a_token_is_made_printed_and_asked_for(host: str) -> None:
    """Each start creates a new token. Even with it, a foreign Host is refused."""
    made = []
    for _ in range(2):
        with start_mock("--port", "0", "--host", host) as (address, printed):
            found = TOKEN_LINE.search("".join(printed))
            assert found, printed
            made.append(found[1])
            clock = f"{address}{ADMIN}/clock"
            assert expect_refusal(httpx.get(clock), 401)["rule"] == "CP-03"
            token = {"X-Mock-Admin-Token": found[1]}
            expect_ok(httpx.get(clock, headers=token))
            foreign = {**token, "Host": "evil.example"}
            assert expect_refusal(httpx.get(clock, headers=foreign), 403)["rule"] == "CP-01"
    assert made[0] != made[1]
    assert min(map(len, made)) >= 20


@pytest.mark.whole
def test_a_token_that_is_given_is_the_one_and_is_not_printed() -> None:
    """Logs of containers are often read by others, so a given token is not printed."""
    given = "a-token-of-ours"
    variable = {"HYPERS_MOCK_ADMIN_TOKEN": given}
    with start_mock("--port", "0", "--host", "0.0.0.0", **variable) as (address, printed):
        assert given not in "".join(printed)
        clock = f"{address}{ADMIN}/clock"
        assert httpx.get(clock).status_code == 401
        expect_ok(httpx.get(clock, headers={"Authorization": f"Bearer {given}"}))


@pytest.mark.whole
def test_watch_keeps_world_and_clock_and_a_reset_still_works(tmp_path: Path) -> None:
    """A changed contract is served with the same session."""
    root = copy_contract(tmp_path)
    with (
        start_mock("--port", "0", "--frozen", "--watch", "--contract", str(root)) as (address, _),
        httpx.Client(base_url=address) as client,
    ):
        expect_ok(client.post(f"{ADMIN}/reset", json={"scenario": "empty"}))
        later = expect_ok(client.post(f"{ADMIN}/clock/advance", json={"seconds": 3600}))
        time.sleep(0.5)  # the watcher needs a moment to begin
        edit_file(root, "openapi.yaml", "version: 1.0.0", "version: 1.0.1")
        assert becomes_true(lambda: contract_version(client) == "1.0.1")
        health = expect_ok(client.get(f"{ADMIN}/health"))
        assert (health["contractVersion"], health["scenario"]) == ("1.0.1", "empty")
        assert health["clock"] == later
        assert expect_ok(client.post(f"{ADMIN}/reset"))["scenario"] == "demo"


def test_readings_are_taken_from_a_set_a_file_or_pairs_and_single_ones_win(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--reading` overrides `--readings`; both override their environment variables."""
    monkeypatch.setenv("HYPERS_MOCK_READINGS", "rates=percent,null-order=first")
    monkeypatch.setenv("HYPERS_MOCK_READING", "page-sort=object, page-total=omitted")

    def readings(*arguments: str) -> dict[str, str]:
        return dict(build_settings(build_parser().parse_args(arguments), "127.0.0.1").readings)

    from_variables = {"rates": "percent", "null-order": "first"}
    single = {"page-sort": "object", "page-total": "omitted"}
    assert readings() == {**from_variables, **single}
    assert readings("--reading", "rates=fraction", "--reading", "page-sort=array") == {
        "rates": "fraction",
        "null-order": "first",
        "page-sort": "array",
    }
    file = tmp_path / "readings.yaml"
    file.write_text("absent-values: null\npath-id-type: 404\n")
    found = {"absent-values": "null", "path-id-type": "404"}
    assert readings("--readings", str(file)) == {**found, **single}
    assert readings("--readings", "spring")["refusal-body"] == "spring"


@pytest.mark.whole
def test_hosts_are_allowed_by_option_or_twin_and_the_option_wins() -> None:
    """`--admin-host` can be repeated; the environment variable has a list with commas."""
    variable = {"HYPERS_MOCK_ADMIN_HOST": "one.example, Two.example"}
    for given, allowed in (
        ((), {"one.example", "two.example"}),
        (("--admin-host", "a.example", "--admin-host", "b.example"), {"a.example", "b.example"}),
    ):
        with start_mock("--port", "0", *given, **variable) as (address, _):
            for host in ("one.example", "two.example", "a.example", "b.example"):
                answer = httpx.get(f"{address}{ADMIN}/clock", headers={"Host": host})
                assert (answer.status_code == 200) is (host in allowed)


@pytest.mark.whole
def test_what_is_forwarded_is_in_the_greeting() -> None:
    """--proxy and --proxy-operations, from the environment too."""
    variables = {"HYPERS_MOCK_PROXY_OPERATIONS": "auth,getFile"}
    with start_mock("--port", "0", "--proxy", "http://127.0.0.1:1", **variables) as (address, said):
        assert "  forwarded      auth, getFile to http://127.0.0.1:1\n" in "".join(said)
        shown = expect_ok(httpx.get(f"{address}{ADMIN}/proxy"))
        assert shown["forwarded"] == ["createToken", "getFile"]
