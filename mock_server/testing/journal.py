"""`mock.requests`: the requests that a session has received."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack, cast

from mock_server.testing.documents import RecordedRequest, read_document, write_document
from mock_server.testing.errors import NoMatchInTimeError
from mock_server.testing.transport import Transport

MAX_WAIT_SECONDS = 60
SHOWN_REQUESTS = 20
"""How many of the last requests an error lists."""


class Criteria(TypedDict, total=False):
    """Criteria that a request must meet; without any, all requests match.

    method, path: as they were sent, the path without the query;
    status: the status of the response, and status_class its first digit;
    refused: whether the request broke a rule of the contract;
    ignored: whether it had fields or query parameters that the contract does not have;
    body_contains: text in the body;
    text: text in the path, the query, or the body of the request or of its response;
    body: a part of the JSON document or form in the body: an object may have more fields, and a
    list more items in any order;
    after: only requests with a greater id.
    """

    method: str
    path: str
    status: int
    status_class: int
    refused: bool
    ignored: bool
    body_contains: str
    text: str
    body: Any
    after: int


@dataclass(frozen=True)
class Requests:
    """The journal of a session: requests to the API, not those to the control plane."""

    _transport: Transport

    def find(
        self, operation: str | None = None, *, limit: int = 200, **criteria: Unpack[Criteria]
    ) -> list[RecordedRequest]:
        """Return the newest `limit` requests that meet the criteria, the newest first.

        `operation` is an operationId.
        """
        body = _criteria(operation, criteria) | {"limit": limit}
        return _requests(self._transport.call("POST", "/requests/find", body))

    def count(self, operation: str | None = None, **criteria: Unpack[Criteria]) -> int:
        """Return the number of requests that meet the criteria."""
        body = _criteria(operation, criteria)
        return int(self._transport.call("POST", "/requests/count", body)["count"])

    def wait_for(
        self,
        operation: str | None = None,
        *,
        count: int = 1,
        seconds: float = 10,
        **criteria: Unpack[Criteria],
    ) -> list[RecordedRequest]:
        """Wait until `count` requests meet the criteria; return them, the newest first.

        Those that are already in the journal count, too. Raises NoMatchInTimeError after `seconds`
        real seconds (at most 60), with the requests that did arrive.
        """
        body = _criteria(operation, criteria) | {"count": count, "seconds": seconds}
        # The control plane refuses any other number of seconds.
        longest = min(max(seconds, 0), MAX_WAIT_SECONDS)
        waiting = replace(self._transport, timeout=self._transport.timeout + longest)
        try:
            return _requests(waiting.call("POST", "/requests/wait", body))
        except NoMatchInTimeError as error:
            error.add_note(self.describe())
            raise

    def get(self, request: RecordedRequest | int) -> dict[str, Any]:
        """Return everything about a request, with headers and bodies, as the control plane does."""
        return cast("dict[str, Any]", self._transport.call("GET", _path(request)))

    def replay(self, request: RecordedRequest | int) -> dict[str, Any]:
        """Send a request again, and return everything about the new one."""
        return cast("dict[str, Any]", self._transport.call("POST", f"{_path(request)}/replay"))

    def clear(self) -> None:
        """Empty the journal."""
        self._transport.call("DELETE", "/requests")

    def as_har(self) -> dict[str, Any]:
        """Return the journal as a HAR document."""
        found = self._transport.call("GET", "/requests/export", format="har")
        return cast("dict[str, Any]", found)

    def as_curl(self) -> str:
        """Return the journal as curl commands."""
        return str(self._transport.call("GET", "/requests/export", format="curl"))

    def describe(self) -> str:
        """Return the last requests in lines: method, path, status, and why they were refused."""
        found = self.find(limit=SHOWN_REQUESTS)
        lines = [f"  {each.id}. {each}" for each in reversed(found)]
        return "\n".join(
            [f"The last requests to {self._transport.base_url}:", *(lines or ["  none"])]
        )


def _path(request: RecordedRequest | int) -> str:
    return f"/requests/{request if isinstance(request, int) else request.id}"


def _criteria(operation: str | None, criteria: Criteria) -> dict[str, Any]:
    return write_document({"operation_id": operation, **criteria})


def _requests(document: dict[str, Any]) -> list[RecordedRequest]:
    return [read_document(RecordedRequest, each) for each in document["requests"]]
