"""The contract: a hand-curated OpenAPI 3.0.3 description of the Hypers HTTP API.

All code reads the contract with `load()`; `source_files()` lists its files.
`find_operation_faults()` lists the errors of single operations in a contract from elsewhere
(`--contract`). `ContractError` names the error of a whole contract and its place. The other names
are used by several commands: YAML files, JSON pointers, walks over a document, command lines. Other
packages import only from here (checked by import-linter).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openapi.argument_parser import CommandLineParser, add_version_option, project_version
    from openapi.cache import cached_document
    from openapi.command_runner import (
        EXIT_ERROR,
        STDOUT_ERROR_MESSAGE,
        Command,
        Extra,
        print_error,
        run_command,
    )
    from openapi.contract_loading import ContractForm, Language, load, source_files
    from openapi.document_shape import READINGS_KEY
    from openapi.documentation.site import Documentation
    from openapi.error_texts import KEYWORD_SENTENCES, STATUS_SENTENCES, STATUS_TITLES
    from openapi.loader import ContractError, find_pointer_lines, read_yaml
    from openapi.member_file_sentences import MEMBER_FILE_SENTENCES, mistake_sentence
    from openapi.pointer import (
        child_pointer,
        escape_token,
        pointer_of,
        resolve_pointer,
        split_pointer,
    )
    from openapi.published_documents import published_document
    from openapi.reading_choice import (
        ReadingsError,
        all_readings,
        default_readings,
        iter_contradictions,
        parse_readings,
        reading_set_names,
        readings_with_defaults,
        strict_readings,
    )
    from openapi.readings import ANY_VALUE, Reading, Readings, load_readings
    from openapi.serialization import dump
    from openapi.third_party_errors import (
        UnsupportedPackageError,
        installed_version,
        reporting_missing_internals,
        require_members,
        supported_versions,
        unsupported_package_error,
    )
    from openapi.validation import check_document, find_operation_faults
    from openapi.walking import (
        COMBINING_KEYWORDS,
        combined_schemas,
        iter_operations,
        iter_references,
        walk_nodes,
    )

__all__ = [
    "ANY_VALUE",
    "COMBINING_KEYWORDS",
    "EXIT_ERROR",
    "KEYWORD_SENTENCES",
    "MEMBER_FILE_SENTENCES",
    "READINGS_KEY",
    "STATUS_SENTENCES",
    "STATUS_TITLES",
    "STDOUT_ERROR_MESSAGE",
    "Command",
    "CommandLineParser",
    "ContractError",
    "ContractForm",
    "Documentation",
    "Extra",
    "Language",
    "Reading",
    "Readings",
    "ReadingsError",
    "UnsupportedPackageError",
    "add_version_option",
    "all_readings",
    "cached_document",
    "check_document",
    "child_pointer",
    "combined_schemas",
    "default_readings",
    "dump",
    "escape_token",
    "find_operation_faults",
    "find_pointer_lines",
    "installed_version",
    "iter_contradictions",
    "iter_operations",
    "iter_references",
    "load",
    "load_readings",
    "mistake_sentence",
    "parse_readings",
    "pointer_of",
    "print_error",
    "project_version",
    "published_document",
    "read_yaml",
    "reading_set_names",
    "readings_with_defaults",
    "reporting_missing_internals",
    "require_members",
    "resolve_pointer",
    "run_command",
    "source_files",
    "split_pointer",
    "strict_readings",
    "supported_versions",
    "unsupported_package_error",
    "walk_nodes",
]
_PUBLIC_NAMES = {
    "argument_parser": ("CommandLineParser", "add_version_option", "project_version"),
    "cache": ("cached_document",),
    "contract_loading": ("ContractForm", "Language", "load", "source_files"),
    "document_shape": ("READINGS_KEY",),
    "documentation.site": ("Documentation",),
    "error_texts": ("KEYWORD_SENTENCES", "STATUS_SENTENCES", "STATUS_TITLES"),
    "loader": ("ContractError", "find_pointer_lines", "read_yaml"),
    "member_file_sentences": ("MEMBER_FILE_SENTENCES", "mistake_sentence"),
    "pointer": ("escape_token", "pointer_of", "resolve_pointer", "child_pointer", "split_pointer"),
    "command_runner": (
        "Command",
        "Extra",
        "STDOUT_ERROR_MESSAGE",
        "EXIT_ERROR",
        "print_error",
        "run_command",
    ),
    "published_documents": ("published_document",),
    "reading_choice": (
        "ReadingsError",
        "all_readings",
        "reading_set_names",
        "default_readings",
        "readings_with_defaults",
        "iter_contradictions",
        "parse_readings",
        "strict_readings",
    ),
    "readings": ("ANY_VALUE", "Reading", "Readings", "load_readings"),
    "serialization": ("dump",),
    "third_party_errors": (
        "UnsupportedPackageError",
        "installed_version",
        "reporting_missing_internals",
        "require_members",
        "supported_versions",
        "unsupported_package_error",
    ),
    "validation": ("check_document", "find_operation_faults"),
    "walking": (
        "COMBINING_KEYWORDS",
        "combined_schemas",
        "iter_operations",
        "iter_references",
        "walk_nodes",
    ),
}
"""Public names by the module that defines them."""


def __getattr__(name: str) -> Any:
    """Import a public name on first use.

    Raises AttributeError for a name that is not public.
    """
    # Every command imports `run_command` from here, which reports a missing dependency in one line.
    # With eager imports a missing PyYAML would end in a traceback before `run_command` runs.
    for home, names in _PUBLIC_NAMES.items():
        if name in names:
            globals()[name] = found = getattr(import_module(f"openapi.{home}"), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
