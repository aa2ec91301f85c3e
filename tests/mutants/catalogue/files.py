"""Faults of uploads and downloads."""

from __future__ import annotations

from tests.mutants.mutant import Code, Mutant, mutant

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "files/signature-of-the-name",
        "A file's signature is that of its name.",
        "FI-04",
        Code(
            "handlers/files.py",
            "partial(files.signature, content)",
            'partial(files.signature, (upload.file_name or "").encode())',
        ),
    ),
    mutant(
        "files/extension-lost",
        "fileName has no extension.",
        "FI-09",
        Code(
            "handlers/files.py",
            '"fileName": stored.file_name,',
            '"fileName": stored.file_name.rpartition(".")[0] or stored.file_name,',
        ),
    ),
    mutant(
        "files/time-in-seconds",
        "A file's createTime is in seconds.",
        "FI-05",
        Code(
            "handlers/files.py",
            "datetime_text.epoch_ms(stored.created),",
            "datetime_text.epoch_ms(stored.created) // 1000,",
        ),
    ),
    mutant(
        "files/same-bytes-same-id",
        "The same bytes, uploaded again, have the id that they had.",
        "FI-04",
        Code(
            "handlers/files.py",
            '        world.next_id("files"),\n',
            "        next((f.id for f in world.files.values() if f.signature == signature), None)\n"
            '        or world.next_id("files"),\n',
        ),
    ),
    mutant(
        "files/range-without-its-end",
        "The last byte that a Range asks for is not sent.",
        "FI-12",
        Code("http/conditional_requests.py", "min(last + 1, size)", "min(last, size)"),
    ),
    mutant(
        "files/range-beyond-the-end",
        "A Range that begins behind the last byte is answered with no bytes.",
        "FI-13",
        Code(
            "http/conditional_requests.py",
            "    if not found:\n",
            "    if not found and size < 0:\n",
        ),
    ),
    mutant(
        "files/blanks-trimmed",
        "Blanks and line ends at the end of a file are lost.",
        "FI-05",
        Code(
            "handlers/files.py",
            "return Answer(file.content, file.media_type, headers=sent)",
            "return Answer(file.content.rstrip(), file.media_type, headers=sent)",
        ),
    ),
    mutant(
        "files/type-not-kept",
        "The type that an upload declares is not kept.",
        "FI-10",
        Code(
            "domain/files.py",
            "media_type(name, declared, content)",
            'media_type(name, "", content)',
        ),
    ),
)
