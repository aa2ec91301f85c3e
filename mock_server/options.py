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
from mock_server.limit_options import add_limit_options, limit_settings
from mock_server.option_values import (
    ExtendAction,
    naming_variable,
    parse_admin_token,
    parse_hosts,
    parse_instant,
    parse_log_level,
    parse_origins,
    parse_port,
    parse_reading,
    parse_readings,
    parse_root_path,
    parse_scale,
    parse_scenario,
    parse_seed,
    parse_task_count,
    parse_token_lifetime,
)
from mock_server.proxy_options import add_proxy_options, proxy_settings
from mock_server.scenario_options import ScenarioSchemaAction, read_start
from mock_server.seed import DEFAULT_TASK_COUNT, MAX_TASK_COUNT, MIN_TASK_COUNT
from mock_server.settings import (
    CONTROL_PLANE,
    DEFAULT_SEED,
    DEFAULT_TOKEN_LIFETIME,
    Settings,
)
from openapi import CommandLineParser, ReadingsError, add_version_option, readings_with_defaults

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
            *names, type=naming_variable(variable, value, kind), default=value, **more
        )

    add_version_option(found)
    found.add_argument(
        "--scenario-schema",
        action=ScenarioSchemaAction,
        nargs=0,
        dest=argparse.SUPPRESS,
        default=argparse.SUPPRESS,
        help="print the JSON Schema of scenario files and exit",
    )

    option("--host", default="127.0.0.1", kind=str, help="address to listen on")
    option(
        "--port",
        "-p",
        default="4010",
        kind=parse_port,
        help="port to listen on; 0 selects a free port",
    )
    option(
        "--seed",
        default="",
        kind=parse_seed,
        help=f"seed of all random data; {DEFAULT_SEED}, or that of the scenario file, if not set",
    )
    option(
        "--scenario",
        default="demo",
        kind=parse_scenario,
        metavar="NAME|FILE",
        help="initial data: demo, empty, large, or a YAML or JSON file (see docs/scenarios.md)",
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
        "--token-lifetime",
        default=str(DEFAULT_TOKEN_LIFETIME),
        kind=parse_token_lifetime,
        metavar="SECONDS",
        help="simulated seconds for which access tokens are valid",
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
        action=ExtendAction,
        metavar="NAME",
        help=f"additional host name that {CONTROL_PLANE} accepts, for example behind a proxy; "
        "repeatable (in the environment: separated by commas)",
    )
    option(
        "--admin-cors",
        default="",
        kind=parse_origins,
        action=ExtendAction,
        metavar="ORIGIN",
        help=f"origin whose pages may use {CONTROL_PLANE}, such as http://localhost:5173; "
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
        help="debug, info, warning or error; info prints one line for each request",
    )
    add_limit_options(option)
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
        action=ExtendAction,
        metavar="KEY=VALUE",
        help="answer to one open question, which overrides --readings; repeatable (in the "
        "environment: separated by commas)",
    )
    add_proxy_options(option, ExtendAction)
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
        (
            "--strict",
            "false",
            "return a 400 for fields and query parameters that the contract does not have",
        ),
        ("--watch", "false", "reload the contract, and the scenario file, when they change"),
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

    Raises StartupError for `--size` with a scenario other than `large`, for readings with another
    contract, and for a scenario file that is not valid.
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
            readings_with_defaults(readings)
    except ReadingsError as error:  # each is possible, but not both
        raise StartupError(f"--readings and --reading: {error}") from None
    token = options.admin_token
    # Beyond loopback anybody on the network could reset the mock, so there is always a token.
    if token is None and not ip_address(bound).is_loopback:
        token = secrets.token_urlsafe(18)
    start = read_start(options.scenario, options.seed, options.frozen, options.contract)
    return Settings(
        seed=start.seed,
        scenario=start.scenario,
        size=options.size or DEFAULT_TASK_COUNT,
        frozen=start.frozen,
        begins=start.begins,
        time_scale=options.time_scale,
        token_lifetime=options.token_lifetime,
        cors=options.cors,
        **limit_settings(options),
        strict=options.strict,
        readings=readings,
        contract=options.contract,
        host=options.host or "",
        root_path=options.root_path or "",
        admin_hosts=options.admin_host or (),
        admin_origins=options.admin_cors or (),
        admin_token=token,
        **proxy_settings(options),
    )


def _parse_boolean(text: str, variable: str) -> bool:
    flags = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in flags:
        raise StartupError(f"{variable}={text!r} is neither true nor false")
    return flags[text.lower()]
