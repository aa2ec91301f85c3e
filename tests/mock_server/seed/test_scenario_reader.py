"""Scenario files: their errors, their files beside them, and their limits."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from mock_server.seed.scenario_file import ScenarioError
from mock_server.seed.scenario_reader import load_scenario, read_scenario
from tests.mock_server.seed.scenarios import OPERATIONS, find_violations


def load_error(path: Path, text: str) -> str:
    """Write a file and return the error of loading it."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, OPERATIONS)
    return str(caught.value)


def test_all_errors_of_a_file_are_named_with_their_lines(tmp_path: Path) -> None:
    """In the order of the file, with the nearest accepted names."""
    text = """\
users:
  - username: a
    password: x
    may: [listGroup, notice-scene]
    mayNot:
      - listNotificationTask
"""
    wrong = "is neither an operationId nor a tag of the contract; accepted"
    tasks = "listNotificationTasks, getNotificationTask, createNotificationTask"
    assert load_error(tmp_path / "my.yaml", text).splitlines() == [
        f"my.yaml:4: /users/0/may/0: listGroup {wrong}: listGroups, getGroup, deleteGroup",
        f"my.yaml:4: /users/0/may/1: notice-scene {wrong}: notice-scenes, notices, notice-tasks",
        f"my.yaml:6: /users/0/mayNot/0: listNotificationTask {wrong}: {tasks}",
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    {
        "base: [": "my.yaml:2: did not find expected node content",
        "base: demo\nbase: empty\n": "my.yaml:2: duplicate key 'base'",
        "base: !!binary AAAA": "my.yaml:1: the tag tag:yaml.org,2002:binary is not JSON",
        "": "my.yaml:1: null breaks type; accepted: type object",
    }.items(),
)
def test_an_error_of_the_yaml_names_its_line(tmp_path: Path, text: str, error: str) -> None:
    """Also a key that is given twice, which most parsers ignore."""
    found = load_error(tmp_path / "my.yaml", text)
    assert found.replace("my.yaml: null", "my.yaml:1: null") == error


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """With the reason of the system."""
    with pytest.raises(ScenarioError, match=r"^none\.yaml: "):
        load_scenario(tmp_path / "none.yaml", OPERATIONS)


def test_aliases_that_expand_without_end_are_refused(tmp_path: Path) -> None:
    """Nine anchors of ten aliases each are a thousand million values; the error comes at once."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    begun = time.perf_counter()
    error = load_error(tmp_path / "my.yaml", "\n".join(lines))
    assert "aliases expand to more than 1000000 values" in error
    assert time.perf_counter() - begun < 5


def test_aliases_may_be_used(tmp_path: Path) -> None:
    """People write the members of several tasks once."""
    path = tmp_path / "my.yaml"
    path.write_text(
        "members: [&one {memberId: 2001, nickname: 张丽}]\nfiles: []\n"
        "notificationTasks:\n"
        "  - {taskName: a, taskType: APPOINTMENT_REMINDER, scheduledStartTime: today 10:00,\n"
        "     contents: [{contentType: TEXT, contentValue: x}], members: [*one]}\n",
        encoding="utf-8",
    )
    scenario = load_scenario(path, OPERATIONS)
    assert scenario.document["notificationTasks"][0]["members"][0]["nickname"] == "张丽"


def test_half_of_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    """YAML can write it, but no response could contain it."""
    error = load_error(tmp_path / "my.yaml", 'groups: [{name: "\\ud800"}]')
    assert "my.yaml" in error


def test_values_that_are_nested_too_deeply_are_refused(tmp_path: Path) -> None:
    """The parser of the system would end the process."""
    error = load_error(tmp_path / "my.yaml", "members: " + "[" * 100_000)
    assert error == "my.yaml: it is nested too deeply"


def file_entry(path: str) -> dict[str, Any]:
    """A scenario with a file beside it."""
    return {"files": [{"moduleName": "m", "path": path}]}


def test_a_file_beside_the_scenario_is_read(tmp_path: Path) -> None:
    """Also in a folder below; its name is that of the path."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists/会员.csv").write_bytes(b"memberId\n1001\n")
    scenario = read_scenario(file_entry("lists/会员.csv"), OPERATIONS, tmp_path / "my.yaml")
    assert scenario.contents == (b"memberId\n1001\n",)


def test_no_file_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    """This holds for `..`, for an absolute path and for a symbolic link."""
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "loop").symlink_to(folder / "loop")
    for path in ("../secret", str(tmp_path / "secret"), "link", "loop", ".", "none", "a\0b"):
        [violation] = find_violations(file_entry(path), folder / "my.yaml")
        assert (violation.pointer, violation.rule) == ("/files/0/path", "CP-34"), path


def test_an_inline_scenario_reads_no_file() -> None:
    """It comes from the network."""
    [violation] = find_violations(file_entry("README.md"))
    assert (violation.rule, violation.accepted[:13]) == ("CP-34", "text | base64")


def test_base64_has_to_be_valid() -> None:
    """White space is allowed, since editors break long lines."""
    entry = {"moduleName": "m", "fileName": "x"}
    [violation] = find_violations({"files": [{**entry, "base64": "é"}]})
    assert (violation.pointer, violation.rule) == ("/files/0/base64", "format")
    found = read_scenario({"files": [{**entry, "base64": "AP\n8="}]}, OPERATIONS)
    assert found.contents == (b"\0\xff",)


def test_an_id_or_a_name_is_given_once() -> None:
    """Of records, members, users and clients."""
    user = {"username": "a", "password": "x"}
    group = {"id": 101, "name": "x"}
    member = {"memberId": 2001}
    found = find_violations(
        {"users": [user, user], "groups": [group, group], "members": [member, member]}
    )
    assert {violation.pointer for violation in found} == {
        "/users/1/username",
        "/groups/1/id",
        "/members/1/memberId",
    }
    assert {violation.rule for violation in found} == {"repeated"}


def test_a_frozen_clock_needs_an_instant() -> None:
    """And the instant has to exist."""
    [violation] = find_violations({"frozen": True})
    assert (violation.pointer, violation.rule) == ("/now", "required")
    [violation] = find_violations({"now": "2025-02-31 00:00:00"})
    assert (violation.pointer, violation.rule) == ("/now", "CP-33")
