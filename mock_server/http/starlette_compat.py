"""What is taken of Starlette beside its documentation: how `CORSMiddleware` answers a preflight.

`preflight_response(request_headers)` makes the whole answer to a preflight; `allow_all_headers`
makes it repeat the headers that are asked for; `app` is the next application.
"""

from __future__ import annotations

from openapi import reporting_missing_internals, require_members

with reporting_missing_internals("starlette"):
    from starlette.middleware.cors import CORSMiddleware

__all__ = ["CORSMiddleware"]

require_members("starlette", CORSMiddleware, ("allow_all_headers", "app", "preflight_response"))
