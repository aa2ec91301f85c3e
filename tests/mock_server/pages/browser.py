"""A real browser, which opens a page and records its content, console messages and requests."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.programs import require_program

CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--virtual-time-budget=20000",
    "--enable-logging=stderr",
)


@dataclass(frozen=True)
class PageVisit:
    """A page after its scripts have run, its console messages, and all requested addresses.

    `data:` addresses are not included.
    """

    dom: str
    console: list[str]
    requested: set[str]

    @property
    def hosts(self) -> set[str]:
        """Scheme, host and port of all requests."""
        parts = [urlsplit(url) for url in self.requested]
        return {f"{part.scheme}://{part.netloc}" for part in parts}


def open_page(url: str, folder: Path) -> PageVisit:
    """Open `url` in Chromium with a fresh profile in `folder`; skip the test without Chromium."""
    log = folder / "network.json"
    done = subprocess.run(
        [
            require_program("chromium"),
            *CHROMIUM_FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={log}",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    started = [event["params"] for event in events if "initiator" in event.get("params", {})]
    # Chromium's own requests (updates, accounts) come from no page; they lead nowhere.
    requested = {start["url"] for start in started if start["initiator"] != "not an origin"}
    console = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
    return PageVisit(done.stdout, console, requested)
