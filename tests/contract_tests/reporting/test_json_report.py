"""report.json comes back as the record that it was made from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.contract.operations import operations
from contract_tests.reporting import ReportFormatError, from_json
from contract_tests.reporting.json_report import to_json
from tests.contract_tests.reporting.samples import faulty_record, record_with_text, sound_record


@pytest.mark.parametrize("text", ["", "é五\ud800\U0001f600\x00\x1b\\\"'", "x" * 1_000_000])
def test_a_record_comes_back_exactly(text: str) -> None:
    """Any text survives the round trip; the file is ASCII."""
    for record in (sound_record(), faulty_record(), record_with_text(text)):
        written = to_json(record)
        assert written.isascii()
        assert from_json(written) == record


def test_the_document_says_its_format_and_the_verdict() -> None:
    """Verdict and counts are there for programs."""
    document = json.loads(to_json(faulty_record()))
    assert document["format"] == 4
    assert document["verdict"] == "does not hold"
    assert document["counts"]["operations"] == {
        "held": len(operations()) - 3,
        "violated": 2,
        "no data": 1,
    }
    assert document["run"]["seed"] == 1


def set_value_at(document: Any, *way: Any, to: Any) -> None:
    """Put another value where the way leads."""
    for step in way[:-1]:
        document = document[step]
    document[way[-1]] = to


@pytest.mark.parametrize(
    ("way", "to", "reason"),
    [
        (("format",), 2, "format 2 is unsupported; this hypers-check reads 4"),
        (("run",), None, "/run: null is not an object"),
        (("run", "seed"), "1", "/run/seed: '1' is not int"),
        (("run", "seed"), True, "/run/seed: True is not int"),
        (("run", "extra"), 1, "/run: members missing from or unknown in format 4: extra"),
        (("run", "shard"), [1], "/run/shard: [1] is not 2 values"),
        (("run", "seconds"), "4", "/run/seconds: '4' is not a number"),
        (
            ("run", "operations", 0, "outcome"),
            "fine",
            "/run/operations/0/outcome: 'fine' is not one",
        ),
        (("run", "violations", 0, "before"), "x", "/run/violations/0/before: 'x' is not a list"),
        (("run", "violations", 0, "kind"), "x", "/run/violations/0/kind: 'x' is not a known kind"),
        (("run", "links"), [], "/run/links: [] is not an object"),
    ],
)
def test_another_document_is_refused_at_its_place(way: Any, to: Any, reason: str) -> None:
    """A report of another form is rejected with the pointer."""
    document = json.loads(to_json(faulty_record()))
    set_value_at(document, *way, to=to)
    with pytest.raises(ReportFormatError) as refused:
        from_json(json.dumps(document))
    assert reason in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[" * 100_000, '{"format": 4}'])
def test_what_is_no_report_is_refused(text: str) -> None:
    """Other files are rejected without a traceback."""
    with pytest.raises(ReportFormatError):
        from_json(text)
