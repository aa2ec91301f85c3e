"""Changes of a state's document, for tests that expect it to be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mock_server.sessions.state_reader import InvalidStateError
from tests.mock_server.sessions.states import document_of, new_state, read

Change = Callable[[Any], Any]


def change_at(pointer: str, value: Any) -> Change:
    """Return a change that sets the value at a JSON pointer; a missing field is added."""
    *path, last = (int(part) if part.isdigit() else part for part in pointer.split("/")[1:])

    def change(document: Any) -> None:
        for part in path:
            document = document[part]
        document[last] = value

    return change


def without(pointer: str) -> Change:
    """Return a change that removes a field."""
    *path, last = (int(part) if part.isdigit() else part for part in pointer.split("/")[1:])

    def change(document: Any) -> None:
        for part in path:
            document = document[part]
        del document[last]

    return change


def repeat_first(name: str) -> Change:
    """Return a change that adds the first record of a kind once more."""
    return lambda document: document[name].append(document[name][0])


def check_refusal(change: Change, pointer: str, rule: str) -> None:
    """Check the place and the rule of the first violation of a changed document."""
    document = document_of(new_state())
    change(document)
    with pytest.raises(InvalidStateError) as refused:
        read(document)
    first = refused.value.violations[0]
    assert (first.pointer, first.rule) == (f"/body{pointer}", rule)
