"""The guides: Markdown files in both languages, in the order of guides.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from openapi.contract_loading import Language
from openapi.documentation.names import guide_page
from openapi.loader import ContractError, read_yaml

FOLDER = Path(__file__).parent / "guides"
ORDER_FILE = "guides.yaml"


@dataclass(frozen=True, slots=True)
class GuideFile:
    """A guide in one language, and its English text, from which anchors are made."""

    name: str
    text: str
    english: str

    @property
    def title(self) -> str:
        """The text of the first heading."""
        return self.text.partition("\n")[0].removeprefix("# ").strip()


def guide_files(folder: Path = FOLDER) -> dict[str, str]:
    """Return the page of each guide by its name.

    Raises ContractError if the list of names is wrong.
    """
    names = read_yaml(folder / ORDER_FILE, ORDER_FILE)
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise ContractError(ORDER_FILE, "", "it must be a list of names")
    return {name: guide_page(name) for name in names}


def load_guide(name: str, lang: Language, folder: Path = FOLDER) -> GuideFile:
    """Return a guide in a language."""
    text, english = (
        (folder / each / f"{name}.md").read_text(encoding="utf-8") for each in (lang, "en")
    )
    return GuideFile(name, text, english)
