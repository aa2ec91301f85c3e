"""`mock.member_files`: dry runs of member files, which create no task."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_server.testing.documents import read_document, write_document
from mock_server.testing.forms import encode_form
from mock_server.testing.member_file_documents import MemberFileCheck
from mock_server.testing.transport import Transport

NOTIFICATION_TASKS = "notificationTasks"


@dataclass(frozen=True)
class MemberFiles:
    """Dry runs of member files, by the same rules as the operations that create tasks."""

    _transport: Transport

    def check(
        self,
        *file_ids: int,
        kind: str = NOTIFICATION_TASKS,
        variables: Iterable[str] = (),
        contents: Iterable[Mapping[str, Any]] = (),
    ) -> MemberFileCheck:
        """Check uploaded files, which are joined in order.

        kind: `notificationTasks` or `noticeTasks`, the tasks of a plan;
        variables, contents: variables for which each member needs a value, and contents of a task
        whose texts have further ones.
        """
        body = write_document(
            {
                "kind": kind,
                "file_ids": [*file_ids],
                "variables": [*variables] or None,
                "contents": [*contents] or None,
            }
        )
        return read_document(
            MemberFileCheck, self._transport.call("POST", "/member-files/check", body)
        )

    def check_file(
        self,
        path: str | os.PathLike[str],
        content: bytes | None = None,
        *,
        kind: str = NOTIFICATION_TASKS,
        variables: Iterable[str] = (),
        text: str = "",
    ) -> MemberFileCheck:
        """Check a file of this machine, which the mock does not store.

        content: its bytes, if they are not to be read from `path`, which then is only a name;
        text: a text of the task, whose variables are required, too.
        """
        found = Path(path).read_bytes() if content is None else content
        fields = {"kind": kind, "variables": ",".join(variables), "text": text}
        media_type, form = encode_form(fields, Path(path).name, found)
        return read_document(
            MemberFileCheck,
            self._transport.call_with("POST", "/member-files/check", form, media_type),
        )
