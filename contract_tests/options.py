"""Options of the command line and their environment variables."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contract_tests.contract.operations import select_operations
from contract_tests.contract.strictness import CURATED, STRICTNESS_NAMES
from contract_tests.runner.merge_command import add_report_options
from contract_tests.safety.policy import ENVIRONMENT_PREFIX, add_safety_options
from contract_tests.target.network import CA_BUNDLE_VARIABLES, RESPONSE_TIMEOUT
from contract_tests.target.profile import PROFILES
from contract_tests.target.target import CannotCheckError, parse_target_url
from openapi import ANY_VALUE, CommandLineParser, ReadingsError, add_version_option, parse_readings

OPTIONS_FOR_RECORDINGS = frozenset(
    {"har", "har_base", "only", "strictness", "readings", "report", "baseline"}
)
"""Options that go with `--har`."""
MAX_WORKERS = 32
"""Maximum number of workers; each is a process that compiles the whole contract."""


def build_parser() -> argparse.ArgumentParser:
    """Return the argument parser of `hypers-check`."""
    parser = CommandLineParser(
        prog="hypers-check",
        description="Check a server against the contract: operations, sequences of operations and "
        "business rules. The profile `full` creates, changes and deletes records on the server.",
        epilog="Every option has an environment variable, such as "
        f"{ENVIRONMENT_PREFIX}TARGET for --target; "
        "the command line wins. Proxies are taken from HTTP_PROXY, HTTPS_PROXY, "
        "ALL_PROXY and NO_PROXY; a server on this machine is contacted directly. "
        "`hypers-check merge DIR...` merges the results of shards into one verdict. "
        "Exit codes: 0: the server conforms to the contract; 1: it violates the contract; "
        "2: nothing was checked, or the check did not finish.",
    )
    add_version_option(parser)
    add_options(parser)
    _add_option(
        parser,
        "--workers",
        "auto",
        "number of processes; auto: one, or one per CPU core (at most 4) without --target",
        _parse_workers,
    )
    _add_option(parser, "--shard", "1/1", "part of the check to run, such as 1/4", _parse_shard)
    _add_recording_options(parser)
    return parser


def forbid_options_with_recordings(options: argparse.Namespace) -> None:
    """Raise CannotCheckError for options that make no sense for recordings.

    Only those of the command line count, since it wins over the environment.
    """
    defaults = vars(build_parser().parse_args([]))
    for dest, given in vars(options).items():
        if dest not in OPTIONS_FOR_RECORDINGS and given != defaults[dest]:
            name = "--" + dest.replace("_", "-")
            raise CannotCheckError(f"{name} cannot be combined with --har, which sends nothing")


def recorded_files(options: argparse.Namespace) -> list[Path]:
    """Return the recordings to check; empty for a run that checks a server."""
    given = options.har
    # A list from the command line, a text from the environment.
    names = given.split(os.pathsep) if isinstance(given, str) else given
    return [Path(name) for name in names if name]


def _add_recording_options(parser: argparse.ArgumentParser) -> None:
    name = "--har"
    variable = environment_variable_of(name)
    parser.add_argument(
        name,
        nargs="+",
        metavar="FILE",
        default=os.environ.get(variable, ""),
        help="check recorded traffic in these HAR files instead of a server, without sending"
        f" anything (default none, {variable}, separated by {os.pathsep!r})",
    )
    _add_option(
        parser,
        "--har-base",
        "",
        "base URLs of the API in the recordings, separated by commas; any if not set",
        _parse_base_urls,
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a run, for `hypers-check` and for plain pytest."""

    def option(name: str, default: str, text: str, kind: Callable[[str], Any] = str) -> None:
        _add_option(parser, name, default, text, kind)

    option("--target", "", "URL of the server; without it, the check starts a mock")
    option("--auth-url", "", "URL of the server that issues tokens, if it is another one")
    option("--client-id", "demo-client", "client for the token request")
    option("--client-secret", "demo-secret", "its secret; set it in the environment")
    option("--username", "demo@example.com", "user for the token request")
    option("--password", "demo-password", "the user's password; set it in the environment")
    option(
        "--token", "", "access token to use instead of client and user; set it in the environment"
    )
    option("--admin-token", "", "token for the target's /__admin/clock")
    option(
        "--profile",
        "",
        "full, safe (only reads) or smoke (examples of reads); if not set, full for a server"
        " on this machine and safe for others",
        _check_profile,
    )
    option(
        "--strictness",
        CURATED.name,
        "curated requires the whole contract, documented only what is documented",
        _check_strictness,
    )
    option(
        "--readings",
        "",
        "answers to open questions that the server must give: a set such as default, a file,"
        " or key=value,...; any answers if not set",
        _parse_demanded,
    )
    option("--seed", "1", "seed of the generated requests", _parse_positive_int)
    option(
        "--max-examples",
        "15",
        "number of generated requests per operation, and of sequences",
        _parse_positive_int,
    )
    option(
        "--only",
        "",
        "operationIds, tags and rule ids to check, separated by commas; all if not set",
        _parse_names,
    )
    option(
        "--rate", "0", "maximum number of requests per second; 0 is unlimited", _parse_int_or_zero
    )
    option(
        "--wait", "0", "seconds to wait for the server to answer at the start", _parse_int_or_zero
    )
    option(
        "--ca",
        "",
        f"PEM file with trusted certificates; if not set, {', '.join(CA_BUNDLE_VARIABLES)}",
    )
    _add_option(
        parser,
        "--timeout",
        f"{RESPONSE_TIMEOUT:g}",
        "maximum time for one response, in seconds",
        _parse_seconds,
        # The name that pytest-timeout leaves free; see contract_tests/conftest.py.
        also=("--request-timeout",),
    )
    option(
        "--max-time", "0", "seconds after which the check ends; 0 is unlimited", _parse_int_or_zero
    )
    parser.add_argument(
        "--fail-fast",
        action="store_true",
        default=os.environ.get(environment_variable_of("--fail-fast"), "") not in ("", "0"),
        help=f"stop at the first violation ({environment_variable_of('--fail-fast')}=1)",
    )
    add_safety_options(parser)
    add_report_options(parser)


def environment_variable_of(name: str) -> str:
    """Return the environment variable of an option."""
    return ENVIRONMENT_PREFIX + name.removeprefix("--").replace("-", "_").upper()


def _add_option(
    parser: argparse.ArgumentParser,
    name: str,
    default: str,
    text: str,
    kind: Callable[[str], Any],
    also: tuple[str, ...] = (),
) -> None:
    help_text = f"{text} (default {default or 'none'}, {environment_variable_of(name)})"
    # As the default of argparse it passes the same parser as an option, and gets the same error.
    given = os.environ.get(environment_variable_of(name), default)
    dest = (also or (name,))[-1].removeprefix("--").replace("-", "_")
    parser.add_argument(name, *also, type=kind, default=given, dest=dest, help=help_text)


def _check_profile(text: str) -> str:
    if text in ("", *PROFILES):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is not one of {', '.join(PROFILES)}")


def _check_strictness(text: str) -> str:
    if text in STRICTNESS_NAMES:
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is not one of {', '.join(STRICTNESS_NAMES)}")


def _parse_int_or_zero(text: str) -> int:
    return 0 if text == "0" else _parse_positive_int(text)


def _parse_seconds(text: str) -> float:
    if re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,3})?", text) and float(text) > 0:
        return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds such as 30 or 0.5")


def _parse_shard(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", text)
    if not found or int(found[1]) > int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not a shard such as 1/4")
    return int(found[1]), int(found[2])


def _parse_workers(text: str) -> int:
    if text == "auto":
        return 0
    number = _parse_positive_int(text)
    if number > MAX_WORKERS:
        raise argparse.ArgumentTypeError(f"{number} workers exceed the maximum of {MAX_WORKERS}")
    return number


def _parse_positive_int(text: str) -> int:
    # int() would also accept "+1", "1_000" and digits of other scripts.
    if text.isascii() and text.isdigit() and 1 <= int(text) < 2**31:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {2**31 - 1}")


def _parse_demanded(text: str) -> dict[str, str]:
    """Return the demanded values by reading; a reading with any value is left out."""
    try:
        found = parse_readings(text) if text else {}
    except ReadingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return {reading: value for reading, value in found.items() if value != ANY_VALUE}


def _parse_base_urls(text: str) -> tuple[str, ...]:
    try:
        return tuple(parse_target_url(each.strip()) for each in text.split(",") if each.strip())
    except CannotCheckError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a URL such as https://example.com/gw"
        ) from None


def _parse_names(text: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    try:
        # At once, so that a misspelt name is a usage error and not a run that checks nothing.
        select_operations(names)
    except LookupError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return names
