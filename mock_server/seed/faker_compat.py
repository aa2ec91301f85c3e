"""Chinese names and places, by Faker, which is imported here alone and for one language.

Faker looks for the languages of all its providers when it is imported, which takes as long as the
whole first world. A placeholder for its module `faker.config` answers for the one language instead.
Code in this process that asks Faker for another language still gets it: the look is made then.

Not documented, and relied upon: the names that Faker takes from `faker.config` (LOOKED_UP). If it
takes another one, the placeholder imports the module itself, and only the start takes longer.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mock_server.runtime.placeholder_modules import placeholders
from openapi import internals_of

LANGUAGE = "zh_CN"
PROVIDERS = ("faker.providers.person", "faker.providers.address")
"""The providers of the names that the worlds use."""


def _config() -> Any:
    return import_module("faker.config")


class _Languages:
    """All languages of Faker; only a question about another one than ours needs the look."""

    def __contains__(self, name: object) -> bool:
        return name == LANGUAGE or name in _config().AVAILABLE_LOCALES


class _Providers:
    """All providers of Faker: a `Faker()` that names none adds its own to them."""

    def __add__(self, others: list[str]) -> list[str]:
        return [*_config().PROVIDERS, *others]


LOOKED_UP: dict[str, Any] = {
    "AVAILABLE_LOCALES": _Languages(),
    "DEFAULT_LOCALE": "en_US",
    "PROVIDERS": _Providers(),
}

with internals_of("faker"), placeholders({"faker.config": LOOKED_UP}):
    from faker import Faker

__all__ = ["Faker", "faker"]


def faker(seed: int) -> Faker:
    """Return a generator of Chinese names and places: the same for the same seed."""
    fake = Faker(LANGUAGE, providers=[*PROVIDERS], use_weighting=False)
    fake.seed_instance(seed)
    return fake
