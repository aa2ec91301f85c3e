"""Sources of the pages in one language, read when a page needs them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from openapi.contract_loading import Language, load
from openapi.documentation.decisions import Decision, DecisionFile, load_decisions
from openapi.documentation.fields import SchemaReader
from openapi.documentation.guides import guide_files
from openapi.documentation.markdown import MarkdownRenderer
from openapi.documentation.names import (
    CHANGES,
    DECISIONS,
    ERRORS,
    GUIDES,
    HOME,
    QUESTIONS,
    REFERENCE,
    rule_anchor,
    schema_anchor,
)
from openapi.documentation.operations import Operation, OperationReader
from openapi.documentation.provenance import ProvenanceReader
from openapi.documentation.sample_folds import SampleTexts
from openapi.documentation.texts import page_texts
from openapi.languages import LANGUAGES
from openapi.readings import Reading, load_readings
from openapi.walking import iter_operations


class Edition:
    """The contract in one language, read for the documentation as far as a page needs it.

    Every attribute raises ContractError if its file cannot be read.
    """

    def __init__(self, lang: Language) -> None:
        """Read nothing yet but the texts of the pages."""
        self.lang: Language = lang
        self.texts = page_texts(lang)

    @cached_property
    def contract(self) -> Mapping[str, Any]:
        """The published contract."""
        return load(lang=self.lang)

    @cached_property
    def decisions(self) -> DecisionFile:
        """The decisions in this language."""
        return load_decisions(self.lang)

    @cached_property
    def by_decision(self) -> Mapping[str, Decision]:
        """All decisions by their id."""
        return self.decisions.by_id()

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The open questions."""
        return load_readings()

    @cached_property
    def markdown(self) -> MarkdownRenderer:
        """The renderer of the texts."""
        copy = (self.texts.copy, self.texts.copied)
        return MarkdownRenderer(self._targets(), _file_pages(), copy)

    @cached_property
    def sample_texts(self) -> SampleTexts:
        """The words of the folds in which guides have their samples."""
        texts = self.texts
        return SampleTexts(
            texts.sample_commands,
            texts.sample_settings,
            texts.sample_response,
            texts.sample_output,
            texts.sample_with_output,
        )

    @cached_property
    def provenance(self) -> ProvenanceReader:
        """The reader of marks."""
        return ProvenanceReader(self.by_decision, self.readings)

    @cached_property
    def schemas(self) -> SchemaReader:
        """The reader of schemas."""
        return SchemaReader(self.contract, self.markdown, self.provenance)

    @cached_property
    def operation_reader(self) -> OperationReader:
        """The reader of operations."""
        return OperationReader(
            self.contract,
            self.lang,
            self.markdown,
            self.provenance,
            self.schemas,
            self.summaries,
        )

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in the order of their tags."""
        return tuple(self.operation_reader.operations())

    @cached_property
    def summaries(self) -> Mapping[str, str]:
        """The summaries of all operations by their id."""
        declared = (each.operation for each in iter_operations(self.contract))
        return {each["operationId"]: each["summary"] for each in declared}

    def _targets(self) -> dict[str, str]:
        """Return the addresses of all names that texts may mention."""
        schemas = self.contract["components"]["schemas"]
        return {
            **{name: f"{REFERENCE}#{schema_anchor(name)}" for name in schemas},
            **{name: f"{REFERENCE}#{name}" for name in self.summaries},
            **{each.key: f"{QUESTIONS}#{each.key}" for each in self.readings},
            **{name: f"{ERRORS}#{rule_anchor(name)}" for name in self.contract["x-rules"]},
            **{name: f"{DECISIONS}#{name}" for name in self.by_decision},
            "DECISIONS.md": DECISIONS,
            "DECISIONS.zh.md": DECISIONS,
        }


def _file_pages() -> dict[str, str]:
    """Return the page of each file to which another one may link, by its path below `openapi/`.

    Guides may also link to pages that are made from no Markdown file, as if they lay beside them.
    """
    made = (REFERENCE, ERRORS, DECISIONS, QUESTIONS, CHANGES)
    beside = {page.removesuffix(".html"): page for page in made}
    return {
        **{
            f"{GUIDES}/{lang}/{name}.md": page
            for lang in LANGUAGES
            for name, page in (guide_files() | beside).items()
        },
        "DECISIONS.md": DECISIONS,
        "DECISIONS.zh.md": DECISIONS,
        "CHANGELOG.md": CHANGES,
        "CHANGELOG.zh.md": CHANGES,
        "readings.yaml": QUESTIONS,
        "rules.yaml": f"{ERRORS}#rules",
        "dist": f"{HOME}#downloads",
        "dist/README.md": f"{HOME}#downloads",
    }
