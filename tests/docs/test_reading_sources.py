"""The table of the responses and probes that show each reading is that of the check."""

from __future__ import annotations

import re

from contract_tests.checks.reading_observers import observing_operations
from contract_tests.contract.readings import readings
from contract_tests.rules.probe_registry import all_probes
from tests.docs.markdown import CODE_SPAN, ROOT

ROW = re.compile(r"^\| `([a-z-]+)` \|([^|]*)\|([^|]*)\|$", re.MULTILINE)
DESCRIBED = 4
"""Number of operations up to which the table names them; it describes the others."""


def test_the_table_of_readings_is_that_of_the_check() -> None:
    """Rules whose probes all need the clock for a reading have an asterisk."""
    text = (ROOT / "docs/checking.md").read_text(encoding="utf-8")
    rows = {found[1]: found for found in ROW.finditer(text)}
    assert [*rows] == [*readings()]
    for key, row in rows.items():
        operations = observing_operations().get(key, [])
        if len(operations) <= DESCRIBED:
            assert CODE_SPAN.findall(row[2]) == operations, key
        else:
            assert row[2].strip(), key
        probes = [each for each in all_probes() if key in each.observes]
        timed = {each.rule for each in probes} - {each.rule for each in probes if not each.clock}
        rules = sorted({each.rule for each in probes})
        shown = ", ".join(f"{rule}*" if rule in timed else rule for rule in rules)
        assert row[3].strip() == shown, key
