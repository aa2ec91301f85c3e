"""Titles of columns stand for the names of fields (N5)."""

from __future__ import annotations

import pytest

from mock_server.member_files.titles import aliases_of_title, field_of_title


@pytest.mark.parametrize(
    ("title", "field", "aliases"),
    [
        ("memberId", "memberId", ()),
        ("会员ID", "memberId", ("会员ID",)),
        ("会员ID (memberId)", "memberId", ("会员ID (memberId)", "会员ID")),
        ("顾客编号（userId）", "userId", ("顾客编号（userId）", "顾客编号")),
        ("昵称 ( nickname )", "nickname", ("昵称 ( nickname )", "昵称")),
        ("(ciq)", "ciq", ("(ciq)",)),
        ("礼品 (gift)", "礼品 (gift)", ()),
        ("会员ID (memberid)", "会员ID (memberid)", ()),
        ("会员ID (memberId) 必填", "会员ID (memberId) 必填", ()),
    ],
)
def test_a_title_may_end_with_the_name_of_a_field_in_parentheses(
    title: str, field: str, aliases: tuple[str, ...]
) -> None:
    """The name has to be exact; the text before it is another name for a variable (N5)."""
    assert (field_of_title(title), aliases_of_title(title)) == (field, aliases)


@pytest.mark.parametrize("title", [f"a{' ' * 30_000}b", f"{'( ' * 15_000}ciq", f"({' ' * 30_000}x"])
def test_a_long_title_is_an_ordinary_one(title: str) -> None:
    """Each is searched once; a pattern with the text before the name took half a minute."""
    assert field_of_title(title) == title
    assert field_of_title(f"{title} (ciq)") == "ciq"
