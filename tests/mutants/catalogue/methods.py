"""Faults of HEAD: it is not like GET."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, make_mutant

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "methods/head-not-allowed",
        "HEAD is answered with 405.",
        "GE-03",
        CodeEdit(
            "http/routing.py",
            'path.operations.get(scope["method"])',
            'path.operations.get(scope["method"].replace("HEAD", "-"))',
        ),
    ),
    make_mutant(
        "methods/head-of-nothing",
        "HEAD finds what is not there.",
        "GE-03",
        CodeEdit(
            "http/response_sending.py",
            '    await send({"type": "http.response.start", "status": status',
            '    if scope["method"] == "HEAD":\n'
            "        status = 200 if status == 404 else status\n"
            '    await send({"type": "http.response.start", "status": status',
        ),
    ),
    make_mutant(
        "methods/head-length-0",
        "HEAD says that the content has no bytes.",
        "GE-03",
        CodeEdit(
            "http/response_sending.py",
            'b"%d" % len(content)',
            'b"%d" % (len(content) * (scope["method"] != "HEAD"))',
        ),
    ),
    make_mutant(
        "methods/head-without-type",
        "HEAD has no Content-Type.",
        "GE-03",
        CodeEdit(
            "http/response_sending.py",
            '    await send({"type": "http.response.start", "status": status',
            '    if scope["method"] == "HEAD":\n'
            '        headers = [each for each in headers if each[0] != b"content-type"]\n'
            '    await send({"type": "http.response.start", "status": status',
        ),
    ),
)
