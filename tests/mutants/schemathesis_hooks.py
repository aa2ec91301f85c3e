"""Hooks for plain schemathesis on the mock: the login, and no false alarm on the upload form.

It uses its own checks and data: no check, format or probe of `hypers-check` is loaded.
"""

from __future__ import annotations

from contract_tests.options import build_parser
from contract_tests.runner.schemathesis_login import register_login

register_login(lambda: build_parser().parse_args([]))
