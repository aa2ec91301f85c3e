"""Reports of a run: progress, verdict, and files for people and programs."""

from contract_tests.reporting.json_report import ReportFormatError, from_json
from contract_tests.reporting.report_files import JSON_REPORT_NAME, prepare_directory, write_reports
from contract_tests.reporting.terminal import TerminalReport, format_violation
from contract_tests.reporting.verdict import verdict_of
from contract_tests.reporting.violation_messages import message_text
from contract_tests.reporting.violation_titles import all_titles_of, current_titles, title_of

__all__ = [
    "JSON_REPORT_NAME",
    "ReportFormatError",
    "TerminalReport",
    "all_titles_of",
    "current_titles",
    "format_violation",
    "from_json",
    "message_text",
    "prepare_directory",
    "title_of",
    "verdict_of",
    "write_reports",
]
