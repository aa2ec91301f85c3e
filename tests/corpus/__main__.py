"""The command line: `make corpus`. The only module here that prints."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import closing

from tests.corpus.client import CorpusClient
from tests.corpus.comparison import find_differences
from tests.corpus.exports import exported_pairs, find_pair_differences
from tests.corpus.fuzzing import FuzzResult, fuzz
from tests.corpus.latency import OtherClient, Waits
from tests.corpus.manifest import load_manifest
from tests.processes import MockProcess, start_mock_process

FUZZ = "fuzz"
FUZZ_CASES = 2_000
MAX_WAIT_MILLISECONDS = 50
MAX_GROWTH_BYTES = 300 * 2**20
"""Memory that a mock may take for the uploads and tasks of all damaged files."""
MAX_READER_BYTES = 2**30


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the corpus; return 0 if all is as expected, 1 if not, 2 if nothing was selected."""
    options = _build_parser().parse_args(arguments)
    begun = time.monotonic()
    with start_mock_process() as mock, closing(CorpusClient(mock.address)) as client:
        right, wrong = (0, 0) if options.only == FUZZ else _run_files(client, options.only)
        if options.only in ("", FUZZ):
            failed = _run_fuzz(client, mock, options.fuzz, options.seed)
            right, wrong = right + options.fuzz - failed, wrong + failed
        if errors := mock.stderr_text():
            print(f"the mock wrote on stderr:\n{errors}")
            wrong += 1
    if not right + wrong:
        print(f"no file begins with {options.only}", file=sys.stderr)
        return 2
    print(f"{time.monotonic() - begun:.0f} s")
    print(f"{right} passed, {wrong} failed")
    return 1 if wrong else 0


def _run_files(client: CorpusClient, only: str) -> tuple[int, int]:
    """Hand over the files of the corpus and compare; return how many are right and wrong."""
    results: dict[str, list[str]] = {}
    samples = {}
    for expected in load_manifest():
        if expected.file.startswith(only):
            outcome = client.observe(expected.name, expected.content, expected.variables)
            results[expected.file] = find_differences(expected, outcome)
            samples[expected.file] = outcome
    for book, text in exported_pairs(samples):
        results[f"{book} and {text}"] = find_pair_differences(samples[book], samples[text])
    for file, differences in results.items():
        if differences:
            print(f"WRONG {file}", *(f"      {line}" for line in differences), sep="\n", flush=True)
    wrong = sum(map(bool, results.values()))
    print(f"{len(samples)} files, {len(results) - len(samples)} exports, {wrong} wrong")
    return len(results) - wrong, wrong


def _run_fuzz(client: CorpusClient, mock: MockProcess, count: int, seed: int) -> int:
    """Hand over damaged files while another client waits; return the number of failures."""
    before = mock.memory()
    other = OtherClient(mock.address, mock.pid)
    result = fuzz(client, mock.pid, count, seed)
    waits = other.stop()
    growth = mock.memory() - before
    failures = [*result.failures, *_check_bounds(result, waits, growth)]
    print(*(f"WRONG {line}" for line in failures), sep="\n", end="\n" if failures else "")
    codes = ", ".join(f"{code} {number}" for code, number in result.codes.most_common())
    print(
        f"{count} damaged files, seed {seed}: {result.accepted} accepted; refused: {codes}",
        f"slowest {result.slowest[0]:.2f} s ({result.slowest[1]})",
        f"memory of the mock {growth / 2**20:+.0f} MiB, of a reader at most"
        f" {result.reader_bytes / 2**20:.0f} MiB",
        f"{len(waits.own)} requests of another client: p99 {waits.percentile(0.99):.1f} ms without"
        f" waits for a core, {waits.measured_percentile(0.99):.1f} ms as measured",
        sep="\n",
        flush=True,
    )
    return len(failures)


def _check_bounds(result: FuzzResult, waits: Waits, growth: int) -> list[str]:
    found = []
    if (wait := waits.percentile(0.99)) > MAX_WAIT_MILLISECONDS:
        found.append(f"p99 of another client is {wait:.1f} ms, above {MAX_WAIT_MILLISECONDS} ms")
    if growth > MAX_GROWTH_BYTES:
        found.append(f"the mock has grown by {growth} bytes, above {MAX_GROWTH_BYTES}")
    if result.reader_bytes > MAX_READER_BYTES:
        found.append(f"a reader has taken {result.reader_bytes} bytes, above {MAX_READER_BYTES}")
    return found


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make corpus",
        description="Hand the member files of the corpus to a mock and compare members, values and"
        " errors with tests/corpus/manifest.yaml; compare workbooks with their exports by"
        " LibreOffice; then hand over damaged files, while another client measures its waits.",
        epilog="Exit code: 0 all is as expected, 1 something is not, 2 no file was selected.",
    )
    parser.add_argument(
        "--only",
        default="",
        help=f"beginning of the names of files, such as ids/, or {FUZZ} for the damaged files",
    )
    parser.add_argument(
        "--fuzz",
        type=int,
        default=FUZZ_CASES,
        help="number of damaged files (default: %(default)s)",
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the damage")
    return parser


if __name__ == "__main__":
    sys.exit(main())
