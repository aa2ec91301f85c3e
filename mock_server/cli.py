"""The command line `hypers-mock`; no other module of the mock prints."""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import signal
import socket
from collections.abc import Callable, Coroutine, Mapping, Sequence
from textwrap import indent
from types import FrameType
from typing import Any

from mock_server.app import create_app
from mock_server.control.guard import TOKEN_HEADER
from mock_server.errors import StartupError
from mock_server.http.application import Application
from mock_server.http.operation import ContractMismatchError
from mock_server.http.protocol import HttpProtocol
from mock_server.http.uvicorn_compat import Config, Server
from mock_server.options import build_parser, build_settings
from mock_server.pages import DOCUMENTATION_PATH, Login, has_demo_operations, login_snippet
from mock_server.reload import ReloadableApplication, WatchedFiles, reload_on_change
from mock_server.runtime.file_descriptors import raise_descriptor_limit
from mock_server.runtime.garbage_collection import tune_garbage_collection
from mock_server.runtime.memory_release import set_mmap_threshold
from mock_server.runtime.ready_file import ReadyFile
from mock_server.runtime.threads import shorten_switch_interval
from mock_server.scenario_options import Start, read_start
from mock_server.scenario_reload import restart_on_change
from mock_server.seed import ScenarioFile, scenario_name
from mock_server.settings import CONTROL_PLANE, SWAGGER_PATH, Settings
from openapi import EXIT_ERROR, STDOUT_ERROR_MESSAGE, ContractError, print_error

DEFERRED_SETUP_SECONDS = 0.2
"""Seconds between readiness and the part of the setup that may follow the first responses."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mock until it is interrupted, and return the exit code (2: it cannot start)."""
    try:
        options = build_parser().parse_args(arguments)
        logging.basicConfig(level=options.log_level.upper(), format="%(levelname)s %(message)s")
        ready_file = ReadyFile(options.ready_file) if options.ready_file else None
        # Before the rest: a port in use is reported at once, and the address that is actually bound
        # decides whether the control plane needs a token.
        with _listen(options.host, options.port) as listener:
            settings = build_settings(options, listener.getsockname()[0])
            return _serve(options, settings, listener, ready_file)
    except ContractError as error:
        print_error("hypers-mock", f"broken contract: {error}")
    except (StartupError, ContractMismatchError) as error:
        for line in str(error).splitlines():
            print_error("hypers-mock", line)
    return EXIT_ERROR


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # `::` is expected to accept IPv4, too, which Python turns off by default.
        both = host == "::" and socket.has_dualstack_ipv6()
        return socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=both)
    except OSError as error:
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        raise StartupError(f"cannot listen on {place}: {_listen_error_reason(error)}") from None
    except UnicodeError:
        raise StartupError(f"cannot listen on {host!r}: not a host name") from None


def _listen_error_reason(error: OSError) -> str:
    """Return the reason why the mock cannot listen, with advice."""
    if error.errno == errno.EADDRINUSE:
        return "the port is in use; choose another one, or --port 0 for a free one"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "permission denied; choose a port from 1024 on, or --port 0 for a free one"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{error.strerror} (--host must be an address or a name of this machine)"
    return os.strerror(error.errno) if error.errno else str(error)


def _serve(
    options: argparse.Namespace,
    settings: Settings,
    listener: socket.socket,
    ready_file: ReadyFile | None,
) -> int:
    # Before the contract is read: a change during the start is noticed as well.
    files = WatchedFiles(settings.contract) if options.watch else None
    app = create_app(settings)
    tune_garbage_collection()
    shorten_switch_interval()
    raise_descriptor_limit()
    watched = None
    if files:
        watched = ReloadableApplication(app, lambda: create_app(settings, sessions=app.sessions))
    address = _browser_address(options.host, listener.getsockname()[1])
    config = Config(
        watched or app,
        log_level=options.log_level,
        access_log=False,  # http/request_log.py writes the reasons of refusals as well
        ws="none",  # the API has no WebSockets, and their support is slow to import
        http=HttpProtocol,
        server_header=False,
        proxy_headers=False,  # http/address.py reads them
        date_header=True,
        timeout_graceful_shutdown=2,  # seconds; a slow client must not hold up Ctrl-C
    )
    made = settings.admin_token if options.admin_token is None else None

    def ready() -> None:
        login = Login.first_of(app.world.tokens.credentials)
        _print_text(_startup_message(address, settings, made, app.contract, login))
        if ready_file:
            ready_file.write(address)

    server = _MockServer(config, ready, app.close)
    try:
        # Not `Server.run`, because the watcher runs on the same event loop.
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            watching = _watchers(options, settings, app, watched, files)
            runner.run(_run_server(server, listener, watching))
    finally:
        if ready_file:
            ready_file.remove()
    if server.startup_error:
        raise server.startup_error
    return 0


def _print_text(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError as error:
        raise StartupError(f"{STDOUT_ERROR_MESSAGE}: {error.strerror}") from None


def _watchers(
    options: argparse.Namespace,
    settings: Settings,
    app: Application,
    watched: ReloadableApplication | None,
    files: WatchedFiles | None,
) -> list[Coroutine[Any, Any, None]]:
    """Return what watches files with `--watch`: those of the contract and of the scenario."""
    if watched is None or files is None:
        return []
    found = [reload_on_change(watched, files)]
    if isinstance(settings.scenario, ScenarioFile):

        def load() -> Start:
            return read_start(options.scenario, options.seed, options.frozen, options.contract)

        found.append(restart_on_change(app.sessions, settings.scenario, load))
    return found


async def _run_server(
    server: Server, listener: socket.socket, watching: list[Coroutine[Any, Any, None]]
) -> None:
    watchers = [asyncio.create_task(each) for each in watching]
    try:
        await server.serve(sockets=[listener])
    finally:
        for watcher in watchers:
            watcher.cancel()


class _MockServer(Server):
    """Uvicorn's server, with a message when it is ready and exit code 0 when it is interrupted."""

    def __init__(
        self, config: Config, ready: Callable[[], None], leave: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self.startup_error: StartupError | None = None
        self._leave = leave

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            try:
                self._ready()
            except StartupError as failure:
                self.startup_error = failure
                self.should_exit = True
            loop = asyncio.get_running_loop()
            # It imports `ctypes`, which would delay the first responses by 5 ms.
            loop.call_later(DEFERRED_SETUP_SECONDS, loop.run_in_executor, None, set_mmap_threshold)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # First, so that requests that wait for a process get their 503 on an open connection.
        self._leave()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop the server; a second Ctrl-C stops it without waiting for requests."""
        # Uvicorn's own method also records the signal and raises it again at the end, so that the
        # process would end by the signal instead of with exit code 0.
        del frame
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _browser_address(host: str, port: int) -> str:
    """Return the mock's URL for a browser on this machine."""
    # Browsers do not connect to a wildcard address on every system.
    shown = "127.0.0.1" if host in ("", "0.0.0.0", "::", "localhost") else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _startup_message(
    address: str,
    settings: Settings,
    made: str | None,
    contract: Mapping[str, Any],
    login: Login | None,
) -> str:
    """Return the text that is printed when the mock is ready; `made` is a generated token."""
    credentials = ""
    if login and has_demo_operations(contract):
        credentials = f"""
  client         {login.client_id} / {login.client_secret}
  user           {login.username} / {login.password}"""
    begins = settings.begins.isoformat() if settings.begins else "now"
    frozen = settings.frozen.isoformat() if settings.frozen else f"no, time runs from {begins}"
    scenario = scenario_name(settings.scenario)
    speed = f", {settings.time_scale:g} times as fast" if settings.time_scale != 1 else ""
    size = f" ({settings.size} tasks)" if settings.scenario == "large" else ""
    token = f"\n  its token      {made} ({TOKEN_HEADER})" if made else ""
    proxy = ""
    if settings.proxy:
        proxy = f"\n  forwarded      {', '.join(settings.proxy_operations)} to {settings.proxy}"
    # The documentation is that of our contract.
    pages = f"{SWAGGER_PATH}/" if settings.contract else f"{DOCUMENTATION_PATH}/"
    return f"""\
Hypers mock ready at {address}
  documentation  {address}{pages}
  contract       {address}/openapi.yaml
  control plane  {address}{CONTROL_PLANE}/docs/{token}{credentials}
  scenario       {scenario}{size}, seed {settings.seed}, frozen: {frozen}{speed}{proxy}

Try it:
{indent(login_snippet(contract, address, login), "  ")}
"""
