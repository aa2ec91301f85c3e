"""The steps of the Dockerfile in a Debian made by debootstrap, and its commands as they are run.

`.ci/try-image` starts it: for root on Debian, in mounts and processes of its own, because no
container engine is needed then. The instructions are read from the Dockerfile. The file system is
read-only, the user is that of the Dockerfile, without capabilities, and the mock is process 1.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.delivery.dockerfile import (
    DOCKERFILE,
    Stage,
    assignments,
    command_words,
    copied_paths,
    read_stages,
)

SOURCES = DOCKERFILE.parent
BASE_IMAGE = re.compile(r"debian:([a-z]+)-[0-9]{8}-slim")
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
INSIDE_AUTHORITIES = "/etc/authorities.crt"
NETWORK_VARIABLES = ("http_proxy", "https_proxy", "no_proxy")
START_SECONDS = 60
STOP_SECONDS = 3
BIG_FILE = b"x" * 20_000_000


def main() -> int:
    """Build the image without and with the check; run the mock in one, the check in the other."""
    [*earlier, final] = read_stages(DOCKERFILE.read_text(encoding="utf-8"))
    folder = Path(tempfile.mkdtemp(prefix="try-image."))
    folder.chmod(0o755)
    try:
        base = _debootstrap(final.base, folder / "base")
        mock_root = _build(earlier, final, base, folder / "mock", {})
        check_root = _build(earlier, final, base, folder / "check", {"EXTRAS": "[check]"})
        _say("the mock, as process 1 of an ordinary user on a read-only file system")
        with _running_mock(mock_root, final) as port:
            _exercise(port)
            _say("the check, in its own root")
            target = f"http://127.0.0.1:{port}"
            words = ["hypers-check", "--target", target, "--only", "auth,getGroup"]
            _run_as_user(check_root, final, words, port)
        _say(f"the mock stopped with code 0 within {STOP_SECONDS} seconds")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"try-image: {text}\n")
    sys.stdout.flush()


def _debootstrap(image: str, root: Path) -> Path:
    suite = BASE_IMAGE.fullmatch(image)
    if suite is None:
        raise SystemExit(f"try-image: {image} is not a dated Debian image")
    _say(f"a Debian {suite[1]} for {image}")
    _run(["debootstrap", "--variant=minbase", suite[1], str(root)])
    return root


def _build(
    earlier: Sequence[Stage], final: Stage, base: Path, root: Path, arguments: Mapping[str, str]
) -> Path:
    """Run the instructions of every stage; return the root of the last one."""
    roots: dict[str, Path] = {}
    for stage in (*earlier, final):
        made = root.with_name(f"{root.name}-{stage.name}") if stage is not final else root
        _say(f"stage {stage.name or 'of the image'} of {root.name} ({dict(arguments)})")
        _run(["cp", "-a", str(base), str(made)])
        shutil.copy("/etc/resolv.conf", made / "etc/resolv.conf")
        if AUTHORITIES.exists():
            shutil.copy(AUTHORITIES, made / INSIDE_AUTHORITIES.lstrip("/"))
        with _mounted(made):
            _run_instructions(stage, made, roots, arguments)
        if stage.name:
            roots[stage.name] = made
    size = subprocess.run(["du", "-sm", str(root)], capture_output=True, text=True, check=True)
    _say(f"{root.name}: {size.stdout.split()[0]} MB, of which Debian's base is a part")
    return root


def _run_instructions(
    stage: Stage, root: Path, roots: Mapping[str, Path], arguments: Mapping[str, str]
) -> None:
    variables, place = {"PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"}, "/"
    for name, text in stage.instructions:
        if name == "ARG":
            argument, _, default = text.partition("=")
            variables[argument] = arguments.get(argument, default)
        elif name == "ENV":
            variables |= assignments(text, variables)
        elif name == "WORKDIR":
            place = text
            (root / place.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            _copy(text, root, place, roots)
        elif name == "RUN":
            command = f'cd {place} && exec /bin/sh -c "$0"'
            _chroot(root, {**variables, **_network()}, ["/bin/sh", "-c", command, text])


def _copy(text: str, root: Path, place: str, roots: Mapping[str, Path]) -> None:
    stage, sources, destination = copied_paths(text)
    there = root / os.path.normpath(Path(place, destination)).lstrip("/")
    for source in sources:
        path = (roots[stage] if stage else SOURCES) / source.lstrip("/")
        to_folder = destination.endswith("/") or destination in (".", "./")
        into = there / path.name if to_folder else there
        if path.is_dir():
            ignored = None if stage else shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, into, symlinks=True, ignore=ignored)
        else:
            shutil.copy2(path, into)


def _network() -> dict[str, str]:
    """Return what this machine needs to reach the registries."""
    found = {name: os.environ[name] for name in NETWORK_VARIABLES if name in os.environ}
    return {**found, "PIP_CERT": INSIDE_AUTHORITIES} if AUTHORITIES.exists() else found


def _run(words: Sequence[str]) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"try-image: {words} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def _chroot(root: Path, variables: Mapping[str, str], words: Sequence[str]) -> None:
    given = [f"{name}={value}" for name, value in variables.items()]
    _run(["chroot", str(root), "/usr/bin/env", "-i", *given, *words])


@contextmanager
def _mounted(root: Path, *, read_only: bool = False) -> Iterator[None]:
    """Mount /proc and /dev below a root, which may be read-only otherwise."""
    _run(["mount", "--bind", str(root), str(root)])
    _run(["mount", "-t", "proc", "proc", str(root / "proc")])
    _run(["mount", "--rbind", "/dev", str(root / "dev")])
    try:
        if read_only:
            _run(["mount", "-o", "remount,bind,ro", str(root)])
        yield
    finally:
        _run(["umount", "-R", "-l", str(root)])


def _user_command(root: Path, final: Stage, words: Sequence[str], port: int) -> list[str]:
    """Return the command line that runs words as the image would, without privileges."""
    user, group = final.last("USER").split(":")
    variables: dict[str, str] = {}
    for name, text in final.instructions:
        if name == "ENV":
            variables |= assignments(text, variables)
    given = [f"{name}={value}" for name, value in variables.items()]
    return [
        *("chroot", str(root), "/usr/bin/setpriv", f"--reuid={user}", f"--regid={group}"),
        *("--clear-groups", "--no-new-privs", "--bounding-set=-all"),
        *("/usr/bin/env", "-i", f"--chdir={final.last('WORKDIR')}", *given),
        *(f"HYPERS_MOCK_PORT={port}", *words),
    ]


@contextmanager
def _running_mock(root: Path, final: Stage) -> Iterator[int]:
    """Run CMD until HEALTHCHECK succeeds, and stop it as `docker stop` does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    health = _user_command(root, final, command_words(final.last("HEALTHCHECK")), port)
    command = _user_command(root, final, command_words(final.last("CMD")), port)
    refused = _user_command(root, final, ["touch", "/tmp/file"], port)
    with _mounted(root, read_only=True):
        assert subprocess.run(health, capture_output=True, check=False).returncode == 1
        said = subprocess.run(refused, capture_output=True, text=True, check=False).stderr
        assert "Read-only file system" in said
        with subprocess.Popen(["unshare", "--pid", "--fork", "--kill-child", *command]) as started:
            ends = time.monotonic() + START_SECONDS
            while subprocess.run(health, capture_output=True, check=False).returncode:
                assert started.poll() is None, "the mock did not start"
                assert time.monotonic() < ends, "the mock is not healthy"
            yield port
            children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
            os.kill(int(children.read_text(encoding="ascii")), signal.SIGTERM)
            assert started.wait(STOP_SECONDS) == 0


def _run_as_user(root: Path, final: Stage, words: Sequence[str], port: int) -> None:
    with _mounted(root, read_only=True):
        _run(["mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(root / "tmp")])
        _run(_user_command(root, final, words, port))


def _exercise(port: int) -> None:
    """Request a token, a page, and a file of 20 MB."""
    basic = b64encode(b"demo-client:demo-secret").decode()
    grant = {"grant_type": "password", "username": "demo@example.com", "password": "demo-password"}
    kind = {"Content-Type": "application/json", "Authorization": f"Basic {basic}"}
    token = json.loads(_request(port, "POST", "/oauth/token", json.dumps(grant).encode(), kind))
    assert b"<html" in _request(port, "GET", "/")
    form = (
        b'--b\r\nContent-Disposition: form-data; name="moduleName"\r\n\r\nm\r\n--b\r\n'
        b'Content-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    )
    sent = {
        "Content-Type": "multipart/form-data; boundary=b",
        "Authorization": f"Bearer {token['access_token']}",
    }
    made = json.loads(
        _request(port, "POST", "/api/v1/file", form + BIG_FILE + b"\r\n--b--\r\n", sent)
    )
    assert _request(port, "GET", f"/api/v1/file/{made['id']}") == BIG_FILE


def _request(
    port: int, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, dict(headers or {}))
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == 200, (path, answer.status, said[:500])
    connection.close()
    return said


if __name__ == "__main__":
    raise SystemExit(main())
