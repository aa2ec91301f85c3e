"""A document that is not a state is refused with the place and the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.sessions.state_checks import MAX_VIOLATIONS
from mock_server.sessions.state_document import encode_state
from mock_server.sessions.state_reader import InvalidStateError, read_state
from tests.mock_server.sessions.document_changes import Change, change_at, check_refusal, without
from tests.mock_server.sessions.states import document_of, new_state, read, rich_state

REFUSED: dict[str, tuple[Change, str, str]] = {
    "another format": (change_at("/format", "other"), "/format", "CP-25"),
    "another version": (change_at("/version", 2), "/version", "CP-25"),
    "a version that only equals 1": (change_at("/version", True), "/version", "CP-25"),
    "a missing section": (without("/groups"), "/groups", "CP-26"),
    "an unknown section": (change_at("/more", []), "/more", "CP-26"),
    "a section of another type": (change_at("/groups", {}), "/groups", "CP-26"),
    "a record of another type": (change_at("/groups/0", 7), "/groups/0", "CP-26"),
    "a missing field": (without("/groups/0/name"), "/groups/0/name", "CP-26"),
    "an unknown field": (change_at("/groups/0/nome", 1), "/groups/0/nome", "CP-26"),
    "a text for a number": (change_at("/groups/0/id", "101"), "/groups/0/id", "CP-26"),
    "true for a number": (change_at("/groups/0/id", True), "/groups/0/id", "CP-26"),
    "a number beyond 64 bits": (change_at("/groups/0/id", 2**64), "/groups/0/id", "CP-26"),
    "a number for a text": (change_at("/groups/0/name", 1), "/groups/0/name", "CP-26"),
    "a date that does not exist": (
        change_at("/groups/0/created", "2025-02-30 10:00:00"),
        "/groups/0/created",
        "CP-26",
    ),
    "a date in another form": (
        change_at("/groups/0/created", "2025-02-03T10:00:00"),
        "/groups/0/created",
        "CP-26",
    ),
    "a number for true": (change_at("/scenes/0/unbound", 1), "/scenes/0/unbound", "CP-26"),
    "a seed below 0": (change_at("/seed", -1), "/seed", "CP-26"),
    "a seed beyond 64 bits": (change_at("/seed", 2**63), "/seed", "CP-26"),
    "a clock before its start": (
        change_at("/clock/now", "2025-04-20T09:00:00+08:00"),
        "/clock/started",
        "CP-26",
    ),
    "a clock beyond its end": (
        change_at("/clock/now", "9001-01-01T00:00:00+08:00"),
        "/clock/now",
        "CP-26",
    ),
    "a clock in another zone": (
        change_at("/clock/now", "2025-04-21T01:00:00Z"),
        "/clock/now",
        "CP-26",
    ),
    "a clock that may be frozen": (change_at("/clock/frozen", 1), "/clock/frozen", "CP-26"),
    "a clock without a scale": (change_at("/clock/scale", "1"), "/clock/scale", "CP-26"),
    "a scale beyond the limits": (change_at("/clock/scale", 1e9), "/clock/scale", "CP-26"),
    "a next id of 0": (change_at("/nextIds/files", 0), "/nextIds/files", "CP-26"),
    "a next id without room": (change_at("/nextIds/files", 2**63), "/nextIds/files", "CP-26"),
    "a generator that is none": (change_at("/tokenGenerator", "AAAA"), "/tokenGenerator", "CP-26"),
    "a generator in another code": (
        change_at("/tokenGenerator", "//?"),
        "/tokenGenerator",
        "CP-26",
    ),
    "a generator beyond its words": (
        change_at("/tokenGenerator", "A" * 3328 + "f///fw=="),
        "/tokenGenerator",
        "CP-26",
    ),
    "a token without a text": (
        change_at("/accessTokens/0/token", 1),
        "/accessTokens/0/token",
        "CP-26",
    ),
    "a secret that is no text": (
        change_at("/credentials/clients", {"a": 1}),
        "/credentials/clients/a",
        "CP-26",
    ),
    "a range that ends before it begins": (
        change_at("/groupsUnweighed", [[2, 1]]),
        "/groupsUnweighed/0",
        "CP-26",
    ),
    "an index beyond the shared values": (
        change_at("/notificationTasks/0/contents", 99),
        "/notificationTasks/0/contents",
        "CP-26",
    ),
    "an index below 0": (
        change_at("/notificationTasks/0/sentMembers", [-1]),
        "/notificationTasks/0/sentMembers/0",
        "CP-26",
    ),
    "content that is not base64": (
        change_at("/files/0/content", ["*"]),
        "/files/0/content/0",
        "CP-26",
    ),
    "content with spare bits": (
        change_at("/files/0/content", ["QR=="]),
        "/files/0/content/0",
        "CP-26",
    ),
    "a row that is no number": (
        change_at("/notificationTasks/0/outcomes", {"01": {"status": "FAILED"}}),
        "/notificationTasks/0/outcomes/01",
        "CP-26",
    ),
    "a member without an id": (
        change_at("/notificationTasks/0/recipients", [[None, "x"]]),
        "/notificationTasks/0/recipients/0",
        "CP-26",
    ),
    "a name that is no text": (
        change_at("/notificationTasks/0/recipients", [[1001, 0]]),
        "/notificationTasks/0/recipients/0",
        "CP-26",
    ),
    "a mark around something else": (
        change_at("/notices/0/details", {"a": {"$object": {"b": 1}}}),
        "/notices/0/details/a/$object",
        "CP-26",
    ),
}


@pytest.mark.parametrize(("change", "pointer", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_document_that_is_no_state_is_refused_at_its_place(
    change: Change, pointer: str, rule: str
) -> None:
    """The first violation names the place; the unchanged document is accepted."""
    check_refusal(change, pointer, rule)


@pytest.mark.parametrize("document", [None, 7, "", [], {}, {"format": []}, {"version": 1}])
def test_any_other_json_is_refused(document: Any) -> None:
    """As another format."""
    with pytest.raises(InvalidStateError) as refused:
        read_state(document, 2**30)
    assert [each.rule for each in refused.value.violations] == ["CP-25"]


def test_violations_of_several_records_are_reported_together() -> None:
    """As many as those of other requests at most."""
    document = document_of(new_state("large", 1_000))
    for task in document["notificationTasks"]:
        task["name"] = None
    with pytest.raises(InvalidStateError) as refused:
        read(document)
    pointers = [each.pointer for each in refused.value.violations]
    assert pointers == [f"/body/notificationTasks/{n}/name" for n in range(MAX_VIOLATIONS)]


def test_a_wrong_document_is_emptied_as_well() -> None:
    """It may be as large as a state, and would be freed at once by the event loop."""
    document = document_of(new_state())
    document["groups"][0]["name"] = 1
    with pytest.raises(InvalidStateError):
        read(document)
    assert not any(rows for rows in document.values() if isinstance(rows, list))


def test_a_generator_may_be_left_out() -> None:
    """The tokens are then those of a new world with this seed."""
    document = document_of(new_state("empty"))
    del document["tokenGenerator"]
    document["seed"] = 8
    found = json.loads(encode_state(read(document)))
    assert len(found["tokenGenerator"]) == 3336


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@pytest.mark.whole
@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_change_of_a_document_is_refused_or_read_as_it_is(data: st.DataObject) -> None:
    """No other error, and what is accepted is written again as it was."""
    document = document_of(rich_state())
    node: Any = document
    while True:
        keys = [*node] if isinstance(node, dict) else [*range(len(node))]
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(node[key], (dict, list)) and data.draw(st.booleans()):
            node = node[key]
            continue
        node[key] = data.draw(JSON_VALUES)
        break
    text = json.dumps(document)
    try:
        found = read(json.loads(text))
    except InvalidStateError:
        pass
    else:
        again = encode_state(found)
        assert encode_state(read(json.loads(again))) == again
