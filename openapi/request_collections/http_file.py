"""Requests as an `.http` file, in the dialect of httpYac."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from openapi.request_collections.postman import body_member, exact_body
from openapi.request_collections.requests import MEMBER_FILE, SETTINGS, CollectionRequest

BOUNDARY = "----hypers"


def render_http_file(requests: Sequence[CollectionRequest], title: str) -> str:
    """Return the file: settings, then the requests in order."""
    lines = [f"# {title}", "", *(f"@{name} = {value}" for name, value in SETTINGS.items()), ""]
    for folder, found in groupby(requests, key=lambda request: request.folder):
        for request in found:
            lines.extend(_request(request, folder))
    return "\n".join(lines)


def _request(request: CollectionRequest, folder: str) -> Iterator[str]:
    yield f"### {folder}: {request.title}"
    yield f"# @name {request.name}"
    optional = [f"{each.name}={each.value}" for each in request.query if not each.is_sent]
    if optional:
        yield f"# {' & '.join(optional)}"
    yield f"{request.method} {request.url}"
    for each in request.headers:
        yield f"{'' if each.is_sent else '# '}{each.name}: {each.value}"
    if request.auth == "basic":
        yield "Authorization: Basic {{clientId}}:{{clientSecret}}"
    elif request.auth:
        yield "Authorization: Bearer {{accessToken}}"
    yield from _body(request)
    yield ""
    yield f"?? status == {request.status}"
    if request.saves:
        lines = exact_body("response.rawBody.toString()")
        for name, pointer in request.saves.items():
            lines.append(f"exports.{name} = {body_member('body', pointer)};")
        yield from ("{{", *(f"  {line}" for line in lines), "}}")
    yield ""


def _body(request: CollectionRequest) -> Iterator[str]:
    if request.body is not None:
        yield from ("Content-Type: application/json", "", *request.body.split("\n"))
    if request.form:
        yield from (f"Content-Type: multipart/form-data; boundary={BOUNDARY}", "")
        for name, value in request.form.items():
            yield f"--{BOUNDARY}"
            yield from (f'Content-Disposition: form-data; name="{name}"', "", value)
        yield f"--{BOUNDARY}"
        yield f'Content-Disposition: form-data; name="file"; filename="{MEMBER_FILE}"'
        yield from ("Content-Type: text/csv", "", f"< ./{MEMBER_FILE}", f"--{BOUNDARY}--")
