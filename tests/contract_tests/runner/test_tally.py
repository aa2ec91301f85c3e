"""The tally counts a parameter once for each request that has it."""

from __future__ import annotations

import requests

from contract_tests.contract.operations import operations
from contract_tests.runner.tally import sent_parameters


def test_parameters_are_those_that_were_sent() -> None:
    """Declared parameters are listed once; those of a body are the names at its root."""
    listing, renaming = operations()["listGroups"], operations()["updateGroup"]
    url = "http://127.0.0.1/group?size=1&size=2&keyWord=&x=1"
    sent = requests.Request("GET", url).prepare()
    assert [*sent_parameters(listing, sent)] == ["query/keyWord", "query/size"]
    for body, names in ((b'{"name": 1, "x": 2}', ["body/name"]), (b"[1]", []), (b"\xff", [])):
        sent = requests.Request("PUT", "http://127.0.0.1/group/7", data=body).prepare()
        assert [*sent_parameters(renaming, sent)] == [*names, "path/id"]
    download = operations()["getFile"]
    url, headers = "http://127.0.0.1/api/v1/file/7", {"range": "bytes=0-1", "Accept": "*/*"}
    sent = requests.Request("GET", url, headers=headers).prepare()
    assert [*sent_parameters(download, sent)] == ["header/Range", "path/id"]


def test_the_parts_of_a_form_are_parameters() -> None:
    """A file and a field of an upload are listed by the names of their parts."""
    url, file = "http://127.0.0.1/api/v1/file", ("file", ("file", b"a"))
    sent = requests.Request("POST", url, files=[file], data={"moduleName": "x"}).prepare()
    assert [*sent_parameters(operations()["uploadFile"], sent)] == ["body/file", "body/moduleName"]
