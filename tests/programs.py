"""Installed programs that tests start; tests whose programs are missing are skipped.

Programs that the project installs by itself (node, certificates) are not among them. pytest's
summary has a line for each missing program: the number of skipped tests, and what to install. If CI
is set, as in `.ci/run`, a missing program fails its tests.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass

import pytest

SYSTEM_FOLDERS = ("/usr/sbin", "/sbin")
"""Folders of servers; Debian leaves them out of a user's PATH."""


@dataclass(frozen=True)
class Program:
    """The Debian package that has a program, its other names, and the variable with its path."""

    package: str
    other_names: tuple[str, ...] = ()
    variable: str = ""


PROGRAMS = {
    "bash": Program("bash"),
    "chromium": Program(
        "chromium", ("chromium-browser", "google-chrome", "google-chrome-stable"), "CHROME_PATH"
    ),
    "curl": Program("curl"),
    "java": Program("default-jre-headless"),
    "make": Program("make"),
    "nginx": Program("nginx-light"),
    "wrk": Program("wrk"),
}


def is_ci() -> bool:
    """Return whether the variable CI is set, so that nothing may be skipped."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def require_program(name: str) -> str:
    """Return the path of a program of `PROGRAMS`; without it, skip the test, or fail it in CI."""
    program = PROGRAMS[name]
    if found := _find_program(name, program):
        return found
    instead = f" or set {program.variable} to its path" if program.variable else ""
    reason = f"{name} is missing: install the Debian package {program.package}{instead}"
    if is_ci():
        pytest.fail(f"{reason} (with CI set, nothing is skipped)", pytrace=False)
    # One place for all that is skipped: pytest counts these in one line for each reason.
    pytest.skip(reason)


def _find_program(name: str, program: Program) -> str | None:
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS))
    set_by_hand = os.environ.get(program.variable, "") if program.variable else ""
    for candidate in (set_by_hand, name, *program.other_names):
        if candidate and (found := shutil.which(candidate, path=path)):
            return found
    return None
