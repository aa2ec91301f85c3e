"""Safety policy applied to each request, before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import operation_effects
from contract_tests.contract.format_strategies import CST_OFFSET, DATE_TIME_FORMAT
from contract_tests.contract.headers import parse_http_date
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.multipart import parse_form_parts
from contract_tests.contract.operations import Operation
from contract_tests.contract.routes import match_route
from contract_tests.safety.members_in_requests import (
    UnreadableMemberListError,
    is_unused_id,
    members_in_file,
    members_in_json,
)
from contract_tests.safety.policy import MIN_START_DAYS, SafetyPolicy
from contract_tests.safety.request_inspection import (
    earliest_start,
    has_unreadable_members,
    record_references,
    releases_plan,
    task_start,
)
from contract_tests.target.admin_clock import CLOCK_PATH
from contract_tests.target.redaction import basic_authorization
from contract_tests.target.target import TOKEN_OPERATION, Target
from contract_tests.target.transport import SAFE_METHODS, UnsafeRequestError

UNLISTED_MEMBER_REASON = "would address a member that is not a --test-member"
FOREIGN_RECORD_REASON = "would use or change a record that this run did not create"
EARLY_START_REASON = f"would start a task less than {MIN_START_DAYS} days ahead"
RELEASE_REASON = "would release a plan, which needs --allow-release"
OTHER_CREDENTIALS_REASON = (
    "would try other credentials than those given, which needs --allow-token-probes"
)
UNKNOWN_OPERATION_REASON = "would write by an unknown operation"
UNREADABLE_BODY_REASON = "would send a body that cannot be inspected"


class RequestGuard:
    """Guard of one session: `check_request` before a request, `note_response` after a response.

    It records what the session has created, since nothing else may be changed or referred to, and
    the server's time, from which the start of a task is measured.
    """

    def __init__(self, target: Target, policy: SafetyPolicy) -> None:
        """Begin without any created records or logins."""
        self._target = target
        self._policy = policy
        self._people = {one for member in policy.members or () for one in members_in_json(member)}
        self._made: dict[RecordKind | None, set[int]] = {}
        self._tokens = {target.token} - {""}
        self._told: datetime | None = None
        self._dated: datetime | None = None

    def check_request(self, request: requests.PreparedRequest) -> None:
        """Return if a request is allowed; raises UnsafeRequestError with the reason if not."""
        # Before the exemption of reads: a read with wrong credentials can lock an account, too.
        if not self._policy.token_probes:
            self._check_credentials(request)
        if request.method in SAFE_METHODS or self._policy.members is None:
            return
        clock = f"{self._target.url}{CLOCK_PATH}"
        known = {("POST", self._target.token_url), ("POST", f"{clock}/advance"), ("PUT", clock)}
        if (request.method, request.url) in known:
            return
        operation, number = self._match_operation(request)
        # Not in the model means unknown effects, so it is not sent.
        if operation is None or not operation_effects(operation.name).written_kind:
            raise _unsafe_request_error(request, UNKNOWN_OPERATION_REASON)
        if why := self._why_write_blocked(operation.name, number, request):
            raise _unsafe_request_error(request, why)

    def note_response(self, request: requests.PreparedRequest, answer: requests.Response) -> None:
        """Record from a response: tokens, created records, the server's time."""
        if date := answer.headers.get("Date"):
            self._dated = _parse_http_date(date) or self._dated
        if not 200 <= answer.status_code < 300 or request.method in SAFE_METHODS:
            return
        found = parse_json_body(answer.content)
        if not isinstance(found, dict):
            return
        if request.url == self._target.token_url:
            self._tokens.add(str(found.get("access_token")))
        elif request.url == f"{self._target.url}{CLOCK_PATH}/advance":
            self._told = _parse_iso(found.get("now")) or self._told
        elif operation := self._match_operation(request)[0]:
            told = (self._told, _parse_date_time(found.get("createTime")))
            self._told = max((one for one in told if one), default=None)
            self._remember_created(operation.name, request, found.get("id"))

    def _remember_created(
        self, operation: str, request: requests.PreparedRequest, number: Any
    ) -> None:
        entry = operation_effects(operation)
        # The update of an own plan may give it another id (M22).
        makes = entry.creates or entry.replaces
        if not makes or not isinstance(number, int):
            return
        # A file that could not be parsed here may name anybody, so no task may refer to it.
        if makes == "file":
            try:
                [*self._members_in_form(request)]
            except UnreadableMemberListError:
                return
        self._made.setdefault(makes, set()).add(number)

    def _check_credentials(self, request: requests.PreparedRequest) -> None:
        given = request.headers.get("Authorization")
        known = self._target.credentials
        client = basic_authorization(known.client_id, known.client_secret) if known else ""
        if request.url != self._target.token_url or request.method in SAFE_METHODS:
            good = {f"Bearer {token}" for token in self._tokens}
            if given is not None and _header_text(given) not in good:
                raise _unsafe_request_error(request, OTHER_CREDENTIALS_REASON)
            return
        grant = known and {
            "grant_type": "password",
            "username": known.username,
            "password": known.password,
        }
        if not grant or parse_json_body(request.body) != grant or _header_text(given) != client:
            raise _unsafe_request_error(request, OTHER_CREDENTIALS_REASON)

    def _why_write_blocked(self, name: str, number: str, request: requests.PreparedRequest) -> str:
        """Return why a write is not allowed; empty if it is."""
        if number and not self._is_own_record(operation_effects(name).kind_in_path, number):
            return FOREIGN_RECORD_REASON
        if not isinstance(request.body, bytes | str | None):
            return UNREADABLE_BODY_REASON
        if operation_effects(name).creates == "file":
            return self._why_file_blocked(request)
        body = parse_json_body(request.body, invalid=...) if request.body else None
        if body is ...:
            return UNREADABLE_BODY_REASON
        # Probes of 404 send complete bodies to ids that no record has.
        is_nowhere = bool(number) and is_unused_id(number)
        if releases_plan(name, body) and not (is_nowhere or self._policy.release):
            return RELEASE_REASON
        return self._why_body_blocked(name, body)

    def _why_file_blocked(self, request: requests.PreparedRequest) -> str:
        try:
            return (
                UNLISTED_MEMBER_REASON if {*self._members_in_form(request)} - self._people else ""
            )
        except UnreadableMemberListError:
            return ""  # `_remember_created` keeps it out of every task

    def _why_body_blocked(self, name: str, body: Any) -> str:
        if {*members_in_json(body)} - self._people or has_unreadable_members(body):
            return UNLISTED_MEMBER_REASON
        if not all(self._is_own_record(kind, one) for kind, one in record_references(body)):
            return FOREIGN_RECORD_REASON
        start = task_start(name, body)
        return "" if start is None or self._is_far_enough_ahead(start) else EARLY_START_REASON

    def _is_own_record(self, kind: RecordKind | None, number: object) -> bool:
        """Return whether this session created the record, or no such record exists."""
        if is_unused_id(number):
            return True
        # The id in a path is text, that in a body may be a number.
        return str(number).isdecimal() and int(str(number)) in self._made.get(kind, ())

    def _is_far_enough_ahead(self, start: str) -> bool:
        """Return whether a start is far enough ahead, by the server's own time."""
        known = [one for one in (self._told, self._dated) if one]
        if len(known) > 1 and abs(known[0] - known[1]) > timedelta(days=1):
            # More than a day apart: the server runs on a clock of its own, which its Date does not
            # follow.
            known = known[:1]
        moment = earliest_start(start)
        # The later of the two, so that an error of either clock does not shorten the notice.
        return bool(known and moment and moment >= max(known) + timedelta(days=MIN_START_DAYS))

    def _match_operation(self, request: requests.PreparedRequest) -> tuple[Operation | None, str]:
        """Return the operation of a request and the decoded id in its path, or None and ""."""
        base = urlsplit(self._target.url).path
        path = urlsplit(str(request.url)).path.removeprefix(base)
        found = match_route(str(request.method), path)
        # The login has rules of its own.
        if found is None or found.operation.name == TOKEN_OPERATION:
            return None, ""
        return found.operation, unquote("".join(found.values))

    def _members_in_form(self, request: requests.PreparedRequest) -> Iterator[tuple[str, str]]:
        """Yield the members named in the parts of a form, or in another body as a whole."""
        for _, content in parse_form_parts(request) or [(b"", _body_bytes(request.body))]:
            yield from members_in_file(content)


def _parse_date_time(text: object) -> datetime | None:
    try:
        return datetime.strptime(str(text), DATE_TIME_FORMAT)  # noqa: DTZ007 - the contract has no zone
    except ValueError:
        return None


def _parse_iso(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError:
        return None


def _parse_http_date(text: str) -> datetime | None:
    sent = parse_http_date(text)
    # Starts of tasks are local times of China without a zone.
    return sent.replace(tzinfo=None) + CST_OFFSET if sent else None


def _body_bytes(body: Any) -> bytes:
    # surrogatepass: generated texts contain lone surrogates, which must not end the check.
    return body if isinstance(body, bytes) else str(body or "").encode("utf-8", "surrogatepass")


def _header_text(header: Any) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else str(header or "")


def _unsafe_request_error(request: requests.PreparedRequest, why: str) -> UnsafeRequestError:
    return UnsafeRequestError(f"{request.method} {urlsplit(str(request.url)).path}", why)
