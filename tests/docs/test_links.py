"""All links and paths in the documents exist."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from tests.docs.markdown import ROOT, MarkdownFile, documents_but_guides, markdown_files
from tests.docs.reader import DOCUMENTED_ADDRESS
from tests.serving import RunningMock

PATH_PATTERN = re.compile(r"[\w.][\w./<>-]*(?:\.(?:py|yaml|md|toml|txt|json)|/)")
OMITTED_FOLDERS = ("", "openapi", "mock_server", "mock_server/domain")
"""Directories that a text may omit before a path."""
HISTORY_DOCUMENTS = ("CHANGELOG.md", "openapi/DECISIONS.md", "openapi/DECISIONS.zh.md")
"""Documents that may contain names of former files."""


def heading_anchors(document: MarkdownFile) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    texts = (text.replace("`", "").lower() for _, text in document.headings())
    return {re.sub(r"[^\w\- ]", "", text).replace(" ", "-") for text in texts}


def link_resolves(document: MarkdownFile, link: str) -> bool:
    """Return whether a relative link leads to a file of the project and, after #, to a heading."""
    path, _, anchor = unquote(link).partition("#")
    target = (document.path.parent / path).resolve() if path else document.path
    if not (target.exists() and target.is_relative_to(ROOT)):
        return False
    return not anchor or anchor in heading_anchors(MarkdownFile(str(target.relative_to(ROOT))))


@pytest.mark.parametrize("document", documents_but_guides(), ids=lambda document: document.name)
def test_every_link_into_the_repository_leads_to_a_file_and_heading(document: MarkdownFile) -> None:
    """Links are relative to the document, and the part after # is a heading."""
    links = [link for link in document.links() if not link.startswith(("http://", "https://"))]
    assert not [link for link in links if not link_resolves(document, link)]


def path_exists(path: str) -> bool:
    """Return whether a file or directory exists; `<tag>` is any word."""
    pattern = re.sub(r"<\w+>", "*", path).rstrip("/")
    return any(any((ROOT / folder).glob(pattern)) for folder in OMITTED_FOLDERS)


@pytest.mark.parametrize(
    "document",
    [d for d in documents_but_guides() if d.name not in HISTORY_DOCUMENTS],
    ids=lambda document: document.name,
)
def test_every_path_named_in_a_text_exists(document: MarkdownFile) -> None:
    """A pattern such as `handlers/<tag>.py` matches at least one file."""
    paths = [code for code in document.code() if PATH_PATTERN.fullmatch(code)]
    assert not [path for path in paths if not path_exists(path)]


def test_every_link_to_the_mock_answers_200(shared_mock: RunningMock) -> None:
    """The pages to which documents link exist."""
    links = {
        link for d in markdown_files() for link in d.links() if link.startswith(DOCUMENTED_ADDRESS)
    }
    assert links
    for link in sorted(links):
        answer = shared_mock.anonymous.get(
            link.removeprefix(DOCUMENTED_ADDRESS), follow_redirects=True
        )
        assert answer.status_code == 200, link


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("CHANGELOG.md", True),
        ("CONTRIBUTING.md#add-a-rule", True),
        ("#determinism", True),
        ("CONTRIBUTING.md#add-a-thing", False),
        ("#nowhere", False),
        ("nowhere.md", False),
        ("../elsewhere.md", False),
        ("..", False),
    ],
)
def test_a_dead_link_is_seen(link: str, leads: bool) -> None:
    """A missing file, a missing heading, a path outside of the project."""
    assert link_resolves(MarkdownFile("README.md"), link) == leads


def test_every_kind_of_link_is_found() -> None:
    """Inline, bare, and relative to a parent directory; others would not be tested."""
    found = {link for document in markdown_files() for link in document.links()}
    assert {"openapi/", f"{DOCUMENTED_ADDRESS}/", "../openapi/"} <= found
