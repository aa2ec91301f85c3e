"""The contract: a hand-curated OpenAPI 3.0.3 description of the Hypers HTTP API.

`load()` is the one way any code reads it; `sources()` are the files that it is made of. `faults()`
are what is wrong with single operations of a contract that others wrote; `ContractError` says what
is wrong with a whole contract, and where. The rest is what the three commands share: YAML files,
JSON pointers, walks over a document, command lines. Other packages import nothing else of this one
(import-linter).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openapi.argument_parser import Parser, add_version, version
    from openapi.bundle import Language, load, sources
    from openapi.command_runner import NO_OUTPUT, UNUSABLE, Command, complain, run
    from openapi.loader import ContractError, read_yaml
    from openapi.pointer import escape_token, pointer_of, resolve, step, tokens
    from openapi.serialization import dump
    from openapi.third_party_errors import (
        Unsupported,
        installed,
        internals_of,
        require_members,
        supported,
        unsupported,
    )
    from openapi.validation import check_document, faults
    from openapi.walking import COMBINING, combined, each_operation, nodes

__all__ = [
    "COMBINING",
    "NO_OUTPUT",
    "UNUSABLE",
    "Command",
    "ContractError",
    "Language",
    "Parser",
    "Unsupported",
    "add_version",
    "check_document",
    "combined",
    "complain",
    "dump",
    "each_operation",
    "escape_token",
    "faults",
    "installed",
    "internals_of",
    "load",
    "nodes",
    "pointer_of",
    "read_yaml",
    "require_members",
    "resolve",
    "run",
    "sources",
    "step",
    "supported",
    "tokens",
    "unsupported",
    "version",
]
_HOMES = {
    "argument_parser": ("Parser", "add_version", "version"),
    "bundle": ("Language", "load", "sources"),
    "loader": ("ContractError", "read_yaml"),
    "pointer": ("escape_token", "pointer_of", "resolve", "step", "tokens"),
    "command_runner": ("Command", "NO_OUTPUT", "UNUSABLE", "complain", "run"),
    "serialization": ("dump",),
    "third_party_errors": (
        "Unsupported",
        "installed",
        "internals_of",
        "require_members",
        "supported",
        "unsupported",
    ),
    "validation": ("check_document", "faults"),
    "walking": ("COMBINING", "combined", "each_operation", "nodes"),
}
"""Modules with what is public of each."""


def __getattr__(name: str) -> Any:
    """Import what is public when it is asked for.

    The commands begin with `run`, which reports a package that is missing, and YAML's could be
    that.
    """
    for home, names in _HOMES.items():
        if name in names:
            globals()[name] = found = getattr(import_module(f"openapi.{home}"), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
