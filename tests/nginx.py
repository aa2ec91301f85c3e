"""A real nginx with a configuration of a test or of the documentation."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import require_program

TEMPORARY_FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def serve_with_nginx(file: Path, port: int) -> Iterator[None]:
    """Run nginx in the foreground until the end of the context; it has to listen on the port.

    All that it writes is in the folder of the configuration file.
    """
    nginx = require_program("nginx")
    folder, log = file.parent, file.parent / "error.log"
    paths = "".join(f"  {name}_temp_path {folder}/{name};\n" for name in TEMPORARY_FOLDERS)
    text = file.read_text(encoding="utf-8")
    assert text.count("http {\n") == 1
    file.write_text(
        text.replace("http {\n", f"http {{\n  access_log off;\n{paths}"), encoding="utf-8"
    )
    run = f"daemon off; master_process off; pid {folder}/pid; error_log {log};"
    command = [nginx, "-p", str(folder), "-c", str(file), "-e", str(log), "-g", run]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                with socket.socket() as connection:
                    if connection.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, log.read_text(encoding="utf-8")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(10)
