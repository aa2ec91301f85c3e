"""Putting a fault into this process, before the mock is imported."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from copy import deepcopy
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import openapi
from tests.mutants.mutant import CodeEdit, ContractEdit, Mutant, WireEdit
from tests.wire_faults import WireFaultApp

ROOT = Path(openapi.__file__).parent.parent


def install_fault(mutant: Mutant) -> None:
    """Install the mutant's fault in this process.

    Raises ValueError if the mock is imported already.
    """
    if "mock_server.cli" in sys.modules:
        raise ValueError("the mock was imported before its fault")
    _install_code_edits([part for part in mutant.parts if isinstance(part, CodeEdit)])
    _install_contract_edits([part for part in mutant.parts if isinstance(part, ContractEdit)])
    _install_wire_edits([part for part in mutant.parts if isinstance(part, WireEdit)])


def read_source(part: CodeEdit) -> str:
    """Return the source that a part of a fault edits."""
    return (ROOT / "mock_server" / part.file).read_text(encoding="utf-8")


def _install_code_edits(parts: Sequence[CodeEdit]) -> None:
    if parts:
        sys.meta_path.insert(0, _EditingFinder(parts))


class _EditingFinder(importlib.abc.MetaPathFinder):
    """Finder of the modules that are edited."""

    def __init__(self, parts: Iterable[CodeEdit]) -> None:
        self._edits: dict[str, list[CodeEdit]] = {}
        for part in parts:
            self._edits.setdefault(part.module, []).append(part)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module with a loader that edits its source."""
        if fullname not in self._edits:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            raise ImportError(f"there is no {fullname}")
        loader = _EditingLoader(fullname, spec.origin, self._edits[fullname])
        return importlib.util.spec_from_file_location(fullname, spec.origin, loader=loader)


class _EditingLoader(importlib.machinery.SourceFileLoader):
    """Loader that compiles the edited source of a module, never from a cache."""

    def __init__(self, fullname: str, path: str, edits: Sequence[CodeEdit]) -> None:
        super().__init__(fullname, path)
        self._edits = edits

    def get_code(self, fullname: str) -> CodeType:
        """Return the code with the fault."""
        path = self.get_filename(fullname)
        text = Path(path).read_text(encoding="utf-8")
        for edit in self._edits:
            text = edit.apply(text)
        return compile(text, path, "exec", dont_inherit=True)


def _install_contract_edits(parts: Sequence[ContractEdit]) -> None:
    if not parts:
        return
    load = openapi.load

    def edited(*arguments: Any, **options: Any) -> dict[str, Any]:
        contract = deepcopy(load(*arguments, **options))
        for part in parts:
            part.edit(contract)
        return contract

    openapi.load = edited


def _install_wire_edits(parts: Sequence[WireEdit]) -> None:
    if not parts:
        return
    from mock_server import cli  # noqa: PLC0415 - after its source is edited

    create_app: Any = vars(cli)["create_app"]

    def faulty(*arguments: Any, **options: Any) -> Any:
        app = create_app(*arguments, **options)
        for part in parts:
            app = WireFaultApp(app, part.fault)
        return app

    vars(cli)["create_app"] = faulty
