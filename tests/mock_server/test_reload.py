"""`--watch`: every save counts, and no failure ends it."""

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
from mock_server.reload import Files, Reloading, watch

ROOT = "openapi: 3.0.3\ninfo: {title: %s, version: '1'}\npaths: {/a: {$ref: paths/a.yaml}}\n"


class Watched:
    """A contract that is watched: what was built of it, and what was logged."""

    def __init__(self, folder: Path, log: pytest.LogCaptureFixture) -> None:
        self.folder = folder
        self.root = folder / "openapi.yaml"
        self.built: list[str] = []
        self.fails: Exception | None = None
        self._log = log
        (folder / "paths").mkdir()
        self.write("paths/a.yaml", "get: {responses: {}}")
        self.write("openapi.yaml", ROOT % "t0")

    def write(self, name: str, text: str) -> None:
        """Save a file, in place."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def build(self) -> str:
        """Return the title, in place of a new application."""
        if self.fails:
            raise self.fails
        title = openapi.load(self.root, lenient=True)["info"]["title"]
        self.built.append(title)
        return str(title)

    def serves(self, title: str) -> None:
        """Fail unless a contract of this title is served soon."""
        self.until(lambda: self.built[-1:] == [title])

    def said(self, *words: str) -> str:
        """The last line logged, which has all these words in it, soon."""
        self.until(lambda: all(word in self._last() for word in words))
        last = self._last()
        assert len(last.splitlines()) == 1
        assert not self._log.records[-1].exc_info
        return last

    def _last(self) -> str:
        return self._log.messages[-1] if self._log.messages else ""

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something, for ten seconds at most."""
        end = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < end, (self.built, self._log.messages)
            time.sleep(0.01)


@pytest.fixture
def watched(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watched]:
    """A small contract, watched in a thread."""
    monkeypatch.setattr(watching, "INTERVAL", 0.03)
    caplog.set_level(logging.WARNING, "mock_server")
    it = Watched(tmp_path, caplog)
    files, done = Files(it.root), Event()

    async def run() -> None:
        task = asyncio.create_task(watch(Reloading(None, it.build), files))
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


def test_a_save_by_renaming_counts(watched: Watched) -> None:
    """As most editors save: a new file takes the place of the old one, again and again."""
    for title in ("t1", "t2", "t3"):
        watched.write("openapi.yaml~", ROOT % title)
        (watched.folder / "openapi.yaml~").replace(watched.root)
        watched.serves(title)


def test_what_is_broken_is_said_with_its_line_and_the_next_save_counts(watched: Watched) -> None:
    """A syntax error, a file that is gone, a folder that is gone, bytes that are no text."""
    watched.write("openapi.yaml", ROOT % "[")
    watched.said("openapi.yaml", "line 2")
    watched.write("openapi.yaml", ROOT % "t1")
    watched.serves("t1")
    shutil.rmtree(watched.folder / "paths")
    watched.said("openapi.yaml", "line 3", "paths/a.yaml: no such file")
    (watched.folder / "paths").mkdir()
    watched.write("paths/a.yaml", "get: {responses: {}}")
    watched.until(lambda: watched.built == ["t1", "t1"])
    watched.root.unlink()
    watched.said("openapi.yaml", "cannot be read")
    watched.root.write_bytes((ROOT % "中").encode("gbk"))
    watched.said("openapi.yaml", "line 2", "UTF-8")
    watched.write("openapi.yaml", ROOT % "t2")
    watched.serves("t2")


def test_any_other_failure_is_a_line_too(watched: Watched) -> None:
    """Whatever is raised while the new application is built."""
    watched.fails = RuntimeError("two\nlines")
    watched.write("openapi.yaml", ROOT % "t1")
    watched.said("RuntimeError: two lines")
    watched.fails = None
    watched.write("openapi.yaml", ROOT % "t2")
    watched.serves("t2")


def test_a_new_reference_is_watched_and_other_files_are_not(watched: Watched) -> None:
    """Also one that leads nowhere yet."""
    watched.write("openapi.yaml", ROOT % "t1" + "components: {schemas: {A: {$ref: new/a.yaml}}}")
    watched.said("openapi.yaml#/components/schemas/A", "line 4", "new/a.yaml: no such file")
    (watched.folder / "new").mkdir()
    watched.write("new/a.yaml", "type: string")
    watched.serves("t1")
    watched.write("other.yaml", "[")
    watched.write("new/a.yaml", "type: {")
    watched.said("new/a.yaml", "line")
    assert watched.built == ["t1"]


def test_english_texts_that_do_not_fit_are_said(watched: Watched) -> None:
    """They are served late; whoever saves them hears at once."""
    watched.write("en.yaml", "actions: [{target: $.gone, update: {}}]")
    watched.write("openapi.yaml", ROOT % "t1" + "x-overlays: {en: en.yaml}")
    watched.said("English", "en.yaml#/actions/0", "nothing matches")
    watched.write("en.yaml", "actions: []")
    watched.until(lambda: watched.built == ["t1", "t1"])
