"""Import of Faker, which generates Chinese names and places, for a single language.

At its import, Faker searches all of its providers for languages, which takes as long as creating
the initial data. A placeholder for its module `faker.config` has only the one language. If other
code in this process uses another language of Faker, the search takes place then.

Undocumented internals that are used: the names that Faker imports from `faker.config`
(CONFIG_PLACEHOLDERS). If it imports another one, the placeholder loads the real module, and the
only effect is a slower start.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mock_server.runtime.placeholder_modules import using_placeholders
from openapi import reporting_missing_internals

LOCALE = "zh_CN"
PROVIDERS = ("faker.providers.person", "faker.providers.address")
"""Faker's providers for the kinds of names that are used here."""


def _faker_config() -> Any:
    return import_module("faker.config")


class _LazyLocales:
    """Languages of Faker, which are searched for only if another one than ours is used."""

    def __contains__(self, name: object) -> bool:
        return name == LOCALE or name in _faker_config().AVAILABLE_LOCALES


class _LazyProviders:
    """Providers of Faker, to which a `Faker()` without `providers` adds its own."""

    def __add__(self, others: list[str]) -> list[str]:
        return [*_faker_config().PROVIDERS, *others]


CONFIG_PLACEHOLDERS: dict[str, Any] = {
    "AVAILABLE_LOCALES": _LazyLocales(),
    "DEFAULT_LOCALE": "en_US",
    "PROVIDERS": _LazyProviders(),
}

with (
    reporting_missing_internals("faker"),
    using_placeholders({"faker.config": CONFIG_PLACEHOLDERS}),
):
    from faker import Faker

__all__ = ["Faker", "create_faker"]


def create_faker(seed: int) -> Faker:
    """Return a generator of Chinese names and places, which are the same for the same seed."""
    # Without weighting, names are drawn faster; how frequent they are does not matter here.
    fake = Faker(LOCALE, providers=[*PROVIDERS], use_weighting=False)
    fake.seed_instance(seed)
    return fake
