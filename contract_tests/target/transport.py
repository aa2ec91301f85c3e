"""The only way out: what may be sent, where to, how fast; and a ledger of what was."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar

from contract_tests.target.bare_session import BareSession
from contract_tests.target.determinism import settle
from contract_tests.target.network import Network, proxies_to
from contract_tests.target.profile import is_loopback
from contract_tests.target.requests_compat import drop_connections, keep_content
from contract_tests.target.retries import MAX_TOTAL_WAIT, again_after, was_dropped, was_sent

READING = frozenset({"GET", "HEAD"})
LARGEST = 16 * 2**20
"""Bytes of an answer that are read at most."""
SLOWEST = 30.0
"""Seconds that an answer may trickle in."""
DONE_BEFORE = (404, 409)
"""Statuses by which a write may be refused that was done before."""
WRITES = "would write"
ELSEWHERE = "would write to a server that is not this machine, without limits"


class LeftTarget(AssertionError):
    """A request was about to go to another server than the target."""


class Unsafe(Exception):
    """A request was about to be sent that may not be: which one, and, as `why`, for what reason."""

    def __init__(self, request: str, why: str = WRITES) -> None:
        super().__init__(f"{request} {why}")
        self.why = why


class TooSlow(requests.Timeout):
    """Raised when an answer takes longer than the timeout."""


class Unreadable(requests.RequestException):
    """An answer that is too long, or that takes too long to come in."""


class Sent(NamedTuple):
    """A request that left; `status` is 0 when nobody answered."""

    method: str
    path: str
    status: int


@dataclass
class Ledger:
    """Every request that left, in order."""

    entries: list[Sent] = field(default_factory=list)
    doubtful: list[requests.PreparedRequest] = field(default_factory=list)
    """Those that nobody answered, and that may have been done: they could have made something."""
    repeated: bool = False
    """Whether the last answer is to a write that was sent twice, and may have been done twice."""
    _seen: int = 0

    def take(self) -> Counter[int]:
        """The statuses of the answers since this was last asked."""
        new = self.entries[self._seen :]
        self._seen = len(self.entries)
        return Counter(sent.status for sent in new if sent.status)

    def was_done(self, status: int) -> bool:
        """Return whether this last status may only come from the request having been sent twice."""
        return self.repeated and status in DONE_BEFORE

    @property
    def methods(self) -> dict[str, int]:
        """How many requests of each method left."""
        return dict(sorted(Counter(sent.method for sent in self.entries).items()))


@dataclass(frozen=True)
class Manners:
    """How a session behaves.

    safe: nothing but GET and HEAD leaves, and one POST to the token URL. rate: requests a second at
    most, 0 for as fast as they are answered.
    """

    safe: bool = False
    rate: float = 0.0


Origin = tuple[str, str | None, int]
Watch = Callable[[requests.PreparedRequest, requests.Response], None]
Admit = Callable[[requests.PreparedRequest], None]
FREE = Manners()
PUBLIC = Network()


def open_session(
    url: str,
    *,
    auth_url: str = "",
    token_url: str = "",
    manners: Manners = FREE,
    network: Network = PUBLIC,
    ledger: Ledger | None = None,
    watch: Watch | None = None,
    admit: Admit | None = None,
) -> requests.Session:
    """A session that reaches the target and the auth URL alone, by `network`, and keeps no cookie.

    `token_url` is the one to which a session that is safe may POST, once. `admit` may raise Unsafe
    for a request that is about to leave; without it, only this machine is written to. `watch` sees
    every answer.
    """
    session = BareSession()
    # The environment counts by `network` alone: a .netrc would add credentials.
    session.trust_env = False
    # One that a server sets may open what a token should; each request stands for itself.
    session.cookies = RequestsCookieJar(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = "hypers-check"
    origins = {_origin(urlsplit(each)): proxies_to(each) for each in (url, auth_url) if each}
    guard = _Guard(origins, token_url, manners, network, ledger or Ledger(), watch, admit)
    session.mount("http://", guard)
    session.mount("https://", guard)
    return session


class _Guard(HTTPAdapter):
    """Sends to these origins alone, since the contract itself names the provider's hosts."""

    def __init__(
        self,
        origins: Mapping[Origin, dict[str, str]],
        token_url: str,
        manners: Manners,
        network: Network,
        ledger: Ledger,
        watch: Watch | None,
        admit: Admit | None,
    ) -> None:
        super().__init__()
        self._origins = origins
        self._token_url = token_url
        self._manners = manners
        self._network = network
        self._ledger = ledger
        self._watch = watch
        self._may_leave = admit
        self._asked_for_token = False
        self._next = 0.0
        self._patience = MAX_TOTAL_WAIT

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        """Send the request; raises LeftTarget or Unsafe for one that may not be sent."""
        self._admit(request)
        settle(request)
        self._ledger.repeated = False
        for repeat in itertools.count():
            self._wait_for_turn()
            answer = self._answer(request, *args, **options)
            pause = again_after(answer, repeat)
            if pause is None or pause > self._patience:
                break
            self._patience -= pause
            time.sleep(pause)
        return answer

    def _answer(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        """Return the answer to a request, which is sent once more when its connection was dropped.

        A write may have taken effect the first time, so that 404 or 409 to its repeat is right:
        an answer to a repeated write is marked as `repeated`, in the ledger, too. What could have
        been created twice is noted there.
        """
        try:
            return self._sent(request, *args, **options)
        except requests.RequestException as error:
            self._note_doubt(request, error)
            if not was_dropped(error):
                raise
            dropped = error
        drop_connections(self)  # another connection may have been dropped, too
        self._wait_for_turn()
        try:
            answer = self._sent(request, *args, **options)
        except requests.RequestException as error:
            self._note_doubt(request, error)
            raise
        if request.method not in READING and request.url != self._token_url and was_sent(dropped):
            answer.repeated = self._ledger.repeated = True
        return answer

    def _note_doubt(
        self, request: requests.PreparedRequest, error: requests.RequestException
    ) -> None:
        if request.method == "POST" and request.url != self._token_url and was_sent(error):
            self._ledger.doubtful.append(request)

    def _admit(self, request: requests.PreparedRequest) -> None:
        url, method = str(request.url or ""), str(request.method)
        is_token = method == "POST" and url == self._token_url
        if _origin(urlsplit(url)) not in self._origins:
            raise LeftTarget(f"{method} {url} would leave the target")
        if self._manners.safe and method not in READING:
            if not is_token or self._asked_for_token:
                raise Unsafe(f"{method} {urlsplit(url).path}")
            self._asked_for_token = True
        if self._may_leave:
            self._may_leave(request)
        elif method not in READING and not is_token and not is_loopback(url):
            raise Unsafe(f"{method} {urlsplit(url).path}", ELSEWHERE)

    def _wait_for_turn(self) -> None:
        if self._manners.rate:
            now = time.monotonic()
            time.sleep(max(0.0, self._next - now))
            self._next = max(self._next, now) + 1 / self._manners.rate

    def _sent(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        status, seconds = 0, self._network.timeout
        how = {
            "stream": True,
            "timeout": seconds,
            "verify": self._network.ca or True,
            "proxies": self._origins[_origin(urlsplit(str(request.url)))],
        }
        try:
            answer = super().send(request, *args, **{**options, **how})
            _read(answer, max(SLOWEST, seconds))
            status = answer.status_code
        except requests.Timeout:
            raise TooSlow(f"no answer within {seconds:g} s", request=request) from None
        except requests.RequestException as error:
            error.request = error.request or request
            raise
        finally:
            path = urlsplit(str(request.url)).path
            self._ledger.entries.append(Sent(str(request.method), path, status))
        if self._watch:
            self._watch(request, answer)
        return answer


def _read(answer: requests.Response, seconds: float) -> None:
    """Read the body now, within limits that `requests` does not have."""
    end = time.monotonic() + seconds
    content = bytearray()
    for chunk in answer.iter_content(2**16):
        content += chunk
        if len(content) > LARGEST or time.monotonic() > end:
            answer.close()
            limit = f"{LARGEST >> 20} MiB" if len(content) > LARGEST else f"{seconds:g} s"
            raise Unreadable(f"the answer is longer than {limit}", request=answer.request)
    keep_content(answer, bytes(content))


def _origin(parts: SplitResult) -> Origin:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]
