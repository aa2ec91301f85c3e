"""What is taken of PyYAML beside its documentation: libyaml's classes, and where tags are guessed.

`Loader.yaml_implicit_resolvers` holds the patterns by which PyYAML guesses what a plain scalar is;
without them all that is left are the strings, and whatever `add_implicit_resolver` adds.
"""

from __future__ import annotations

import yaml

from openapi.third_party_errors import require_members

try:
    from yaml import CSafeDumper as SafeDumper
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without libyaml: the same result, slower
    from yaml import SafeDumper, SafeLoader  # type: ignore[assignment]

__all__ = ["SafeDumper", "SafeLoader", "remove_implicit_resolvers"]

require_members(
    "pyyaml", SafeLoader, ("yaml_implicit_resolvers", "add_implicit_resolver", "add_constructor")
)


def remove_implicit_resolvers(loader: type[yaml.SafeLoader | yaml.CSafeLoader]) -> None:
    """Let a loader read every plain scalar as a string, until resolvers are added to it."""
    loader.yaml_implicit_resolvers = {}
