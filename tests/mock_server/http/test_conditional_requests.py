"""Conditional and range requests for downloads, by RFC 9110."""

from __future__ import annotations

from collections.abc import Iterable

import httpx
import pytest

from tests.mock_server.uploads import UploadedFile, upload_file
from tests.serving import RunningMock

CONTENT = bytes(range(200))
MODIFIED = "Mon, 21 Apr 2025 01:00:00 GMT"
EARLIER = "Mon, 21 Apr 2025 00:59:59 GMT"
LATER = "Tue, 22 Apr 2025 00:00:00 GMT"
ETAG_PLACEHOLDER = "{etag}"
"""Placeholder for the file's ETag."""
HeaderFields = list[tuple[str, str]]


@pytest.fixture(scope="module")
def uploaded_file(shared_mock: RunningMock) -> UploadedFile:
    """A file of 200 different bytes."""
    return upload_file(shared_mock, CONTENT)


def download(
    mock: RunningMock, file: UploadedFile, fields: Iterable[tuple[str, str]]
) -> httpx.Response:
    """Return the response to a download with these headers."""
    tag = f'"{file.answer["signature"]}"'
    headers = [(name, value.replace(ETAG_PLACEHOLDER, tag)) for name, value in fields]
    return mock.anonymous.get(file.path, headers=headers)


IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_RANGE, RANGE = (
    "If-None-Match",
    "If-Modified-Since",
    "If-Range",
    "Range",
)
CONDITION_CASES: list[tuple[str, HeaderFields, bool]] = [
    ("no condition", [], True),
    ("its tag", [(IF_NONE_MATCH, ETAG_PLACEHOLDER)], False),
    ("its tag, weakly", [(IF_NONE_MATCH, f"W/{ETAG_PLACEHOLDER}")], False),
    ("any tag", [(IF_NONE_MATCH, "*")], False),
    ("another tag", [(IF_NONE_MATCH, '"another"')], True),
    ("a list with its tag", [(IF_NONE_MATCH, f'"a", W/"b" ,{ETAG_PLACEHOLDER}')], False),
    ("a list without its tag", [(IF_NONE_MATCH, '"a", "b"')], True),
    ("a list over two lines", [(IF_NONE_MATCH, ETAG_PLACEHOLDER), (IF_NONE_MATCH, '"a"')], False),
    ("an empty list", [(IF_NONE_MATCH, "")], True),
    ("since it was made", [(IF_MODIFIED_SINCE, MODIFIED)], False),
    ("since later", [(IF_MODIFIED_SINCE, LATER)], False),
    ("since earlier", [(IF_MODIFIED_SINCE, EARLIER)], True),
    ("since no date", [(IF_MODIFIED_SINCE, "yesterday")], True),
    ("since, as RFC 850 writes it", [(IF_MODIFIED_SINCE, "Monday, 21-Apr-25 01:00:00 GMT")], False),
    ("since, as C writes it", [(IF_MODIFIED_SINCE, "Mon Apr 21 01:00:00 2025")], False),
    (
        "another tag outranks a later date",
        [(IF_NONE_MATCH, '"a"'), (IF_MODIFIED_SINCE, LATER)],
        True,
    ),
    (
        "its tag outranks an earlier date",
        [(IF_NONE_MATCH, ETAG_PLACEHOLDER), (IF_MODIFIED_SINCE, EARLIER)],
        False,
    ),
    (
        "a condition comes before a range",
        [(IF_NONE_MATCH, ETAG_PLACEHOLDER), (RANGE, "bytes=0-0")],
        False,
    ),
]


@pytest.mark.parametrize(
    ("fields", "changed"), [c[1:] for c in CONDITION_CASES], ids=[c[0] for c in CONDITION_CASES]
)
def test_a_condition_answers_304_when_the_copy_is_current(
    shared_mock: RunningMock, uploaded_file: UploadedFile, fields: HeaderFields, changed: bool
) -> None:
    """If-None-Match compares weakly and precedes If-Modified-Since (13.1.2, 13.1.3)."""
    answer = download(shared_mock, uploaded_file, fields)
    assert answer.status_code == (200 if changed else 304)
    assert answer.content == (CONTENT if changed else b"")


RANGE_CASES: list[tuple[str, HeaderFields, slice | None]] = [
    ("the first byte", [(RANGE, "bytes=0-0")], slice(0, 1)),
    ("the last byte", [(RANGE, "bytes=199-199")], slice(199, 200)),
    ("bytes from the middle", [(RANGE, "bytes=50-99")], slice(50, 100)),
    ("to the end", [(RANGE, "bytes=150-")], slice(150, 200)),
    ("everything", [(RANGE, "bytes=0-")], slice(0, 200)),
    ("beyond the end", [(RANGE, "bytes=190-500")], slice(190, 200)),
    ("far beyond the end", [(RANGE, f"bytes=190-{'9' * 30}")], slice(190, 200)),
    ("with leading zeros", [(RANGE, f"bytes={'0' * 30}1-{'0' * 30}2")], slice(1, 3)),
    ("the last bytes", [(RANGE, "bytes=-10")], slice(190, 200)),
    ("more last bytes than there are", [(RANGE, "bytes=-500")], slice(0, 200)),
    ("one range in a list", [(RANGE, "bytes=, 0-1 ,")], slice(0, 2)),
    ("the unit in capitals", [(RANGE, "BYTES=0-1")], slice(0, 2)),
    ("several ranges", [(RANGE, "bytes=0-1,3-4")], None),
    ("backwards", [(RANGE, "bytes=9-5")], None),
    ("another unit", [(RANGE, "items=0-1")], None),
    ("no numbers", [(RANGE, "bytes=-")], None),
    ("no range", [(RANGE, "bytes=")], None),
    ("words", [(RANGE, "bytes=a-b")], None),
    ("of this version", [(RANGE, "bytes=0-1"), (IF_RANGE, ETAG_PLACEHOLDER)], slice(0, 2)),
    ("of this date", [(RANGE, "bytes=0-1"), (IF_RANGE, MODIFIED)], slice(0, 2)),
    ("of another version", [(RANGE, "bytes=0-1"), (IF_RANGE, '"another"')], None),
    ("of this version, weakly", [(RANGE, "bytes=0-1"), (IF_RANGE, f"W/{ETAG_PLACEHOLDER}")], None),
    ("of another date", [(RANGE, "bytes=0-1"), (IF_RANGE, LATER)], None),
    ("not there, of another version", [(RANGE, "bytes=200-"), (IF_RANGE, '"a"')], None),
    (
        "a range after a condition that fails",
        [(IF_NONE_MATCH, '"a"'), (RANGE, "bytes=0-1")],
        slice(2),
    ),
]


@pytest.mark.parametrize(
    ("fields", "part"), [p[1:] for p in RANGE_CASES], ids=[p[0] for p in RANGE_CASES]
)
def test_one_range_is_answered_with_its_bytes(
    shared_mock: RunningMock, uploaded_file: UploadedFile, fields: HeaderFields, part: slice | None
) -> None:
    """206 with Content-Range; the whole file unless it is one valid range (14.2)."""
    answer = download(shared_mock, uploaded_file, fields)
    if part is None:
        assert (answer.status_code, answer.content) == (200, CONTENT)
        assert "Content-Range" not in answer.headers
        return
    first, stop, _ = part.indices(len(CONTENT))
    assert (answer.status_code, answer.content) == (206, CONTENT[part])
    assert answer.headers["Content-Range"] == f"bytes {first}-{stop - 1}/200"
    assert answer.headers["Content-Length"] == str(stop - first)


@pytest.mark.parametrize(
    "written", ["bytes=200-", f"bytes={'9' * 30}-", "bytes=200-300", "bytes=-0"]
)
def test_a_range_without_a_byte_is_416(
    shared_mock: RunningMock, uploaded_file: UploadedFile, written: str
) -> None:
    """Header and problem document contain the size of the file (FI-13)."""
    answer = download(shared_mock, uploaded_file, [(RANGE, written)])
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */200"
    assert answer.json()["errors"] == [
        {
            "pointer": "/header/Range",
            "rule": "FI-13",
            "message": "Range 请求的起始位置必须在文件范围内。",
            "accepted": "bytes 0-199",
            "found": written,
        }
    ]


def test_head_answers_as_get_but_knows_no_range(
    shared_mock: RunningMock, uploaded_file: UploadedFile
) -> None:
    """Range applies to GET only (14.2), conditions apply to both."""
    whole = shared_mock.anonymous.get(uploaded_file.path)
    head = shared_mock.anonymous.head(uploaded_file.path, headers={RANGE: "bytes=0-0"})
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}
    current = shared_mock.anonymous.head(
        uploaded_file.path, headers={IF_NONE_MATCH: whole.headers["ETag"]}
    )
    assert current.status_code == 304


def test_the_validators_are_the_same_in_every_answer(
    shared_mock: RunningMock, uploaded_file: UploadedFile
) -> None:
    """Last-Modified is createTime; a 304 has it, the ETag and the cache policy, no content fields.

    L243, L245; RFC 9110, 15.4.5.
    """
    whole = download(shared_mock, uploaded_file, [])
    part = download(shared_mock, uploaded_file, [(RANGE, "bytes=0-0")])
    current = download(shared_mock, uploaded_file, [(IF_NONE_MATCH, ETAG_PLACEHOLDER)])
    for answer in (whole, part, current):
        assert answer.headers["Last-Modified"] == MODIFIED
        assert answer.headers["ETag"] == f'"{uploaded_file.answer["signature"]}"'
        assert answer.headers["Cache-Control"] == "public, max-age=31536000"
    assert uploaded_file.answer["createTime"] == 1745197200000
    assert not {"content-type", "content-length", "content-disposition"} & current.headers.keys()
    assert whole.headers["Accept-Ranges"] == part.headers["Accept-Ranges"] == "bytes"


def test_the_same_bytes_are_another_file_with_the_same_tag(
    shared_mock: RunningMock, uploaded_file: UploadedFile
) -> None:
    """The ETag is the signature, so a copy of one file is current for the other (F12)."""
    other = upload_file(shared_mock, CONTENT, "b.bin")
    assert other.path != uploaded_file.path
    assert download(shared_mock, other, [(IF_NONE_MATCH, ETAG_PLACEHOLDER)]).status_code == 304
