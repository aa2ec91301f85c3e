"""The report as one HTML page."""

from __future__ import annotations

from html.parser import HTMLParser

from contract_tests.contract.operations import operations, rules
from contract_tests.reporting.html import to_html
from tests.contract_tests.reporting.samples import faulty_record, sound_record


class ParsedHtml(HTMLParser):
    """The tags of a page, their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data


def test_the_page_needs_nothing_else() -> None:
    """The page has no script, and no URL from which a browser would load anything."""
    page = ParsedHtml(to_html(faulty_record()))
    assert "script" not in page.tags
    assert "link" in page.tags
    loaded = [value or "" for name, value in page.attributes if name in ("src", "href", "data")]
    assert not [value for value in loaded if not value.startswith(("#", "data:"))]


def test_the_links_of_the_page_lead_somewhere() -> None:
    """Links lead to a failure, a part of the page, or a decision."""
    page = ParsedHtml(to_html(faulty_record()))
    ids = {value for name, value in page.attributes if name == "id"}
    targets = {str(v)[1:] for n, v in page.attributes if n == "href" and str(v).startswith("#")}
    assert targets <= ids
    assert {"N14", "failures", "f1", "f2"} <= ids


def test_the_page_shows_each_failure_with_what_it_rests_on() -> None:
    """Request, expected and actual value and sources are shown, also for known violations."""
    text = " ".join(ParsedHtml(to_html(faulty_record())).text.split())
    assert "The contract does not hold" in text
    assert '{"enum": ["PENDING", "EXECUTING", "COMPLETED", "TERMINATED"]}' in text
    assert "五一到店礼领取提醒" in text
    assert "N14 · A task is PENDING, EXECUTING, COMPLETED or TERMINATED" in text
    assert "L146-L147" in text
    assert "Li Lei, until 2026-03-31: repaired in release 7" in text
    assert "17/40" in text


def test_the_page_shows_every_operation_and_every_rule_in_both_languages() -> None:
    """Operations x checks, rules x verdicts."""
    text = ParsedHtml(to_html(sound_record())).text
    assert "The contract holds" in text
    assert "Failures" not in text
    for name in operations():
        assert text.count(name) >= 2, name
    for rule, found in rules().items():
        assert rule in text
        assert found["zh"] in text
        assert found["en"] in text


def test_the_page_crosses_parameters_with_statuses() -> None:
    """There is a row for each parameter and a cell for each status; gaps are expanded and named."""
    page = to_html(faulty_record())
    part = page[page.index("<b>createNotificationTask</b>") :]
    table = ParsedHtml(part[: part.index("</details>")]).text
    rows = [" ".join(line.split()) for line in table.splitlines() if line.strip()]
    shown = " ".join(rows)
    assert "200400401403404413415429500503all" in shown.replace(" ", "")
    assert "body/members22··222···10" in shown.replace(" ", "")
    assert "body/fileIds never sent" in shown
    assert page.count("<details open>\n      <summary><b>createNotificationTask</b>") == 1
    assert page.count("never sent") == 1
    assert "never sent" not in to_html(sound_record())
