"""The control plane in a real browser: its own page works, pages of other origins do not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mock_server.control.contract import load_control_contract
from openapi import iter_operations
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.pages.browser import open_page
from tests.serving import RunningMock, serve_app


@pytest.mark.whole
def test_swagger_ui_shows_the_control_plane_without_another_host(
    shared_mock: RunningMock, tmp_path: Path
) -> None:
    """It shows all operations, and the mock as the only server."""
    seen = open_page(f"{shared_mock.address}{ADMIN}/docs/", tmp_path)
    operations = [*iter_operations(load_control_contract(secured=False))]
    shown = re.findall(r'class="opblock [^"]*" id="operations-', seen.dom)
    assert len(shown) == len(operations) >= 12
    servers = re.findall(r'class="servers">.*?</label>', seen.dom, re.DOTALL)
    assert re.findall('<option value="([^"]*)"', servers[0]) == [f"{shared_mock.address}{ADMIN}"]
    assert seen.hosts == {shared_mock.address}


def test_a_page_of_another_origin_moves_nothing(shared_mock: RunningMock, tmp_path: Path) -> None:
    """A request without preflight changes nothing either, and its response cannot be read."""
    before = shared_mock.anonymous.get(f"{ADMIN}/health").json()
    advance, clock = (f"{shared_mock.address}{ADMIN}/clock{end}" for end in ("/advance", ""))
    script = f"""
        const body = '{{"seconds": 60}}', told = [];
        for (const mode of ["cors", "no-cors"])
          told.push(await fetch("{advance}", {{method: "POST", mode, body}}).then(
            answer => answer.type, () => "refused"));
        told.push(await fetch("{clock}").then(answer => answer.text(), () => "refused"));
        document.body.append("told: " + told.join());
    """

    async def elsewhere(_scope: Any, _receive: Any, send: Any) -> None:
        page = f'<link rel="icon" href="data:,"><body><script type="module">{script}</script>'
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page.encode()})

    with serve_app(elsewhere) as origin:
        seen = open_page(origin, tmp_path)
    assert "told: refused,refused,refused" in seen.dom
    assert shared_mock.anonymous.get(f"{ADMIN}/health").json() == before
