"""What plain schemathesis needs on our mock: the login, and no false alarm on the upload form.

Its checks and its data are its own: no check, format or probe of `hypers-check` is loaded.
"""

from __future__ import annotations

from contract_tests.schemathesis_login import register_login

register_login()
