"""Members of a request are held to the rules that hold for the rows of a file."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.domain.member_directory import MemberDirectory, MemberRow
from mock_server.domain.notification_contents import (
    member_source_violations,
    member_violations,
    template_variables,
)

ANNA = {"userId": "U1", "nickname": "Anna"}


def member_violation_rules(members: list[dict[str, Any]], *wanted: str) -> list[tuple[str, str]]:
    """Pointer and rule of each violation."""
    return [(found.pointer, found.rule) for found in member_violations(members, wanted)]


@pytest.mark.parametrize("blank", ["", " ", "\t\u3000"])
def test_a_blank_value_of_a_variable_is_none(blank: str) -> None:
    """NT-07 (N31): as a blank cell of a file is none; a field that no text uses may be blank."""
    member = ANNA | {"gift": blank}
    assert member_violation_rules([member], "gift") == [("/body/members/0/gift", "NT-07")]
    assert member_violation_rules([member], "nickname") == []


@pytest.mark.parametrize("blank", ["", " ", "\u3000"])
def test_a_blank_id_names_nobody(blank: str) -> None:
    """NT-05 (N31): nor does it repeat another blank one."""
    nobody = {"userId": blank, "ciq": blank}
    assert member_violation_rules([nobody, nobody]) == [
        ("/body/members/0", "NT-05"),
        ("/body/members/1", "NT-05"),
    ]


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [("userId", "U1", "U1"), ("userId", "U1", " U1 "), ("ciq", "C1", "C1"), ("memberId", 7, 7)],
)
def test_a_member_that_is_listed_twice_is_refused(field: str, first: Any, second: Any) -> None:
    """NT-30 (N33): as in a file; the finding names the place of the first."""
    other = {"memberId": 9}
    [found] = member_violations([{field: first}, other, {field: second}], [])
    assert (found.pointer, found.rule) == (f"/body/members/2/{field}", "NT-30")
    assert found.found.startswith(f"/body/members/0/{field}: ")


def test_one_key_in_two_fields_names_two_members() -> None:
    """NT-30 (N33): only equal ids of one kind count."""
    assert member_violation_rules([{"userId": "1"}, {"ciq": "1"}, {"memberId": 1}]) == []


def test_white_space_around_an_id_is_not_part_of_it() -> None:
    """N31: a member that a file names is the one that a request names."""
    directory = MemberDirectory(1001)
    known = directory.get_or_create(MemberRow(None, "U1", None, "Anna"))
    assert (
        directory.get_or_create(MemberRow.from_request({"userId": " U1 ", "nickname": " "}))
        == known
    )


@pytest.mark.parametrize("written", ["{{gift}}", "{{ gift }}", "{{gift }}", "{{\tgift}}"])
def test_white_space_in_the_braces_does_not_count(written: str) -> None:
    """N3: as in the usual template languages."""
    assert template_variables([{"contentType": "TEXT", "contentValue": f"您的{written}"}]) == [
        "gift"
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"members": [ANNA], "fileIds": []}, []),
        ({"members": [], "fileIds": [601]}, []),
        ({"members": [ANNA], "fileIds": [601]}, [("/body", "NT-04")]),
        ({}, [("/body", "NT-04")]),
        ({"members": []}, [("/body/members", "NT-23")]),
        (
            {"members": [], "fileIds": []},
            [("/body/members", "NT-23"), ("/body/fileIds", "NT-23")],
        ),
    ],
)
def test_an_empty_list_counts_as_not_given(
    body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """NT-04, NT-23 (N4): many clients send an empty list for what they do not use."""
    assert [(found.pointer, found.rule) for found in member_source_violations(body)] == expected
