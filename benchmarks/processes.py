"""Server processes: start, wait until ready, memory, stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.loads import READ_REQUEST, BenchmarkClient, MeasurementError

START_TIMEOUT = 120.0
STOP_TIMEOUT = 10.0
POLL_SECONDS = 0.002
"""Seconds between two attempts to reach a starting server: the precision of its start time."""
# HYPERS_ changes options of the mock, NODE_ and npm_ those of the others; without bytecode, Python
# would compile all modules at every start.
REMOVED_VARIABLES = ("HYPERS_", "NODE_", "npm_", "PYTHONDONTWRITEBYTECODE")
"""Prefixes of environment variables that would influence the measurements."""
MIB = 1024 * 1024


@dataclass
class ServerProcess:
    """A running server.

    client: logged in; first_answer: seconds from the start to the first response.
    """

    address: str
    client: BenchmarkClient
    first_answer: float
    process_id: int

    def memory(self) -> float:
        """Return the resident memory of the process and its descendants in MiB."""
        return sum(resident_bytes(one) for one in process_tree(self.process_id)) / MIB


def free_port() -> int:
    """Return a free port of the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def start_server(
    command: Sequence[str], port: int, *, folder: Path | None = None, source: Path | None = None
) -> Iterator[ServerProcess]:
    """Start a server, wait until it responds, and stop it at the end of the context.

    folder: working directory; source: file for its standard input. Raises MeasurementError with the
    server's output if it does not respond with 200.
    """
    # A file, because a server with much output would block at a pipe that nobody reads.
    with tempfile.TemporaryFile() as printed, _open_stdin(source) as standard_input:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_clean_environment(),
            stdin=standard_input,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            try:
                client = _wait_until_ready(f"http://127.0.0.1:{port}", process)
            except MeasurementError as error:
                printed.seek(0)
                said = printed.read()[-2000:].decode(errors="replace")
                raise MeasurementError(f"{' '.join(command)}: {error}\n{said}") from None
            took = time.perf_counter() - begun
            yield ServerProcess(f"http://127.0.0.1:{port}", client, took, process.pid)
            client.close()
        finally:
            _stop_process(process)


def time_shutdown(process_id: int, by: signal.Signals) -> float:
    """Return the seconds from a signal until a child process has ended; does not reap it.

    Raises MeasurementError after STOP_TIMEOUT.
    """
    # WNOWAIT leaves the exit status to the Popen object of start_server().
    begun = time.perf_counter()
    os.kill(process_id, by)
    while os.waitid(os.P_PID, process_id, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.perf_counter() - begun > STOP_TIMEOUT:
            raise MeasurementError(
                f"process {process_id} has not ended {STOP_TIMEOUT:g} s after {by.name}"
            )
        time.sleep(POLL_SECONDS)
    return time.perf_counter() - begun


@contextmanager
def _open_stdin(source: Path | None) -> Iterator[int]:
    if source is None:
        yield subprocess.DEVNULL
    else:
        with source.open("rb") as file:
            yield file.fileno()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> BenchmarkClient:
    """Log in and read repeatedly until both return 200; return the client."""
    deadline = time.perf_counter() + START_TIMEOUT
    while True:
        reason: Exception
        try:
            client = BenchmarkClient(address)
            client.send_load(READ_REQUEST).read()
        except (OSError, MeasurementError) as error:
            reason = error
        else:
            return client
        if process.poll() is not None:
            raise MeasurementError(f"exited with code {process.returncode}")
        if time.perf_counter() > deadline:
            raise MeasurementError(f"no valid response in {START_TIMEOUT:.0f} s: {reason}")
        time.sleep(POLL_SECONDS)


def _clean_environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(REMOVED_VARIABLES)
    }


def _stop_process(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def process_tree(ancestor: int) -> list[int]:
    """Return the ids of a process and its descendants."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # "pid (name) state parent ...", where the name may contain blanks and parentheses.
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # the process has ended meanwhile
    # The list grows while it is iterated, so descendants of all generations are found.
    found = [ancestor]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def resident_bytes(process_id: int) -> int:
    """Return the resident memory of a process in bytes; 0 if it has ended."""
    # Not VmRSS of /proc/PID/status, which is inaccurate by proc(5).
    try:
        rollup = Path(f"/proc/{process_id}/smaps_rollup").read_text()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in rollup.splitlines() if line[:4] == "Rss:")
