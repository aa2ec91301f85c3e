"""A contract as YAML or JSON text."""

from __future__ import annotations

import json
import re

import yaml

from openapi.yaml_compat import SafeDumper
from openapi.yaml_core import add_core_resolvers

OTHER_LINE_BREAKS = re.compile("[\r\x85\u2028\u2029]")
"""Line breaks that a YAML block would turn into a line feed."""


def dump(document: object, form: str) -> str:
    """Return a document, or a part of one, as text; `form` is `yaml` or `json`.

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
    # Descriptions stay readable, line by line.
    style = '"' if OTHER_LINE_BREAKS.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


# A text such as `1e3` is quoted: it is a number in YAML 1.2, though not in PyYAML's YAML 1.1.
add_core_resolvers(_NoAliasDumper)
_NoAliasDumper.add_representer(str, _represent_text)
