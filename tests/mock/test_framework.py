"""Connexion is imported without what the mock does not use."""

from __future__ import annotations

import subprocess
import sys

from mock_server.framework import CLIENTS, TEST_CLIENT, StandIn, stand_ins

NAMES = (*CLIENTS, TEST_CLIENT)


def test_the_mock_starts_without_http_clients() -> None:
    """Neither of connexion's two clients is imported, nor Starlette's for tests."""
    asked = f"import mock_server.app, sys; print(set({NAMES!r}) & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", asked],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "set()\n"


def test_a_stand_in_is_the_module_once_it_is_used() -> None:
    """Connexion's own code finds in it what the module has."""
    import colorsys  # noqa: PLC0415 - any small module

    stand_in = StandIn("colorsys")
    assert stand_in.rgb_to_hsv is colorsys.rgb_to_hsv
    assert not hasattr(stand_in, "__path__")


def test_what_others_import_is_the_module_itself() -> None:
    """Stand-ins are gone when connexion is imported, and never replace what is there already."""
    import requests  # noqa: PLC0415 - the test imports it here on purpose

    with stand_ins():
        assert sys.modules["requests"] is requests
    assert not any(isinstance(module, StandIn) for module in sys.modules.values())
