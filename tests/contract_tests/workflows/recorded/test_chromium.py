"""A recording of a page in Chromium that uses the mock holds; copies with seeded faults fail."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract_tests.run_check import run_check
from tests.contract_tests.workflows.recorded.recordings import Recording, edit_body
from tests.programs import require_program
from tests.serving import run_mock, serve_app

pytestmark = pytest.mark.whole

HERE = Path(__file__).parent
NODE_PROGRAM = Path(sys.prefix) / "bin/node"
PLAYWRIGHT = Path(sys.prefix) / "node/node_modules/playwright-core/index.js"
SECRETS = ("demo-password", "demo-secret")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with recordings of a page of another origin, which uses a mock."""
    chromium = require_program("chromium")
    assert PLAYWRIGHT.exists(), "playwright-core is missing: run `make .venv/.node`"
    folder = tmp_path_factory.mktemp("recordings")
    page = (HERE / "frontend.html").read_text(encoding="utf-8")
    with run_mock() as mock:
        content = page.replace("API", f'"{mock.address}"').encode()

        async def frontend(_scope: Any, _receive: Any, send: Any) -> None:
            headers = [(b"content-type", b"text/html; charset=utf-8")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": content})

        with serve_app(frontend) as origin:
            script = str(HERE / "record_page.mjs")
            command = [str(NODE_PROGRAM), script, str(PLAYWRIGHT), chromium, origin, str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
            assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def recording(recordings: Path) -> Recording:
    """The recording with bodies in it."""
    text = (recordings / "embed.har").read_text(encoding="utf-8")
    return Recording(json.loads(text)["log"]["entries"])


def test_a_recording_of_a_browser_holds(recordings: Path) -> None:
    """All requests to the API are judged, by their bodies too; the page itself is left out."""
    for name in ("embed.har", "attach.har"):
        done = run_check("--har", str(recordings / name))
        assert (done.code, done.violations) == (0, []), done.out
        assert "15 judged" in done.out
        assert "1 not to the API" in done.out
        assert "unknown: GET /api/v1/color" in done.out
        assert "Rules      145: 8 held" in done.out


def test_a_recording_without_bodies_holds_by_the_rest(recordings: Path) -> None:
    """Statuses and header fields are judged, and the report counts what is missing."""
    done = run_check("--har", str(recordings / "omit.har"))
    assert (done.code, done.violations) == (0, []), done.out
    assert "15 body of the response" in done.out


def put(value: Any, *way: Any) -> Callable[[Any], None]:
    """Return a change of the body of a response that puts a value at a place."""

    def change(entry: Any) -> None:
        def change_document(document: Any) -> None:
            for step in way[:-1]:
                document = document[step]
            if value is ...:
                del document[way[-1]]
            else:
                document[way[-1]] = value

        edit_body(entry, change_document)

    return change


FAULTS: dict[str, tuple[str, str, Callable[[Any], None], set[tuple[str, str]]]] = {
    "wrong type": ("GET", "&keyWord=", put("7", "content", 0, "id"), {("listGroups", "schema")}),
    "missing field": ("GET", "&keyWord=", put(..., "totalElements"), {("listGroups", "schema")}),
    "wrong filter row": ("GET", "?status=EXECUTION",
                         put("DRAFT", "records", 0, "plan", 0, "status"),
                         {("MN-10", "rule-not-kept")}),
    "wrong counter": ("GET", "&keyWord=", put(7, "numberOfElements"),
                      {("listGroups", "page-inconsistent")}),
    "undocumented status": ("DELETE", "", lambda entry: entry["response"].update(status=204),
                            {("deleteGroup", "undocumented-status")}),
    "lost write": ("GET", "&orderDirection=DESC", put("夏季防晒", "content", 0, "name"),
                   {("listGroups", "differs")}),
    "wrong order": ("GET", "&orderDirection=DESC",
                    put("2020-01-01 00:00:00", "content", 0, "createTime"),
                    {("PG-15", "rule-not-kept"), ("listGroups", "differs")}),
    "leaked secret": ("GET", "/301/report", put("demo-secret", "plannedNumberOfPeopl"),
                      {("getMarketingNoticeReport", "schema")}),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_found(recording: Recording, tmp_path: Path, fault: str) -> None:
    """Exactly the violations that it causes are reported, and no secret."""
    method, part, change, expected = FAULTS[fault]
    change(
        next(
            each
            for each in recording.entries
            if each["request"]["method"] == method and part in each["request"]["url"]
        )
    )
    path = recording.write(tmp_path)
    done = run_check("--har", str(path), "--report", str(tmp_path / "report"))
    report = json.loads((tmp_path / "report/report.json").read_text())
    found = {(each["operation"], each["kind"]) for each in report["run"]["violations"]}
    assert (done.code, found) == (1, expected)
    texts = [done.out, *(each.read_text() for each in (tmp_path / "report").iterdir())]
    assert [secret for secret in SECRETS for text in texts if secret in text] == []
