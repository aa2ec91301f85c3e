"""Faults of uploads and downloads."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, make_mutant

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "files/signature-of-the-name",
        "A file's signature is that of its name.",
        "FI-04",
        CodeEdit(
            "handlers/files.py",
            "partial(files.sha256_hex, content)",
            'partial(files.sha256_hex, (upload.file_name or "").encode())',
        ),
    ),
    make_mutant(
        "files/extension-lost",
        "fileName has no extension.",
        "FI-09",
        CodeEdit(
            "handlers/files.py",
            '"fileName": stored.file_name,',
            '"fileName": stored.file_name.rpartition(".")[0] or stored.file_name,',
        ),
    ),
    make_mutant(
        "files/time-in-seconds",
        "A file's createTime is in seconds.",
        "FI-05",
        CodeEdit(
            "handlers/files.py",
            "datetime_text.epoch_milliseconds(stored.created),",
            "datetime_text.epoch_milliseconds(stored.created) // 1000,",
        ),
    ),
    make_mutant(
        "files/same-bytes-same-id",
        "The same bytes, uploaded again, have the id that they had.",
        "FI-04",
        CodeEdit(
            "handlers/files.py",
            '        world.next_id("files"),\n',
            "        next((f.id for f in world.files.values() if f.signature == signature), None)\n"
            '        or world.next_id("files"),\n',
        ),
    ),
    make_mutant(
        "files/range-without-its-end",
        "The last byte that a Range asks for is not sent.",
        "FI-12",
        CodeEdit("http/conditional_requests.py", "min(last + 1, size)", "min(last, size)"),
    ),
    make_mutant(
        "files/range-beyond-the-end",
        "A Range that begins behind the last byte is answered with no bytes.",
        "FI-13",
        CodeEdit(
            "http/conditional_requests.py",
            "    if not found:\n",
            "    if not found and size < 0:\n",
        ),
    ),
    make_mutant(
        "files/blanks-trimmed",
        "Blanks and line ends at the end of a file are lost.",
        "FI-05",
        CodeEdit(
            "handlers/files.py",
            "return HttpResponse(file.content, file.media_type, headers=sent)",
            "return HttpResponse(file.content.rstrip(), file.media_type, headers=sent)",
        ),
    ),
    make_mutant(
        "files/type-not-kept",
        "The type that an upload declares is not kept.",
        "FI-10",
        CodeEdit(
            "domain/files.py",
            "detect_media_type(name, declared, content)",
            'detect_media_type(name, "", content)',
        ),
    ),
)
