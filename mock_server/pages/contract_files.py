"""The contract as the mock serves it, with the mock as its only server."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openapi
from mock_server.http.path_suggestion import SERVED_METHODS
from openapi import Language, Readings, dump, iter_operations

MOCK_SERVER_NAMES = {"zh": "模拟服务", "en": "The mock"}
log = logging.getLogger("mock_server")
SERVER_VARIABLE = re.compile(r"\\{[^{}]+\\}")
"""A variable of a server's URL, after `re.escape`."""


class ContractFiles:
    """The contract of a mock in its languages; English is loaded on the first request for it."""

    languages: tuple[Language, ...] = ("zh", "en")
    """Languages of the page. The contract is in English only if it has an overlay for it."""

    def __init__(
        self, contract: Mapping[str, Any], root: Path | None, default_answers: Readings
    ) -> None:
        """Take the contract without an overlay, and its root file (None: the project's own).

        default_answers: those to the open questions.
        """
        self._chinese = contract
        self._default_answers = default_answers
        self._root = root
        self._english = lru_cache(maxsize=1)(self._load_english)
        # Bounded, because every Host header makes another address.
        self.encode_file = lru_cache(maxsize=8)(self._encode_file)

    def contract(self, lang: Language) -> Mapping[str, Any]:
        """Return the contract in one of `languages`, with the provider's servers."""
        return self._chinese if lang == "zh" else self._english()

    def _load_english(self) -> Mapping[str, Any]:
        try:
            if self._root:
                return openapi.load(self._root, lang="en", lenient=True)
            answers = self._chinese[openapi.READINGS_KEY]
            # The usual one is cached on disk, but not those of the many other choices.
            is_usual = answers == self._default_answers
            return openapi.load(lang="en", readings="exact" if is_usual else answers)
        except openapi.ContractError as error:  # the file may have changed since the start
            log.error("serving the contract without its English texts: %s", error)
            return self._chinese

    def _encode_file(self, lang: Language, form: str, address: str) -> bytes:
        """Return the file in a language and form (`json`, `yaml`) with `address` as its server."""
        return dump(
            point_to_mock(self.contract(lang), address, MOCK_SERVER_NAMES[lang]), form
        ).encode()


class ControlContractFiles:
    """The contract of the control plane as the mock serves it; it exists in English only."""

    def __init__(self, contract: Mapping[str, Any]) -> None:
        """Take the contract, whose only server has the control plane's path."""
        self.contract = contract
        self._base = urlsplit(contract["servers"][0]["url"]).path
        self.encode_file = lru_cache(maxsize=8)(self._encode_file)

    def _encode_file(self, form: str, address: str) -> bytes:
        """Return the file in a form (`json` or `yaml`) with `address` as its server."""
        server = {"url": address + self._base, "description": MOCK_SERVER_NAMES["en"]}
        return dump({**self.contract, "servers": [server]}, form).encode()


def point_to_mock(contract: Mapping[str, Any], address: str, name: str) -> dict[str, Any]:
    """Return a copy of the contract whose only server is `address`, with the description `name`.

    With the provider's hosts, "Execute" in Swagger UI would send credentials to them, and browsers
    would fetch an example's image from them.
    """
    document: dict[str, Any] = _replace_provider(contract, _provider_pattern(contract), address)
    document["servers"] = [{"url": address, "description": name}]
    for owner in _server_owners(document["paths"]):
        owner.pop("servers", None)
    return document


def served_operations(contract: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield method, path and object of every operation, in the contract's order."""
    for path, method, _, operation in iter_operations(contract):
        if method in SERVED_METHODS:
            yield method, path, operation


def _server_owners(paths: Mapping[str, Any]) -> Iterator[Any]:
    """Yield every path item and operation, the objects that may have their own servers."""
    for item in paths.values():
        yield item
        yield from (item[method] for method in SERVED_METHODS if method in item)


def _provider_pattern(contract: Mapping[str, Any]) -> re.Pattern[str]:
    """Return a pattern of the URLs of the contract's servers, with any values of variables."""
    owners = (contract, *_server_owners(contract["paths"]))
    urls = {server["url"].rstrip("/") for owner in owners for server in owner.get("servers", ())}
    hosts = [
        SERVER_VARIABLE.sub("[A-Za-z0-9-]+", re.escape(url)) for url in sorted(urls) if "://" in url
    ]
    # `(?!)` matches nowhere. The end keeps `https://a.example` from matching in `a.example.org`.
    return re.compile(rf"(?:{'|'.join(hosts) or '(?!)'})(?![A-Za-z0-9-]|\.[A-Za-z0-9])")


def _replace_provider(node: Any, provider: re.Pattern[str], address: str) -> Any:
    if isinstance(node, str):
        return provider.sub(address, node)
    if isinstance(node, Mapping):
        return {key: _replace_provider(value, provider, address) for key, value in node.items()}
    if isinstance(node, list):
        return [_replace_provider(item, provider, address) for item in node]
    return node
