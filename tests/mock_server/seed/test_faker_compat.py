"""Names in the initial data are Chinese, and the same for the same seed."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from mock_server.seed import faker_compat as compat


@pytest.mark.parametrize("name", compat.CONFIG_PLACEHOLDERS)
def test_what_is_looked_up_is_in_fakers_own_module(name: str) -> None:
    """A name that is missing is one that Faker no longer uses."""
    assert hasattr(import_module("faker.config"), name)


def test_the_default_language_is_fakers() -> None:
    """Placeholder and module have the same value."""
    assert (
        compat.CONFIG_PLACEHOLDERS["DEFAULT_LOCALE"] == import_module("faker.config").DEFAULT_LOCALE
    )


def run_code(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a separate process."""
    words = [sys.executable, "-W", "error::UserWarning", "-c", code]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_the_mock_starts_without_a_look_through_all_languages() -> None:
    """Neither Faker's table of languages nor unused providers are imported."""
    done = run_code(
        "import mock_server.app as app, sys; app.create_app();"
        "print({'faker.config', 'faker.providers.color'} & {*sys.modules})"
    )
    assert done.stdout == "set()\n"


def test_code_that_asks_faker_for_another_language_gets_it() -> None:
    """In the mock's process, Faker still has all languages and providers."""
    done = run_code(
        "import mock_server.seed, faker; faker.Faker.seed(1);"
        "print(type(faker.Faker('de_DE').city()).__name__, bool(faker.Faker().color_name()));"
        "faker.Faker('xx_XX')"
    )
    assert done.stdout == "str True\n"
    assert "Invalid configuration for faker locale `xx_XX`" in done.stderr


def test_the_language_and_providers_are_fakers() -> None:
    """Faker has those that the initial data needs."""
    config = import_module("faker.config")
    assert compat.LOCALE in config.AVAILABLE_LOCALES
    assert {*compat.PROVIDERS} <= {*config.PROVIDERS}


def test_the_same_seed_gives_the_same_names() -> None:
    """The names are Chinese."""
    first, second = compat.create_faker(1), compat.create_faker(1)
    names = [first.name() for _ in range(20)]
    assert names == [second.name() for _ in range(20)]
    assert all("\u4e00" <= letter <= "\u9fff" for name in names for letter in name)
