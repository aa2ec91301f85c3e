"""Conditions of a run: the machine, its load, and software versions."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from benchmarks.servers import NODE_PACKAGES_FOLDER, NODE_PROGRAM

PYTHON_PACKAGES = (
    "uvicorn", "uvloop", "httptools", "starlette", "connexion", "jsonschema-rs", "orjson",
    "python-calamine", "xlsxwriter",
)  # fmt: skip
NODE_PACKAGES = ("@stoplight/prism-cli", "@scalar/mock-server", "@hono/node-server", "hono")


def load_average() -> float:
    """Return the load average of the last minute."""
    return os.getloadavg()[0]


def describe_machine() -> dict[str, str]:
    """Return processor, memory and system as texts, by heading."""
    return {
        "processor": f"{_proc_field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": f"{int(_proc_field('/proc/meminfo', 'MemTotal').split()[0]) / 1024**2:.1f} GiB",
        "system": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}",
    }


def software_versions() -> dict[str, str]:
    """Return the versions of the measured software, by name."""
    node = subprocess.run(
        [NODE_PROGRAM, "--version"], capture_output=True, text=True, check=True
    ).stdout
    wrk = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout
    found = {"hypers-contract": version("hypers-contract"), "Python": platform.python_version()}
    found |= {name: version(name) for name in PYTHON_PACKAGES}
    found |= {"node": node.strip().removeprefix("v")}
    found |= {name: _node_package_version(name) for name in NODE_PACKAGES}
    return {**found, "wrk": (re.findall(r"\S*\d\S*", wrk) or ["?"])[0]}


def _proc_field(file: str, key: str) -> str:
    line = re.search(rf"^{key}\s*:\s*(.*)$", Path(file).read_text(encoding="utf-8"), re.MULTILINE)
    return line[1] if line else "?"


def _node_package_version(name: str) -> str:
    described = (NODE_PACKAGES_FOLDER / "node_modules" / name / "package.json").read_text(
        encoding="utf-8"
    )
    return str(json.loads(described)["version"])
