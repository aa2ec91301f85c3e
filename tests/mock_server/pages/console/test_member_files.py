"""The page that checks member files: uploaded ones, and one of the person's machine."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, expect

from mock_server.pages.console.flask_app import MAX_UPLOAD_SIZE
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.member_files.task_requests import upload_file
from tests.mock_server.member_files.writers import Rows, csv_file, openpyxl_file
from tests.mock_server.pages.console.browser import LAPTOP, PHONE, console_page
from tests.mock_server.pages.console.person import CONSOLE, Person, csrf_token, person_at, texts_of
from tests.mock_server.pages.console.test_escaping import ATTACKS, check_harmless
from tests.serving import RunningMock

PAGE = "/member-files"
ROWS: Rows = [["userId", "昵称", "备注"], ["U7501", "丽", "老客"], ["U7502", "娜", None]]
WRONG: Rows = [["userId", "礼品"], *([f"U{n}", None] for n in range(30)), ["U0", "面膜"]]


def submit_file(person: Person, name: str, content: bytes, **fields: str) -> httpx.Response:
    """Send the form with a file of the person's machine."""
    sent = {"csrf": csrf_token(person.open(PAGE)), "kind": "notificationTasks", **fields}
    return person.browser.post(CONSOLE + PAGE, data=sent, files={"file": (name, content)})


def test_the_page_of_a_file_leads_to_its_check(shared_mock: RunningMock) -> None:
    """The result has members, columns, variables and a sample; nothing is stored."""
    file = upload_file(shared_mock, "五一名单.xlsx", openpyxl_file(ROWS))
    with person_at(shared_mock) as person:
        link = f"{CONSOLE}{PAGE}?fileIds={file}"
        assert f'href="{link}"' in person.open(f"/data/files/{file}").text
        shown = texts_of(person.browser.get(f"{link}&text=%7B%7B昵称%7D%7D"))
    assert "The list is accepted: 2 members." in shown
    assert "Columns of 五一名单.xlsx Sheet “名单”, 2 rows." in shown
    assert "B 昵称 nickname variable {{昵称}} C 备注 not used; could be a variable" in shown
    assert "U7501 U7501 丽 丽" in shown


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            [
                "The list is refused: 32 errors.",
                "20 of them are listed.",
                "错误.csv B2 B2 has no value",
            ],
        ),
        ("zh", ["不能使用，共 32 处错误。", "以下列出其中 20 处。", "缺少变量的列： 城市"]),
    ],
)
def test_a_file_of_the_machine_is_checked_and_not_stored(
    shared_mock: RunningMock, lang: str, expected: list[str]
) -> None:
    """The errors have their places, and their sentences in the language of the page."""
    before = shared_mock.anonymous.get(f"{ADMIN}/state").content
    with person_at(shared_mock, lang=lang) as person:
        answer = submit_file(person, "错误.csv", csv_file(WRONG), text="{{礼品}}", variables="城市")
    assert answer.status_code == 200
    shown = texts_of(answer)
    for text in expected:
        assert text in shown
    assert shared_mock.anonymous.get(f"{ADMIN}/state").content == before


def test_a_form_with_a_file_needs_the_token_of_the_page(shared_mock: RunningMock) -> None:
    """Like every other form of the console."""
    with person_at(shared_mock) as person:
        answer = person.browser.post(
            CONSOLE + PAGE, data={"csrf": "x"}, files={"file": ("a", b"b")}
        )
        assert "The form has expired" in texts_of(answer)


def test_a_wrong_question_is_refused_beside_the_forms(shared_mock: RunningMock) -> None:
    """A form without a file, ids that are none, and variables of a plan task."""
    with person_at(shared_mock) as person:
        assert "FI-01" in texts_of(submit_file(person, "", b""))
        refused = person.open(f"{PAGE}?fileIds=abc")
        assert refused.status_code == 400
        assert "/body/fileIds/0" in texts_of(refused)
        plan = person.open(f"{PAGE}?fileIds=601&kind=noticeTasks&variables=礼品")
        assert "CP-52" in texts_of(plan)


def test_a_file_may_be_larger_than_other_forms(shared_mock: RunningMock) -> None:
    """Up to the 16 MiB that the page names."""
    rows: Rows = [["userId", "a"], *([f"U{n}", "x" * 8000] for n in range(40))]
    with person_at(shared_mock) as person:
        assert "accepted: 40 members" in texts_of(submit_file(person, "a.csv", csv_file(rows)))
        answer = submit_file(person, "a.csv", bytes(MAX_UPLOAD_SIZE))
        assert answer.status_code == 413


@pytest.mark.parametrize("text", ATTACKS)
def test_what_a_file_contains_is_text_on_the_page(shared_mock: RunningMock, text: str) -> None:
    """Its name, its titles, its values, and the fields of the form."""
    rows: Rows = [["userId", text, "b"], [text, text, None], [text, None, None]]
    name = text.replace("/", "").replace('"', "'")
    with person_at(shared_mock) as person:
        answer = submit_file(person, name, csv_file(rows), text=text, variables=f"b,{text}")
    assert answer.status_code == 200
    check_harmless(answer)


@pytest.mark.whole
@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_a_person_checks_a_file_without_javascript(
    browser: Browser, mock: RunningMock, width: int
) -> None:
    """By the navigation and the form; the page does not scroll sideways."""
    with console_page(browser, mock, scripts=False, width=width) as page:
        page.get_by_role("link", name="Member files").first.click()
        form = page.get_by_role("region", name="Check a file of this machine")
        name, content = "错误.csv", csv_file(WRONG)
        form.get_by_label("File").set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content}
        )
        form.get_by_label("Text of the task").fill("{{礼品}}")
        form.get_by_role("button", name="Check").click()
        expect(page.get_by_role("alert")).to_contain_text("The list is refused: 31 errors.")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
