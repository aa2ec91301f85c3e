"""Connexion's routing with one regular expression, 405, a complete Allow, and OPTIONS."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterable, Mapping
from itertools import groupby
from typing import Any

import starlette.convertors

from mock_server.errors import ErrorDetail, MethodNotAllowed, NotFound
from mock_server.http.address import REQUESTED_PATH_KEY
from mock_server.http.connexion_compat import ROUTING_CONTEXT, RoutingMiddleware, routes_added_last
from mock_server.http.path_aliases import resolve_alias
from mock_server.http.path_suggestion import API_PREFIX, PLACEHOLDER, PathSuggester

NAMED_GROUP = re.compile(r"\(\?P<\w+>")
ESCAPED = re.compile(r"\\(.)")
"""A character of a path that a regular expression has to escape."""
UNNAMED_GROUP = "(?:"
"""Begins a parameter in a shape, the regular expression of a path."""


class _Int64Convertor(starlette.convertors.IntegerConvertor):
    """Converter for the digits of an int64.

    Connexion's own accepts `+1`, and any number of digits, of which `int` refuses more than 4,300.
    """

    regex = "-?[0-9]{1,19}"


class MockRoutingMiddleware(RoutingMiddleware):  # type: ignore[misc]  # connexion has no types
    """Middleware that finds connexion's routes; a known path with another method is a 405.

    Starlette's router tries 36 routes one after another for each request, redirects a trailing
    slash, and lists only one method in Allow.
    """

    def __init__(self, app: Any) -> None:
        """Wrap the next application."""
        super().__init__(app)
        starlette.convertors.register_url_convertor("int", _Int64Convertor())
        self._paths: dict[str, _RoutedPath] = {}
        self._fixed_paths: dict[str, _RoutedPath] = {}
        self._found = self._nearly_found = re.compile("(?!)")
        self._table: list[_RoutedPath] = []
        self._contracts: list[Any] = []

    def add_api(self, specification: Any, *, current: Any, **options: Any) -> None:
        """Add the routes of one contract; `current` returns the form in force for a scope."""
        self._contracts.append(current)
        super().add_api(specification, **options)
        for route in routes_added_last(self):
            # Unnamed: paths share names such as `id`, and `lastindex` must number the paths.
            shape = NAMED_GROUP.sub("(?:", route.base + route.pattern)
            path = self._paths.setdefault(shape, _RoutedPath(route.base))
            path.operations.update(dict.fromkeys(route.methods, route.operation_id))
        shapes = [shape for shape in self._paths if UNNAMED_GROUP in shape]
        self._fixed_paths = {
            ESCAPED.sub(r"\1", shape): path
            for shape, path in self._paths.items()
            if UNNAMED_GROUP not in shape
        }
        self._table = [self._paths[shape] for shape in shapes]
        self._found = _compile_shapes(shapes)
        loose = [shape.replace(_Int64Convertor.regex, "[^/]+") for shape in shapes]
        self._nearly_found = _compile_shapes(loose)

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Store the operation of a request in its scope, and pass it on."""
        # Not `async`: every request would pay for one more coroutine.
        if scope["type"] == "http":
            path = self._find(scope["path"]) or self._find_nearly(scope)
            if path is None:
                path, operation = NO_PATH, None
            else:
                _refuse_encoded_slash(scope)
                operation = path.operations.get(scope["method"])
                if operation is None:
                    return path.answer_other_method(scope["method"], send)
            context = {"api_base_path": path.base, "operation_id": operation}
            scope.setdefault("extensions", {})[ROUTING_CONTEXT] = context
        passed: Awaitable[None] = self.app(scope, receive, send)
        return passed

    def _find(self, path: str) -> _RoutedPath | None:
        """Return the path of the contract that matches."""
        return self._fixed_paths.get(path) or self._match(self._found, path)

    def _match(self, pattern: re.Pattern[str], path: str) -> _RoutedPath | None:
        match = pattern.fullmatch(path)
        return self._table[(match.lastindex or 1) - 1] if match else None

    def _find_nearly(self, scope: Any) -> _RoutedPath | None:
        """Return the path of which an operation's other path, or one with a wrong id, is meant."""
        for current in self._contracts:
            contract = current(scope)
            if meant := resolve_alias(contract.aliases, scope["path"]):
                scope[REQUESTED_PATH_KEY], scope["path"] = scope["path"], meant
                if found := self._find(meant):
                    return found
            if contract.unknown.misspelled_path(scope["path"]):
                return None
        # The operation refuses the id, after its credentials have been checked (decision X6).
        return self._match(self._nearly_found, scope["path"])


def _compile_shapes(shapes: list[str]) -> re.Pattern[str]:
    """Return a pattern with a group for each shape, in their order."""
    # Neighbours with the same text before their first parameter are one alternative: the text,
    # which most requests do not have, is compared once.
    groups = groupby(shapes, lambda shape: shape.partition(UNNAMED_GROUP)[0])
    alternatives = [
        start + "(?:" + "|".join(f"({shape.removeprefix(start)})" for shape in group) + ")"
        for start, group in groups
    ]
    return re.compile("|".join(alternatives) or "(?!)")


def _refuse_encoded_slash(scope: Mapping[str, Any]) -> None:
    """Raise NotFound for an encoded slash in a path."""
    # `%2F` is part of a segment (RFC 3986, 2.2), but the server has decoded it before routing.
    raw = scope.get("raw_path") or b""
    if b"%" in raw and b"%2f" in raw.lower():
        found = raw.decode("latin-1")[:200]
        raise NotFound(ErrorDetail("/path", "path", scope["path"], found))


class _RoutedPath:
    """A path of a contract with its operations by method."""

    def __init__(self, base: str | None) -> None:
        self.base = base
        self.operations: dict[str, str] = {}

    async def answer_other_method(self, method: str, send: Any) -> None:
        """Answer OPTIONS; raises MethodNotAllowed for any other method."""
        allow = ", ".join(sorted({*self.operations, "OPTIONS"}))
        if method != "OPTIONS":
            raise MethodNotAllowed(method[:40], allow)
        headers = [(b"allow", allow.encode())]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


NO_PATH = _RoutedPath(None)


def _template_pattern(path: str) -> str:
    """Return a regular expression with a group for each placeholder of a path."""
    return "([^/]+)".join(map(re.escape, PLACEHOLDER.split(path)))


class UnknownPathErrors:
    """Errors for paths that are not in the contract, with the nearest path."""

    def __init__(self, paths: Iterable[str], base: str = "", others: Iterable[str] = ()) -> None:
        """Compile the contract's paths, which are served below `base`, and other served paths."""
        paths = [base + path for path in paths]
        self._contract = f"{base}/openapi.yaml"
        self._shapes = [
            (re.compile(_template_pattern(path)), path) for path in paths if "{" in path
        ]
        self._nearest = PathSuggester([*paths, *others], base or API_PREFIX)

    def misspelled_path(self, path: str) -> str | None:
        """Return the path that `path` nearly is, if an id would have to be where they differ."""
        for shape, template in self._shapes:
            if match := shape.fullmatch(path):
                return self._nearest.suggest_fixed_path(template, match[1])
        return None

    def not_found_error(self, path: str) -> NotFound:
        """Return the error for a path that does not exist, with the nearest one."""
        # A path may have up to 64 KiB; an error repeats only its beginning.
        meant = self.misspelled_path(path) or self._nearest.suggest(path) or self._contract
        return NotFound(ErrorDetail("/path", "path", meant, path[:200]))
