"""Print the bundled contract.

`python -m openapi [--lang zh|en] [--format yaml|json] [--strictness curated|documented]`
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import yaml

try:
    from yaml import CSafeDumper as _Base
except ImportError:  # PyYAML without libyaml: the same content, slower
    from yaml import SafeDumper as _Base  # type: ignore[assignment]

from openapi import ContractError, load
from openapi.arguments import Parser
from openapi.entry import UNUSABLE, complain, run

PROGRAM = "python -m openapi"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the contract; returns 0, or 2 with one line on standard error when it cannot be."""
    return run(PROGRAM, lambda: _print, arguments, interrupted=130)


def _print(arguments: Sequence[str] | None) -> int:
    parser = Parser(prog=PROGRAM, description="Print the bundled contract.")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the texts")
    parser.add_argument("--format", choices=("yaml", "json"), default="yaml", help="output format")
    parser.add_argument(
        "--strictness",
        choices=("curated", "documented"),
        default="curated",
        help="with or without the constraints that only we infer",
    )
    options = parser.parse_args(arguments)
    try:
        document = load(lang=options.lang, strictness=options.strictness)
    except ContractError as error:
        complain(PROGRAM, f"broken contract: {error}")
        return UNUSABLE
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(dump(document, options.format), end="")
    return 0


def dump(document: dict[str, object], form: str) -> str:
    """The document as YAML or JSON text, readable: Chinese as it is, keys in order, no aliases."""
    if form == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


class _Dumper(_Base):
    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


if __name__ == "__main__":
    raise SystemExit(main())
