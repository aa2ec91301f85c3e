"""Packages are imported without their unused modules."""

from __future__ import annotations

import sys
from importlib import import_module

from mock_server.runtime.placeholder_modules import PlaceholderModule, using_placeholders


def test_a_placeholder_is_the_module_once_it_is_used() -> None:
    """The package that imported it gets the attributes of the real module."""
    placeholder = PlaceholderModule("colorsys")  # any small module
    assert placeholder.rgb_to_hsv is import_module("colorsys").rgb_to_hsv
    assert not hasattr(placeholder, "__path__")


def test_what_others_import_is_the_module_itself() -> None:
    """Placeholders are removed afterwards, and never replace an imported module."""
    requests = import_module("requests")
    sys.modules.pop("colorsys", None)
    with using_placeholders({"requests": {}, "colorsys": {"taken": 1}}):
        assert sys.modules["requests"] is requests
        assert sys.modules["colorsys"].taken == 1
    assert "colorsys" not in sys.modules
    assert not any(isinstance(module, PlaceholderModule) for module in sys.modules.values())


def test_an_import_that_takes_another_name_gets_the_module() -> None:
    """A later version of a package still starts, only more slowly; the module then stays."""
    sys.modules.pop("colorsys", None)
    with using_placeholders({"colorsys": {"taken": 1}}):
        from colorsys import rgb_to_hsv  # noqa: PLC0415 - as a package does meanwhile
    assert rgb_to_hsv is import_module("colorsys").rgb_to_hsv
