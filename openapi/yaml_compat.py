"""Undocumented parts of PyYAML: the resolvers of plain scalars, and the classes of libyaml.

`Loader.yaml_implicit_resolvers` contains the patterns by which PyYAML assigns a type to a plain
scalar. Without them, each is a string, unless `add_implicit_resolver` adds patterns.
"""

from __future__ import annotations

import yaml

from openapi.third_party_errors import require_members

try:
    from yaml import CSafeDumper as SafeDumper
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML built without libyaml: the same result, but slower
    from yaml import SafeDumper, SafeLoader  # type: ignore[assignment]

__all__ = ["SafeDumper", "SafeLoader", "remove_implicit_resolvers"]

require_members(
    "pyyaml", SafeLoader, ("yaml_implicit_resolvers", "add_implicit_resolver", "add_constructor")
)


def remove_implicit_resolvers(loader: type[yaml.SafeLoader | yaml.CSafeLoader]) -> None:
    """Make a loader read every plain scalar as a string, until resolvers are added to it."""
    # A new dict, because the inherited one belongs to PyYAML's own loader as well.
    loader.yaml_implicit_resolvers = {}
