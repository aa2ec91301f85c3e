"""The undocumented members of pytest that the check uses still exist."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from contract_tests.runner import pytest_compat as compat


def test_a_test_can_be_shown_under_another_name(request: pytest.FixtureRequest) -> None:
    """The parameter changes; file and function stay."""
    item = request.node
    before = item.id
    try:
        compat.set_test_name(item, "getGroup")
        assert item.nodeid.endswith(
            "test_pytest_compat.py::test_a_test_can_be_shown_under_another_name[getGroup]"
        )
    finally:
        item._id = before
    assert [*compat.compat_warnings()] == []


def test_without_ids_the_tests_keep_their_name_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line, with the version."""
    item = SimpleNamespace(nodeid="a")
    compat.set_test_name(item, "getGroup")
    assert vars(item) == {"nodeid": "a"}
    monkeypatch.setattr(pytest, "Item", SimpleNamespace)
    [line] = compat.compat_warnings()
    assert line.startswith(f"pytest {pytest.__version__} has other internals (no Item.id): ")
