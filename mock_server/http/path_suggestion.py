"""Suggestions of the nearest path of a contract for one that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

# A GET also serves HEAD, `routing.py` answers OPTIONS, and TRACE would echo credentials.
SERVED_METHODS = ("get", "put", "post", "delete", "patch")
API_PREFIX = "/api/v1"
"""Prefix of the API's paths, which clients often forget or repeat in their base URL."""
PLACEHOLDER = re.compile(r"\{[^}]+\}")
MAX_PATH_LENGTH = 200
"""Maximum length of a path that is compared; the time of a comparison grows with its square."""
MIN_SIMILARITY = 0.8
"""Minimum `SequenceMatcher.ratio` of a suggestion; `notification-task` and `-tasks` pass."""
ID_PLACEHOLDER = "{}"


class PathSuggester:
    """The paths of a contract, for comparison with the path of a request."""

    def __init__(self, templates: Iterable[str], prefix: str = "") -> None:
        """Take the path templates of a contract, and the prefix of most of them."""
        self._by_words = {_path_segments(template): template for template in templates}
        self._by_text = {"/".join(words): path for words, path in self._by_words.items()}
        self._prefix = _path_segments(prefix)

    def suggest(self, path: str) -> str | None:
        """Return the nearest path template, or None if none is similar enough.

        Case, extra slashes and a missing prefix are ignored.
        """
        if len(path) > MAX_PATH_LENGTH:
            return None
        # A number is an id, so it is compared with a placeholder.
        sent = tuple(
            ID_PLACEHOLDER if word.isdigit() else word for word in _path_segments(path.lower())
        )
        ways = [sent]
        if sent[: len(self._prefix)] != self._prefix:
            ways.append((*self._prefix, *sent))
        # The surest first: another case or prefix, then a missing part, then a misspelling.
        for words in ways:
            if found := self._matching_path(words):
                return found
        if found := self._only_partial_match(sent):
            return found
        for words in ways:
            if close := get_close_matches(
                "/".join(words), self._by_text, n=1, cutoff=MIN_SIMILARITY
            ):
                return self._by_text[close[0]]
        return None

    def suggest_fixed_path(self, template: str, sent: str) -> str | None:
        """Return the path that has a segment similar to `sent` for the last placeholder.

        So `/task/pgae` leads to `/task/page` and not to an error about the id of `/task/{id}`.
        """
        words = _path_segments(template)
        if ID_PLACEHOLDER not in words or len(sent) > MAX_PATH_LENGTH:
            return None
        place = len(words) - 1 - words[::-1].index(ID_PLACEHOLDER)
        for other, path in self._by_words.items():
            same = (
                len(other) == len(words)
                and (*other[:place], ID_PLACEHOLDER, *other[place + 1 :]) == words
            )
            if same and other[place] != ID_PLACEHOLDER and _is_similar(other[place], sent.lower()):
                return path
        return None

    def _matching_path(self, words: Sequence[str]) -> str | None:
        for template, path in self._by_words.items():
            pairs = zip(template, words, strict=False)
            if len(template) == len(words) and all(t in (ID_PLACEHOLDER, w) for t, w in pairs):
                return path
        return None

    def _only_partial_match(self, words: tuple[str, ...]) -> str | None:
        """Return the path that begins or ends with these words, if it is the only one."""
        size = len(words)
        for part in (slice(size), slice(-size, None)):
            found = [path for other, path in self._by_words.items() if other[part] == words]
            if size and len(found) == 1:
                return found[0]
        return None


def _path_segments(path: str) -> tuple[str, ...]:
    parts = (part for part in path.split("/") if part)
    return tuple(
        ID_PLACEHOLDER if part.startswith("{") and part.endswith("}") else part for part in parts
    )


def _is_similar(word: str, sent: str) -> bool:
    return SequenceMatcher(a=word, b=sent).ratio() >= MIN_SIMILARITY
