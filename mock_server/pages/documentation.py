"""The documentation at `/docs/`: pages of the project's own contract, rendered when asked for.

A mock of another contract has no such pages, so that contract may have paths below `/docs/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from mock_server.pages.inline_files import join_policy

if TYPE_CHECKING:
    from openapi import Documentation

DOCUMENTATION_PATH = "/docs"
MEDIA_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "yaml": "application/yaml",
    "zip": "application/zip",
}
"""Media types by the ends of file names; other files are plain text."""


class DocumentationPages:
    """The files of the documentation; they are read in the threads of the pages."""

    security_headers: Mapping[str, str] = {
        "Content-Security-Policy": join_policy(
            {
                "default-src": "'none'",
                "base-uri": "'none'",
                "form-action": "'none'",
                "frame-ancestors": "'none'",
                "img-src": "data:",
                "script-src": "'self'",
                "style-src": "'self'",
            }
        ),
        "Referrer-Policy": "no-referrer",
    }

    @cached_property
    def _files(self) -> Documentation:
        # Imported here, because a mock starts faster without the Markdown parser.
        from openapi import Documentation  # noqa: PLC0415

        return Documentation()

    def read(self, path: str) -> tuple[bytes, str] | None:
        """Return content and media type of a file, or None if there is none with this path."""
        name = f"{path}index.html" if not path or path.endswith("/") else path
        try:
            content = self._files.read(name)
        except KeyError:
            return None
        return content, MEDIA_TYPES.get(name.rpartition(".")[2], "text/plain")
