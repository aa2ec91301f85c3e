"""What a run tells: its progress, a verdict, and reports for people and for programs."""

from contract_tests.reporting.document import Unreadable, from_json
from contract_tests.reporting.tally import verdict_of
from contract_tests.reporting.terminal import Report, told
from contract_tests.reporting.writing import DOCUMENT, prepare, write_all

__all__ = [
    "DOCUMENT",
    "Report",
    "Unreadable",
    "from_json",
    "prepare",
    "told",
    "verdict_of",
    "write_all",
]
