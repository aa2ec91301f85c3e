"""Sentences of mistakes in member files, which take the place of the rule's sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from openapi import MEMBER_FILE_SENTENCES


def is_own_sentence(error: Mapping[str, Any], lang: int) -> bool:
    """Return whether the message of an error is the sentence of its code; lang: 0 zh, 1 en.

    Words that are no fields of the error may be any.
    """
    parts = re.split(r"\{(\w+)\}", MEMBER_FILE_SENTENCES[error["code"]][lang])
    fields = (re.escape(str(error[name])) if name in error else ".+" for name in parts[1::2])
    pairs = zip_longest(map(re.escape, parts[::2]), fields, fillvalue="")
    return bool(re.fullmatch("".join(part for pair in pairs for part in pair), error["message"]))
