"""A person's steps in Chromium: refusals, faults, snapshots, readings, sessions, keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.mock_server.control.journal_requests import TASK_LIST, TASKS
from tests.mock_server.pages.console.browser import LAPTOP, PHONE, console_page
from tests.mock_server.pages.console.person import CONSOLE
from tests.serving import RunningMock

pytestmark = pytest.mark.whole
SWAGGER_UI_MS = 30_000
"""Time that Swagger UI may take to render the contract on a busy machine."""
GROUPS = "/api/v1/marketing-notice/group"
PATHS = ("/journal", "/journal/2", "/faults", "/readings", "/snapshots", "/sessions")


@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_a_person_finds_why_a_request_was_refused(
    browser: Browser, mock: RunningMock, width: int
) -> None:
    """The request appears in the open journal by itself; its page names field, rule and remedy."""
    with console_page(browser, mock, "/journal", width=width) as page:
        expect(page.locator("#journal-rows")).to_contain_text("1 of 1 requests")
        mock.client.post(TASKS, json={"taskName": "x", "taskType": "NONE"})
        expect(page.locator("#journal-rows")).to_contain_text("NT-19")
        page.get_by_label("Only refused").check()
        page.get_by_role("button", name="Filter").click()
        expect(page.locator("#journal-rows")).to_contain_text("1 of 1 requests")
        page.get_by_role("link", name=TASKS).click()
        why = page.get_by_role("region", name="Why it was refused")
        expect(why).to_contain_text("/body/taskType")
        expect(why).to_contain_text("taskType must be APPOINTMENT_REMINDER or")
        steps = page.get_by_role("region", name="What to do")
        expect(steps).to_contain_text("Change /body/taskType; accepted: APPOINTMENT_REMINDER")
        page.get_by_role("link", name="Back to the list").click()
        expect(page.get_by_label("Only refused")).to_be_checked()


def test_a_person_follows_a_rule_to_swagger_ui(browser: Browser, mock: RunningMock) -> None:
    """The link opens the operation, whose description has the rule."""
    mock.client.post(TASKS, json={"taskName": "x", "taskType": "NONE"})
    with console_page(browser, mock, "/journal/2") as page:
        page.get_by_role("link", name="The rules of the operation").click()
        opened = page.locator("#operations-notification-tasks-createNotificationTask")
        expect(opened).to_contain_text("NT-19", timeout=SWAGGER_UI_MS)


def test_a_person_replays_a_request_and_copies_it(browser: Browser, mock: RunningMock) -> None:
    """The clipboard gets the curl command; the new request says which one it replays."""
    mock.client.get(TASK_LIST).raise_for_status()
    with console_page(browser, mock, "/journal/2") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy: curl command").click()
        expect(page.get_by_role("button", name="Copy: curl command")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith('curl -H "Authorization: Bearer $TOKEN"')
        page.get_by_role("button", name="Replay").click()
        expect(page).to_have_url(f"{mock.address}{CONSOLE}/journal/3")
        expect(page.get_by_role("region", name="Summary")).to_contain_text("replay of #2")


def test_a_person_adds_a_fault_and_sees_it_hit(browser: Browser, mock: RunningMock) -> None:
    """The counter follows by itself, and the journal shows the fault."""
    with console_page(browser, mock, "/faults") as page:
        page.get_by_label("Operation").fill("listGroups")
        page.get_by_label("Status", exact=False).first.fill("503")
        page.get_by_label("Times").fill("1")
        page.get_by_role("button", name="Add a rule").click()
        expect(page.locator("#hits-1")).to_contain_text("0 hits")
        assert mock.client.get(GROUPS).status_code == 503
        expect(page.locator("#hits-1")).to_contain_text("1 hits")
        assert mock.client.get(GROUPS).status_code == 200
        page.get_by_role("link", name="Journal").click()
        faulted = page.get_by_role("row").filter(has_text="503")
        expect(faulted).to_contain_text("fault")
        page.get_by_role("link", name="Faults").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(page.get_by_role("main")).to_contain_text("There are no rules")


def test_a_person_restores_a_snapshot(browser: Browser, mock: RunningMock) -> None:
    """A group that was created afterwards is gone."""
    with console_page(browser, mock, "/snapshots") as page:
        page.get_by_label("Name").fill("clean")
        page.get_by_role("button", name="Save", exact=True).click()
        mock.client.post(GROUPS, json={"name": "Made later"}).raise_for_status()
        assert "Made later" in mock.client.get(GROUPS).text
        page.get_by_role("button", name="Restore").click()
        expect(page.get_by_role("status").first).to_contain_text("Snapshot clean was restored")
        assert "Made later" not in mock.client.get(GROUPS).text


def test_a_person_switches_a_reading_and_sets_it_back(browser: Browser, mock: RunningMock) -> None:
    """The API follows at once; the page stays at the question, and has the command of a start."""
    with console_page(browser, mock, "/readings") as page:
        page.get_by_role("button", name="Use this: refusal-body=spring").click()
        expect(page).to_have_url(f"{mock.address}{CONSOLE}/readings#refusal-body")
        expect(page.locator("#command")).to_have_text("hypers-mock --readings refusal-body=spring")
        assert "timestamp" in mock.client.get("/api/v1/none").json()
        page.get_by_role("button", name="Restore the defaults").click()
        expect(page.locator("#command")).to_have_text("hypers-mock")
        assert "timestamp" not in mock.client.get("/api/v1/none").json()


def test_a_person_creates_and_opens_a_session(browser: Browser, mock: RunningMock) -> None:
    """The overview of the new session has its own clock."""
    with console_page(browser, mock, "/sessions") as page:
        page.get_by_label("Name").fill("tea")
        page.get_by_label("Instant").fill("2025-12-31T23:59:00")
        page.get_by_role("button", name="Create a session").click()
        page.get_by_role("link", name="Open: tea").click()
        expect(page.locator("#clock-now")).to_contain_text("2025-12-31 23:59:00")
        expect(page.get_by_label("Session", exact=True)).to_have_value("tea")


def test_the_keyboard_leads_through_the_journal(browser: Browser, mock: RunningMock) -> None:
    """A slash leads to the search, arrows from row to row; a poll does not lose the place."""
    mock.client.get(TASK_LIST)
    mock.client.get(GROUPS)
    with console_page(browser, mock, "/journal") as page:
        page.keyboard.press("/")
        expect(page.get_by_label("Text")).to_be_focused()
        page.get_by_role("link", name=GROUPS).focus()
        page.keyboard.press("ArrowDown")
        second = page.get_by_role("link", name="/api/v1/notification-tasks")
        expect(second).to_be_focused()
        mock.client.get("/api/v1/none")
        expect(page.locator("#journal-rows")).to_contain_text("4 of 4 requests")
        expect(second).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{mock.address}{CONSOLE}/journal/2")


def test_without_javascript_the_same_steps_work(browser: Browser, mock: RunningMock) -> None:
    """Filters, faults, readings, snapshots and replay are forms and links."""
    mock.client.get(TASK_LIST)
    with console_page(browser, mock, "/journal?method=GET", scripts=False) as page:
        page.get_by_role("link", name="/api/v1/notification-tasks").click()
        page.get_by_role("button", name="Replay").click()
        expect(page.get_by_role("status").first).to_contain_text("Request #2 was replayed as #3.")
        page.get_by_role("link", name="Faults").click()
        page.get_by_label("Operation").fill("*")
        page.get_by_label("Delay (ms)", exact=False).first.fill("1")
        page.get_by_role("button", name="Add a rule").click()
        expect(page.locator("#hits-1")).to_contain_text("0 hits")
        page.get_by_role("link", name="Readings").click()
        page.get_by_role("button", name="Use this: rates=percent").click()
        expect(page.get_by_role("status").first).to_contain_text("rates is now percent.")


@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_no_page_scrolls_sideways(browser: Browser, mock: RunningMock, width: int) -> None:
    """With long words in every place where there can be some."""
    long = "W" * 600
    mock.client.post(f"{TASKS}?{long}=1", json={long: long, "taskName": long})
    mock.anonymous.put(f"/__admin/snapshots/{long[:64]}").raise_for_status()
    mock.anonymous.post("/__admin/sessions", json={"name": long[:64]}).raise_for_status()
    rule = {"operation": "notification-tasks", "status": 400, "delay": 1, "maxDelay": 600000}
    mock.anonymous.post("/__admin/faults", json=rule).raise_for_status()
    with console_page(browser, mock, width=width) as page:
        for path in PATHS:
            page.goto(f"{mock.address}{CONSOLE}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
