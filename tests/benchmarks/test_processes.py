"""Memory of a server with its children."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks import processes


def test_memory_is_that_of_all_processes_below() -> None:
    """A server may keep what it needs in children of its own."""
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE) as process:
        while len(family := processes.process_tree(process.pid)) < 2:
            assert process.poll() is None
        assert family[0] == process.pid
        assert process.pid in processes.process_tree(os.getpid())
        assert sum(processes.resident_bytes(one) for one in family) > processes.resident_bytes(
            family[0]
        )
        process.communicate(b"\n")
    assert processes.resident_bytes(process.pid) == 0
