"""Sentence of a mistake in a member file, with the fields of its error (N5)."""

from __future__ import annotations

from collections.abc import Mapping

from openapi.member_file_texts import FILE_SENTENCES, SHEET_SENTENCES
from openapi.member_value_texts import ID_SENTENCES, VARIABLE_SENTENCES

MEMBER_FILE_SENTENCES = FILE_SENTENCES | SHEET_SENTENCES | ID_SENTENCES | VARIABLE_SENTENCES


class _Fields(dict[str, object]):
    """Fields of a sentence, of which one that is not given is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def mistake_sentence(code: str, fields: Mapping[str, object], lang: int) -> str:
    """Return the sentence of a mistake; lang is 0 for Chinese and 1 for English.

    fields: the fields of the error, and the words of the sentence.
    """
    more = f"{code}+other"
    own = more if fields.get("other") and more in MEMBER_FILE_SENTENCES else code
    return MEMBER_FILE_SENTENCES[own][lang].format_map(_Fields(fields))
