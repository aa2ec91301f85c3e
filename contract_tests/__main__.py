"""The command line: `hypers-check`. The only place of the check that prints."""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from contract_tests.caller import Caller
from contract_tests.contract import choose
from contract_tests.ending import Ending
from contract_tests.merging import add_ending, merge_command
from contract_tests.plugin import conduct
from contract_tests.profile import PROFILES, choose_profile
from contract_tests.reporting import Report
from contract_tests.run import Run
from contract_tests.subject import Plan
from contract_tests.target import Credentials, Target, Unfit, Unreachable, read_url
from contract_tests.transport import Manners
from openapi import ContractError

PREFIX = "HYPERS_CHECK_"
HOLDS, VIOLATED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
MOCK = [sys.executable, "-m", "mock_server", "--port", "0", "--frozen"]
READY = re.compile(r"http://127\.0\.0\.1:\d+")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a server; returns 0 when the contract holds, 1 when not, 2 when that is not known."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given[:1] == ["merge"]:
            return merge_command(given[1:], Report(sys.stdout))
        options = _parser().parse_args(given)
        with _terminable():
            if options.target:
                return _check(read_url(options.target), options)
            with _mock() as address:
                return _check(address, options)
    except Unfit as error:
        print(f"hypers-check: {error}", file=sys.stderr)
        return UNUSABLE
    except ContractError as error:
        print(f"hypers-check: broken contract: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("hypers-check: interrupted", file=sys.stderr)
        return INTERRUPTED


def _check(url: str, options: argparse.Namespace) -> int:
    ending = Ending.read(options.report, options.baseline)
    target = Target(
        url,
        None if options.token else _credentials(options),
        read_url(options.auth_url) if options.auth_url else "",
        options.token,
    )
    plan = Plan(
        options.seed,
        options.max_examples,
        options.only,
        choose_profile(url, options.profile or None),
        options.shard,
        options.max_time,
        options.fail_fast,
    )
    manners = Manners(plan.profile != "full", options.rate)
    with closing(_caller(target, manners, options.wait)) as caller:
        run = Run(target, caller, plan, admin_token=options.admin_token)
        caller.secrets.learn(options.admin_token)
        report = Report(sys.stdout)
        record = conduct(run, report)
    record = ending.close(record, report)
    if run.gone:
        raise run.gone
    if record.ended and not run.ended:
        raise KeyboardInterrupt
    if record.violations:
        return VIOLATED
    if record.ended:
        raise Unfit(f"not checked to the end: {record.ended}")
    return HOLDS


def _credentials(options: argparse.Namespace) -> Credentials:
    return Credentials(options.client_id, options.client_secret, options.username, options.password)


def _caller(target: Target, manners: Manners, wait: int) -> Caller:
    """Log in, once the target answers; raises Unfit when it does not within `wait` seconds."""
    end = time.monotonic() + wait
    while True:
        try:
            return Caller(target, manners)
        except Unreachable:
            if time.monotonic() >= end:
                raise
            time.sleep(0.2)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hypers-check",
        description="Check a server against the contract: every operation, and chains of them. "
        "It creates, changes and deletes on the server.",
        epilog=f"Every option has an environment twin, {PREFIX}TARGET for --target and so on; "
        "the command line wins. `hypers-check merge DIR...` judges shards together. "
        "Exit code: 0 the contract holds, 1 it does not, 2 not checked.",
    )

    def option(name: str, default: str, text: str, kind: Callable[[str], Any] = str) -> None:
        twin = _twin(name)
        help_text = f"{text} (default {default or 'none'}, {twin})"
        parser.add_argument(name, type=kind, default=os.environ.get(twin, default), help=help_text)

    option("--target", "", "URL of the server; without one, a mock is started and stopped")
    option("--auth-url", "", "URL of the server that gives tokens, if it is another one")
    option("--client-id", "demo-client", "who asks for a token")
    option("--client-secret", "demo-secret", "and its secret; better given by environment")
    option("--username", "demo@example.com", "who logs in")
    option("--password", "demo-password", "and the password; better given by environment")
    option("--token", "", "an access token instead of all four; better given by environment")
    option("--admin-token", "", "what the target's /__admin clock asks for")
    option(
        "--profile",
        "",
        "full, safe (only reads) or smoke (examples of reads); without it full"
        " on this machine and safe elsewhere",
        _profile,
    )
    option("--seed", "1", "what all generated data comes from", _whole)
    option("--max-examples", "15", "fuzzed requests an operation, and chains of them", _whole)
    option("--only", "", "operationIds, tags, rule ids, with commas between; else all", _names)
    option("--rate", "0", "requests a second at most; 0 for no limit", _number)
    option("--wait", "0", "seconds to wait until the server answers", _number)
    option("--max-time", "0", "seconds after which the check ends; 0 for no limit", _number)
    option("--shard", "1/1", "which part of the check, and of how many", _shard)
    parser.add_argument(
        "--fail-fast",
        action="store_true",
        default=_switch("--fail-fast"),
        help=f"end at the first violation ({_twin('--fail-fast')}=1)",
    )
    add_ending(parser)
    return parser


def _twin(name: str) -> str:
    return PREFIX + name.removeprefix("--").replace("-", "_").upper()


def _switch(name: str) -> bool:
    return os.environ.get(_twin(name), "") not in ("", "0")


def _profile(text: str) -> str:
    if text in ("", *PROFILES):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(PROFILES)}")


def _number(text: str) -> int:
    return 0 if text == "0" else _whole(text)


def _shard(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", text)
    if not found or int(found[1]) > int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not a shard such as 1/4")
    return int(found[1]), int(found[2])


def _whole(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) < 2**31:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {2**31 - 1}")


def _names(text: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    try:
        choose(names)
    except LookupError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return names


@contextmanager
def _terminable() -> Iterator[None]:
    """Make SIGTERM what Ctrl-C is, so that the mock we started ends with us."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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


if __name__ == "__main__":
    raise SystemExit(main())
