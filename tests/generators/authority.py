"""A certificate authority of one run, for the hosts that clients are configured with."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Authority:
    """The server's certificate, and a file with the authority's, which clients trust."""

    tls: ssl.SSLContext
    certificate: Path


def make_authority(folder: Path, hosts: Iterable[str]) -> Authority:
    """Make an authority whose server has a certificate for all of these hosts."""
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*hosts).configure_cert(tls)
    certificate = folder / "authority.pem"
    authority.cert_pem.write_to_path(certificate)
    return Authority(tls, certificate)
