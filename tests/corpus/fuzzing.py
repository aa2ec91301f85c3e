"""Damaged files, handed to a running mock: each is refused with a sentence of ours, or is read."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from openapi import MEMBER_FILE_SENTENCES
from tests.corpus.client import CorpusClient
from tests.corpus.comparison import check_sentences
from tests.corpus.manifest import FILES, stored_files
from tests.corpus.mutations import MAX_BASE_BYTES, MUTATIONS

CASES_PER_SESSION = 50
SLOW_SECONDS = 30
"""Half of what a reader may take. The slowest file, with a million rows, takes 3 s on its own."""
MEMORY_INTERVAL = 20
"""Cases after which the memory of the readers is looked at."""


@dataclass
class FuzzResult:
    """Result of a run: the number of files that were read, the codes of the others, all failures.

    slowest: seconds of the longest answer and its file; reader_bytes: the most memory that a reader
    process has had.
    """

    accepted: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    reader_bytes: int = 0


def damaged_files(count: int, seed: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield damaged files of the corpus: a description, the name, and the bytes."""
    rng = random.Random(seed)
    bases = [name for name in stored_files() if 0 < (FILES / name).stat().st_size <= MAX_BASE_BYTES]
    for number in range(count):
        base, mutation = rng.choice(bases), rng.choice(MUTATIONS)
        content = mutation(rng, (FILES / base).read_bytes())
        yield f"{number} {mutation.__name__} {base}", Path(base).name, content


def fuzz(client: CorpusClient, pid: int, count: int, seed: int) -> FuzzResult:
    """Hand damaged files to a mock, whose process is given."""
    result = FuzzResult()
    for number, (description, name, content) in enumerate(damaged_files(count, seed)):
        if number % CASES_PER_SESSION == 0:
            client.begin_session()
        if number % MEMORY_INTERVAL == 0:
            result.reader_bytes = max(result.reader_bytes, _reader_memory(pid))
        begun = time.monotonic()
        found = _try_file(client, name, content, result)
        took = time.monotonic() - begun
        result.slowest = max(result.slowest, (took, description))
        if took > SLOW_SECONDS:
            found.append(f"took {took:.1f} s")
        result.failures += (f"{description}: {line}" for line in found)
    return result


def _try_file(client: CorpusClient, name: str, content: bytes, result: FuzzResult) -> list[str]:
    """Upload a file and create a task from it; return what is wrong with the answers."""
    uploaded = client.upload(name, content)
    if uploaded.status_code == 400 and not content:
        return []
    if uploaded.status_code != 200:
        return [f"upload: {uploaded.status_code} {uploaded.text}"]
    answer = client.create_task(uploaded.json()["id"], language="en")
    if answer.status_code == 200:
        result.accepted += 1
        return []
    if answer.status_code != 400:
        return [f"{answer.status_code} {answer.text}"]
    return _check_refusal(answer, name, result)


def _check_refusal(answer: httpx.Response, name: str, result: FuzzResult) -> list[str]:
    document = answer.json()
    codes = [error.get("code") for error in document["errors"]]
    result.codes.update({code for code in codes if code})
    found = check_sentences(document, "en", name)
    unknown = [code for code in codes if code not in MEMBER_FILE_SENTENCES]
    return [*found, *(f"no known code: {code}" for code in unknown)]


def _reader_memory(pid: int) -> int:
    """Return the most bytes of memory that one of the processes started by the mock has had."""
    return max(map(_peak_memory, _children(pid)), default=0)


def _children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # it has ended
        if int(text.rpartition(")")[2].split()[1]) == pid:
            found.append(int(status.parent.name))
    return found


def _peak_memory(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return int((status.partition("VmHWM:")[2].split() or ["0"])[0]) * 1024
