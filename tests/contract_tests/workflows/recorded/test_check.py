"""`hypers-check --har` on recordings of a mock: those of a correct server hold, others fail."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.contract_tests.run_check import CheckResult, run_check
from tests.contract_tests.workflows.recorded.recordings import (
    GROUPS,
    NOTIFICATIONS,
    PLANS,
    Entry,
    Recorder,
    Recording,
    edit_body,
    hand_made_entry,
    record_visit,
)
from tests.serving import fetch_token, run_mock

WITHOUT_SOCKETS = """
import sys
import contract_tests.cli
def refuse(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.posix_spawn", "os.fork", "urllib.")):
        raise AssertionError(f"{event} {arguments}")
sys.addaudithook(refuse)
sys.exit(contract_tests.cli.main(sys.argv[1:]))
"""
"""A check in a process that may open no socket and start no other process."""


@pytest.fixture(scope="module")
def visit() -> Recording:
    """A recording of a mock, to be copied before it is edited."""
    with run_mock() as mock:
        return record_visit(mock.client)


def check(recording: Recording, folder: Path, *arguments: str) -> CheckResult:
    """Check a recording."""
    return run_check("--har", str(recording.write(folder)), *arguments)


def violations_of(recording: Recording, folder: Path, *arguments: str) -> set[tuple[str, str]]:
    """Check a recording and return operation or rule, and kind, of each violation."""
    done = check(recording, folder, "--report", str(folder / "report"), *arguments)
    report = json.loads((folder / "report/report.json").read_text())
    found = {(each["operation"], each["kind"]) for each in report["run"]["violations"]}
    assert done.code == (1 if found else 0), done.err
    return found


def test_a_correct_server_holds(visit: Recording, tmp_path: Path) -> None:
    """All requests are counted, and the rules that the responses show are held."""
    done = check(visit, tmp_path)
    assert (done.code, done.violations) == (0, [])
    assert f"Recorded: {len(visit.entries)} entries, {len(visit.entries)} judged" in done.out
    assert done.progress["getGroup"] == ("ok", 2)
    assert "THE CONTRACT HOLDS (profile recorded: 12 of 36 operations, 13 of 145 rules" in done.out
    assert check(visit, tmp_path, "--strictness", "documented").code == 0


def test_nothing_is_sent(visit: Recording, tmp_path: Path) -> None:
    """No socket is opened, no name looked up and no process started."""
    path = visit.write(tmp_path)
    command = [sys.executable, "-c", WITHOUT_SOCKETS, "--har", str(path), "--report", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def drop(name: str) -> Callable[[Any], None]:
    """Return a change that leaves out a member."""

    def change(document: Any) -> None:
        del document[name]

    return change


def put(value: Any, *way: Any) -> Callable[[Any], None]:
    """Return a change that puts a value at a place."""

    def change(document: Any) -> None:
        for step in way[:-1]:
            document = document[step]
        document[way[-1]] = value

    return change


def reverse(name: str) -> Callable[[Any], None]:
    """Return a change of the order of rows."""
    return lambda document: document[name].reverse()


FIRST_PAGE, SORTED, NEW_GROUP = "?current=0&size=2", "&orderDirection=ASC", "/104"
REPORT = f"{PLANS}/301/report"
BODY_FAULTS: list[tuple[str, str, Callable[[Any], None], set[tuple[str, str]]]] = [
    ("GET", FIRST_PAGE, put("x", "content", 0, "id"), {("listGroups", "schema")}),
    ("GET", FIRST_PAGE, drop("totalElements"), {("listGroups", "schema")}),
    ("GET", "&status=COMPLETED", put("2025-02-29 09:00:00", "records", 0, "scheduledStartTime"),
     {("listNotificationTasks", "impossible-moment")}),
    ("GET", FIRST_PAGE, put(9, "totalPages"), {("listGroups", "page-inconsistent")}),
    ("GET", FIRST_PAGE, reverse("content"), {("PG-13", "rule-not-kept")}),
    ("GET", SORTED, reverse("content"), {("PG-15", "rule-not-kept")}),
    ("GET", "ids=104", put(101, "content", 0, "id"),
     {("GR-05", "rule-not-kept"), ("listGroups", "not-listed")}),
    ("GET", "keyWord=%E4%B9%99&ids=&_=1745197200", put("丙", "content", 0, "name"),
     {("PG-07", "rule-not-kept"), ("listGroups", "differs")}),
    # What was written is read back.
    ("POST", GROUPS, put("丙", "name"), {("createGroup", "differs"), ("getGroup", "differs")}),
    ("GET", NEW_GROUP, put("丙", "name"), {("getGroup", "differs")}),
    ("GET", NEW_GROUP, put(102, "id"), {("getGroup", "differs")}),
    ("GET", "?status=EXECUTION", put("DRAFT", "records", 0, "plan", 0, "status"),
     {("MN-10", "rule-not-kept")}),
    ("GET", "?status=EXECUTION", put([], "records", 0, "plan"), {("MN-10", "rule-not-kept")}),
    ("GET", REPORT, put(0.9, "contactSuccessRate"), {("RP-01", "rule-not-kept")}),
    ("GET", REPORT, put(99, "completeServiceOfPeopl"),
     {("RP-05", "rule-not-kept"), ("RP-01", "rule-not-kept")}),
    ("GET", "&current=0&size=4", put("IN_SERVICE", "content", 0, "status"),
     {("MT-06", "rule-not-kept")}),
    ("GET", "&status=COMPLETED", put("PENDING", "records", 0, "status"),
     {("NT-12", "rule-not-kept")}),
    ("GET", "/executions", put(None, "records", 0, "executeTime"), {("NT-29", "rule-not-kept")}),
    ("GET", "?startDate=2025-04-10", put("2025-04-09", "records", 0, "reportDate"),
     {("ME-01", "rule-not-kept"), ("ME-02", "rule-not-kept")}),
    # The refusal of a list without its type.
    ("GET", NOTIFICATIONS, put(404, "status"), {("listNotificationTasks", "problem-status")}),
    ("GET", NOTIFICATIONS, put("/color", "errors", 0, "pointer"),
     {("listNotificationTasks", "refusal-pointer"), ("listNotificationTasks", "schema")}),
    ("GET", NOTIFICATIONS, put("GR-01", "errors", 0, "rule"),
     {("listNotificationTasks", "refusal-rule")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "end", "change", "expected"),
    BODY_FAULTS,
    ids=[f"{i}-{method} {end}" for i, (method, end, _, _) in enumerate(BODY_FAULTS)],
)
def test_a_wrong_body_is_found(
    visit: Recording,
    tmp_path: Path,
    method: str,
    end: str,
    change: Callable[[Any], None],
    expected: set[tuple[str, str]],
) -> None:
    """Exactly the violations that the fault causes are reported."""
    recording = visit.copy()
    edit_body(recording.find(method, end), change)
    assert violations_of(recording, tmp_path) == expected


def set_status(status: int) -> Callable[[Entry], None]:
    """Return a change of the status of an entry."""
    return lambda entry: entry["response"].update(status=status)


def drop_header(side: str, name: str) -> Callable[[Entry], None]:
    """Return a change that leaves out a header field."""

    def change(entry: Entry) -> None:
        kept = [each for each in entry[side]["headers"] if each["name"].lower() != name]
        entry[side]["headers"] = kept

    return change


def set_text(text: str) -> Callable[[Entry], None]:
    """Return a change of the body of a response."""
    return lambda entry: entry["response"].update(content={"size": len(text), "text": text})


def set_query(query: str) -> Callable[[Entry], None]:
    """Return a change of the query of a request."""

    def change(entry: Entry) -> None:
        entry["request"]["url"] = entry["request"]["url"].partition("?")[0] + query

    return change


ENTRY_FAULTS: list[tuple[str, str, Callable[[Entry], None], set[tuple[str, str]]]] = [
    ("GET", FIRST_PAGE, set_status(418),
     {("listGroups", "undocumented-status"), ("listGroups", "valid-data-refused")}),
    ("GET", FIRST_PAGE, set_status(500),
     {("listGroups", "server-error")}),
    ("GET", FIRST_PAGE, drop_header("response", "content-type"),
     {("listGroups", "missing-content-type")}),
    ("GET", FIRST_PAGE, set_text('{"a": NaN}'), {("listGroups", "schema")}),
    ("GET", FIRST_PAGE, set_text("<html>"), {("listGroups", "malformed-json")}),
    # A request that had to be refused, and one that had to be accepted.
    ("GET", FIRST_PAGE, set_query("?current=-1&size=2"), {("listGroups", "invalid-data-accepted")}),
    ("GET", NOTIFICATIONS, set_query("?taskType=APPOINTMENT_REMINDER"),
     {("listNotificationTasks", "valid-data-refused")}),
    ("GET", FIRST_PAGE, drop_header("request", "authorization"),
     {("listGroups", "missing-credentials-accepted")}),
    # The deletion was not carried out, or the record vanished.
    ("GET", NEW_GROUP, set_status(404), {("getGroup", "not-found")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "end", "change", "expected"),
    ENTRY_FAULTS,
    ids=[f"{i}-{method} {end}" for i, (method, end, _, _) in enumerate(ENTRY_FAULTS)],
)
def test_a_wrong_exchange_is_found(
    visit: Recording,
    tmp_path: Path,
    method: str,
    end: str,
    change: Callable[[Entry], None],
    expected: set[tuple[str, str]],
) -> None:
    """Exactly the violations that the fault causes are reported."""
    recording = visit.copy()
    change(recording.find(method, end))
    assert violations_of(recording, tmp_path) >= expected


def test_a_deleted_record_is_not_found(visit: Recording, tmp_path: Path) -> None:
    """The read after the deletion returns the record."""
    recording = visit.copy()
    first, last = [
        each
        for each in recording.entries
        if each["request"]["method"] == "GET" and each["request"]["url"].endswith(NEW_GROUP)
    ]
    last["response"] = first["response"]
    assert violations_of(recording, tmp_path) == {("getGroup", "still-there")}


def test_entries_of_other_requests_are_counted(visit: Recording, tmp_path: Path) -> None:
    """Pages, preflights, entries of the cache and aborted ones are left out; unknown ones named."""
    recording = visit.copy()
    base = recording.entries[1]["request"]["url"].partition("/api/")[0]
    recording.entries += [
        hand_made_entry(url=f"{base}/index.html"),
        hand_made_entry(url="https://cdn.example.com/a.js"),
        hand_made_entry("OPTIONS", f"{base}{GROUPS}"),
        hand_made_entry("HEAD", f"{base}{GROUPS}"),
        hand_made_entry(url=f"{base}{GROUPS}", _fromCache="memory"),
        hand_made_entry(url=f"{base}{GROUPS}", status=0),
        hand_made_entry(url=f"{base}/api/v1/color?token=abc"),
        hand_made_entry("PATCH", f"{base}{GROUPS}"),
    ]
    done = check(recording, tmp_path, "--report", str(tmp_path / "report"))
    assert done.code == 0
    lines = [line.strip() for line in done.out.splitlines()]
    assert (
        "left out: 1 CORS preflight, 1 HEAD, 1 from the browser's cache, 2 not to the API,"
        " 2 to no operation of the contract, 1 unanswered"
    ) in lines
    assert f"unknown: GET /api/v1/color, PATCH {GROUPS}" in lines
    page = (tmp_path / "report/report.html").read_text()
    assert "<li>unknown: <code>GET /api/v1/color</code> ×1</li>" in page
    assert "<li>left out: 1 from the browser&#39;s cache</li>" in page


def test_what_was_not_recorded_is_not_judged(visit: Recording, tmp_path: Path) -> None:
    """A recording without bodies holds by statuses and header fields, and says so."""
    recording = visit.copy()
    for entry in recording.entries:
        del entry["response"]["content"]["text"]
        if "postData" in entry["request"]:
            entry["request"]["postData"] = {"mimeType": "application/json", "text": ""}
    done = check(recording, tmp_path)
    assert (done.code, done.violations) == (0, [])
    number = len(recording.entries)
    assert f"not recorded: 3 body of the request, {number} body of the response" in done.out


def test_a_sanitized_recording_is_no_proof_of_missing_credentials(
    visit: Recording, tmp_path: Path
) -> None:
    """Browsers leave out the credentials of all requests, unless they are told to keep them."""
    recording = visit.copy()
    for entry in recording.entries:
        drop_header("request", "authorization")(entry)
    assert violations_of(recording, tmp_path) == set()


def test_a_recording_can_be_checked_in_part(visit: Recording, tmp_path: Path) -> None:
    """With --only, other operations and rules cannot fail it."""
    recording = visit.copy()
    edit_body(recording.find("GET", REPORT), put(0.9, "contactSuccessRate"))
    edit_body(recording.find("GET", FIRST_PAGE), put(9, "totalPages"))
    assert violations_of(recording, tmp_path, "--only", "RP-01") == {("RP-01", "rule-not-kept")}
    only_group = violations_of(recording, tmp_path, "--only", "notice-groups")
    assert only_group == {("listGroups", "page-inconsistent")}
    assert violations_of(recording, tmp_path, "--only", "getGroup,createGroup") == set()


def test_inferred_rules_are_open_by_the_documents(visit: Recording, tmp_path: Path) -> None:
    """With `documented`, a rule that rests on a decision fails nothing."""
    recording = visit.copy()
    edit_body(recording.find("GET", SORTED), reverse("content"))
    done = check(recording, tmp_path, "--strictness", "documented")
    assert done.code == 0
    assert "open: PG-15" in done.out


def test_two_recordings_are_one(visit: Recording, tmp_path: Path) -> None:
    """What one client has written, another one reads."""
    one, two = visit.copy(), visit.copy()
    position = one.entries.index(one.find("GET", NEW_GROUP))
    two.entries = [one.entries.pop(position)]
    edit_body(two.entries[0], put("丙", "name"))
    paths = [str(one.write(tmp_path, "one.har")), str(two.write(tmp_path, "two.har"))]
    done = run_check("--har", *paths)
    assert done.violations == [("getGroup", "Read-back differs from what was written")]
    assert f"# {paths[1]}, entry 0" in done.out
    assert f"# {paths[0]}, entry {position - 1}" in done.out


def test_known_violations_are_left_to_the_baseline(visit: Recording, tmp_path: Path) -> None:
    """An entry whose violation does not occur is not healed: the recording need not show it."""
    recording = visit.copy()
    edit_body(recording.find("GET", FIRST_PAGE), put(9, "totalPages"))
    baseline = tmp_path / "known.yaml"
    baseline.write_text(
        "- {operation: listGroups, kind: page-inconsistent, owner: a, reason: b,"
        " expires: '2999-12-31'}\n"
        "- {operation: getGroup, kind: server-error, owner: a, reason: b, expires: '2999-12-31'}\n"
    )
    done = check(recording, tmp_path, "--baseline", str(baseline))
    assert (done.code, done.violations) == (0, [])
    assert "Baseline: 1 known violation" in done.out


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("--target", "http://127.0.0.1:1"), "--target"),
        (("--profile", "safe"), "--profile"),
        (("--workers", "2"), "--workers"),
        (("--shard", "1/2"), "--shard"),
        (("--fail-fast",), "--fail-fast"),
        (("--password", "x"), "--password"),
        (("--allow-writes", "example.com"), "--allow-writes"),
    ],
)
def test_options_for_requests_are_refused(
    tmp_path: Path, arguments: tuple[str, ...], option: str
) -> None:
    """By name, with exit code 2, before anything is read."""
    done = run_check("--har", str(tmp_path / "none.har"), *arguments)
    assert (done.code, done.out) == (2, "")
    assert f"{option} cannot be combined with --har" in done.err


def test_a_recording_without_the_api_is_no_verdict(tmp_path: Path) -> None:
    """Exit code 2, with what was in it."""
    done = check(Recording([hand_made_entry(url="https://example.com/")]), tmp_path)
    assert done.code == 2
    assert "no entry is an answered request to an operation of the contract (1 not to" in done.err
    done = check(Recording(), tmp_path)
    assert (done.code, "there are no entries" in done.err) == (2, True)
    done = check(Recording([hand_made_entry(status=0)]), tmp_path)
    assert (done.code, "(1 unanswered)" in done.err) == (2, True)


def test_an_unreadable_recording_is_no_verdict(tmp_path: Path) -> None:
    """Exit code 2, with the place of the mistake."""
    entry = hand_made_entry()
    del entry["request"]["method"]
    done = check(Recording([entry]), tmp_path)
    assert done.code == 2
    assert "traffic.har: entry 0: /log/entries/0/request/method is missing" in done.err


def test_the_base_url_can_be_given(visit: Recording, tmp_path: Path) -> None:
    """Requests to other servers with the same paths are then left out."""
    recording = visit.copy()
    recording.entries.append(hand_made_entry(url=f"https://other.example.com{GROUPS}", body=[]))
    assert check(recording, tmp_path).code == 1
    base = recording.entries[1]["request"]["url"].partition("/api/")[0]
    assert check(recording, tmp_path, "--har-base", base).code == 0
    assert check(recording, tmp_path, "--har-base", "https://x.example.com").code == 2


def test_requests_through_a_proxy_and_to_a_session_are_recognised(
    visit: Recording, tmp_path: Path
) -> None:
    """Their prefixes come before the paths of the contract."""
    recording = visit.copy()
    for entry in recording.entries:
        path = urlsplit(entry["request"]["url"])._replace(scheme="", netloc="").geturl()
        entry["request"]["url"] = f"https://example.com/gw/hypers/__session/alice{path}"
    done = check(recording, tmp_path)
    assert (done.code, done.violations) == (0, [])
    assert f"{len(recording.entries)} judged" in done.out


def test_no_secret_reaches_a_report(visit: Recording, tmp_path: Path) -> None:
    """Those of headers, cookies, bodies and URLs, also where a response repeats them."""
    recording = visit.copy()
    login = recording.find("POST", "/oauth/token")
    token = json.loads(login["response"]["content"]["text"])
    secrets = ["demo-password", "demo-secret", token["access_token"], token["refresh_token"]]
    secrets += ["c00kie-wert-123", "h3ader-wert-456", "qu3ry-wert-789"]
    first, group = recording.find("GET", FIRST_PAGE), recording.find("GET", NEW_GROUP)
    first["request"]["headers"] += [
        {"name": "Cookie", "value": f"sid={secrets[4]}"},
        {"name": "X-Session-Token", "value": secrets[5]},
    ]
    first["request"]["url"] += f"&access_token={secrets[6]}"
    # In values, in a name of a field, in a path that is unknown.
    edit_body(group, put(" ".join(secrets), "name"))
    edit_body(first, put([{secrets[4]: 1}], "content"))
    base = first["request"]["url"].partition("/api/")[0]
    recording.entries.append(hand_made_entry(url=f"{base}/api/v1/color/{secrets[2]}"))
    done = check(recording, tmp_path, "--report", str(tmp_path / "report"))
    assert done.code == 1
    texts = [done.out, done.err, *(each.read_text() for each in (tmp_path / "report").iterdir())]
    assert len(texts) == 7
    assert [secret for secret in secrets for text in texts if secret in text] == []
    assert all("[Filtered]" in text for text in texts[:1])


def test_readings_are_observed(visit: Recording, tmp_path: Path) -> None:
    """The report says how the server answers the open questions, as far as responses show it."""
    assert violations_of(visit, tmp_path, "--readings", "rates=fraction") == set()
    report = json.loads((tmp_path / "report/report.json").read_text())
    shown = {one["reading"]: [*one["values"]] for one in report["run"]["readings"]}
    assert shown["rates"] == ["fraction"]
    assert shown["page-sort"] == ["array"]
    assert "rates: fraction" in (tmp_path / "report/readings.yaml").read_text()
    reasons = {one["reading"]: one["reason"] for one in report["run"]["readings"]}
    assert reasons["member-template"] == "no recorded response shows it"
    assert reasons["second-login"] == "a recording does not show it"
    found = violations_of(visit, tmp_path, "--readings", "rates=percent")
    assert found == {("getMarketingNoticeReport", "reading-differs")}


def test_a_server_that_mixes_two_readings_is_found(visit: Recording, tmp_path: Path) -> None:
    """Two reports have their rates in different units; on two servers, that is no violation."""
    recording = visit.copy()
    plan = recording.find("GET", REPORT)
    other = copy.deepcopy(plan)
    rates = {"contactSuccessRate": 45, "completeServiceRate": 44.44}
    rates |= {"effectiveCommunicationRate": 88.89, "invitationSuccessfulRate": 22.22}
    edit_body(other, lambda document: document.update(rates))
    recording.entries.append(other)
    mixed = ("getMarketingNoticeReport", "readings-mixed")
    assert mixed in violations_of(recording, tmp_path)
    other["request"]["url"] = f"https://staging.example.com{REPORT}"
    assert mixed not in violations_of(recording, tmp_path)


def test_a_reset_of_the_mock_explains_what_is_gone(tmp_path: Path) -> None:
    """A request to the control API of the mock replaces all records."""
    with run_mock() as mock:
        recorder = Recorder(mock.client)
        group = recorder.send("POST", GROUPS, json={"name": "甲"})["id"]
        recorder.send("GET", f"{GROUPS}/{group}")
        recorder.send("POST", "/__admin/reset")
        recorder.client.headers["Authorization"] = f"Bearer {fetch_token(mock.anonymous)}"
        recorder.send("GET", f"{GROUPS}/{group}")
    assert violations_of(recorder.recording, tmp_path) == set()
    del recorder.recording.entries[2]
    assert violations_of(recorder.recording, tmp_path) == {("getGroup", "not-found")}
