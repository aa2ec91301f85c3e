"""The path of a contract that is nearest to one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

LONGEST = 200
"""Characters of a path that is compared; nobody meant a longer one, and comparing takes time."""
ALIKE = 0.8
"""How alike two paths have to be, from 0 to 1: `notification-task` and `notification-tasks` are."""
ID = "{}"


class Nearest:
    """The paths of a contract, to be compared with what was sent."""

    def __init__(self, templates: Iterable[str], prefix: str = "") -> None:
        """`templates` as in a contract; `prefix` is what most of them begin with."""
        self._by_words = {_words(template): template for template in templates}
        self._by_text = {"/".join(words): path for words, path in self._by_words.items()}
        self._prefix = _words(prefix)

    def to(self, path: str) -> str | None:
        """Return the nearest path template; None when none is close enough.

        Case, extra slashes and a missing prefix are ignored.
        """
        if len(path) > LONGEST:
            return None
        sent = tuple(ID if word.isdigit() else word for word in _words(path.lower()))
        ways = [sent]
        if sent[: len(self._prefix)] != self._prefix:
            ways.append((*self._prefix, *sent))
        for words in ways:
            if found := self._same(words):
                return found
        if found := self._only_part(sent):
            return found
        for words in ways:
            if close := get_close_matches("/".join(words), self._by_text, n=1, cutoff=ALIKE):
                return self._by_text[close[0]]
        return None

    def beside(self, template: str, sent: str) -> str | None:
        """Return the path with a word like `sent` for the last placeholder of `template`."""
        words = _words(template)
        if ID not in words or len(sent) > LONGEST:
            return None
        place = len(words) - 1 - words[::-1].index(ID)
        for other, path in self._by_words.items():
            same = len(other) == len(words) and (*other[:place], ID, *other[place + 1 :]) == words
            if same and other[place] != ID and _alike(other[place], sent.lower()):
                return path
        return None

    def _same(self, words: Sequence[str]) -> str | None:
        for template, path in self._by_words.items():
            pairs = zip(template, words, strict=False)
            if len(template) == len(words) and all(t in (ID, w) for t, w in pairs):
                return path
        return None

    def _only_part(self, words: tuple[str, ...]) -> str | None:
        """Return the only path that begins or ends with these words."""
        size = len(words)
        for part in (slice(size), slice(-size, None)):
            found = [path for other, path in self._by_words.items() if other[part] == words]
            if size and len(found) == 1:
                return found[0]
        return None


def _words(path: str) -> tuple[str, ...]:
    parts = (part for part in path.split("/") if part)
    return tuple(ID if part.startswith("{") and part.endswith("}") else part for part in parts)


def _alike(word: str, sent: str) -> bool:
    return SequenceMatcher(a=word, b=sent).ratio() >= ALIKE
