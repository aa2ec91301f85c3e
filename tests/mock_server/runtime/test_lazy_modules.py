"""Connexion and Faker are imported without what the mock does not use."""

from __future__ import annotations

import subprocess
import sys

from mock_server.http.connexion_compat import UNUSED
from mock_server.runtime.lazy_modules import StandIn, standing_in


def printed(code: str) -> str:
    """What a process of its own prints."""
    words = [sys.executable, "-W", "error::UserWarning", "-c", code]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def test_the_mock_starts_without_what_it_does_not_use() -> None:
    """Neither connexion's two clients nor Starlette's for tests, nor Faker's names of colors."""
    names = {*UNUSED, "faker.config", "faker.providers.color"}
    asked = f"import mock_server.app as a, sys; a.create_app(); print({names!r} & {{*sys.modules}})"
    assert printed(asked) == "set()\n"


def test_whoever_asks_faker_for_another_language_gets_it() -> None:
    """In the mock's process, too: it has all its languages and providers."""
    asked = (
        "import mock_server.seed, faker; faker.Faker.seed(1);"
        "print(type(faker.Faker('de_DE').city()).__name__, bool(faker.Faker().color_name()));"
        "faker.Faker('xx_XX')"
    )
    words = [sys.executable, "-c", asked]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout == "str True\n"
    assert "Invalid configuration for faker locale `xx_XX`" in done.stderr


def test_a_stand_in_is_the_module_once_it_is_used() -> None:
    """Connexion's own code finds in it what the module has."""
    import colorsys  # noqa: PLC0415 - any small module

    stand_in = StandIn("colorsys")
    assert stand_in.rgb_to_hsv is colorsys.rgb_to_hsv
    assert not hasattr(stand_in, "__path__")


def test_what_others_import_is_the_module_itself() -> None:
    """Stand-ins are gone when connexion is imported, and never replace what is there already."""
    import requests  # noqa: PLC0415 - the test imports it here on purpose

    with standing_in(UNUSED):
        assert sys.modules["requests"] is requests
    assert not any(isinstance(module, StandIn) for module in sys.modules.values())
