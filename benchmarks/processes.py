"""Servers as processes: started on a free port, asked until they answer, weighed, stopped."""

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
"""Seconds between two attempts to reach a server that is starting; how exact its start is."""
REMOVED_VARIABLES = ("HYPERS_", "NODE_", "npm_", "PYTHONDONTWRITEBYTECODE")
"""Settings of the caller's that would change what is measured."""
MIB = 1024 * 1024


@dataclass
class ServerProcess:
    """A server that answers: where, to whom, and how many seconds after its start it first did."""

    address: str
    client: BenchmarkClient
    first_answer: float
    process_id: int

    def memory(self) -> float:
        """Resident memory of the process and all below it, in MiB."""
        return sum(resident_bytes(one) for one in process_tree(self.process_id)) / MIB


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def start_server(
    command: Sequence[str], port: int, *, folder: Path | None = None, source: Path | None = None
) -> Iterator[ServerProcess]:
    """Start `command` in `folder`, `source` on its standard input, and stop it at the end.

    Raises MeasurementError with what it printed when it does not answer the read with 200.
    """
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
    """Return the seconds that a child process takes to end after a signal; it is not reaped here.

    Raises MeasurementError when it takes longer than STOP_TIMEOUT.
    """
    begun = time.perf_counter()
    os.kill(process_id, by)
    while os.waitid(os.P_PID, process_id, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.perf_counter() - begun > STOP_TIMEOUT:
            raise MeasurementError(f"not gone after {STOP_TIMEOUT:g} s")
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
    """Log in and read, again and again until both are answered with 200."""
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
            raise MeasurementError(f"ended with {process.returncode}")
        if time.perf_counter() > deadline:
            raise MeasurementError(f"no answer in {START_TIMEOUT:.0f} s: {reason}")
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
    """A process and all that it has started, directly or not."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # "pid (name) state parent ...", and a name may hold anything.
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended
    found = [ancestor]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def resident_bytes(process_id: int) -> int:
    """Bytes in memory of one process; 0 when it has ended."""
    try:
        rollup = Path(f"/proc/{process_id}/smaps_rollup").read_text()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in rollup.splitlines() if line[:4] == "Rss:")
