"""The caller that probes talk through: operations by name, logged in, cleaning up after itself."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, NamedTuple, Protocol, Self
from zlib import crc32

import requests

from contract_tests.contract.api_lookup import operation_effects, path_id_name
from contract_tests.contract.formats import CST_OFFSET, DATE_TIME_FORMAT
from contract_tests.contract.operations import operations
from contract_tests.contract.strictness import CURATED, Strictness
from contract_tests.rules.outcome import NotCheckableError, RuleViolationError
from contract_tests.rules.response import ApiResponse
from contract_tests.target.redaction import basic_authorization
from contract_tests.target.target import CannotCheckError, Credentials, Target, failure_reason
from contract_tests.target.transport import UnsafeRequestError

OWN_TOKEN: Final = "own"  # noqa: S105 - a marker, not a token
"""Stands for the caller's own access token."""
NONEXISTENT_ID = 2**62
"""An id that nothing has."""
REMOVAL_ROUNDS = 2
"""What is in the way of a deletion may have been made before it."""


class MovableClock(Protocol):
    """A way to move the server's time."""

    def advance(self, seconds: float) -> None:
        """Move it forward."""


class ApiClient:
    """One logged-in caller, for one probe: what it makes is taken back when it is left.

    `label` goes into the names and members it makes up, after the run's `prefix`, so that no two
    probes meet. `members` are the only ones it may address; without them it makes some up. `token`
    is the access token to begin with; without one it logs in when it has to.
    """

    def __init__(
        self,
        target: Target,
        session: requests.Session,
        label: str,
        *,
        prefix: str = "probe-",
        clock: MovableClock | None = None,
        members: Sequence[Mapping[str, Any]] | None = None,
        token: str | None = None,
        strictness: Strictness = CURATED,
    ) -> None:
        self.target = target
        self.answers: list[ApiResponse] = []
        self._session = session
        self._mark = f"{prefix}{label}"
        self._clock = clock
        self._members = members
        self._token = token
        self._declared = operations(strictness)
        self.kept: list[ApiResponse] = []
        """What it made and could not take back, once it is left."""
        self._made: list[ApiResponse] = []
        self._names = 0
        self._today: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take back what was made, the last thing first; what refuses even then is left."""
        seen = len(self.answers)
        self.kept = self._made[::-1]
        for _ in range(REMOVAL_ROUNDS):
            self.kept = [
                made
                for made in self.kept
                if remove_record(self, made.operation, made.json["id"]).why
            ]
        del self.answers[seen:]

    @property
    def credentials(self) -> Credentials:
        """Who logs in. Raises NotCheckableError when only a token is known."""
        if self.target.credentials is None:
            raise NotCheckableError("needs the credentials, not a token")
        return self.target.credentials

    def call(
        self,
        operation: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        bearer: str | None = OWN_TOKEN,
        client: tuple[str, str] | None = None,
        upload: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        **ids: Any,
    ) -> ApiResponse:
        """Call an operation of the contract by its operationId; `ids` are those in its path.

        Sends the credentials that the operation asks for: `bearer` is another access token (None:
        no credentials), `client` another pair of client id and secret. `upload` and `form` are the
        parts of a multipart body, as `requests` takes them.
        """
        declared = self._declared[operation]
        sent = dict(headers or {})
        if "bearerAuth" in declared.security_schemes and bearer is not None:
            sent.setdefault("Authorization", f"Bearer {self._access_token(bearer)}")
        if "clientBasic" in declared.security_schemes and bearer is not None:
            known = self.credentials
            pair = client or (known.client_id, known.client_secret)
            sent.setdefault("Authorization", basic_authorization(*pair))
        raw = self._session.request(
            declared.method.upper(),
            self.target.base_url(operation) + declared.path.format(**ids),
            json=body,
            params=query,
            headers=sent,
            files=upload,
            data=form,
            allow_redirects=False,
        )
        answer = ApiResponse(operation, raw)
        self.answers.append(answer)
        if operation_effects(operation).undone_by and answer.status < 300 and _has_id(answer):
            self._made.append(answer)
        return answer

    def call_json(self, operation: str, **how: Any) -> Any:
        """Call an operation that has to succeed; its JSON body. Raises RuleViolationError."""
        answer = self.call_ok(operation, **how)
        if answer.json is None:
            raise RuleViolationError(f"no JSON: {answer}", answer, expected="JSON")
        return answer.json

    def call_ok(self, operation: str, **how: Any) -> ApiResponse:
        """Call an operation that has to succeed; its answer. Raises RuleViolationError."""
        answer = self.call(operation, **how)
        if not self._declared[operation].is_success(answer.status):
            raise RuleViolationError(
                f"expected 200: {answer}", answer, expected="200", actual=str(answer.status)
            )
        return answer

    def is_reachable(self) -> bool:
        """Return whether the server answers anything at all."""
        return self.target.is_reachable(self._session)

    def unique_name(self, text: str = "") -> str:
        """A name that nothing else has."""
        self._names += 1
        return f"{self._mark}-{self._names:03}{text}"

    def new_members(self, count: int, /, **fields: str) -> list[dict[str, Any]]:
        """So many members, each with all three ids (N2) and these fields.

        Raises NotCheckableError when fewer may be addressed.
        """
        if self._members is not None:
            if count > len(self._members):
                raise NotCheckableError(f"needs {count} members that may be addressed")
            return [_PartialMember({**member, **fields}) for member in self._members[:count]]
        first = 10**12 + crc32(self._mark.encode()) * 1000
        return [
            {
                "userId": f"{self._mark}-U{number}",
                "ciq": f"{self._mark}-C{number}",
                "memberId": first + number,
                **fields,
            }
            for number in range(count)
        ]

    def now(self) -> datetime:
        """The server's present, as it writes times: the creation time of a group made for it."""
        answer = self.call_ok("createGroup", body={"name": self.unique_name()})
        self.call("deleteGroup", id=answer.json["id"])
        try:
            return datetime.strptime(answer.json["createTime"], DATE_TIME_FORMAT)  # noqa: DTZ007 - has no zone
        except (KeyError, TypeError, ValueError):
            sent = parsedate_to_datetime(answer.header("Date")).replace(tzinfo=None)
            return sent + CST_OFFSET

    def moment_at(self, days: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """A time of day so many days from the server's date."""
        if self._today is None:
            self._today = self.now()
        moment = datetime.combine(self._today, datetime.min.time())
        return moment + timedelta(days=days, hours=hour, minutes=minute, seconds=second)

    def advance(self, seconds: float) -> None:
        """Move the server's time forward. Raises NotCheckableError without a clock."""
        if self._clock is None:
            raise NotCheckableError("needs a clock")
        self._clock.advance(seconds)
        self._token = None  # it may have expired

    def advance_to(self, moment: datetime) -> None:
        """Move the server's time forward to a moment, if it is not past it already."""
        self.advance(max(0.0, (moment - self.now()).total_seconds()))

    def wait_one_second(self) -> None:
        """Let the server's next moment be a later one."""
        if self._clock is None:
            time.sleep(1.1)
        else:
            self.advance(1)

    def _access_token(self, token: str) -> str:
        if token != OWN_TOKEN:
            return token
        if self._token is None:
            if not self.credentials.username:
                raise NotCheckableError("needs a user who logs in")
            self._token = self.target.log_in(self._session).value
        return self._token


class _PartialMember(dict[str, Any]):
    """A member that the user named, maybe without the id that a probe is about."""

    def __missing__(self, name: str) -> Any:
        raise NotCheckableError(f"needs a member whose {name} is known")


def _has_id(answer: ApiResponse) -> bool:
    return isinstance(answer.json, dict) and "id" in answer.json


class RemovalResult(NamedTuple):
    """What came of an attempt to remove something.

    why: why it is left, empty when it is not; is_silent: whether the last request got no answer.
    """

    why: str = ""
    is_silent: bool = False


def remove_record(api: ApiClient, operation: str, number: Any) -> RemovalResult:
    """Remove what an operation created."""
    found = RemovalResult()
    for last in operation_effects(operation).undone_by:
        ids: dict[str, Any] = {path_id_name(last): number}
        try:
            answer = api.call(last, **ids)
        except requests.RequestException as error:
            found = RemovalResult(f"{last}: no answer: {failure_reason(error)}", is_silent=True)
        except (CannotCheckError, UnsafeRequestError, NotCheckableError) as error:
            found = RemovalResult(f"{last}: {error}")
        else:
            # A task that is over already refuses to be terminated.
            gone = (404,) if operation_effects(last).deletes else (400, 404)
            is_done = 200 <= answer.status < 300 or answer.status in gone
            found = RemovalResult("" if is_done else f"{last} answered {answer.status}")
    return found


def format_datetime(moment: datetime) -> str:
    """A moment as the API writes it, `yyyy-MM-dd HH:mm:ss`."""
    return moment.strftime(DATE_TIME_FORMAT)


def format_date(moment: date) -> str:
    """A date as the API writes it, `yyyy-MM-dd`."""
    return moment.strftime("%Y-%m-%d")
