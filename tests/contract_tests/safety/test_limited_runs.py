"""Check of a server that others use: requests, leftovers, verdict.

The mock takes the part of this server, since `--test-member` sets the same limits on this machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis

import openapi
from contract_tests.safety.name_prefix import add_name_prefix
from mock_server.world.world import World
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.recorder import RecordingApp, run_recorded_mock
from tests.contract_tests.run_check import QUICK, SAMPLE_RULE, CheckResult, run_check

pytestmark = pytest.mark.whole

TEST_MEMBER_OPTIONS = ("--test-member", "userId=U-test,ciq=C-test")
SELECTED_OPERATIONS = "getGroup,deleteGroup,updateGroup,createMarketingNotice"
SELECTED_RULES = f"NT-04,NT-05,MT-08,MN-12,AU-05,{SAMPLE_RULE},FI-06"
CREATE_PATHS = ("/api/v1/notification-tasks", "/api/v1/marketing-notice", "/api/v1/file")
TABLE_NAMES = ("groups", "scenes", "notices", "notice_tasks", "notification_tasks")


def sent_bodies(recorder: RecordingApp, path: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects sent to a path."""
    for _, target, _, body in recorder.requests:
        if re.fullmatch(path, target.decode().partition("?")[0]) and body.startswith(b"{"):
            yield json.loads(body)


def table_contents(world: World) -> dict[str, dict[int, Any]]:
    """Return the records of a mock by table, for comparison."""
    return {name: dict(getattr(world, name).items()) for name in TABLE_NAMES}


@pytest.fixture(scope="module")
def limited_run() -> tuple[RecordingApp, dict[str, dict[int, Any]], CheckResult]:
    """Run a check within limits, and return recorder, initial records and result."""
    with run_recorded_mock() as (address, recorder):
        before = table_contents(recorder.app.world)
        only = ("--only", f"{SELECTED_OPERATIONS},{SELECTED_RULES}", *QUICK)
        outcome = run_check("--target", address, *TEST_MEMBER_OPTIONS, *only)
    return recorder, before, outcome


LimitedRun = tuple[RecordingApp, dict[str, dict[int, Any]], CheckResult]


def test_the_rest_of_the_contract_is_judged(limited_run: LimitedRun) -> None:
    """Parts that the limits exclude are excused and no violation."""
    _, _, outcome = limited_run
    assert outcome.code == 0, outcome.out
    assert "createMarketingNotice" not in outcome.progress
    assert {"getGroup", "deleteGroup", "links", "chains"} <= outcome.progress.keys()
    for names, reason in (
        ("excused: createMarketingNotice", "it could reach people"),
        ("not checkable: AU-05, FI-06", "would try other .* which needs --allow-token-probes"),
        ("not checkable: MN-12", "would release a plan, which needs --allow-release"),
    ):
        assert re.search(rf"^  {names} \({reason}", outcome.out, re.MULTILINE), outcome.out


def test_nobody_but_the_test_member_is_addressed(limited_run: LimitedRun) -> None:
    """Bodies and lists name only that member."""
    recorder, _, _ = limited_run
    sent = list(sent_bodies(recorder, CREATE_PATHS[0]))
    people = [person for body in sent for person in body.get("members") or ()]
    assert {one["userId"] for one in people if one.get("userId")} == {"U-test"}
    with_lists = [body for body in sent if "fileIds" in body]
    assert with_lists
    world = recorder.app.world
    met = [world.members.get(number) for number in {*world.members} - {*seeded_member_ids()}]
    assert met
    assert {one.user_id for one in met} <= {"U-test", None}
    assert {one.ciq for one in met} <= {"C-test", None}


def seeded_member_ids() -> Iterator[int]:
    """Yield the members of a new mock."""
    with run_recorded_mock() as (_, recorder):
        yield from recorder.app.world.members


def test_tasks_start_a_week_ahead_and_are_terminated(limited_run: LimitedRun) -> None:
    """All tasks start a week ahead and are terminated; plans stay drafts."""
    recorder, before, _ = limited_run
    world = recorder.app.world
    made = [
        task
        for number, task in world.notification_tasks.items()
        if number not in before["notification_tasks"]
    ]
    assert len(made) > 3
    for task in made:
        assert (task.start - world.now()).days >= 7
        assert task.terminated
    options = [body.get("options") for body in sent_bodies(recorder, CREATE_PATHS[1])]
    assert {*options} == {"DRAFT"}


def test_what_was_there_before_is_as_it_was(limited_run: LimitedRun) -> None:
    """Existing records are not changed, ended or referred to."""
    recorder, before, _ = limited_run
    after = table_contents(recorder.app.world)
    for name, table in before.items():
        assert {number: after[name].get(number) for number in table} == table, name
    assert after["groups"].keys() == before["groups"].keys()
    assert after["notices"].keys() == before["notices"].keys()


def test_no_credentials_but_the_given_ones_are_tried(limited_run: LimitedRun) -> None:
    """There is one kind of login and never a wrong token."""
    recorder, _, _ = limited_run
    grants = [body["grant_type"] for body in sent_bodies(recorder, "/oauth/token")]
    assert {*grants} == {"password"}
    sent = [dict(headers).get(b"authorization", b"") for _, _, headers, _ in recorder.requests]
    assert not [value for value in sent if b"wrong" in value or value == b"Bearer"]


def test_with_both_options_those_rules_are_checked_too() -> None:
    """Releases, refreshes and wrong logins are tried if they are allowed."""
    with run_recorded_mock() as (address, recorder):
        allowed = ("--allow-release", "--allow-token-probes", "--allow-writes", "127.0.0.1")
        only = ("--only", "AU-01,AU-05,FI-06,MN-04,MN-12")
        outcome = run_check("--target", address, *TEST_MEMBER_OPTIONS, *allowed, *only)
    assert outcome.code == 0, outcome.out
    assert re.search(r"^Rules +5: 5 held$", outcome.out, re.MULTILINE), outcome.out
    assert "RELEASE" in {body.get("options") for body in sent_bodies(recorder, CREATE_PATHS[1])}
    assert all(notice.phases for notice in recorder.app.world.notices.values())


def test_limits_excuse_nothing_else() -> None:
    """An operation that could have succeeded, and did not, is a violation."""

    def refused(answer: MockExchange) -> None:
        if answer.status == 200:
            answer.status = 409

    with run_faulty_mock("PUT", "/api/v1/marketing-notice/group/.*", refused) as address:
        outcome = run_check(
            "--target", address, *TEST_MEMBER_OPTIONS, "--only", "createGroup,updateGroup", *QUICK
        )
    assert outcome.code == 1
    assert ("updateGroup", "No request succeeded") in outcome.violations


def test_everything_that_is_made_has_the_name_of_the_run() -> None:
    """Examples, generated data, links and chains use the same prefix."""
    with run_recorded_mock() as (address, recorder):
        only = "createGroup,updateGroup,getGroup"
        outcome = run_check("--target", address, "--only", only, *QUICK)
    assert outcome.code == 0, outcome.out
    names = []
    for (method, _, _, _), answer in zip(recorder.requests, recorder.answers, strict=True):
        made = json.loads(answer) if method in ("POST", "PUT") and answer[:1] == b"{" else {}
        if "id" in made:
            names.append(made["name"])
    assert "hypers-check" in names  # from whose answer the prefix comes
    found = [re.match("check-[0-9a-f]{6}-", name) for name in names if name != "hypers-check"]
    assert len(found) > 10
    assert len({each and each[0] for each in found}) == 1, names


def test_a_name_stays_as_long_as_it_may_be() -> None:
    """A name gets the prefix once, within its length; the example is unchanged."""
    contract = schemathesis.openapi.from_dict(openapi.load())
    case = contract["/api/v1/notification-tasks"]["POST"].Case
    for name, expected in (
        ("gift", "check-1-gift"),
        ("check-1-gift", "check-1-gift"),
        ("n" * 120, "check-1-" + "n" * 112),
        (7, 7),
    ):
        body: Any = {"taskName": name, "contents": []}
        sent = case(body=body, media_type="application/json")
        assert add_name_prefix("check-1-", sent) == {}
        assert sent.body == {"taskName": expected, "contents": []}
        assert body["taskName"] == name
    plan = contract["/api/v1/marketing-notice"]["POST"].Case
    sent = plan(body={"data": {"name": "p"}}, media_type="application/json")
    add_name_prefix("check-1-", sent)
    assert sent.body == {"data": {"name": "check-1-p"}}


def test_the_file_of_a_form_gets_a_name_too() -> None:
    """Only the filename is changed, whatever the parts contain."""
    content = b'\r\nContent-Disposition: form-data; name="x"; filename="y"'
    parts: Any = {"moduleName": (None, "probe"), "file": ("file", content)}
    request: Any = requests.Request("POST", "http://127.0.0.1/", files=parts).prepare()
    before = request.body
    upload = schemathesis.openapi.from_dict(openapi.load())["/api/v1/file"]["POST"].Case
    how = add_name_prefix("check-1-", upload(body={}, media_type="multipart/form-data"))
    request.prepare_auth(how["auth"])
    assert request.body == before.replace(b'filename="file"', b'filename="check-1-file"')
    assert request.headers["Content-Length"] == str(len(request.body))


def test_a_task_that_cannot_be_terminated_is_listed() -> None:
    """The task continues, so it must be listed."""

    def broken(answer: MockExchange) -> None:
        answer.status = 500

    with run_faulty_mock("PUT", "/api/v1/notification-tasks/.*/termination", broken) as address:
        outcome = run_check("--target", address, *TEST_MEMBER_OPTIONS, "--only", "NT-09", *QUICK)
    assert re.search(r"^Left on the target: .* could not be removed$", outcome.out, re.MULTILINE)
    why = "terminateNotificationTask answered 500"
    assert re.search(
        rf'^  createNotificationTask \d+ "check-.*": {why}$', outcome.out, re.MULTILINE
    )
