"""A version fits if the part that has to grow has grown."""

from __future__ import annotations

import pytest

from openapi.changes.__main__ import CHANGELOGS
from openapi.changes.change import Level
from openapi.changes.snapshot import released, working_tree
from openapi.changes.version_fit import find_misfit, newest_entry, parse_version


@pytest.mark.parametrize(
    ("old", "new", "required", "least"),
    [
        ("1.2.3", "1.2.3", Level.NONE, None),
        ("1.2.3", "1.2.4", Level.NONE, None),
        ("1.2.3", "1.2.2", Level.NONE, "1.2.3"),
        ("1.2.3", "1.2.3", Level.PATCH, "1.2.4"),
        ("1.2.3", "1.2.4", Level.PATCH, None),
        ("1.2.3", "1.3.0", Level.PATCH, None),
        ("1.2.3", "1.2.4", Level.MINOR, "1.3.0"),
        ("1.2.3", "1.3.0", Level.MINOR, None),
        ("1.9.0", "1.10.0", Level.MINOR, None),
        ("1.2.3", "1.3.0", Level.MAJOR, "2.0.0"),
        ("1.2.3", "2.0.0", Level.MAJOR, None),
    ],
)
def test_a_version_that_is_too_small_is_refused_with_one_that_fits(
    old: str, new: str, required: Level, least: str | None
) -> None:
    """Breaking changes need a new major version, additions a minor one, texts a patch."""
    misfit = find_misfit(parse_version(old), parse_version(new), required)
    assert (misfit is None) == (least is None)
    assert least is None or f"at least {least}:" in str(misfit)


@pytest.mark.parametrize("text", ["1.0", "v1.0.0", "1.0.0-rc.1", "01.0.0", ""])
def test_a_text_that_is_no_version_is_refused(text: str) -> None:
    """A version has three numbers without leading zeros."""
    with pytest.raises(ValueError, match="is not a version"):
        parse_version(text)


def test_contract_and_changelogs_have_the_same_version() -> None:
    """The newest entry of both changelogs is `info.version`; that of the release has an entry."""
    version = working_tree()["info"]["version"]
    for file in CHANGELOGS:
        text = file.read_text(encoding="utf-8")
        assert newest_entry(text) == version, file.name
        assert f"\n## [{released()['info']['version']}]" in text, file.name
