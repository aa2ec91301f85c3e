"""How a run begins: where the target is, or a mock in its place, and who is logged in there."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

from contract_tests.contract.strictness import strictness_called
from contract_tests.runner.run import Run
from contract_tests.runner.schemathesis_config import Plan
from contract_tests.safety.login import Caller
from contract_tests.safety.policy import Permits, choose_reach
from contract_tests.target.network import Network, readers_of
from contract_tests.target.profile import Profile, choose_profile, is_loopback
from contract_tests.target.target import Credentials, Target, Unfit, Unreachable, read_url
from contract_tests.target.transport import Manners

MOCK = [sys.executable, "-m", "mock_server", "--port", "0", "--frozen"]
READY = re.compile(r"http://127\.0\.0\.1:\d+")


@contextmanager
def opened(options: argparse.Namespace, shard: tuple[int, int] = (1, 1)) -> Iterator[Run]:
    """A run by the options of `add_options`, logged in; without a target there, on our own mock.

    Raises Unfit saying why that is not possible.
    """
    if not options.target:
        with _mock() as address:
            yield from _opened(address, options, shard)
        return
    yield from _opened(read_url(options.target), options, shard)


def target_at(url: str, options: argparse.Namespace) -> Target:
    """The server at this URL, with the credentials of these options; raises Unfit for a bad URL."""
    return Target(
        read_url(url),
        None if options.token else _credentials(options),
        read_url(options.auth_url) if options.auth_url else "",
        options.token,
    )


def network_of(options: argparse.Namespace) -> Network:
    """Return the network settings of these options; raises Unfit for invalid certificates."""
    urls = (read_url(url) for url in (options.target, options.auth_url) if url)
    return Network.to(*urls, ca=options.ca, timeout=options.request_timeout)


def way_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return the same settings as arguments of a request of `requests`, for a foreign session.

    That takes proxies from the environment by itself, but for this machine, too.
    """
    network, url = network_of(options), urlsplit(options.target)
    near = {f"{url.scheme}://{url.hostname}": ""} if is_loopback(options.target) else {}
    return {"verify": network.ca or True, "timeout": network.timeout, "proxies": near}


def readers(options: argparse.Namespace) -> Iterator[str]:
    """Yield a warning for each proxy that will see these options' credentials in clear text."""
    return readers_of(*(read_url(url) for url in (options.target, options.auth_url) if url))


def profile_of(options: argparse.Namespace) -> Profile:
    """What may be done to the target of these options; raises Unfit for a target that is no URL."""
    url = read_url(options.target) if options.target else "http://127.0.0.1"
    return choose_profile(url, options.profile or None)


def _opened(url: str, options: argparse.Namespace, shard: tuple[int, int]) -> Iterator[Run]:
    target = target_at(url, options)
    profile = choose_profile(url, options.profile or None)
    plan = Plan(
        options.seed,
        options.max_examples,
        options.only,
        profile,
        shard,
        options.max_time,
        options.fail_fast,
        choose_reach(url, target.auth_url, profile, Permits.read(options)),
        strictness_called(options.strictness),
    )
    manners = Manners(plan.profile != "full", options.rate)
    network = network_of(options)

    def caller_of() -> Caller:
        return Caller(target, manners, plan.reach, network)

    with closing(_waited(caller_of, options.wait)) as caller:
        run = Run(target, caller, plan, admin_token=options.admin_token)
        caller.secrets.learn(options.admin_token)
        yield run


def _credentials(options: argparse.Namespace) -> Credentials:
    return Credentials(options.client_id, options.client_secret, options.username, options.password)


def _waited(caller_of: Callable[[], Caller], wait: int) -> Caller:
    """Log in, once the target answers; raises Unfit when it does not within `wait` seconds."""
    end = time.monotonic() + wait
    while True:
        try:
            return caller_of()
        except Unreachable:
            if time.monotonic() >= end:
                raise
            time.sleep(0.2)


@contextmanager
def _mock() -> Iterator[str]:
    """A mock of our own, its time standing still: its address, for as long as it is needed."""
    with subprocess.Popen(MOCK, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            for line in process.stdout or ():
                if found := READY.search(line):
                    break
            else:
                raise Unfit("no --target, and the mock did not start")
            yield found.group(0)
        finally:
            process.terminate()
