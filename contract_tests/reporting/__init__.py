"""What a run tells: its progress, and a verdict."""

from contract_tests.reporting.terminal import Report

__all__ = ["Report"]
