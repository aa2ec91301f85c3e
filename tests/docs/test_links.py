"""Every link and every path of the documents leads somewhere."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from tests.docs.markdown import ROOT, Document, documents
from tests.docs.reader import ADDRESS
from tests.serving import Mock

PATH = re.compile(r"[\w.][\w./<>-]*(?:\.(?:py|yaml|md|toml|txt|json)|/)")
BESIDE = ("", "openapi", "mock_server", "mock_server/domain")
"""Folders that a text may leave out before a path."""
HISTORY = ("CHANGELOG.md", "openapi/DECISIONS.md")
"""Documents that may name files of earlier days."""


def anchors(document: Document) -> set[str]:
    """The names of a document's headings, as GitHub makes them."""
    texts = (text.replace("`", "").lower() for _, text in document.headings())
    return {re.sub(r"[^\w\- ]", "", text).replace(" ", "-") for text in texts}


def leads_somewhere(document: Document, link: str) -> bool:
    """Whether a relative link leads to a file of the project and, behind #, a heading of it."""
    path, _, anchor = unquote(link).partition("#")
    target = (document.path.parent / path).resolve() if path else document.path
    if not (target.exists() and target.is_relative_to(ROOT)):
        return False
    return not anchor or anchor in anchors(Document(str(target.relative_to(ROOT))))


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
def test_every_link_into_the_repository_leads_to_a_file_and_heading(document: Document) -> None:
    """Relative to the document; what is behind # is a heading there."""
    links = [link for link in document.links() if not link.startswith(("http://", "https://"))]
    assert not [link for link in links if not leads_somewhere(document, link)]


def exists(path: str) -> bool:
    """Whether a file or folder is there; `<tag>` is any word."""
    pattern = re.sub(r"<\w+>", "*", path).rstrip("/")
    return any(any((ROOT / folder).glob(pattern)) for folder in BESIDE)


@pytest.mark.parametrize(
    "document",
    [d for d in documents() if d.name not in HISTORY],
    ids=lambda document: document.name,
)
def test_every_path_named_in_a_text_exists(document: Document) -> None:
    """`handlers/<tag>.py` between backquotes: there is at least one."""
    paths = [code for code in document.code() if PATH.fullmatch(code)]
    assert not [path for path in paths if not exists(path)]


def test_every_link_to_the_mock_answers_200(shared_mock: Mock) -> None:
    """A page that a document sends its reader to is there."""
    links = {link for d in documents() for link in d.links() if link.startswith(ADDRESS)}
    assert links
    for link in sorted(links):
        answer = shared_mock.anonymous.get(link.removeprefix(ADDRESS), follow_redirects=True)
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
    """A file that is not there, a heading that is not in it, a way out of the project."""
    assert leads_somewhere(Document("README.md"), link) == leads


def test_every_kind_of_link_is_found() -> None:
    """Inline, bare, and up from a folder: what is not found would not be tried."""
    found = {link for document in documents() for link in document.links()}
    assert {"openapi/", f"{ADDRESS}/", "../openapi/"} <= found
