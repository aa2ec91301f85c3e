"""Trusted certificate authorities of real servers."""

from __future__ import annotations

import ssl
from pathlib import Path

from mock_server.errors import StartupError

CA_OPTION = "--proxy-ca"


def create_tls_context(ca: str) -> ssl.SSLContext:
    """Return the settings of TLS with these authorities: a PEM file, or a directory of hashed ones.

    Without `ca`, they are those of the system. Raises StartupError.
    """
    try:
        if not ca:
            return ssl.create_default_context()
        if Path(ca).is_dir():
            return ssl.create_default_context(capath=ca)
        # Opened first, since ssl reports a missing file without the operating system's reason.
        with Path(ca).open("rb"):
            return ssl.create_default_context(cafile=ca)
    except ssl.SSLError:
        raise StartupError(f"{CA_OPTION}: {ca} contains no certificate in PEM format") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise StartupError(f"{CA_OPTION}: {ca} cannot be read: {why}") from None
