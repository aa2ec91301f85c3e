"""Undocumented behavior of PyYAML that is relied on."""

from __future__ import annotations

import yaml

from openapi.yaml_compat import SafeDumper, SafeLoader, remove_implicit_resolvers


def test_libyaml_is_used_where_it_is_there() -> None:
    """`CSafeLoader` and `CSafeDumper` exist exactly if PyYAML was built with libyaml."""
    names = [SafeLoader.__name__, SafeDumper.__name__]
    written = "C" if yaml.__with_libyaml__ else ""
    assert names == [f"{written}SafeLoader", f"{written}SafeDumper"]


def test_a_loader_guesses_by_its_implicit_resolvers_alone() -> None:
    """Without them, plain scalars are strings; PyYAML's own loader is unaffected."""

    class Loader(SafeLoader):
        """A separate loader."""

    remove_implicit_resolvers(Loader)
    assert yaml.load("[1, on, 2020-01-01]", Loader=Loader) == ["1", "on", "2020-01-01"]
    assert yaml.safe_load("[1, on]") == [1, True]
