"""Options of the command line, and their environment variables."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from mock_server.clock import DEFAULT_INSTANT
from mock_server.errors import StartupError
from mock_server.option_values import (
    parse_admin_token,
    parse_hosts,
    parse_instant,
    parse_limit,
    parse_log_level,
    parse_port,
    parse_reading,
    parse_readings,
    parse_root_path,
    parse_scale,
    parse_scenario,
    parse_seed,
    parse_storage_limit,
    parse_task_count,
)
from mock_server.seed import DEFAULT_TASK_COUNT, MAX_TASK_COUNT, MIN_TASK_COUNT
from mock_server.settings import CONTROL_PLANE, DEFAULT_SEED, MIB, Settings
from mock_server.world.world import DEFAULT_MAX_STORAGE_BYTES
from openapi import CommandLineParser, ReadingsError, add_version_option, exact_readings

ENV_PREFIX = "HYPERS_MOCK_"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser, with defaults from the environment; raises StartupError for a bad flag."""
    found = CommandLineParser(
        prog="hypers-mock",
        description="A stateful mock server for the Hypers API, driven by its contract.",
        epilog=f"Every option has an environment variable, such as {ENV_PREFIX}PORT for --port; "
        "the command line wins.",
    )

    def option(*names: str, default: str, kind: Callable[[str], Any], **more: Any) -> None:
        variable = ENV_PREFIX + names[0].removeprefix("--").replace("-", "_").upper()
        more["help"] += f" (default {default or 'none'}, {variable})"
        # An empty variable counts as unset: compose files and CI write `HYPERS_MOCK_SEED=`.
        value = os.environ.get(variable) or default or None
        found.add_argument(
            *names, type=_naming_variable(variable, value, kind), default=value, **more
        )

    add_version_option(found)

    option("--host", default="127.0.0.1", kind=str, help="address to listen on")
    option(
        "--port",
        "-p",
        default="4010",
        kind=parse_port,
        help="port to listen on; 0 selects a free port",
    )
    option("--seed", default=str(DEFAULT_SEED), kind=parse_seed, help="seed of all random data")
    option(
        "--scenario",
        default="demo",
        kind=parse_scenario,
        help="initial data: demo, empty or large",
    )
    option(
        "--size",
        default="",
        kind=parse_task_count,
        help="number of notification tasks in the scenario large, "
        f"{MIN_TASK_COUNT} to {MAX_TASK_COUNT}; "
        f"{DEFAULT_TASK_COUNT} if not set",
    )
    option(
        "--frozen",
        default="",
        kind=parse_instant,
        nargs="?",
        const=DEFAULT_INSTANT,
        metavar="INSTANT",
        help=f"stop the clock at this instant; without one, at {DEFAULT_INSTANT.isoformat()}",
    )
    option(
        "--time-scale",
        default="1",
        kind=parse_scale,
        help="simulated seconds per real second, while time runs",
    )
    option(
        "--admin-token",
        default="",
        kind=parse_admin_token,
        help=f"token for {CONTROL_PLANE}; if the mock listens on an address other than loopback "
        "and no token is set, one is generated and printed",
    )
    option(
        "--admin-host",
        default="",
        kind=parse_hosts,
        action=_ExtendAction,
        metavar="NAME",
        help=f"additional host name that {CONTROL_PLANE} accepts, for example behind a proxy; "
        "repeatable (in the environment: separated by commas)",
    )
    option(
        "--root-path",
        default="",
        kind=parse_root_path,
        metavar="PATH",
        help="path under which a reverse proxy serves the mock, such as /gw/hypers",
    )
    option(
        "--log-level",
        default="warning",
        kind=parse_log_level,
        help="debug, info, warning or error",
    )
    option(
        "--max-body-size",
        default=str(64 * MIB),
        kind=parse_limit,
        help="maximum size of a body, in bytes",
    )
    option(
        "--max-json-size",
        default=str(32 * MIB),
        kind=parse_limit,
        help="maximum size of a JSON body, in bytes; --max-body-size applies as well",
    )
    option(
        "--max-json-values",
        default="1000000",
        kind=parse_limit,
        help="maximum number of values in a large JSON body",
    )
    option(
        "--max-storage",
        default=str(DEFAULT_MAX_STORAGE_BYTES),
        kind=parse_storage_limit,
        help="maximum total size of stored files and records, in bytes",
    )
    option(
        "--readings",
        default="",
        kind=parse_readings,
        metavar="SET|FILE|KEY=VALUE,...",
        help="answers to the open questions: a set (default or spring), a file, such as the one "
        "that hypers-check --report writes, or pairs; those not named have their default",
    )
    option(
        "--reading",
        default="",
        kind=parse_reading,
        action=_ExtendAction,
        metavar="KEY=VALUE",
        help="answer to one open question, which overrides --readings; repeatable (in the "
        "environment: separated by commas)",
    )
    option("--contract", default="", kind=Path, help="another OpenAPI 3.0 document to serve")
    option(
        "--ready-file",
        default="",
        kind=Path,
        metavar="FILE",
        help="file that contains the mock's URL while it runs",
    )
    for name, default, text in (
        ("--cors", "true", "send CORS headers"),
        ("--watch", "false", "reload the contract when its files change"),
    ):
        variable = ENV_PREFIX + name.removeprefix("--").upper()
        found.add_argument(
            name,
            action=argparse.BooleanOptionalAction,
            default=_parse_boolean(os.environ.get(variable) or default, variable),
            help=f"{text} (default {default}, {variable})",
        )
    return found


def build_settings(options: argparse.Namespace, bound: str) -> Settings:
    """Return the settings of a mock that listens on the IP address `bound`.

    Raises StartupError for `--size` with a scenario other than `large`, and for readings with
    another contract.
    """
    if options.size is not None and options.scenario != "large":
        raise StartupError(
            f"--size needs --scenario large; the scenario {options.scenario} has a fixed size"
        )
    readings = {**(options.readings or {}), **dict(options.reading or ())}
    if readings and options.contract:
        raise StartupError(
            "--readings and --reading change the project's own contract; they do not "
            "apply to the one of --contract"
        )
    try:
        if readings:  # the usual start need not read their file
            exact_readings(readings)
    except ReadingsError as error:  # each is possible, but not both
        raise StartupError(f"--readings and --reading: {error}") from None
    token = options.admin_token
    # Beyond loopback anybody on the network could reset the mock, so there is always a token.
    if token is None and not ip_address(bound).is_loopback:
        token = secrets.token_urlsafe(18)
    return Settings(
        seed=options.seed,
        scenario=options.scenario,
        size=options.size or DEFAULT_TASK_COUNT,
        frozen=options.frozen,
        time_scale=options.time_scale,
        cors=options.cors,
        max_body_size=options.max_body_size,
        max_json_size=options.max_json_size,
        max_json_values=options.max_json_values,
        max_storage=options.max_storage,
        readings=readings,
        contract=options.contract,
        host=options.host or "",
        root_path=options.root_path or "",
        admin_hosts=options.admin_host or (),
        admin_token=token,
    )


def _naming_variable(
    variable: str, value: str | None, kind: Callable[[str], Any]
) -> Callable[[str], Any]:
    """Return `kind` with errors that name the variable if `value` comes from it."""

    def read(text: str) -> Any:
        try:
            return kind(text)
        except argparse.ArgumentTypeError as error:
            # argparse converts a default, too, and passes that very object, so identity shows it.
            raise argparse.ArgumentTypeError(
                f"{error} (from {variable})" if text is value else str(error)
            ) from None

    return read


class _ExtendAction(argparse.Action):
    """Collects the values of a repeated option, each a tuple, in place of the environment's."""

    def __call__(self, _parser: Any, namespace: Any, values: Any, _option: Any = None) -> None:
        before = getattr(namespace, self.dest)
        gathered = before if isinstance(before, tuple) else ()  # a text is the unconverted default
        setattr(namespace, self.dest, gathered + values)


def _parse_boolean(text: str, variable: str) -> bool:
    flags = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in flags:
        raise StartupError(f"{variable}={text!r} is neither true nor false")
    return flags[text.lower()]
