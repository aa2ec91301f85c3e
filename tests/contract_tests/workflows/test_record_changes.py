"""The change that a request makes is read from what was sent."""

from __future__ import annotations

import requests

from contract_tests.workflows.record_changes import form_file_digest


def test_what_a_form_has_uploaded_is_known() -> None:
    """The digest of a form's only file is known; with two files it is uncertain."""
    url = "http://127.0.0.1/api/v1/file"
    file = ("file", ("file", b"a\r\nb"))
    one = requests.Request("POST", url, files=[file], data={"moduleName": "x"}).prepare()
    two = requests.Request("POST", url, files=[file, file]).prepare()
    assert str(form_file_digest(one)).startswith("4 bytes, SHA-256 ")
    assert form_file_digest(two) is None
    assert form_file_digest(requests.Request("GET", url).prepare()) is None
