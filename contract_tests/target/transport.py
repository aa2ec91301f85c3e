"""The session for all requests: which are allowed, where to, how fast; and the log of them."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar

from contract_tests.contract.errors import CheckError
from contract_tests.target.network import NetworkSettings, proxies_of
from contract_tests.target.plain_http_session import PlainHttpSession
from contract_tests.target.profile import is_loopback
from contract_tests.target.request_determinism import remove_randomness
from contract_tests.target.requests_compat import close_connections, set_content
from contract_tests.target.retries import (
    MAX_TOTAL_WAIT_SECONDS,
    is_dropped_connection,
    may_have_arrived,
    retry_delay,
)

SAFE_METHODS = frozenset({"GET", "HEAD"})
MAX_BODY_BYTES = 16 * 2**20
"""Maximum size of a response body."""
BODY_TIMEOUT = 30.0
"""Maximum time for reading a body, in seconds."""
ALREADY_DONE_STATUSES = (404, 409)
"""Statuses that may reject a write because it was carried out before."""
WRITE_REASON = "would write"
REMOTE_WRITE_REASON = "would write to another machine without a safety policy"


class ForeignOriginError(CheckError):
    """A request was about to go to another server than the target."""


class UnsafeRequestError(CheckError):
    """A request that the safety policy forbids; the message names it, `why` is the reason."""

    def __init__(self, request: str, why: str = WRITE_REASON) -> None:
        super().__init__(f"{request} {why}")
        self.why = why


class ResponseTimeoutError(CheckError, requests.Timeout):
    """A response that takes longer than the timeout."""


class ResponseLimitError(CheckError, requests.RequestException):
    """A body that is too long, or takes too long to read."""


class SentRequest(NamedTuple):
    """A request that was sent; `status` is 0 if there was no response."""

    method: str
    path: str
    status: int


@dataclass
class RequestLog:
    """Every request that was sent, in order."""

    entries: list[SentRequest] = field(default_factory=list)
    doubtful: list[requests.PreparedRequest] = field(default_factory=list)
    """Requests without a response that may have been carried out, and may have created a record."""
    repeated: bool = False
    """True if the last response is to a write that was sent twice and may have taken effect twice.
    """
    _seen: int = 0

    def take_new_statuses(self) -> Counter[int]:
        """Count the responses by status since the last call."""
        new = self.entries[self._seen :]
        self._seen = len(self.entries)
        return Counter(sent.status for sent in new if sent.status)

    def may_be_repeat(self, status: int) -> bool:
        """Return whether this last status may be due only to the request having been sent twice."""
        return self.repeated and status in ALREADY_DONE_STATUSES

    @property
    def methods(self) -> dict[str, int]:
        """Number of requests by method."""
        return dict(sorted(Counter(sent.method for sent in self.entries).items()))


@dataclass(frozen=True)
class SendLimits:
    """Limits on the requests that are sent to a target.

    safe: only GET and HEAD are sent, and one POST to the token URL; another request raises an error
    before it is sent. rate: maximum number of requests per second, 0 for no limit.
    """

    safe: bool = False
    rate: float = 0.0


Origin = tuple[str, str | None, int]
ResponseHook = Callable[[requests.PreparedRequest, requests.Response], None]
RequestHook = Callable[[requests.PreparedRequest], None]
NO_LIMITS = SendLimits()
DEFAULT_NETWORK = NetworkSettings()


def open_session(
    url: str,
    *,
    auth_url: str = "",
    token_url: str = "",
    limits: SendLimits = NO_LIMITS,
    network: NetworkSettings = DEFAULT_NETWORK,
    request_log: RequestLog | None = None,
    on_response: ResponseHook | None = None,
    before_request: RequestHook | None = None,
) -> requests.Session:
    """Return a session that reaches only the target and the auth URL, and stores no cookies.

    token_url: where a safe session may POST, once. before_request: may raise UnsafeRequestError;
    without it, writes go to this machine only. on_response: called with every response.
    """
    session = PlainHttpSession()
    # The environment is read by NetworkSettings only: a .netrc would add credentials.
    session.trust_env = False
    # A cookie from the server could grant what a token should; each request must stand on its own.
    session.cookies = RequestsCookieJar(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = "hypers-check"
    origins = {_origin(urlsplit(each)): proxies_of(each) for each in (url, auth_url) if each}
    log = request_log or RequestLog()
    guard = _TargetAdapter(origins, token_url, limits, network, log, on_response, before_request)
    session.mount("http://", guard)
    session.mount("https://", guard)
    return session


class _TargetAdapter(HTTPAdapter):
    """Adapter that sends to these origins only; the contract itself names the provider's hosts."""

    def __init__(
        self,
        origins: Mapping[Origin, dict[str, str]],
        token_url: str,
        limits: SendLimits,
        network: NetworkSettings,
        request_log: RequestLog,
        on_response: ResponseHook | None,
        before_request: RequestHook | None,
    ) -> None:
        super().__init__()
        self._origins = origins
        self._token_url = token_url
        self._limits = limits
        self._network = network
        self._request_log = request_log
        self._on_response = on_response
        self._before_request = before_request
        self._asked_for_token = False
        self._next = 0.0
        self._patience = MAX_TOTAL_WAIT_SECONDS
        self._lock = Lock()  # for requests that probes send at the same time

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        """Send a request; raises ForeignOriginError or UnsafeRequestError if it is not allowed."""
        with self._lock:
            self._check_allowed(request)
        remove_randomness(request)
        self._request_log.repeated = False
        for repeat in itertools.count():
            self._wait_for_rate()
            answer = self._send_with_retry(request, *args, **options)
            pause = retry_delay(answer, repeat)
            if pause is None or pause > self._patience:
                break
            self._patience -= pause
            time.sleep(pause)
        return answer

    def _send_with_retry(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> Any:
        """Return the response to a request, which is sent once more after a dropped connection.

        A write may have taken effect the first time, so that 404 or 409 to its repeat is correct.
        The response to a repeated write is therefore marked as `repeated`, here and in the log. A
        request that may have created a record twice is logged as doubtful.
        """
        try:
            return self._send_once(request, *args, **options)
        except requests.RequestException as error:
            self._note_lost_request(request, error)
            if not is_dropped_connection(error):
                raise
            dropped = error
        # A server that restarts drops all idle connections; each would cost a request its repeat.
        close_connections(self)
        self._wait_for_rate()
        try:
            answer = self._send_once(request, *args, **options)
        except requests.RequestException as error:
            self._note_lost_request(request, error)
            raise
        if (
            request.method not in SAFE_METHODS
            and request.url != self._token_url
            and may_have_arrived(dropped)
        ):
            answer.repeated = self._request_log.repeated = True
        return answer

    def _note_lost_request(
        self, request: requests.PreparedRequest, error: requests.RequestException
    ) -> None:
        if request.method == "POST" and request.url != self._token_url and may_have_arrived(error):
            self._request_log.doubtful.append(request)

    def _check_allowed(self, request: requests.PreparedRequest) -> None:
        url, method = str(request.url or ""), str(request.method)
        is_token = method == "POST" and url == self._token_url
        if _origin(urlsplit(url)) not in self._origins:
            raise ForeignOriginError(f"{method} {url} would leave the target")
        if self._limits.safe and method not in SAFE_METHODS:
            if not is_token or self._asked_for_token:
                raise UnsafeRequestError(f"{method} {urlsplit(url).path}")
            self._asked_for_token = True
        if self._before_request:
            self._before_request(request)
        elif method not in SAFE_METHODS and not is_token and not is_loopback(url):
            raise UnsafeRequestError(f"{method} {urlsplit(url).path}", REMOTE_WRITE_REASON)

    def _wait_for_rate(self) -> None:
        if self._limits.rate:
            with self._lock:  # each of several requests at the same time has a turn of its own
                turn = max(self._next, time.monotonic())
                self._next = turn + 1 / self._limits.rate
            time.sleep(max(0.0, turn - time.monotonic()))

    def _send_once(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        status, seconds = 0, self._network.timeout
        how = {
            # Streamed, so that `_read_body` can limit size and time; the timeout of requests is per
            # read.
            "stream": True,
            "timeout": seconds,
            "verify": self._network.ca or True,
            "proxies": self._origins[_origin(urlsplit(str(request.url)))],
        }
        try:
            answer = super().send(request, *args, **{**options, **how})
            _read_body(answer, max(BODY_TIMEOUT, seconds))
            status = answer.status_code
        except requests.Timeout:
            raise ResponseTimeoutError(
                f"no response within {seconds:g} s", request=request
            ) from None
        except requests.RequestException as error:
            error.request = error.request or request
            raise
        finally:
            path = urlsplit(str(request.url)).path
            self._request_log.entries.append(SentRequest(str(request.method), path, status))
        if self._on_response:
            with self._lock:
                self._on_response(request, answer)
        return answer


def _read_body(answer: requests.Response, seconds: float) -> None:
    """Read the body now, within limits that `requests` does not have."""
    end = time.monotonic() + seconds
    content = bytearray()
    for chunk in answer.iter_content(2**16):
        content += chunk
        if len(content) > MAX_BODY_BYTES or time.monotonic() > end:
            answer.close()
            limit = (
                f"{MAX_BODY_BYTES >> 20} MiB" if len(content) > MAX_BODY_BYTES else f"{seconds:g} s"
            )
            raise ResponseLimitError(f"the response exceeds {limit}", request=answer.request)
    set_content(answer, bytes(content))


def _origin(parts: SplitResult) -> Origin:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]
