"""`--watch`: every change is noticed, and no error ends the watcher."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

import openapi
from mock_server import reload as watching
from mock_server.reload import ReloadableApplication, WatchedFiles, reload_on_change

ROOT_TEMPLATE = (
    "openapi: 3.0.3\ninfo: {title: %s, version: '1'}\npaths: {/a: {$ref: paths/a.yaml}}\n"
)


class WatchedContract:
    """A watched contract, with the applications built of it and the log."""

    def __init__(self, folder: Path, log: pytest.LogCaptureFixture) -> None:
        self.folder = folder
        self.root = folder / "openapi.yaml"
        self.built: list[str] = []
        self.fails: Exception | None = None
        self._log = log
        (folder / "paths").mkdir()
        self.write("paths/a.yaml", "get: {responses: {}}")
        self.write("openapi.yaml", ROOT_TEMPLATE % "t0")

    def write(self, name: str, text: str) -> None:
        """Write a file in place."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def build(self) -> str:
        """Return the title, in place of a new application."""
        if self.fails:
            raise self.fails
        title = openapi.load(self.root, lenient=True)["info"]["title"]
        self.built.append(title)
        return str(title)

    def wait_for_title(self, title: str) -> None:
        """Fail unless a contract with this title is served soon."""
        self.wait_until(lambda: self.built[-1:] == [title])

    def wait_for_log(self, *words: str) -> str:
        """Return the last log line, once it contains all these words."""
        self.wait_until(lambda: all(word in self._last_message() for word in words))
        last = self._last_message()
        assert len(last.splitlines()) == 1
        assert not self._log.records[-1].exc_info
        return last

    def _last_message(self) -> str:
        return self._log.messages[-1] if self._log.messages else ""

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition, for at most ten seconds."""
        end = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < end, (self.built, self._log.messages)
            time.sleep(0.01)


@pytest.fixture
def watched_contract(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WatchedContract]:
    """A small contract, watched in a thread."""
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.03)
    caplog.set_level(logging.WARNING, "mock_server")
    it = WatchedContract(tmp_path, caplog)
    files, done = WatchedFiles(it.root), Event()

    async def run() -> None:
        task = asyncio.create_task(reload_on_change(ReloadableApplication(None, it.build), files))
        await asyncio.to_thread(done.wait)
        assert not task.done(), task
        task.cancel()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(asyncio.run, run())
        try:
            yield it
        finally:
            done.set()
        running.result(10)


def test_a_save_by_renaming_counts(watched_contract: WatchedContract) -> None:
    """Most editors replace the old file by a new one."""
    for title in ("t1", "t2", "t3"):
        watched_contract.write("openapi.yaml~", ROOT_TEMPLATE % title)
        (watched_contract.folder / "openapi.yaml~").replace(watched_contract.root)
        watched_contract.wait_for_title(title)


def test_what_is_broken_is_said_with_its_line_and_the_next_save_counts(
    watched_contract: WatchedContract,
) -> None:
    """A syntax error, a missing file, a missing folder, bytes that are not text."""
    watched_contract.write("openapi.yaml", ROOT_TEMPLATE % "[")
    watched_contract.wait_for_log("openapi.yaml", "line 2")
    watched_contract.write("openapi.yaml", ROOT_TEMPLATE % "t1")
    watched_contract.wait_for_title("t1")
    shutil.rmtree(watched_contract.folder / "paths")
    watched_contract.wait_for_log("openapi.yaml", "line 3", "paths/a.yaml: no such file")
    (watched_contract.folder / "paths").mkdir()
    watched_contract.write("paths/a.yaml", "get: {responses: {}}")
    watched_contract.wait_until(lambda: watched_contract.built == ["t1", "t1"])
    watched_contract.root.unlink()
    watched_contract.wait_for_log("openapi.yaml", "cannot be read")
    watched_contract.root.write_bytes((ROOT_TEMPLATE % "中").encode("gbk"))
    watched_contract.wait_for_log("openapi.yaml", "line 2", "UTF-8")
    watched_contract.write("openapi.yaml", ROOT_TEMPLATE % "t2")
    watched_contract.wait_for_title("t2")


def test_any_other_failure_is_a_line_too(watched_contract: WatchedContract) -> None:
    """Any exception during the creation of the new application is logged."""
    watched_contract.fails = RuntimeError("two\nlines")
    watched_contract.write("openapi.yaml", ROOT_TEMPLATE % "t1")
    watched_contract.wait_for_log("RuntimeError: two lines")
    watched_contract.fails = None
    watched_contract.write("openapi.yaml", ROOT_TEMPLATE % "t2")
    watched_contract.wait_for_title("t2")


def test_a_new_reference_is_watched_and_other_files_are_not(
    watched_contract: WatchedContract,
) -> None:
    """A reference to a missing file is watched, too."""
    watched_contract.write(
        "openapi.yaml", ROOT_TEMPLATE % "t1" + "components: {schemas: {A: {$ref: new/a.yaml}}}"
    )
    watched_contract.wait_for_log(
        "openapi.yaml#/components/schemas/A", "line 4", "new/a.yaml: no such file"
    )
    (watched_contract.folder / "new").mkdir()
    watched_contract.write("new/a.yaml", "type: string")
    watched_contract.wait_for_title("t1")
    watched_contract.write("other.yaml", "[")
    watched_contract.write("new/a.yaml", "type: {")
    watched_contract.wait_for_log("new/a.yaml", "line")
    assert watched_contract.built == ["t1"]


def test_english_texts_that_do_not_fit_are_said(watched_contract: WatchedContract) -> None:
    """They are loaded later, but their errors are logged at once."""
    watched_contract.write("en.yaml", "actions: [{target: $.gone, update: {}}]")
    watched_contract.write("openapi.yaml", ROOT_TEMPLATE % "t1" + "x-overlays: {en: en.yaml}")
    watched_contract.wait_for_log("English", "en.yaml#/actions/0", "nothing matches")
    watched_contract.write("en.yaml", "actions: []")
    watched_contract.wait_until(lambda: watched_contract.built == ["t1", "t1"])
