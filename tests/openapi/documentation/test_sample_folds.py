"""Samples of guides: which blocks of code belong together, and what a fold says about them."""

from __future__ import annotations

import re

import pytest

from openapi.documentation.markdown import MarkdownPage, MarkdownRenderer
from openapi.documentation.sample_folds import SampleTexts, describe_sample
from tests.openapi.documentation.rendered_page import RenderedPage

TEXTS = SampleTexts("commands", "settings", "response", "output", "{} and {}")
POST = 'curl -s -d \'{"a": 1}\' \\\n  "$HYPERS_API_URL/api/v1/file"\n'
LOGIN = 'export T=$(curl -s -d "{}" \\\n  "$HYPERS_API_URL/oauth/token" | sed "s/a/b/")\n'


def render(text: str) -> MarkdownPage:
    """Return a page with its samples folded."""
    renderer = MarkdownRenderer({}, {}, ("Copy", "Copied"))
    return renderer.render_page(text, text, samples=TEXTS)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("sh", POST, "POST /api/v1/file curl"),
        ("sh", LOGIN, "POST /oauth/token curl"),
        ("sh", 'curl "$HYPERS_API_URL/a?b=1"', "GET /a curl"),
        (
            "sh",
            f'{LOGIN}curl -X PUT -d 1 "$HYPERS_API_URL/a/1"',
            "POST /oauth/token, PUT /a/1 curl",
        ),
        ("sh", f'{POST}curl "$HYPERS_API_URL/a" | grep x', "POST /api/v1/file, GET /a curl"),
        ("sh", "npx openapi-typescript a.json \\\n  -o b", "openapi-typescript commands"),
        ("sh", ".venv/bin/hypers-check --har a", "hypers-check commands"),
        ("python", "# notify.py\nimport time", "notify.py Python"),
        ("ts", "// src/plan.ts\nconst a = 1", "src/plan.ts TypeScript"),
        ("python", "import time", "Python"),
        ("text", "one\ntwo", "output"),
        ("ini", "A=1", "settings"),
    ],
)
def test_a_fold_says_what_it_has(language: str, text: str, said: str) -> None:
    """All requests of a command, the name of a file, or that of a program."""
    opening = describe_sample([(language, text)], 1, TEXTS).opening
    assert re.sub("<[^>]+>", "", opening).replace("&nbsp;", " ").strip() == said


@pytest.mark.parametrize(("language", "kind"), [("json", "response"), ("text", "output")])
def test_a_fold_says_that_it_has_what_a_command_prints(language: str, kind: str) -> None:
    """JSON is a response; a text is an output."""
    fold = describe_sample([("sh", POST), (language, "{}")], 1, TEXTS)
    assert fold.kind == f"curl and {kind}"


def test_a_command_and_its_output_are_in_one_fold_and_a_program_after_them_is_not() -> None:
    """Each block that is no output begins a sample; prose ends one."""
    page = render(
        f"# T\n\n```sh\n{POST}```\n\n```json\n{{}}\n```\n\n```python\n# a.py\n\n1\n```\n\n"
        "prose\n\n```json\n1\n2\n3\n```\n"
    )
    folds = str(page.html).split("<details")[1:]
    assert [fold.partition("</details>")[0].count("<pre") for fold in folds] == [2, 1, 1]
    assert page.has_folds
    assert RenderedPage(str(page.html)).ids == ["sample-1", "a-py", "sample-3"]


def test_a_short_command_alone_stays_open() -> None:
    """It is the point of its step; a command with its response is folded, however short."""
    page = render("# T\n\n```sh\nmake mock\n```\n")
    assert "<details" not in page.html
    assert not page.has_folds
    assert "<details" in render("# T\n\n```sh\nmake\n```\n\n```text\n1\n```\n").html


def test_a_page_of_another_kind_has_no_folds() -> None:
    """Only guides have words for them."""
    text = f"# T\n\n```sh\n{POST}```\n\n```json\n{{}}\n```\n"
    html = MarkdownRenderer({}, {}, ("Copy", "Copied")).render_page(text, text).html
    assert "<details" not in html
    assert "id=" not in html


def test_a_section_has_the_texts_of_its_folds_by_their_anchors() -> None:
    """The search leads to them; prose and open commands are the text of the section."""
    page = render(
        f"# T\n\none\n\n```sh\n{POST}```\n\n```json\n2\n```\n\n## S\n\nthree\n\n```sh\nmake\n```\n"
    )
    found = [(each.title, each.text, each.samples) for each in page.sections]
    assert found == [
        ("T", "one", (("sample-1", POST.strip()), ("sample-1", "2"))),
        ("S", "three\nmake", ()),
    ]


def test_a_name_in_a_summary_is_escaped() -> None:
    """It comes from the text of a sample."""
    html = render("# T\n\n```python\n# <b>.py\n\n1\n2\n```\n").html
    assert "<b>" not in html
    assert "&lt;b&gt;.py" in html
