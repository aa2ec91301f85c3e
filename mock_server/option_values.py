"""Values of command-line options, from their texts.

Each parser raises argparse.ArgumentTypeError, with the accepted values, for any other text.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from mock_server.clock import (
    CST,
    DEFAULT_INSTANT,
    EARLIEST_INSTANT,
    LATEST_INSTANT,
    MAX_SCALE,
    MIN_SCALE,
)
from mock_server.http.address import is_valid_prefix
from mock_server.seed import MAX_TASK_COUNT, MIN_TASK_COUNT, Scenario
from openapi import ReadingsError, readings_with_defaults
from openapi import parse_readings as parse_answers

SCENARIO_SUFFIXES = (".yaml", ".yml", ".json")
ORIGIN_PATTERN = re.compile(
    r"(?P<scheme>https?|(?:chrome|moz)-extension)://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?",
    re.IGNORECASE,
)
DEFAULT_PORTS = {"http": "80", "https": "443"}
MAX_TOKEN_LIFETIME = 10 * 365 * 86_400
"""Longest lifetime of an access token, in seconds."""


def parse_port(text: str) -> int:
    """Return a port number; 0 stands for a free port."""
    return _parse_integer_within(text, 0, 65535)


def parse_seed(text: str) -> int:
    """Return a seed, an integer of 63 bits."""
    return _parse_integer_within(text, 0, 2**63 - 1)


def parse_count(text: str) -> int:
    """Return a number of entries, which may be 0, up to a million."""
    return _parse_integer_within(text, 0, 1_000_000)


def parse_limit(text: str) -> int:
    """Return a number of bytes or values, up to 2^31."""
    return _parse_integer_within(text, 1, 2**31)


def parse_storage_limit(text: str) -> int:
    """Return a number of bytes, up to 2^40."""
    return _parse_integer_within(text, 1, 2**40)


def parse_task_count(text: str) -> int:
    """Return a number of notification tasks."""
    return _parse_integer_within(text, MIN_TASK_COUNT, MAX_TASK_COUNT)


def parse_token_lifetime(text: str) -> int:
    """Return a number of seconds, up to ten years."""
    return _parse_integer_within(text, 1, MAX_TOKEN_LIFETIME)


def _parse_integer_within(text: str, low: int, high: int) -> int:
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")


def parse_scenario(text: str) -> str | Path:
    """Return the name of a scenario, or the path of its file."""
    path = Path(text)
    if path.suffix.lower() in SCENARIO_SUFFIXES:
        return path
    try:
        return _check_choice(text, get_args(Scenario))
    except argparse.ArgumentTypeError as error:
        suffixes = ", ".join(SCENARIO_SUFFIXES)
        raise argparse.ArgumentTypeError(
            f"{error}; the name of a file ends in {suffixes}"
        ) from None


def parse_log_level(text: str) -> str:
    """Return the name of a log level in lower case."""
    return _check_choice(text.lower(), ("debug", "info", "warning", "error"))


def _check_choice(text: str, choices: tuple[str, ...]) -> str:
    if text in choices:
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(choices)}")


def parse_instant(text: str) -> datetime:
    """Return an ISO 8601 instant; `true`, for HYPERS_MOCK_FROZEN, is DEFAULT_INSTANT."""
    if text.lower() in ("true", "1", "yes"):
        return DEFAULT_INSTANT
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an instant such as {DEFAULT_INSTANT.isoformat()}"
        ) from None
    instant = instant.replace(tzinfo=instant.tzinfo or CST)
    if EARLIEST_INSTANT <= instant <= LATEST_INSTANT:
        return instant
    bounds = f"{EARLIEST_INSTANT.isoformat()} to {LATEST_INSTANT.isoformat()}"
    raise argparse.ArgumentTypeError(f"{text!r} is not within {bounds}")


def parse_scale(text: str) -> float:
    """Return a number; a whole one is an int, so that `60` is not shown as `60.0`."""
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) and MIN_SCALE <= float(text) <= MAX_SCALE:
        return int(text) if text.isdigit() else float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from {MIN_SCALE} to {MAX_SCALE}")


def parse_admin_token(text: str) -> str:
    """Return a token of the control plane, which is visible ASCII."""
    if re.fullmatch(r"[!-~]+", text):
        return text
    raise argparse.ArgumentTypeError("a token is visible ASCII without spaces")


def parse_hosts(text: str) -> tuple[str, ...]:
    """Return the host names in a list with commas, in lower case and without brackets."""
    names = tuple(name.strip().lower().strip("[]") for name in text.split(","))
    if all(re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", name) for name in names):
        return names
    raise argparse.ArgumentTypeError(f"{text!r} is not a host name (give no scheme and no port)")


def parse_origins(text: str) -> tuple[str, ...]:
    """Return the origins in a list with commas, each as a browser sends it in `Origin`."""
    return tuple(_parse_origin(each.strip()) for each in text.split(","))


def _parse_origin(text: str) -> str:
    example = "an origin such as http://localhost:5173"
    if text in ("*", "null"):
        raise argparse.ArgumentTypeError(f"{text!r} would allow any page; name {example}")
    found = ORIGIN_PATTERN.fullmatch(text)
    if found is None or int(found["port"] or 0) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not {example} (give no path and no slash)")
    if text != text.lower():
        raise argparse.ArgumentTypeError(f"browsers send {text!r} as {text.lower()!r}")
    if found["port"] == DEFAULT_PORTS.get(found["scheme"], ""):
        short = text.removesuffix(f":{found['port']}")
        raise argparse.ArgumentTypeError(f"browsers send {text!r} as {short!r}")
    return text


def parse_root_path(text: str) -> str:
    """Return a path such as `/gw/hypers`, without a slash at its end."""
    path = text.rstrip("/")
    if not path or is_valid_prefix(path):
        return path
    raise argparse.ArgumentTypeError(f"{text!r} is not a path such as /gw/hypers")


def parse_operations(text: str) -> tuple[str, ...]:
    """Return the operationIds and tags in a list with commas."""
    names = tuple(name.strip() for name in text.split(","))
    if all(names):
        return names
    raise argparse.ArgumentTypeError(f"{text!r} is not a list of operationIds and tags")


def parse_seconds(text: str) -> float:
    """Return a duration in seconds, up to an hour."""
    if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) and 0 < float(text) <= 3600:
        return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds up to 3600")


def parse_readings(text: str) -> Mapping[str, str]:
    """Return the answers to open questions that a set, a file or `key=value,...` names."""
    try:
        found = parse_answers(text)
        readings_with_defaults(found)
    except ReadingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return found


def parse_reading(text: str) -> tuple[tuple[str, str], ...]:
    """Return the answers in `key=value`, or in several of these with commas."""
    if "=" not in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not key=value")
    return tuple(parse_readings(text).items())


def naming_variable(
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


class ExtendAction(argparse.Action):
    """Collects the values of a repeated option, each a tuple, in place of the environment's."""

    def __call__(self, _parser: Any, namespace: Any, values: Any, _option: Any = None) -> None:
        """Add a tuple to those of earlier uses of the option."""
        before = getattr(namespace, self.dest)
        gathered = before if isinstance(before, tuple) else ()  # a text is the unconverted default
        setattr(namespace, self.dest, gathered + values)
