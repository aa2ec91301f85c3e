"""File names of uploads are read in each of the forms in which clients send them (F14)."""

from __future__ import annotations

import pytest

from mock_server.http.file_names import FileNameError, read_file_name, read_part_name
from tests.mock_server.uploads import FILES
from tests.serving import RunningMock

READ_NAMES = [
    (b'filename="a.csv"', "a.csv"),
    ('filename="名单 (1).xlsx"'.encode(), "名单 (1).xlsx"),
    ("filename=名单 2025.xlsx".encode(), "名单 2025.xlsx"),
    (b'FileName = "a.csv"', "a.csv"),
    (b'filename="a;b=c.txt"', "a;b=c.txt"),
    (b'filename="a\\"b.txt"', 'a"b.txt'),
    (b'filename="a%22b%25.txt"', 'a"b%25.txt'),
    (b'filename="ends with a backslash \\"', ""),
    (b'filename="a"; filename="b"', "a"),
    (b'filename=""', ""),
    # RFC 5987, which has precedence wherever it stands.
    (b"filename*=UTF-8''%E5%90%8D%E5%8D%95.csv", "名单.csv"),
    (b"filename=\"x.csv\"; filename*=utf-8'zh'%E5%90%8D.csv", "名.csv"),
    (b"filename*=UTF-8''a.csv; filename=\"x.csv\"", "a.csv"),
    (b"filename*=iso-8859-1''%E9.csv", "é.csv"),
    (b"filename*=a%20b.csv", "a b.csv"),
    # RFC 2047.
    (b'filename="=?UTF-8?B?5ZCN5Y2VLnhsc3g=?="', "名单.xlsx"),
    (b'filename="=?utf-8?b?5ZCN5Y2VLnhsc3g?="', "名单.xlsx"),
    (b'filename="=?UTF-8?Q?=E5=90=8D_1.csv?="', "名 1.csv"),
    (b'filename="=?GBK?B?w/u1pQ==?="', "名单"),
    (b'filename="=?UTF-8?B?5ZCN?= =?UTF-8?Q?=E5=8D=95?=.xlsx"', "名单.xlsx"),
    (b'filename="=?UTF-8?B?5ZCN5Q==?= =?UTF-8?B?jZUuY3N2?="', "名单.csv"),
    (b'filename="=?.csv"', "=?.csv"),
    # Directories.
    (b'filename="C:\\Users\\li\\a.csv"', "a.csv"),
    (b'filename="\\\\server\\b\\a.csv"', "a.csv"),
    (b'filename="../../etc/a.csv"', "a.csv"),
    (b"filename*=UTF-8''..%2F..%5Ca.csv", "a.csv"),
    (b'filename="a/"', ""),
]


@pytest.mark.parametrize(("sent", "expected"), READ_NAMES)
def test_a_file_name_is_read_in_each_form(sent: bytes, expected: str) -> None:
    """Quoted or not, `filename*` first, encoded words, without directories (F14)."""
    assert read_file_name(b'form-data; name="file"; ' + sent) == expected


def test_a_part_without_a_file_name_is_no_file() -> None:
    """`filename` within the quotes of another parameter does not count."""
    header = b'form-data; name="a; filename=b"'
    assert read_file_name(header) is None
    assert read_part_name(header) == b"a; filename=b"


REFUSED_NAMES = [
    ('filename="名单.xlsx"'.encode("gbk"), "fileNameCharset", "名单.xlsx (GBK)"),
    (b'filename="\xff.xlsx"', "fileNameCharset", "\\xff.xlsx"),
    (b'filename="\xed\xa0\x80"', "fileNameCharset", "\\xed\\xa0\\x80"),
    (b"filename*=GBK''%C3%FB.csv", "fileNameExtended", "GBK''%C3%FB.csv"),
    (b"filename*=UTF-8''%C3%FB.csv", "fileNameExtended", "UTF-8''%C3%FB.csv"),
    (b"filename*=UTF-8''a(1).csv", "fileNameExtended", "UTF-8''a(1).csv"),
    (b"filename*=UTF-8''100%.csv", "fileNameExtended", "UTF-8''100%.csv"),
    (b'filename="=?rot13?B?YQ==?="', "fileNameWord", "=?rot13?B?YQ==?="),
    (b'filename="=?UTF-8?B?w/u1pQ==?="', "fileNameWord", "=?UTF-8?B?w/u1pQ==?="),
    (b'filename="=?UTF-8?B?!?="', "fileNameWord", "=?UTF-8?B?!?="),
]


@pytest.mark.parametrize(("sent", "rule", "found"), REFUSED_NAMES)
def test_a_name_that_cannot_be_decoded_is_refused_with_what_was_sent(
    sent: bytes, rule: str, found: str
) -> None:
    """Each kind has its own sentence; a name in GBK is shown as its sender sees it (F14)."""
    with pytest.raises(FileNameError) as refused:
        read_file_name(b'form-data; name="file"; ' + sent)
    assert (refused.value.rule, refused.value.found) == (rule, found)


def send_name(mock: RunningMock, name: bytes) -> tuple[int, str, str]:
    """Upload a file of this name; return the status, the stored name or the rule, and `found`."""
    body = (
        b'--b\r\nContent-Disposition: form-data; name="moduleName"\r\n\r\nm\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\nx\r\n--b--\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = mock.client.post(FILES, content=body % name, headers=headers)
    document = answer.json()
    if answer.status_code == 200:
        return 200, document["fileName"], ""
    (error,) = document["errors"]
    assert error["pointer"] == "/body/file"
    return answer.status_code, error["rule"], error["found"]


def test_a_name_has_at_most_255_characters_and_no_control_character(
    shared_mock: RunningMock,
) -> None:
    """255 characters of any script are kept whole; one more is refused, and so is a line break."""
    longest = "名" * 250 + ".xlsx"
    assert send_name(shared_mock, longest.encode()) == (200, longest, "")
    assert send_name(shared_mock, b"n" * 256) == (400, "maxFileName", "256")
    assert send_name(shared_mock, b"n" * 9000) == (400, "maxFileName", "9000")
    assert send_name(shared_mock, b"a%0D%0Ab") == (400, "fileNameControl", "U+000D")
    assert send_name(shared_mock, b"a\x00b") == (400, "fileNameControl", "U+0000")
    assert send_name(shared_mock, "a\x85b".encode()) == (400, "fileNameControl", "U+0085")
    assert send_name(shared_mock, "名单".encode("gbk")) == (400, "fileNameCharset", "名单 (GBK)")


@pytest.mark.parametrize(
    "boundary",
    ["----=_Part_7_1.2", "a/b", "a:b", "(a)", "a,b?c", "'a'", "a+b=", '"a b"', "----WebKitX"],
)
def test_a_boundary_need_not_be_quoted(shared_mock: RunningMock, boundary: str) -> None:
    """Each character that RFC 2046 allows may stand in a boundary, quoted or not."""
    edge = boundary.strip('"')
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="moduleName"\r\n\r\nm\r\n--{edge}\r\n'
        f'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--{edge}--\r\n'
    )
    for kind in (
        f"multipart/form-data; boundary={boundary}",
        f"multipart/form-data;boundary={boundary};charset=utf-8",
    ):
        answer = shared_mock.client.post(FILES, content=body, headers={"Content-Type": kind})
        assert answer.status_code == 200, answer.text
