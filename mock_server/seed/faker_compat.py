"""Chinese names and places, by Faker, which is imported here alone and for one language.

Faker looks for the languages of all its providers when it is imported, which takes as long as the
whole first world. A placeholder for its module `faker.config` answers for the one language instead.
Code in this process that asks Faker for another language still gets it: the look is made then.

Not documented, and relied upon: the names that Faker takes from `faker.config`
(CONFIG_PLACEHOLDERS). If it takes another one, the placeholder imports the module itself, and only
the start takes longer.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mock_server.runtime.placeholder_modules import placeholders
from openapi import reporting_missing_internals

LOCALE = "zh_CN"
PROVIDERS = ("faker.providers.person", "faker.providers.address")
"""The providers of the names that the worlds use."""


def _faker_config() -> Any:
    return import_module("faker.config")


class _LazyLocales:
    """All languages of Faker; only a question about another one than ours needs the look."""

    def __contains__(self, name: object) -> bool:
        return name == LOCALE or name in _faker_config().AVAILABLE_LOCALES


class _LazyProviders:
    """All providers of Faker: a `Faker()` that names none adds its own to them."""

    def __add__(self, others: list[str]) -> list[str]:
        return [*_faker_config().PROVIDERS, *others]


CONFIG_PLACEHOLDERS: dict[str, Any] = {
    "AVAILABLE_LOCALES": _LazyLocales(),
    "DEFAULT_LOCALE": "en_US",
    "PROVIDERS": _LazyProviders(),
}

with reporting_missing_internals("faker"), placeholders({"faker.config": CONFIG_PLACEHOLDERS}):
    from faker import Faker

__all__ = ["Faker", "create_faker"]


def create_faker(seed: int) -> Faker:
    """Return a generator of Chinese names and places: the same for the same seed."""
    fake = Faker(LOCALE, providers=[*PROVIDERS], use_weighting=False)
    fake.seed_instance(seed)
    return fake
