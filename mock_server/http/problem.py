"""Conversion of errors to problem documents in the caller's language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from mock_server.errors import ApiError, ErrorDetail, display_text
from mock_server.http.error_texts import (
    COUNT_SENTENCE,
    DEFAULT_SENTENCE,
    FORCED_SENTENCE,
    RULE_SENTENCES,
    SHOWN_SENTENCE,
)
from openapi import STATUS_SENTENCES, STATUS_TITLES, mistake_sentence

MAX_ERRORS = 100
"""Maximum number of violations in an error; all are counted, and a request may have 100,000."""
MAX_LOGGED_ERRORS = 5
MAX_FOUND_LENGTH = 256
"""Maximum length of a value of the request that an error repeats, as the contract documents."""
LANGUAGES = ("zh", "en")


def preferred_language(headers: Mapping[bytes, bytes]) -> int:
    """Return the index in LANGUAGES that Accept-Language prefers; Chinese by default."""
    sent = headers.get(b"accept-language", b"")
    if not sent:
        return 0
    accept = parse_accept_header(sent.decode("latin-1"), LanguageAccept)
    # Not `best_match`: for `zh-CN, en` it returns `en`, because only that matches exactly.
    wanted = (tag.partition("-")[0].lower() for tag in accept.values())
    return next((LANGUAGES.index(tag) for tag in wanted if tag in LANGUAGES), 0)


class ProblemWriter:
    """Writer of error documents with the sentences of all rules."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]]) -> None:
        """Take the contract's rules by id, each with a sentence in `zh` and `en`."""
        self._sentences = dict(RULE_SENTENCES)
        self._sentences |= {name: (rule["zh"], rule["en"]) for name, rule in rules.items()}

    def problem_document(self, refusal: ApiError, path: str, lang: int) -> dict[str, Any]:
        """Return the problem document of an error (RFC 9457, decision E1)."""
        document = {
            "type": "about:blank",
            "title": _status_title(refusal.status, lang),
            "status": refusal.status,
            "detail": self._detail_text(refusal, lang),
            # `OPTIONS *` has no path, and `instance` is a URI reference in the contract.
            "instance": path if path.startswith("/") else "/",
        }
        return self._with_errors(document, refusal, lang)

    def oauth_document(self, refusal: ApiError, lang: int) -> dict[str, Any]:
        """Return the document of an error of the token operation (RFC 6749, decision A12)."""
        document = {
            "error": self._oauth_error_code(refusal),
            "error_description": self._detail_text(refusal, lang),
        }
        return self._with_errors(document, refusal, lang)

    def server_error_document(self, reason: str, path: str, lang: int) -> dict[str, Any]:
        """Return the problem document of a 500, with the reason."""
        return {
            "type": "about:blank",
            "title": STATUS_TITLES[500][lang],
            "status": 500,
            "detail": reason[:2000],  # an invalid long list has many violations
            "instance": path,
        }

    @staticmethod
    def _oauth_error_code(refusal: ApiError) -> str:
        # A missing `grant_type` is `invalid_request`, an unknown one has a code of its own (5.2).
        grant = any(v.pointer == "/body/grant_type" and v.found for v in refusal.violations)
        if refusal.status == 400 and grant:
            return "unsupported_grant_type"
        return refusal.oauth_error

    def _detail_text(self, refusal: ApiError, lang: int) -> str:
        if refusal.total == 1:
            return self._sentence(refusal.violations[0], lang)
        if not refusal.violations:  # a forced error
            return STATUS_SENTENCES.get(refusal.status, FORCED_SENTENCE)[lang]
        shown = min(len(refusal.violations), MAX_ERRORS)
        if shown < refusal.total:
            return SHOWN_SENTENCE[lang].format(refusal.total, shown)
        return COUNT_SENTENCE[lang].format(refusal.total)

    def _sentence(self, violation: ErrorDetail, lang: int) -> str:
        """Return the sentence of a mistake in a member file, else that of the rule."""
        if mistake := violation.mistake:
            fields = mistake.fields() | dict(mistake.words)
            return mistake_sentence(mistake.code, fields, lang)
        return self._rule_sentence(violation, lang)

    def _rule_sentence(self, violation: ErrorDetail, lang: int) -> str:
        return self._sentences.get(violation.rule, DEFAULT_SENTENCE)[lang]

    def reason_text(self, violations: Sequence[ErrorDetail]) -> str:
        """Return pointer, rule and sentence of the violations, in English, for the log."""
        # Without the values of the request, one of which may be a password.
        texts = [
            f"{v.pointer} {_rule_and_code(v)}: {self._rule_sentence(v, 1)}"
            for v in violations[:MAX_LOGGED_ERRORS]
        ]
        more = len(violations) - len(texts)
        return " ".join([*texts, f"(and {more} more)"] if more else texts)

    def render_violations(
        self, violations: Sequence[ErrorDetail], lang: int
    ) -> list[dict[str, str | int]]:
        """Return violations as they are shown to the client, at most MAX_ERRORS."""
        return [self._render_error(violation, lang) for violation in violations[:MAX_ERRORS]]

    def _with_errors(
        self, document: dict[str, Any], refusal: ApiError, lang: int
    ) -> dict[str, Any]:
        """Return the document with a list of the violations, if there are any."""
        if refusal.violations:
            document["errors"] = self.render_violations(refusal.violations, lang)
            if len(document["errors"]) < refusal.total:
                document["total"] = refusal.total
        return document

    def _render_error(self, violation: ErrorDetail, lang: int) -> dict[str, str | int]:
        error: dict[str, str | int] = {
            "pointer": violation.pointer,
            "rule": violation.rule,
            "message": self._sentence(violation, lang),
        }
        if violation.accepted:
            error["accepted"] = violation.accepted
        if violation.found:
            found = violation.found
            error["found"] = found if len(found) <= MAX_FOUND_LENGTH else display_text(found)
        return error | violation.mistake.fields() if violation.mistake else error


def _rule_and_code(violation: ErrorDetail) -> str:
    return f"{violation.rule} {violation.mistake.code}" if violation.mistake else violation.rule


def reason_phrase(status: int) -> str:
    """Return the reason phrase of a status; empty if it has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _status_title(status: int, lang: int) -> str:
    """Return the title of a status; of one that only a forced error has, its reason phrase."""
    if status in STATUS_TITLES:
        return STATUS_TITLES[status][lang]
    return reason_phrase(status) or str(status)


def encode_json(value: Any) -> bytes:
    """Return a value as JSON bytes."""
    try:
        return orjson.dumps(value)
    except TypeError:  # an integer of more than 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
