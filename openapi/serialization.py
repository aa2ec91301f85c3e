"""A contract as YAML or JSON text."""

from __future__ import annotations

import json

import yaml

from openapi.yaml_compat import SafeDumper


def dump(document: dict[str, object], form: str) -> str:
    """Return the document as text; `form` is `yaml` or `json`.

    Chinese is not escaped, keys keep their order, and YAML has no aliases.
    """
    if form == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return yaml.dump(
        document, Dumper=_NoAliasDumper, allow_unicode=True, sort_keys=False, width=100
    )


class _NoAliasDumper(SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        # Several OpenAPI tools read no aliases, and people do not either.
        del data
        return True


def _represent_text(dumper: _NoAliasDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None  # descriptions stay readable, line by line
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_NoAliasDumper.add_representer(str, _represent_text)
