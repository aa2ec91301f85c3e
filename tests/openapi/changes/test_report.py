"""The report lists each change once, with its operations, places and pointers."""

from __future__ import annotations

from openapi.changes.change import CLIENT, Change
from openapi.changes.report import count_changes, render_report


def test_a_change_that_shows_in_several_places_is_listed_once() -> None:
    """A schema of all errors, for instance, shows in many responses of many operations."""
    changes = [
        Change("/components/schemas/Problem", "it changes", CLIENT, f"response {status}", names)
        for status, names in ((400, ("createGroup", "getGroup")), (404, ("getGroup",)))
    ]
    assert [*render_report(changes)] == [
        "",
        "Breaks clients (1):",
        "  createGroup, getGroup, response 400, response 404: it changes",
        "    /components/schemas/Problem",
    ]
    assert count_changes(changes).startswith("Changes that break clients: 1, servers: 0")


def test_the_same_change_of_several_operations_is_listed_once() -> None:
    """The first pointers and operations are named, and the others are counted."""
    changes = [
        Change(f"/paths/~1{number}/get", "the operation is removed", CLIENT, "", (f"get{number}",))
        for number in range(8)
    ]
    assert [*render_report(changes)] == [
        "",
        "Breaks clients (8):",
        "  get0, get1, get2, get3, get4, get5 and 2 more: the operation is removed",
        "    /paths/~10/get",
        "    /paths/~11/get",
        "    /paths/~12/get",
        "    and 5 more places",
    ]


def test_many_texts_are_counted() -> None:
    """The report stays readable after a translation of everything."""
    changes = [Change(f"/info/{number}", "the text changes", is_text=True) for number in range(25)]
    lines = [*render_report(changes)]
    assert (lines[1], lines[-1], len(lines)) == ("Texts (25):", "  and 5 more", 23)
