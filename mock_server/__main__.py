"""The command line: `hypers-mock`. The only place of the mock that prints."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import uvicorn

from mock_server.app import create_app
from mock_server.clock import CST, DEFAULT_INSTANT
from mock_server.dispatch import ContractMismatch
from mock_server.pages import DEMO
from mock_server.settings import DEFAULT_SEED, MIB, Settings
from mock_server.watch import Reloading, watch
from mock_server.wire import Protocol
from openapi import ContractError

T = TypeVar("T")
PREFIX = "HYPERS_MOCK_"
USAGE = 2


class Unusable(Exception):
    """The mock cannot start as asked; one line says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mock until it is interrupted; returns the exit code (2: cannot start as asked)."""
    try:
        options = _parser().parse_args(arguments)
        settings = _settings(options)
        logging.basicConfig(level=options.log_level.upper(), format="%(levelname)s %(message)s")
        listener = _listen(options.host, options.port)
        with listener:
            return _serve(options, settings, listener)
    except ContractError as error:
        print(f"hypers-mock: broken contract: {error}", file=sys.stderr)
        return USAGE
    except (Unusable, ContractMismatch) as error:
        print(f"hypers-mock: {error}", file=sys.stderr)
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hypers-mock",
        description="A stateful mock of the Hypers API, keyed by its contract.",
        epilog=f"Every option has an environment twin, {PREFIX}PORT for --port and so on; "
        "the command line wins.",
    )

    def option(*names: str, default: str, kind: Callable[[str], Any], **more: Any) -> None:
        twin = PREFIX + names[0].removeprefix("--").replace("-", "_").upper()
        more["help"] += f" (default {default or 'none'}, {twin})"
        value = os.environ.get(twin, default)
        parser.add_argument(*names, type=kind, default=value or None, **more)

    option("--host", default="127.0.0.1", kind=str, help="address to listen on")
    option("--port", "-p", default="4010", kind=_port, help="port to listen on, 0 for a free one")
    option("--seed", default=str(DEFAULT_SEED), kind=_whole, help="what all random data comes from")
    option("--scenario", default="demo", kind=_scenario, help="the first world: demo or empty")
    option(
        "--frozen",
        default="",
        kind=_instant,
        nargs="?",
        const=DEFAULT_INSTANT,
        metavar="INSTANT",
        help=f"stop the clock, at {DEFAULT_INSTANT.isoformat()} unless an instant is given",
    )
    option("--log-level", default="warning", kind=_level, help="debug, info, warning or error")
    option("--max-body-size", default=str(64 * MIB), kind=_size, help="largest body, in bytes")
    option("--contract", default="", kind=Path, help="another openapi.yaml to serve")
    for name, default, text in (
        ("--cors", "true", "answer browsers of other origins"),
        ("--watch", "false", "serve the contract anew when its files change"),
    ):
        twin = PREFIX + name.removeprefix("--").upper()
        parser.add_argument(
            name,
            action=argparse.BooleanOptionalAction,
            default=_flag(os.environ.get(twin, default), twin),
            help=f"{text} (default {default}, {twin})",
        )
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        seed=options.seed,
        scenario=options.scenario,
        frozen=options.frozen,
        cors=options.cors,
        max_body_size=options.max_body_size,
        contract=options.contract,
    )


def _port(text: str) -> int:
    return _within(text, 0, 65535)


def _whole(text: str) -> int:
    return _within(text, 0, 2**63 - 1)


def _size(text: str) -> int:
    return _within(text, 1, 2**31)


def _within(text: str, low: int, high: int) -> int:
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")


def _scenario(text: str) -> str:
    return _one_of(text, ("demo", "empty"))


def _level(text: str) -> str:
    return _one_of(text.lower(), ("debug", "info", "warning", "error"))


def _one_of(text: str, choices: tuple[str, ...]) -> str:
    if text in choices:
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(choices)}")


def _instant(text: str) -> datetime:
    """An ISO 8601 instant; `true` is the default one, so that HYPERS_MOCK_FROZEN can say it."""
    if text.lower() in ("true", "1", "yes"):
        return DEFAULT_INSTANT
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an instant such as {DEFAULT_INSTANT.isoformat()}"
        ) from None
    return instant.replace(tzinfo=instant.tzinfo or CST)


def _flag(text: str, twin: str) -> bool:
    flags = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in flags:
        raise Unusable(f"{twin}={text!r} is neither true nor false")
    return flags[text.lower()]


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = error.strerror or error
        raise Unusable(f"cannot listen on {host}:{port}: {reason}") from None


def _serve(options: argparse.Namespace, settings: Settings, listener: socket.socket) -> int:
    app = create_app(settings)
    watched = None
    if options.watch:
        watched = Reloading(app, lambda: create_app(settings, world=app.world))
    address = _address(options.host, listener.getsockname()[1])
    config = uvicorn.Config(
        watched or app,
        log_level=options.log_level,
        access_log=options.log_level in ("debug", "info"),
        ws="none",
        http=Protocol,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=2,
    )
    # What exists now lives as long as the process: collections need not look at it again and again,
    # and requests make too little garbage in cycles to be collected every 700 allocations.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    server = _Server(config, lambda: print(_greeting(address, settings), flush=True))
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_run(server, listener, watched, settings))
    return 0


async def _run(
    server: uvicorn.Server, listener: socket.socket, app: Reloading | None, settings: Settings
) -> None:
    watching = asyncio.create_task(watch(app, settings.contract)) if app else None
    try:
        await server.serve(sockets=[listener])
    finally:
        if watching:
            watching.cancel()


class _Server(uvicorn.Server):
    """Uvicorn, with a word when it is ready and a quiet end when it is interrupted."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; uvicorn's own would raise the signal again and end with its exit code."""
        del frame
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _address(host: str, port: int) -> str:
    """Where a browser on this machine finds the mock."""
    shown = "127.0.0.1" if host in ("", "0.0.0.0", "::", "localhost") else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _greeting(address: str, settings: Settings) -> str:
    frozen = settings.frozen.isoformat() if settings.frozen else "no, time runs from now"
    user = {k: DEMO[k] for k in ("username", "password")}
    grant = json.dumps({"grant_type": "password", **user}, separators=(",", ":"))
    return f"""\
Hypers mock ready at {address}
  documentation  {address}/docs/swagger
  contract       {address}/openapi.yaml
  client         {DEMO["client"].replace(":", " / ")}
  user           {DEMO["username"]} / {DEMO["password"]}
  scenario       {settings.scenario}, seed {settings.seed}, frozen: {frozen}

Try it:
  curl -s -u {DEMO["client"]} -H 'Content-Type: application/json' \\
    -d '{grant}' \\
    {address}/oauth/token
"""


if __name__ == "__main__":
    raise SystemExit(main())
