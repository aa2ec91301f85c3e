"""Faker, imported without a look through all the languages that it speaks.

That look takes longer than to make the whole first world. Whoever else in this process asks Faker
for another language gets it: it looks then.

Not documented, and relied upon: that Faker looks in its module `faker.config`, for LOOKED_UP. Where
it looks for something else there, it gets the module itself, and the start takes longer.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mock_server.runtime.lazy_modules import standing_in

LANGUAGE = "zh_CN"
PROVIDERS = ("faker.providers.person", "faker.providers.address")
"""What is used of Faker."""


def _config() -> Any:
    return import_module("faker.config")


class _Languages:
    def __contains__(self, name: object) -> bool:
        return name == LANGUAGE or name in _config().AVAILABLE_LOCALES


class _Providers:
    def __add__(self, others: list[str]) -> list[str]:
        return [*_config().PROVIDERS, *others]


LOOKED_UP = {
    "AVAILABLE_LOCALES": _Languages(),
    "DEFAULT_LOCALE": "en_US",
    "PROVIDERS": _Providers(),
}

with standing_in({"faker.config": LOOKED_UP}):
    from faker import Faker

__all__ = ["Faker", "faker"]


def faker(seed: int) -> Faker:
    """Chinese names and places, the same for the same seed."""
    fake = Faker(LANGUAGE, providers=[*PROVIDERS], use_weighting=False)
    fake.seed_instance(seed)
    return fake
