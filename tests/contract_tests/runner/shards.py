"""Shards of a run, for tests of merging."""

from __future__ import annotations

from contract_tests.results.record import (
    RunRecord,
)


def empty_shard(record: RunRecord, number: int, total: int) -> RunRecord:
    """An empty shard of a run."""
    return RunRecord(
        record.target,
        record.profile,
        record.strictness,
        record.seed,
        record.max_examples,
        list(record.only),
        shard=(number, total),
    )
