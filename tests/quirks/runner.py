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
from tests.contract_tests.run_check import violations_in
from tests.quirks.proxy import proxied
from tests.quirks.quirk import Quirk
from tests.serving import FROZEN, listening

LIMIT = 240.0
"""Seconds that a check may take."""
SHOWN = 300


@dataclass(frozen=True)
class Result:
    """Result of one quirk. wrong: differences from the right verdict, empty if there are none."""

    quirk: Quirk
    wrong: tuple[str, ...]
    seconds: float


def run(quirk: Quirk) -> Result:
    """Serve a quirk, check it, and compare the verdict with the right one."""
    begun = time.monotonic()
    with served(quirk) as (address, options):
        only = ("--only", quirk.only) if quirk.only else ()
        command = [sys.executable, "-m", "contract_tests", "--target", address, *only]
        done = subprocess.run(
            [*command, *quirk.options, *options],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    wrong = differences(quirk, done.returncode, done.stdout, done.stderr)
    return Result(quirk, tuple(wrong), time.monotonic() - begun)


def run_all(quirks: Sequence[Quirk], jobs: int) -> Iterator[Result]:
    """Yield the results of these quirks, so many at a time, as they come."""
    with ThreadPoolExecutor(jobs) as pool:
        started = [pool.submit(run, quirk) for quirk in quirks]
        try:
            for done in as_completed(started):
                yield done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def served(quirk: Quirk) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the address of a mock behind a quirk, and the options by which the check reaches it."""
    with listening(create_app(FROZEN)) as behind, TemporaryDirectory() as directory:
        context: ssl.SSLContext | None = None
        options: tuple[str, ...] = ()
        if quirk.tls:
            ca, file = trustme.CA(), Path(directory) / "ca.pem"
            ca.cert_pem.write_to_path(str(file))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            ca.issue_cert("127.0.0.1").configure_cert(context)
            options = ("--ca", str(file))
        with proxied(behind, quirk.made(), tls=context, prefix=quirk.prefix) as address:
            yield address, options


def differences(quirk: Quirk, code: int, out: str, err: str) -> Iterator[str]:
    """Return the differences of a verdict from the right one."""
    found = {f"{name}: {title}" for name, title in violations_in(out)}
    if code != quirk.code:
        yield f"exit code {code}, not {quirk.code}: {' '.join(err.split())[-SHOWN:]}"
    missing = sorted(quirk.violations - found)
    yield from (f"not found: {each}" for each in missing)
    blamed = {each.partition(":")[0] for each in quirk.violations} | {*quirk.also}
    for each in sorted(found - quirk.violations):
        if each.partition(":")[0] not in blamed:
            yield f"found, and is none: {each}"
        elif missing:
            yield f"found instead: {each}"
