"""Runs `hypers-check` on quirky servers, as a user does, several at a time."""

from __future__ import annotations

import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme

from mock_server.app import create_app
from tests.contract_tests.run_check import parse_violations
from tests.quirks.proxy import run_proxy
from tests.quirks.quirk import Quirk
from tests.serving import FROZEN, serve_app

CHECK_TIMEOUT = 240.0
"""Seconds that a check may take."""
MAX_SHOWN_CHARACTERS = 300


@dataclass(frozen=True)
class QuirkResult:
    """Result of one quirk. wrong: differences from the right verdict, empty if there are none."""

    quirk: Quirk
    wrong: tuple[str, ...]
    seconds: float


def run_quirk(quirk: Quirk) -> QuirkResult:
    """Serve a quirk, check it, and compare the verdict with the right one."""
    begun = time.monotonic()
    with serve_quirk(quirk) as (address, options):
        only = ("--only", quirk.only) if quirk.only else ()
        command = [sys.executable, "-m", "contract_tests", "--target", address, *only]
        done = subprocess.run(
            [*command, *quirk.options, *options],
            capture_output=True,
            text=True,
            timeout=CHECK_TIMEOUT,
            check=False,
        )
    wrong = verdict_differences(quirk, done.returncode, done.stdout, done.stderr)
    return QuirkResult(quirk, tuple(wrong), time.monotonic() - begun)


def run_quirks(quirks: Sequence[Quirk], jobs: int) -> Iterator[QuirkResult]:
    """Yield the results of these quirks as they finish; `jobs` servers run at a time."""
    with ThreadPoolExecutor(jobs) as pool:
        started = [pool.submit(run_quirk, quirk) for quirk in quirks]
        try:
            for done in as_completed(started):
                yield done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def serve_quirk(quirk: Quirk) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the address of a mock behind a quirk, and the options by which the check reaches it."""
    with serve_app(create_app(FROZEN)) as behind, TemporaryDirectory() as directory:
        context: ssl.SSLContext | None = None
        options: tuple[str, ...] = ()
        if quirk.tls:
            ca, file = trustme.CA(), Path(directory) / "ca.pem"
            ca.cert_pem.write_to_path(str(file))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            ca.issue_cert("127.0.0.1").configure_cert(context)
            options = ("--ca", str(file))
        with run_proxy(behind, quirk.make_change(), tls=context, prefix=quirk.prefix) as address:
            yield address, options


def verdict_differences(quirk: Quirk, code: int, out: str, err: str) -> Iterator[str]:
    """Return the differences of a verdict from the right one."""
    found = {f"{name}: {title}" for name, title in parse_violations(out)}
    if code != quirk.code:
        yield f"exit code {code}, not {quirk.code}: {' '.join(err.split())[-MAX_SHOWN_CHARACTERS:]}"
    missing = sorted(quirk.violations - found)
    yield from (f"not found: {each}" for each in missing)
    blamed = {each.partition(":")[0] for each in quirk.violations} | {*quirk.also}
    for each in sorted(found - quirk.violations):
        if each.partition(":")[0] not in blamed:
            yield f"reported, but not a violation: {each}"
        elif missing:
            yield f"found instead: {each}"
