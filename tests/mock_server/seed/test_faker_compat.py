"""What is relied on of Faker beside its documentation: where it looks for languages."""

from __future__ import annotations

from importlib import import_module

import pytest

from mock_server.seed import faker_compat as compat


@pytest.mark.parametrize("name", compat.LOOKED_UP)
def test_what_is_looked_up_is_in_fakers_own_module(name: str) -> None:
    """A name that has gone is one that Faker does not look for any more."""
    assert hasattr(import_module("faker.config"), name)


def test_the_language_and_providers_are_fakers() -> None:
    """What the first world is made with."""
    config = import_module("faker.config")
    assert compat.LANGUAGE in config.AVAILABLE_LOCALES
    assert {*compat.PROVIDERS} <= {*config.PROVIDERS}
    assert compat.LOOKED_UP["DEFAULT_LOCALE"] == config.DEFAULT_LOCALE


def test_the_same_seed_gives_the_same_names() -> None:
    """In Chinese."""
    first, second = compat.faker(1), compat.faker(1)
    names = [first.name() for _ in range(20)]
    assert names == [second.name() for _ in range(20)]
    assert all("\u4e00" <= letter <= "\u9fff" for name in names for letter in name)
