"""API client of the probes: calls operations by name, logged in, and cleans up."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Protocol, Self
from zlib import crc32

import requests

from contract_tests.contract.format_strategies import CST_OFFSET, DATE_TIME_FORMAT
from contract_tests.contract.operations import operations
from contract_tests.contract.strictness import CURATED, Strictness
from contract_tests.rules.outcome import NotCheckableError, RuleViolationError
from contract_tests.rules.probe_readings import ProbeReadings
from contract_tests.rules.record_removal import REMOVAL_ROUNDS, as_creation, remove_record
from contract_tests.rules.response import ApiResponse
from contract_tests.target.redaction import basic_authorization
from contract_tests.target.target import Credentials, Target

OWN_TOKEN: Final = "own"  # noqa: S105 - a marker, not a token
"""Placeholder for the client's own access token."""
# Fits into 64 bits, so that a server refuses it as unknown and not as malformed.
NONEXISTENT_ID = 2**62
"""An id that no record has."""


class MovableClock(Protocol):
    """A clock of the server that can be advanced."""

    def advance(self, seconds: float) -> None:
        """Advance the clock."""


class ApiClient:
    """A logged-in client for one probe; at its exit, the records it has created are removed.

    label: part of the names and members that it generates, after the run's `prefix`, so that probes
    do not collide; `mark` is both. members: the only ones it may address; without them it generates
    some. token: the access token to begin with; without one it logs in when needed. readings: takes
    what the probe observes.
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
        readings: ProbeReadings | None = None,
    ) -> None:
        self.target = target
        self.answers: list[ApiResponse] = []
        self._session = session
        self.mark = f"{prefix}{label}"
        self._clock = clock
        self._members = members
        self._token = token
        self._declared = operations(strictness)
        self.kept: list[ApiResponse] = []
        """Records that could not be removed; set when the client is closed."""
        self._made: list[ApiResponse] = []
        self.readings = readings or ProbeReadings()
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
        """Remove the created records, the last one first; those that remain are `kept`."""
        # Requests of the cleanup are not part of the probe, and its report does not show them.
        seen = len(self.answers)
        # A group can be deleted only after its plans (GR-02), which were created later.
        self.kept = self._made[::-1]
        for _ in range(REMOVAL_ROUNDS):
            self.kept = [made for made in self.kept if self._is_left(made)]
        del self.answers[seen:]

    def _is_left(self, made: ApiResponse) -> bool:
        is_draft = made.json.get("status") == "DRAFT"
        return bool(remove_record(self, made.operation, made.json["id"], is_draft=is_draft).why)

    @property
    def credentials(self) -> Credentials:
        """Credentials of the login; raises NotCheckableError if only a token is set."""
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
        method: str = "",
        path: str = "",
        **ids: Any,
    ) -> ApiResponse:
        """Call an operation by its operationId; `ids` are those in its path.

        It sends the credentials that the operation requires. bearer: another access token, None for
        no credentials; client: another pair of client id and secret; upload, form: the parts of a
        multipart body, as `requests` takes them.
        method, path: those that replace the operation's, such as HEAD.
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
            method or declared.method.upper(),
            self.target.base_url(operation) + (path or declared.path).format(**ids),
            json=body,
            params=query,
            headers=sent,
            files=upload,
            data=form,
            allow_redirects=False,
        )
        answer = ApiResponse(operation, raw)
        self.answers.append(answer)
        if made := as_creation(answer, *ids.values()):
            self._made.append(made)
        return answer

    def call_json(self, operation: str, **how: Any) -> Any:
        """Call an operation that must succeed, and return its JSON; raises RuleViolationError."""
        answer = self.call_ok(operation, **how)
        if answer.json is None:
            raise RuleViolationError(f"no JSON: {answer}", answer, expected="JSON")
        return answer.json

    def call_ok(self, operation: str, **how: Any) -> ApiResponse:
        """Call an operation and return the response; raises RuleViolationError for a failure."""
        answer = self.call(operation, **how)
        if not self.is_success(answer):
            raise RuleViolationError(
                f"no success: {answer}", answer, expected="200", actual=str(answer.status)
            )
        return answer

    def observe(self, reading: str, value: str, answer: ApiResponse | None = None) -> None:
        """Record the value of a reading that a response shows, by default the last one.

        Raises LookupError if the probe is not registered with `observes` for this reading.
        """
        self.readings.add(reading, value, answer or self.answers[-1])

    def is_success(self, answer: ApiResponse) -> bool:
        """Return whether a request was carried out."""
        return self._declared[answer.operation].is_success(answer.status)

    def is_reachable(self) -> bool:
        """Return whether the server sends any response at all."""
        return self.target.is_reachable(self._session)

    def log_in_again(self) -> str:
        """Return another access token of the same user; a server may give the same one again."""
        return self.target.log_in(self._session).value if self.credentials.username else ""

    def unique_name(self, text: str = "") -> str:
        """Return a name that no other record has."""
        self._names += 1
        return f"{self.mark}-{self._names:03}{text}"

    @property
    def may_name_anybody(self) -> bool:
        """True if members may be invented."""
        return self._members is None

    def new_members(self, count: int, /, **fields: str) -> list[dict[str, Any]]:
        """Return this many members, each with all three ids (N2) and these fields.

        Raises NotCheckableError if not as many may be addressed.
        """
        if self._members is not None:
            if count > len(self._members):
                raise NotCheckableError(f"needs {count} members that may be addressed")
            return [_PartialMember({**member, **fields}) for member in self._members[:count]]
        # Derived from the label, so that two probes have different members in every run of one
        # seed.
        # Above the ids that a server is likely to have, and below 2^53: only ID-03 is about larger
        # ones.
        first = 10**12 + crc32(self.mark.encode()) * 1000
        return [
            {
                "userId": f"{self.mark}-U{number}",
                "ciq": f"{self.mark}-C{number}",
                "memberId": first + number,
                **fields,
            }
            for number in range(count)
        ]

    def now(self) -> datetime:
        """Return the server's time in the zone of the API, as a temporary group's creation time."""
        # Of all records, only a group needs no other record and can be deleted at once.
        answer = self.call_ok("createGroup", body={"name": self.unique_name()})
        self.call("deleteGroup", id=answer.json["id"])
        try:
            return datetime.strptime(answer.json["createTime"], DATE_TIME_FORMAT)  # noqa: DTZ007 - has no zone
        except (KeyError, TypeError, ValueError):
            # A server may return no creation time (the documents do not require it).
            sent = parsedate_to_datetime(answer.header("Date")).replace(tzinfo=None)
            return sent + CST_OFFSET

    def moment_at(self, days: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """Return a time of day, a number of days after the server's date."""
        # Once per probe: two dates in one body must not lie on both sides of midnight.
        if self._today is None:
            self._today = self.now()
        moment = datetime.combine(self._today, datetime.min.time())
        return moment + timedelta(days=days, hours=hour, minutes=minute, seconds=second)

    def advance(self, seconds: float) -> None:
        """Advance the server's clock; raises NotCheckableError if it has none."""
        if self._clock is None:
            raise NotCheckableError("needs a clock")
        self._clock.advance(seconds)
        self._token = None  # it may have expired

    def advance_to(self, moment: datetime) -> None:
        """Advance the server's clock to a moment, unless that has passed."""
        self.advance(max(0.0, (moment - self.now()).total_seconds()))

    def wait_one_second(self) -> None:
        """Wait until the server's time in seconds has changed."""
        if self._clock is None:
            # A little more than a second, the precision of the API's times.
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
    """A member given by the user, perhaps without the id that a probe needs."""

    def __missing__(self, name: str) -> Any:
        raise NotCheckableError(f"needs a member whose {name} is known")


def format_datetime(moment: datetime) -> str:
    """Return a date-time in the API's format, `yyyy-MM-dd HH:mm:ss`."""
    return moment.strftime(DATE_TIME_FORMAT)


def format_date(moment: date) -> str:
    """Return a date in the API's format, `yyyy-MM-dd`."""
    return moment.strftime("%Y-%m-%d")
