"""Undocumented members of Starlette's `CORSMiddleware`.

`preflight_response(request_headers)` returns the response to a preflight; `allow_all_headers` makes
it repeat the requested headers; `app` is the next application.
"""

from __future__ import annotations

from openapi import reporting_missing_internals, require_members

with reporting_missing_internals("starlette"):
    from starlette.middleware.cors import CORSMiddleware

__all__ = ["CORSMiddleware"]

require_members("starlette", CORSMiddleware, ("allow_all_headers", "app", "preflight_response"))
