"""The undocumented behavior of Hypothesis that the check patches still exists."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.contract import hypothesis_compat as compat

RARE_NUMBER = 918_273_645
"""A number that is never drawn by chance."""


def draw_integers() -> set[int]:
    """Return integers drawn by Hypothesis."""
    found: set[int] = set()

    @settings(max_examples=2000, database=None, derandomize=True)
    @given(st.integers(RARE_NUMBER - 10**6, RARE_NUMBER + 10**6))
    def draw(number: int) -> None:
        found.add(number)

    draw()
    return found


@pytest.mark.whole
def test_constants_of_loaded_modules_are_drawn_unless_they_are_kept_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Hypothesis draws constants of loaded modules, except within the context."""
    name = "a_module_with_a_rare_number"
    (tmp_path / f"{name}.py").write_text(f"RARE = {RARE_NUMBER}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, name, import_module(name))
    assert RARE_NUMBER in draw_integers()
    with compat.without_local_constants():
        assert RARE_NUMBER not in draw_integers()
    assert RARE_NUMBER in draw_integers()
    assert [*compat.compat_warnings()] == []


def test_what_was_replaced_is_put_back() -> None:
    """The internals are restored, also after an error."""
    providers: Any = import_module(compat.PROVIDERS_MODULE)
    before = providers._get_local_constants
    with suppress(KeyboardInterrupt), compat.without_local_constants():
        assert [*providers._get_local_constants()] == []
        raise KeyboardInterrupt
    assert providers._get_local_constants is before


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (compat.PROVIDERS_MODULE, "_get_local_constants"),
        (compat.PROVIDERS_MODULE, "CONSTANTS_CACHE"),
        (compat.CONSTANTS_MODULE, "Constants"),
    ],
)
def test_without_an_internal_a_check_goes_on_and_says_what_is_lost(
    monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    """The warning is one line with the version, and the context changes nothing."""
    monkeypatch.delattr(import_module(module), name)
    [line] = compat.compat_warnings()
    assert line.startswith(f"hypothesis {version('hypothesis')} has other internals (")
    assert name in line
    assert "requests depend on the loaded Python modules" in line
    with compat.without_local_constants():
        pass


def test_without_the_module_a_check_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing module has the same effect as a missing name."""
    monkeypatch.setattr(compat, "PROVIDERS_MODULE", "hypothesis.internal.elsewhere")
    assert len([*compat.compat_warnings()]) == 1
    with compat.without_local_constants():
        pass


@pytest.mark.whole
def test_the_command_says_it_once_and_goes_on() -> None:
    """The warning goes to standard error, and the check runs as before."""
    code = f"""
import importlib
del importlib.import_module({compat.PROVIDERS_MODULE!r})._get_local_constants
from contract_tests.__main__ import main
raise SystemExit(main(["--only", "getGroup", "--max-examples", "1"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.startswith("hypers-check: hypothesis ")
    assert done.stderr.count("\n") == 1
