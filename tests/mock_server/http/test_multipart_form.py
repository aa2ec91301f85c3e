"""A form is parsed alike however its bytes arrive."""

from __future__ import annotations

import random

import pytest

from mock_server.errors import InvalidRequest
from mock_server.http import multipart_form
from mock_server.http.multipart_form import Upload


def form_body(*parts: bytes) -> bytes:
    """Return a form with these parts and their headers."""
    return b"".join(b"--B\r\n%b\r\n" % part for part in parts) + b"--B--\r\n"


FIELD_PART = b'Content-Disposition: form-data; name="moduleName"\r\n\r\nm'
FILE_PART = b'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
FORM_BODIES = [
    form_body(FIELD_PART, FILE_PART + b"x" * 500),
    form_body(FIELD_PART, FILE_PART + b"\r\n--" * 150 + b"\r\n-" * 50),
    form_body(FILE_PART + b"\r\n--C\r\n" * 80, FIELD_PART),
    form_body(FIELD_PART, FILE_PART + b"x") + b"and what comes after the end" * 10,
    b"before the beginning\r\n" * 10 + form_body(FIELD_PART, FILE_PART + b"x"),
    form_body(FIELD_PART, FILE_PART + b"x" * 500)[:-7],
    b"-" * 500,
]
UNALIGNED_FORM = b"before the beginning" * 10 + form_body(FIELD_PART, FILE_PART + b"x")
"""A form with a boundary that does not begin a line; the parser detects it within a block only."""


def parse_form(chunks: list[bytes]) -> object:
    """Return the parts of a form, or the error."""
    try:
        found: list[tuple[str, Upload]] = multipart_form.read_parts(chunks, "B")
    except InvalidRequest as refusal:
        return refusal.violations
    return found


def split_randomly(sent: bytes, draw: random.Random) -> list[bytes]:
    """Return the same bytes in up to twenty packets."""
    cuts = sorted(draw.randrange(len(sent)) for _ in range(draw.randrange(20)))
    chunks = [sent[a:b] for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    return [chunk for chunk in chunks if chunk]


@pytest.mark.parametrize("sent", [*FORM_BODIES, UNALIGNED_FORM], ids=range(len(FORM_BODIES) + 1))
def test_a_form_is_read_alike_however_it_arrives(sent: bytes) -> None:
    """Parts and errors do not depend on how the network splits the bytes."""
    draw = random.Random(2)
    for _ in range(50):
        assert parse_form(split_randomly(sent, draw)) == parse_form([sent])


@pytest.mark.parametrize("missing", [0, 1, 2, 3, 5, 60, 120])
@pytest.mark.parametrize("filling", [b"x", b"\r\n--", b"\r\n--C"])
def test_a_file_is_read_whole_wherever_a_block_of_a_mebibyte_ends(
    filling: bytes, missing: int
) -> None:
    """Nothing is lost or mistaken for a boundary where two blocks meet."""
    content = (filling * 2**20)[: 2**20 - missing] + b"\r\n--" + bytes(200)
    sent = form_body(FILE_PART + content, FIELD_PART)
    for ahead in range(8):
        parts = multipart_form.read_parts([b"\r\n" * ahead + sent], "B")
        assert [(name, part.content) for name, part in parts] == [
            ("file", content),
            ("moduleName", b"m"),
        ]


def test_a_form_has_a_hundred_parts_at_most() -> None:
    """The hundredth part is accepted, one more is refused."""
    part = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n'
    assert len(multipart_form.read_parts([part * 100 + b"--b--\r\n"], "b")) == 100
    with pytest.raises(InvalidRequest):
        multipart_form.read_parts([part * 101 + b"--b--\r\n"], "b")
