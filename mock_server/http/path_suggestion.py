"""The path of a contract that is nearest to one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

MAX_PATH_LENGTH = 200
"""Characters of a path that is compared; nobody meant a longer one, and comparing takes time."""
MIN_SIMILARITY = 0.8
"""How alike two paths have to be, from 0 to 1: `notification-task` and `notification-tasks` are."""
ID_PLACEHOLDER = "{}"


class PathSuggester:
    """The paths of a contract, to be compared with what was sent."""

    def __init__(self, templates: Iterable[str], prefix: str = "") -> None:
        """`templates` as in a contract; `prefix` is what most of them begin with."""
        self._by_words = {_path_segments(template): template for template in templates}
        self._by_text = {"/".join(words): path for words, path in self._by_words.items()}
        self._prefix = _path_segments(prefix)

    def suggest(self, path: str) -> str | None:
        """Return the nearest path template; None when none is close enough.

        Case, extra slashes and a missing prefix are ignored.
        """
        if len(path) > MAX_PATH_LENGTH:
            return None
        sent = tuple(
            ID_PLACEHOLDER if word.isdigit() else word for word in _path_segments(path.lower())
        )
        ways = [sent]
        if sent[: len(self._prefix)] != self._prefix:
            ways.append((*self._prefix, *sent))
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
        """Return the path with a word like `sent` for the last placeholder of `template`."""
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
        """Return the only path that begins or ends with these words."""
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
