"""Comparison of the outcome of a file with the expected one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from tests.corpus.client import Outcome
from tests.corpus.manifest import Expectation, Mistake, Values

FILE_POINTER = "/body/fileIds/0"
PLACE_FIELDS = ("sheet", "column", "row", "header")
LIBRARY_WORDS = re.compile(
    r"calamine|zipfile|Zip ?Error|BadZip|not a zip|Xml ?Error|xml\.|Io ?Error|Errno|Traceback"
    r"|Exception|panic|codec|invalid distance|_csv|unexpected end|Not ?Found|Python",
    re.IGNORECASE,
)
"""Words of libraries and of Python, which are of no use to the reader of an error."""
SENTENCE_ENDS = {"zh": "。", "en": "."}
MAX_SHOWN_ERRORS = 20


def find_differences(expected: Expectation, outcome: Outcome) -> list[str]:
    """Return a line for each difference; none if the outcome is the expected one."""
    if outcome.status not in (200, 400):
        return [f"status {outcome.status}: {outcome.refused}"]
    if expected.upload:
        return _compare_upload(expected.upload, outcome)
    if expected.members:
        return _compare_members(expected, outcome)
    return _compare_refusal(expected, outcome)


def _compare_upload(rule: str, outcome: Outcome) -> list[str]:
    rules = [error.get("rule") for document in outcome.refused for error in document["errors"]]
    return [] if rules == [rule] else [f"the upload is refused by {rules}, expected {rule}"]


def _compare_members(expected: Expectation, outcome: Outcome) -> list[str]:
    if outcome.status != 200:
        shown = [_describe(error) for error in outcome.refused[0].get("errors", [])]
        return [f"refused: {'; '.join(shown)}"]
    found: list[str] = []
    if outcome.total != len(expected.members):
        found.append(f"{outcome.total} members, expected {len(expected.members)}")
    for number, (member, executed) in enumerate(
        zip(expected.members, outcome.members, strict=False), start=1
    ):
        identity, name = executed
        if "memberId" in member and int(member["memberId"]) != identity:
            found.append(f"member {number} has id {identity}, expected {member['memberId']}")
        if "nickname" in member and member["nickname"] != name:
            found.append(f"member {number} is called {name!r}, expected {member['nickname']!r}")
    if outcome.check is None:
        return [*found, "the dry run did not answer 200"]
    return [*found, *_compare_samples(expected.members, outcome.check)]


def _compare_samples(members: Sequence[Values], check: Mapping[str, Any]) -> list[str]:
    if not check["accepted"] or check["members"] != len(members):
        return [f"dry run: accepted {check['accepted']}, {check['members']} members"]
    differences: list[str] = []
    if len(check["sample"]) < min(len(members), MAX_SHOWN_ERRORS):
        differences.append(f"dry run: {len(check['sample'])} samples")
    samples: list[Values] = check["sample"]
    for number, (member, sampled) in enumerate(zip(members, samples, strict=False), start=1):
        for column, value in member.items():
            shown = _sampled_value(sampled, column)
            same = int(value) == int(shown or 0) if column == "memberId" else value == shown
            if not same:
                differences.append(
                    f"sample {number} has {column} {shown!r}, expected {value!r}: {sampled}"
                )
    return differences


def _sampled_value(sampled: Mapping[str, str], column: str) -> str | None:
    """Return the value of a column under its name, or under a title with it in parentheses."""
    ends = f"({column})"
    titles = {"memberId": "会员ID", "nickname": "昵称"}
    for title, value in sampled.items():
        if title in (column, titles.get(column)) or title.endswith(ends):
            return value
    return None


def _compare_refusal(expected: Expectation, outcome: Outcome) -> list[str]:
    if outcome.status != 400:
        return [f"accepted with {outcome.total} members, expected {expected.mistakes[0].code}"]
    if len(outcome.refused) != len(SENTENCE_ENDS):
        return [f"the upload is refused: {outcome.refused}"]
    chinese, english = outcome.refused
    errors = chinese.get("errors", [])
    if any("code" not in error for error in errors):
        return [f"an error without a code: {errors}"]
    total = chinese.get("total", len(errors))
    differences = []
    if total != expected.total or len(errors) != min(total, MAX_SHOWN_ERRORS):
        differences.append(f"{len(errors)} errors of {total}, expected {expected.total}")
    found = [_read_error(error) for error in errors]
    for mistake, error in zip_longest(expected.mistakes, found[: len(expected.mistakes)]):
        if error is None or not _is_same(mistake, error):
            differences.append(f"{_show(error)}, expected {_show(mistake)}")
    differences += [f"also {_show(error)}" for error in found[expected.total :]]
    for language, document in (("zh", chinese), ("en", english)):
        differences += check_sentences(document, language, expected.name)
    return differences + _compare_check(chinese, outcome.check)


def _is_same(mistake: Mistake, error: Mistake) -> bool:
    places = (getattr(mistake, name) == getattr(error, name) for name in PLACE_FIELDS)
    return (
        mistake.code == error.code
        and all(places)
        and (mistake.value is None or mistake.value == error.value)
    )


def _read_error(error: Mapping[str, Any]) -> Mistake:
    return Mistake(
        error["code"],
        error.get("sheet", ""),
        error.get("column", ""),
        error.get("row", 0),
        error.get("header", ""),
        error.get("value"),
    )


def _show(mistake: Mistake | None) -> str:
    if mistake is None:
        return "no error"
    place = f"{mistake.sheet}!{mistake.column}{mistake.row or ''}"
    return f"{mistake.code} {place} [{mistake.header}] {mistake.value!r}"


def _describe(error: Mapping[str, Any]) -> str:
    return _show(_read_error(error)) if "code" in error else str(error)


def check_sentences(document: Mapping[str, Any], language: str, file: str) -> list[str]:
    """Return what is wrong with the form of the errors of a refusal."""
    differences = []
    for error in document.get("errors", []):
        message = error.get("message", "")
        if not message.endswith(SENTENCE_ENDS[language]):
            differences.append(f"{language}: no sentence: {message!r}")
        if words := LIBRARY_WORDS.search(message):
            differences.append(f"{language}: words of a library, {words[0]!r}: {message!r}")
        if error.get("pointer") != FILE_POINTER or not error.get("rule"):
            differences.append(f"{error.get('code')} has no pointer or rule: {error}")
        if error.get("file") != file or "fileId" not in error:
            differences.append(f"{error.get('code')} does not name the file {file}: {error}")
    return differences


def _compare_check(refused: Mapping[str, Any], check: Mapping[str, Any] | None) -> list[str]:
    """Return a line if a dry run finds other errors than the task."""
    if check is None:
        return ["the dry run did not answer 200"]
    codes = [error.get("code") for error in refused.get("errors", [])]
    shown = [error.get("code") for error in check["errors"]]
    return [] if codes == shown and not check["accepted"] else [f"the dry run has {shown}"]
