"""Handler of the dry run of member files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from mock_server.control.context import ControlContext
from mock_server.domain import files, notice_tasks, notification_contents
from mock_server.domain.files import StoredFile
from mock_server.domain.member_list_rules import MemberListRules
from mock_server.errors import ErrorDetail, InvalidRequest
from mock_server.http.multipart_form import Upload
from mock_server.http.problem import preferred_language
from mock_server.member_files import member_lists
from mock_server.member_files.limits import MAX_SAMPLE_ROWS
from mock_server.member_files.member_lists import FileDescription, MemberList

SENT_FILE = 0
"""Stands for the id of a file that is sent with the request, and not stored."""
RULES: Mapping[str, MemberListRules] = {
    "notificationTasks": notification_contents.FILE_RULES,
    "noticeTasks": notice_tasks.FILE_RULES,
}


class _Check(NamedTuple):
    """A request of a dry run: the kind of task, the files in order, and the required variables."""

    kind: str
    file_ids: Sequence[int]
    files: Mapping[int, StoredFile]
    variables: Sequence[str]


async def check_member_files(
    plane: ControlContext, body: dict[str, Any], headers: Mapping[str, str]
) -> dict[str, Any]:
    """POST /member-files/check; raises InvalidRequest (CP-52, FI-01, FI-02)."""
    asked = _asked(plane, body)
    world = plane.session.world
    descriptions: list[FileDescription] = []
    read = partial(
        member_lists.read_member_lists,
        asked.file_ids,
        asked.files,
        RULES[asked.kind],
        asked.variables,
        world.member_list_readings,
        descriptions=descriptions,
        known=world.members.create_draft(),
    )
    found: MemberList = await world.readers.run(read)
    lang = preferred_language({b"accept-language": headers.get("accept-language", "").encode()})
    errors = found.violations
    if "file" in body:
        errors = [replace(error, pointer="/body/file") for error in errors]
    return {
        "accepted": not found.total,
        "members": len(found.rows),
        "files": [_render_file(each, asked.files) for each in descriptions],
        "variables": [*asked.variables],
        "missingVariables": _missing_variables(asked.variables, descriptions),
        "errors": plane.session.contract.problems.render_violations(errors, lang),
        "total": found.total,
        "sample": [row for each in descriptions for row in each["sample"]][:MAX_SAMPLE_ROWS],
    }


def _asked(plane: ControlContext, body: Mapping[str, Any]) -> _Check:
    """Return what a request asks for; raises InvalidRequest."""
    kind = body.get("kind", "notificationTasks")
    variables = _required_variables(body)
    if variables and kind != "notificationTasks":
        named = next(name for name in ("contents", "text", "variables") if body.get(name))
        raise InvalidRequest(ErrorDetail(f"/body/{named}", "CP-52", "notificationTasks", kind))
    if "file" in body:
        return _Check(kind, [SENT_FILE], {SENT_FILE: _sent_file(plane, body["file"])}, variables)
    stored = plane.session.world.files
    known = {id_: stored[id_] for id_ in body["fileIds"] if id_ in stored}
    return _Check(kind, body["fileIds"], known, variables)


def _required_variables(body: Mapping[str, Any]) -> list[str]:
    """Return the variables that are named and those in the texts, in order, each once."""
    named = body.get("variables", ())
    if isinstance(named, str):  # of a form
        named = filter(None, (name.strip() for name in named.split(",")))
    contents = [*body.get("contents", ())]
    if text := body.get("text"):
        contents.append({"contentType": "TEXT", "contentValue": text})
    return [*dict.fromkeys([*named, *notification_contents.template_variables(contents)])]


def _sent_file(plane: ControlContext, upload: Upload) -> StoredFile:
    """Return a file as an upload would store it; raises InvalidRequest."""
    if violations := files.upload_violations(upload.file_name, upload.content):
        raise InvalidRequest(*violations)
    name, now = upload.file_name or "", plane.session.world.now()
    return files.create_stored_file(
        SENT_FILE, name, upload.media_type, upload.content, "", "check", now
    )


def _render_file(description: FileDescription, known: Mapping[int, StoredFile]) -> dict[str, Any]:
    id_ = description["fileId"]
    found: dict[str, Any] = {"file": known[id_].file_name}
    if id_ != SENT_FILE:
        found["fileId"] = id_
    if description["sheet"]:
        found["sheet"] = description["sheet"]
    return found | {"rows": description["rows"], "columns": description["columns"]}


def _missing_variables(wanted: Sequence[str], descriptions: Sequence[FileDescription]) -> list[str]:
    """Return the variables for which a file, as far as it could be read, has no column."""
    present = [
        {name for column in each["columns"] for name in column.get("variables", ())}
        for each in descriptions
        if each["columns"]
    ]
    return [name for name in wanted if not all(name in names for names in present)]
