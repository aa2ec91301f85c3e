"""Each form of the report contains the record, whatever texts it has."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from contract_tests.reporting import from_json, write_reports
from contract_tests.reporting.report_files import REPORT_RENDERERS
from contract_tests.results.violations import ResponseExcerpt
from contract_tests.target.target import CannotCheckError
from tests.contract_tests.reporting.samples import faulty_record, record_with_text, sound_record
from tests.contract_tests.reporting.test_html import ParsedHtml
from tests.contract_tests.reporting.test_sanitizing import SECRET, TEXTS_WITH_SECRET
from tests.contract_tests.reporting.test_terminal import render_terminal_report

HOSTILE_TEXTS = {
    "HTML": '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}',
    "XML": "]]></failure><!-- &amp; &lt; <x y='\"'>",
    "control characters": "\x1b[2J\x00\x07\r\x9b1m",
    "half a character": "\ud800 \udfff",
    "no character": "\ufffe\uffff",
    "a formula": '=HYPERLINK("http://a","b")',
}


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_hostile_texts_stay_texts_in_every_form(text: str, tmp_path: Path) -> None:
    """Hostile texts produce no tag, no control character and no broken document."""
    record = record_with_text(text)
    for path in write_reports(record, tmp_path):
        content = path.read_text(encoding="utf-8")
        assert not [sign for sign in content if sign < " " and sign not in "\n\t\r"]
    page = ParsedHtml((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    ET.parse(tmp_path / "junit.xml")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["run"]["ended"]
    printed = render_terminal_report(record)
    assert not [sign for sign in printed if sign < " " and sign != "\n"]


def test_a_megabyte_is_cut_and_whole_in_the_document(tmp_path: Path) -> None:
    """Long texts are cut in all forms except report.json."""
    record, much = faulty_record(), "é" * 1_000_000
    large = replace(
        record.violations[0],
        actual=much,
        response=ResponseExcerpt(200, "text/plain", much),
        request=much,
        before=(much,),
    )
    record.violations[0] = large
    write_reports(record, tmp_path)
    for name in ("report.html", "junit.xml"):
        content = (tmp_path / name).read_text(encoding="utf-8")
        assert "1,000,000 characters" in content
        assert len(content) < 400_000
    assert len(render_terminal_report(record)) < 40_000
    assert from_json((tmp_path / "report.json").read_text(encoding="utf-8")) == record


@pytest.mark.parametrize("text", TEXTS_WITH_SECRET.values(), ids=TEXTS_WITH_SECRET)
def test_no_form_holds_a_secret(text: str, tmp_path: Path) -> None:
    """Secrets are redacted even if the run did not know them."""
    record = record_with_text(text)
    paths = write_reports(record, tmp_path)
    assert {path.name for path in paths} == set(REPORT_RENDERERS)
    for path in paths:
        assert SECRET not in path.read_text(encoding="utf-8"), path.name
    assert SECRET not in render_terminal_report(record)


def test_a_report_replaces_the_one_before_and_leaves_nothing_else(tmp_path: Path) -> None:
    """Reports are written whole, to a new directory, with the user's normal permissions."""
    directory = tmp_path / "a" / "b"
    write_reports(faulty_record(), directory)
    paths = write_reports(sound_record(), directory)
    assert {path.name for path in directory.iterdir()} == {path.name for path in paths}
    assert "holds" in json.loads((directory / "report.json").read_text(encoding="utf-8"))["verdict"]
    plain = tmp_path / "plain"
    plain.touch()
    assert {path.stat().st_mode for path in paths} == {plain.stat().st_mode}


def test_a_directory_that_cannot_be_written_to_is_one_clear_line(tmp_path: Path) -> None:
    """A path that is a file gives one clear line."""
    (tmp_path / "taken").touch()
    with pytest.raises(CannotCheckError, match=r"the report cannot be written to .*taken"):
        write_reports(sound_record(), tmp_path / "taken")
