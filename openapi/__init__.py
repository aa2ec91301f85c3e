"""The contract: a hand-curated OpenAPI 3.0.3 description of the Hypers HTTP API.

`load()` is the one way any code reads it; `source_files()` are the files that it is made of.
`operation_faults()` are the faults of single operations of a contract that others wrote;
`ContractError` names what is wrong with a whole contract, and where. The rest is what the three
commands share: YAML files, JSON pointers, walks over a document, command lines. Other packages
import nothing else of this one (import-linter).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openapi.argument_parser import CommandLineParser, add_version_option, version
    from openapi.bundle import Language, load, source_files
    from openapi.command_runner import (
        EXIT_ERROR,
        STDOUT_ERROR_MESSAGE,
        Command,
        print_error,
        run_command,
    )
    from openapi.loader import ContractError, read_yaml
    from openapi.pointer import (
        child_pointer,
        escape_token,
        pointer_of,
        resolve_pointer,
        split_pointer,
    )
    from openapi.serialization import dump
    from openapi.third_party_errors import (
        UnsupportedPackageError,
        installed_version,
        reporting_missing_internals,
        require_members,
        supported_versions,
        unsupported_package_error,
    )
    from openapi.validation import check_document, operation_faults
    from openapi.walking import COMBINING_KEYWORDS, combined_schemas, iter_operations, walk_nodes

__all__ = [
    "COMBINING_KEYWORDS",
    "EXIT_ERROR",
    "STDOUT_ERROR_MESSAGE",
    "Command",
    "CommandLineParser",
    "ContractError",
    "Language",
    "UnsupportedPackageError",
    "add_version_option",
    "check_document",
    "child_pointer",
    "combined_schemas",
    "dump",
    "escape_token",
    "installed_version",
    "iter_operations",
    "load",
    "operation_faults",
    "pointer_of",
    "print_error",
    "read_yaml",
    "reporting_missing_internals",
    "require_members",
    "resolve_pointer",
    "run_command",
    "source_files",
    "split_pointer",
    "supported_versions",
    "unsupported_package_error",
    "version",
    "walk_nodes",
]
_PUBLIC_NAMES = {
    "argument_parser": ("CommandLineParser", "add_version_option", "version"),
    "bundle": ("Language", "load", "source_files"),
    "loader": ("ContractError", "read_yaml"),
    "pointer": ("escape_token", "pointer_of", "resolve_pointer", "child_pointer", "split_pointer"),
    "command_runner": (
        "Command",
        "STDOUT_ERROR_MESSAGE",
        "EXIT_ERROR",
        "print_error",
        "run_command",
    ),
    "serialization": ("dump",),
    "third_party_errors": (
        "UnsupportedPackageError",
        "installed_version",
        "reporting_missing_internals",
        "require_members",
        "supported_versions",
        "unsupported_package_error",
    ),
    "validation": ("check_document", "operation_faults"),
    "walking": ("COMBINING_KEYWORDS", "combined_schemas", "iter_operations", "walk_nodes"),
}
"""Modules with what is public of each."""


def __getattr__(name: str) -> Any:
    """Import what is public when it is asked for.

    The commands begin with `run_command`, which reports a package that is missing, and YAML's could
    be that.
    """
    for home, names in _PUBLIC_NAMES.items():
        if name in names:
            globals()[name] = found = getattr(import_module(f"openapi.{home}"), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
