"""The command that writes the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from openapi.documentation.__main__ import main


def test_a_folder_that_cannot_be_made_is_an_error_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 2, and the line names the folder."""
    file = tmp_path / "pages"
    file.touch()
    assert main([str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"python -m openapi.documentation: {file}: ")
    assert printed.err.count("\n") == 1


@pytest.mark.whole
def test_the_command_names_the_page_to_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It exists, and both languages are beside it."""
    assert main([str(tmp_path / "pages")]) == 0
    page = Path(capsys.readouterr().out.removeprefix("Written: ").rstrip())
    assert page == tmp_path / "pages" / "index.html"
    assert {"zh", "en"} <= {each.name for each in page.parent.iterdir() if each.is_dir()}
