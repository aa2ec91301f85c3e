"""Markdown as HTML: links, names, code and what is escaped."""

from __future__ import annotations

import pytest

from openapi.documentation.markdown import MarkdownRenderer, code_block

TARGETS = {"N6": "decisions.html#N6", "NT-01": "errors.html#rule-NT-01", "getGroup": "#getGroup"}
FILES = {"documentation/guides/en/testing.md": "guide-testing.html", "DECISIONS.md": "d.html"}


@pytest.fixture
def markdown() -> MarkdownRenderer:
    """A renderer that knows three names and two files."""
    return MarkdownRenderer(TARGETS, FILES, ("Copy", "Copied"))


def test_html_in_a_text_is_shown_and_not_run(markdown: MarkdownRenderer) -> None:
    """Texts of the contract, code and titles of code are escaped."""
    hostile = "<script>alert(1)</script>"
    assert "<script>" not in markdown.render(hostile)
    assert "<script>" not in markdown.render_inline(f"`{hostile}` [x](javascript:alert)")
    assert "href" not in markdown.render("[x](javascript:alert(1))")
    assert "<script>" not in code_block(hostile, '"><script>', '"><script>', ("Copy", "Copied"))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("see N6.", 'see <a href="decisions.html#N6">N6</a>.'),
        (
            "见N6和NT-01。",
            '见<a href="decisions.html#N6">N6</a>和<a href="errors.html#rule-NT-01">',
        ),
        ("`getGroup`", '<a href="#getGroup"><code>getGroup</code></a>'),
        ("[N6](https://example.org/)", '<a href="https://example.org/">N6</a>'),
    ],
)
def test_a_name_of_the_contract_becomes_a_link(
    markdown: MarkdownRenderer, text: str, html: str
) -> None:
    """Ids in running text and names in code are links, except inside of another link."""
    assert html in markdown.render_inline(text)


@pytest.mark.parametrize("text", ["N7", "RFC-N6", "N66", "XNT-01", "NT-011", "getGroups"])
def test_what_only_looks_like_a_name_stays_text(markdown: MarkdownRenderer, text: str) -> None:
    """Unknown ids, and parts of longer words, are no links."""
    assert "<a " not in markdown.render_inline(f"{text} `{text}`")


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("testing.md", 'href="guide-testing.html"'),
        ("../en/testing.md#a-b", 'href="guide-testing.html#a-b"'),
        ("../../../DECISIONS.md", 'href="d.html"'),
        ("#here", 'href="#here"'),
        ("https://example.org/x.md", 'href="https://example.org/x.md"'),
        ("../../../../CHANGELOG.md", None),
    ],
)
def test_a_link_to_a_file_leads_to_its_page(
    markdown: MarkdownRenderer, link: str, address: str | None
) -> None:
    """Paths are relative to the file's folder; a file without a page leaves only its text."""
    text = f"# Title\n\n[there]({link})"
    html = markdown.render_page(text, text, "documentation/guides/en").html
    assert (address in html) if address else ("<a " not in html and "there" in html)


def test_headings_have_the_anchors_of_the_english_page(markdown: MarkdownRenderer) -> None:
    """Both languages have the same anchors; a repeated heading gets a number."""
    english = "# Title\n\n## Send it\n\none\n\n## Send it\n\ntwo"
    page = markdown.render_page("# 标题\n\n## 发送\n\n一\n\n## 再发送\n\n二", english)
    assert page.title == "标题"
    found = [(section.anchor, section.title, section.text) for section in page.sections]
    assert found == [
        ("title", "标题", ""),
        ("send-it", "发送", "一"),
        ("send-it-2", "再发送", "二"),
    ]
    assert '<h2 id="send-it-2">再发送</h2>' in page.html


def test_pages_with_other_headings_are_refused(markdown: MarkdownRenderer) -> None:
    """A section that one language lacks is found when the page is built."""
    with pytest.raises(ValueError, match="headings of both languages differ"):
        markdown.render_page("# 标题", "# Title\n\n## More")


def test_chinese_lines_are_joined_without_a_space(markdown: MarkdownRenderer) -> None:
    """A line break in the source is a space only between words that need one."""
    assert "第一行，第二行" in markdown.render("第一行，\n第二行")
    assert "one\ntwo" in markdown.render("one\ntwo")


def test_a_space_remains_between_code_and_chinese_in_two_lines(markdown: MarkdownRenderer) -> None:
    """As in one line; quotation marks, which English has too, count as Chinese beside Chinese."""
    assert "--frozen</code>\n启动" in markdown.render("用 `make mock ARGS=--frozen`\n启动")
    assert "</code>，启动" in markdown.render("用 `make mock`\n，启动")
    assert "写成“是”时" in markdown.render("写成“是”\n时")
    assert "“yes”\nthen" in markdown.render("“yes”\nthen")


def test_a_text_without_markup_has_a_line_for_each_paragraph_entry_and_row(
    markdown: MarkdownRenderer,
) -> None:
    """No bullets, bars or backticks: the search shows a line of it."""
    text = "See **N6**.\n\n- one\n- `two`\n\n| a | b |\n|---|---|\n| c | d |\n\n```sh\nls -l\n```\n"
    lines = markdown.plain_text(text).splitlines()
    assert lines == ["See N6.", "one", "two", "a", "b", "c", "d", "ls -l"]


def test_code_between_paragraphs_leaves_them_as_they_are(markdown: MarkdownRenderer) -> None:
    """Our code blocks are plain text for the parser, which adds them to its own HTML."""
    html = markdown.render("one\n\n```sh\nls <x>\n```\n\ntwo")
    assert html.startswith('<p>one</p>\n<div class="code"><pre ')
    assert "ls &lt;x&gt;</code>" in html
    assert html.endswith("</div>\n<p>two</p>\n")
