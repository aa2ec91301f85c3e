"""Network settings of a run: trusted certificates, proxies, timeout."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from contract_tests.target.profile import is_loopback
from contract_tests.target.requests_compat import get_environ_proxies, select_proxy
from contract_tests.target.target import CannotCheckError

RESPONSE_TIMEOUT = 30.0
"""Seconds that a response may take; a server that wakes from sleep needs 10 to 15 for its first."""
CA_BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Environment variables that name the trusted certificates; the first one that is set counts."""

HASHED_CERTIFICATE_NAME = re.compile(r"[0-9a-f]{8}\.[0-9]+")
"""Names by which OpenSSL finds certificates in a directory."""
REHASH_HINT = "run `openssl rehash` on it"


@dataclass(frozen=True)
class NetworkSettings:
    """Network settings for a server.

    ca: path of the certificates (PEM) that sign a trusted server's, empty for the public ones;
    timeout: seconds until a response begins.
    """

    ca: str = ""
    timeout: float = RESPONSE_TIMEOUT

    @classmethod
    def for_servers(
        cls, *urls: str, ca: str = "", timeout: float = RESPONSE_TIMEOUT
    ) -> NetworkSettings:
        """Return the settings for these servers.

        Without `ca`, certificates come from the environment.

        Raises CannotCheckError if certificates cannot be read. Those of the environment are read
        only for TLS.
        """
        # The command line wins over the environment, and is checked even without TLS: a wrong path
        # is a typo.
        if ca:
            _check_certificates("--ca", ca)
            return cls(ca, timeout)
        if any(url.startswith("https:") for url in urls):
            for name in CA_BUNDLE_VARIABLES:
                if found := os.environ.get(name):
                    _check_certificates(name, found)
                    return cls(found, timeout)
        return cls("", timeout)

    def curl_options(self, url: str) -> Iterator[str]:
        """Yield the options that make curl reach a URL in the same way."""
        if self.ca and url.startswith("https:"):
            yield "--capath" if Path(self.ca).is_dir() else "--cacert"
            yield self.ca
        if is_loopback(url) and select_proxy(url, get_environ_proxies(url)):
            # `proxies_of` bypasses the proxy for this machine; curl would use it.
            yield "--noproxy"
            yield "*"


def proxies_of(url: str) -> dict[str, str]:
    """Return the proxies of the environment for a URL, as `requests` does; none for this machine.

    They come from HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, unless NO_PROXY names the host.
    """
    # A proxy of the environment would look for 127.0.0.1 on its own machine.
    return {} if is_loopback(url) else dict(get_environ_proxies(url))


def proxy_warnings(*urls: str) -> Iterator[str]:
    """Yield a warning for each of these URLs whose requests a proxy can read for lack of TLS."""
    for url in dict.fromkeys(filter(None, urls)):
        proxy = select_proxy(url, proxies_of(url))
        if proxy and url.startswith("http:"):
            host = urlsplit(proxy if "://" in proxy else f"http://{proxy}").netloc.rpartition("@")[
                2
            ]
            name = urlsplit(url).hostname
            yield (
                f"the proxy {host} can read all requests to {url}, credentials too, since there"
                f" is no TLS; NO_PROXY={name} bypasses it"
            )


def _check_certificates(name: str, path: str) -> None:
    """Check that this file or directory contains certificates; raises CannotCheckError."""
    try:
        if Path(path).is_dir():
            if not any(
                HASHED_CERTIFICATE_NAME.fullmatch(each.name) for each in Path(path).iterdir()
            ):
                raise CannotCheckError(
                    f"{name}: {path} is a directory without hashed certificates: {REHASH_HINT}"
                )
            return
        # Opened first, since ssl reports a missing file without the operating system's reason.
        with Path(path).open("rb"):
            ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        raise CannotCheckError(f"{name}: {path} contains no certificate in PEM format") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CannotCheckError(f"{name}: {path} cannot be read: {why}") from None
