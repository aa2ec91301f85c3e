"""`hypers-check --har` on recordings of a mock: those of a correct server hold, others fail."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.contract_tests.run_check import run_check
from tests.contract_tests.workflows.recorded.recording_checks import check, violations_of
from tests.contract_tests.workflows.recorded.recording_edits import (
    FIRST_PAGE,
    NEW_GROUP,
    REPORT,
    SORTED,
    drop_header,
    put,
    reverse,
)
from tests.contract_tests.workflows.recorded.recordings import (
    GROUPS,
    Recorder,
    Recording,
    edit_body,
    hand_made_entry,
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


def test_a_correct_server_holds(visit: Recording, tmp_path: Path) -> None:
    """All requests are counted, and the rules that the responses show are held."""
    done = check(visit, tmp_path)
    assert (done.code, done.violations) == (0, [])
    assert f"Recorded: {len(visit.entries)} entries, {len(visit.entries)} judged" in done.out
    assert done.progress["getGroup"] == ("ok", 2)
    assert "THE CONTRACT HOLDS (profile recorded: 12 of 36 operations, 13 of 145 rules" in done.out
    assert check(visit, tmp_path, "--strictness", "documented").code == 0


@pytest.mark.whole
def test_nothing_is_sent(visit: Recording, tmp_path: Path) -> None:
    """No socket is opened, no name looked up and no process started."""
    path = visit.write(tmp_path)
    command = [sys.executable, "-c", WITHOUT_SOCKETS, "--har", str(path), "--report", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


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
    """A record that one client has written is read by another."""
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


def test_requests_through_a_proxy_and_to_a_session_are_recognized(
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


@pytest.mark.whole
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


@pytest.mark.whole
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


@pytest.mark.whole
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


@pytest.mark.whole
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
