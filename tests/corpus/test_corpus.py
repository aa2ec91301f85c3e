"""A sample of the corpus, which `make corpus` runs whole, and the comparison of outcomes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from tests.corpus.client import CorpusClient, Outcome
from tests.corpus.comparison import find_differences
from tests.corpus.exports import exported_pairs, find_pair_differences
from tests.corpus.fuzzing import damaged_files, fuzz
from tests.corpus.manifest import FILES, Expectation, Mistake, load_manifest, stored_files
from tests.serving import RunningMock

MAX_BYTES = 10 * 2**20
SAMPLE = (
    "formats/exceljs-stream.xlsx",
    "formats/libreoffice-filled-template.ods",
    "formats/strict.xlsx",
    "formats/xlwt-named-xlsx.xlsx",
    "text/utf-16-le.csv",
    "text/gb18030-rare-characters.csv",
    "text/tab-after-each-value.csv",
    "text/sep-semicolon.csv",
    "ids/zeros-kept-by-a-formula.csv",
    "ids/number-18-digits.xlsx",
    "ids/many-mistakes.xlsx",
    "structure/title-row-merged.xlsx",
    "structure/note-beside.xlsx",
    "structure/libreoffice-values.ods",
    "foreign/html-table-gbk.xls",
    "broken/password.xlsx",
    "broken/truncated-half.xlsx",
)
ENTRIES = load_manifest()
EXPECTED = {expected.file: expected for expected in ENTRIES}
ERROR: dict[str, Any] = {
    "pointer": "/body/fileIds/0",
    "rule": "NT-10",
    "file": "a.xlsx",
    "fileId": 9,
    "code": "header-only",
    "sheet": "名单",
    "row": 2,
    "column": "A",
}
REFUSED = Expectation("a.xlsx", (), mistakes=(Mistake("header-only", "名单", "A", 2),), total=1)
READ = Expectation("a.xlsx", (), ({"memberId": "90001", "nickname": "张丽", "礼品": "001"},))


@pytest.fixture(scope="module")
def client(shared_mock: RunningMock) -> Iterator[CorpusClient]:
    """Return a client of a mock."""
    with closing(CorpusClient(shared_mock.address)) as client:
        yield client


def refusal(**changes: Any) -> Outcome:
    """Return the outcome of a file with one error, which has these changes."""
    error = ERROR | {"message": "只有列名。"} | changes
    english = error | {"message": changes.get("english", "Only names.")}
    check = {"accepted": False, "errors": [error]}
    return Outcome(400, ({"errors": [error]}, {"errors": [english]}), check=check)


def reading(sample: dict[str, str], *, name: str = "张丽") -> Outcome:
    """Return the outcome of a file with one member, of which the dry run has these values."""
    check = {"accepted": True, "members": 1, "errors": [], "sample": [sample]}
    return Outcome(200, (), 1, ((90001, name),), check)


def test_each_file_has_an_expectation_and_all_are_small() -> None:
    """At least 120 files, each in one entry of the manifest, take less than 10 MB."""
    assert stored_files() == sorted(EXPECTED)
    assert len(ENTRIES) == len(EXPECTED) >= 120
    assert sum((FILES / name).stat().st_size for name in EXPECTED) < MAX_BYTES


@pytest.mark.parametrize("file", SAMPLE)
def test_a_file_gives_the_expected_members_or_mistakes(client: CorpusClient, file: str) -> None:
    """Members, values and errors with their places, from a task and from a dry run."""
    expected = EXPECTED[file]
    outcome = client.observe(expected.name, expected.content, expected.variables)
    assert find_differences(expected, outcome) == []


def test_a_workbook_gives_the_same_as_its_export(client: CorpusClient) -> None:
    """LibreOffice exports texts and numbers in the format General as they are read."""
    (pair,) = exported_pairs(["exports/mixed.xlsx"])
    book, text = (client.observe(file, EXPECTED[file].content, ["礼品"]) for file in pair)
    assert find_pair_differences(book, text) == []
    assert find_pair_differences(book, replace(text, members=text.members[::-1]))


def test_damaged_files_are_read_or_refused_with_known_codes(client: CorpusClient) -> None:
    """The same seed damages the same files in the same way."""
    assert [*damaged_files(30, 1)] == [*damaged_files(30, 1)] != [*damaged_files(30, 2)]
    result = fuzz(client, os.getpid(), 12, 1)
    assert result.failures == []
    assert result.accepted + result.codes.total() >= 12


def test_an_outcome_as_expected_has_no_differences() -> None:
    """Of members and of mistakes."""
    assert find_differences(REFUSED, refusal()) == []
    assert find_differences(READ, reading({"会员ID": "90001", "昵称": "张丽", "礼品": "001"})) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "sheet-empty"},
        {"sheet": "Sheet1"},
        {"row": 3},
        {"column": "B"},
        {"header": "memberId"},
        {"pointer": "/body/members"},
        {"rule": ""},
        {"file": "b.xlsx"},
        {"message": "CalamineError: 只有列名。"},
        {"message": "只有列名"},
        {"english": "Only names"},
    ],
    ids=str,
)
def test_an_error_with_another_field_is_a_difference(changes: dict[str, Any]) -> None:
    """Code, place, pointer, rule, file and sentences are compared, the latter in both languages."""
    assert find_differences(REFUSED, refusal(**changes))


def test_more_or_fewer_mistakes_are_a_difference() -> None:
    """The total counts those that are not listed, too."""
    assert find_differences(replace(REFUSED, total=2), refusal())
    assert find_differences(replace(REFUSED, mistakes=REFUSED.mistakes * 2, total=2), refusal())
    assert find_differences(REFUSED, replace(refusal(), check={"accepted": True, "errors": []}))


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(500),
        refusal(),
        reading({"会员ID": "90002", "昵称": "张丽", "礼品": "001"}),
        reading({"会员ID": "90001", "昵称": "张丽", "礼品": "1"}),
        reading({"会员ID": "90001", "昵称": "张丽"}),
        reading({"会员ID": "90001", "昵称": "张丽", "礼品": "001"}, name="王芳"),
    ],
)
def test_another_member_or_value_is_a_difference(outcome: Outcome) -> None:
    """So is a file that is refused, or that the mock fails on."""
    assert find_differences(READ, outcome)
