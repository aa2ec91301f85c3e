"""Names of the first world are Chinese, and the same for the same seed."""

from __future__ import annotations

from importlib import import_module

from mock_server.seed import fake


def test_the_language_and_providers_are_fakers() -> None:
    """What the first world is made with."""
    config = import_module("faker.config")
    assert fake.LANGUAGE in config.AVAILABLE_LOCALES
    assert {*fake.PROVIDERS} <= {*config.PROVIDERS}


def test_the_same_seed_gives_the_same_names() -> None:
    """In Chinese."""
    first, second = fake.faker(1), fake.faker(1)
    names = [first.name() for _ in range(20)]
    assert names == [second.name() for _ in range(20)]
    assert all("\u4e00" <= letter <= "\u9fff" for name in names for letter in name)
