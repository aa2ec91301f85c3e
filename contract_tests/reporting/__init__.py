"""What a run tells: its progress, a verdict, and reports for people and for programs."""

from contract_tests.reporting.json_report import Unreadable, from_json
from contract_tests.reporting.report_files import DOCUMENT, prepare, write_all
from contract_tests.reporting.terminal import Report, told
from contract_tests.reporting.verdict import verdict_of
from contract_tests.reporting.violation_messages import text_of
from contract_tests.reporting.violation_titles import current_titles, names_of, title_of

__all__ = [
    "DOCUMENT",
    "Report",
    "Unreadable",
    "current_titles",
    "from_json",
    "names_of",
    "prepare",
    "text_of",
    "title_of",
    "told",
    "verdict_of",
    "write_all",
]
