"""A page of the console, as a table of its views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Texts = dict[str, tuple[str, str]]
"""Texts by name, each in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Route:
    """A view: its method, its path below the page's, and a function of (ConsoleRequest, **path)."""

    method: str
    path: str
    view: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the navigation.

    name: of its endpoints, `NAME.VIEW`, where VIEW is the name of a view function; path: "" or
    `/name`; title: in Chinese and English; routes: the first is that of the navigation; texts: what
    its templates find in `t`, besides the common ones.
    """

    name: str
    path: str
    title: tuple[str, str]
    routes: tuple[Route, ...]
    texts: Texts

    @property
    def endpoint(self) -> str:
        """Return the endpoint of its first view."""
        return f"{self.name}.{self.routes[0].view.__name__}"
