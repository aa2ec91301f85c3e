"""Files of LibreOffice: python3 libreoffice.py SOURCES TARGETS, in the Python that has `uno`.

Opens workbooks of the corpus in a LibreOffice without a window, and saves them in its formats;
those of `exports/` as CSV beside them. Started by `python -m tests.corpus.make`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

PIPE = "hypers-corpus"
LIST = "formats/openpyxl.xlsx"
XLSX, XLS, ODS = "Calc MS Excel 2007 XML", "MS Excel 97", "calc8"
CSV = "Text - txt - csv (StarCalc)"
UTF_8, GB18030, UTF_16 = 76, 85, 65535
PASSWORD = {"Password": "123456"}


def csv_options(separator: str = ",", charset: int = UTF_8) -> dict[str, Any]:
    """Return the options of an export that saves cells as they are shown."""
    return {"FilterOptions": f"{ord(separator)},34,{charset},1,,0,false,true,false"}


JOBS: list[tuple[str, str, str, dict[str, Any]]] = [
    (LIST, "formats/libreoffice.xlsx", XLSX, {}),
    (LIST, "formats/libreoffice.xlsm", "Calc MS Excel 2007 VBA XML", {}),
    (LIST, "formats/libreoffice.xltx", "Calc MS Excel 2007 XML Template", {}),
    (LIST, "formats/libreoffice.xls", XLS, {}),
    (LIST, "formats/libreoffice.ods", ODS, {}),
    (LIST, "formats/libreoffice.ots", "calc8_template", {}),
    (LIST, "formats/libreoffice-named-xlsx.xlsx", ODS, {}),
    (LIST, "formats/libreoffice.csv", CSV, csv_options()),
    (LIST, "formats/libreoffice-gb18030.csv", CSV, csv_options(";", GB18030)),
    (LIST, "formats/libreoffice-utf-16-tabs.csv", CSV, csv_options("\t", UTF_16)),
    (LIST, "formats/libreoffice-bars.csv", CSV, csv_options("|")),
    (LIST, "foreign/libreoffice.fods", "OpenDocument Spreadsheet Flat XML", {}),
    (LIST, "foreign/libreoffice-html.xls", "HTML (StarCalc)", {}),
    (LIST, "foreign/libreoffice.pdf", "calc_pdf_Export", {}),
    (LIST, "foreign/libreoffice-pdf-named-xlsx.xlsx", "calc_pdf_Export", {}),
    (LIST, "foreign/libreoffice.dif", "DIF", {}),
    (LIST, "foreign/libreoffice.slk", "SYLK", {}),
    (LIST, "broken/libreoffice-password.xls", XLS, PASSWORD),
    (LIST, "broken/libreoffice-password.ods", ODS, PASSWORD),
    ("ids/number-18-digits.xlsx", "ids/libreoffice-18-digits.ods", ODS, {}),
    ("ids/number-18-digits.xlsx", "ids/libreoffice-18-digits.xls", XLS, {}),
    ("ids/number-18-digits.xlsx", "ids/libreoffice-18-digits.csv", CSV, csv_options()),
    ("ids/format-zeros.xlsx", "ids/libreoffice-format-zeros.xlsx", XLSX, {}),
    ("ids/format-zeros.xlsx", "ids/libreoffice-format-zeros.ods", ODS, {}),
    ("ids/date.xlsx", "ids/libreoffice-date.ods", ODS, {}),
    ("ids/boolean.xlsx", "ids/libreoffice-boolean.ods", ODS, {}),
    ("ids/formula-unsaved.xlsx", "ids/libreoffice-formula-saved.xlsx", XLSX, {}),
    ("ids/error-value.xlsx", "ids/libreoffice-error-value.ods", ODS, {}),
    ("ids/text-leading-zeros.xlsx", "ids/libreoffice-leading-zeros.ods", ODS, {}),
    ("structure/title-row-merged.xlsx", "structure/libreoffice-title-row.ods", ODS, {}),
    ("structure/readme-sheet-first.xlsx", "structure/libreoffice-readme-sheet-first.ods", ODS, {}),
    ("structure/hidden-sheet-first.xlsx", "structure/libreoffice-hidden-sheet-first.ods", ODS, {}),
    ("structure/filtered-row.xlsx", "structure/libreoffice-filtered-row.ods", ODS, {}),
    ("structure/filtered-row.xlsx", "structure/libreoffice-filtered-row.csv", CSV, csv_options()),
    ("structure/hidden-row-and-column.xlsx", "structure/libreoffice-hidden-row.csv", CSV,
     csv_options()),
    ("structure/blank-columns-left.xlsx", "structure/libreoffice-blank-columns-left.ods", ODS, {}),
    ("structure/values-of-other-types.xlsx", "structure/libreoffice-values.xlsx", XLSX, {}),
    ("structure/values-of-other-types.xlsx", "structure/libreoffice-values.ods", ODS, {}),
    ("structure/formatted-blank-rows.xlsx", "structure/libreoffice-formatted-rows.ods", ODS, {}),
    ("exports/texts.xlsx", "exports/texts-as-ods.ods", ODS, {}),
    ("exports/numbers.xlsx", "exports/numbers-as-ods.ods", ODS, {}),
    ("exports/numbers.xlsx", "exports/numbers-as-xls.xls", XLS, {}),
    ("exports/formulas.xlsx", "exports/formulas-as-libreoffice.xlsx", XLSX, {}),
]  # fmt: skip
"""Workbook of the corpus, file to write, filter of LibreOffice, and its options."""
FILLED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("xlsx", XLSX, {}),
    ("ods", ODS, {}),
    ("csv", CSV, csv_options()),
)
TEMPLATE = Path(__file__).with_name("template.xlsx")
"""The mock's template for member lists, as downloaded."""
TYPED = (
    ("90001", "U90001", "", "张丽", "面膜"),
    ("90002", "0012345678901234567890", "C90002", "王芳", "001"),
    ("", "U90003", "", "李娜", "1/2"),
)
"""Rows that are typed into the template; the last column is new."""


def main(sources: Path, targets: Path) -> None:
    """Run all jobs in one LibreOffice, and end it."""
    with tempfile.TemporaryDirectory() as profile:
        program = subprocess.Popen([
            "soffice", "--headless", "--norestore", f"--accept=pipe,name={PIPE};urp;",
            f"-env:UserInstallation=file://{profile}",
        ])  # fmt: skip
        desktop = _connect()
        for source, target, kind, options in JOBS:
            # One source was written by an earlier job, into `targets`.
            there = targets / source if (targets / source).exists() else sources / source
            _convert(desktop, there, targets / target, kind, options)
        for book in sorted({*(sources / "exports").iterdir(), *(targets / "exports").iterdir()}):
            if book.suffix != ".csv":
                exported = targets / "exports" / f"{book.stem}.csv"
                _convert(desktop, book, exported, CSV, csv_options())
        for suffix, kind, options in FILLED:
            filled = targets / f"formats/libreoffice-filled-template.{suffix}"
            _fill_template(desktop, filled, kind, options)
        desktop.terminate()
        program.wait(60)


def _connect() -> Any:
    """Return the desktop of the LibreOffice that is starting. Raises TimeoutError."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(300):
        try:
            context = resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
        else:
            return context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )
    raise TimeoutError("LibreOffice does not answer")


def _convert(desktop: Any, source: Path, target: Path, kind: str, options: dict[str, Any]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    asked = _properties(Hidden=True, ReadOnly=True)
    book = desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, asked)
    book.calculateAll()
    book.storeToURL(target.as_uri(), _properties(FilterName=kind, Overwrite=True, **options))
    book.close(True)


def _fill_template(desktop: Any, target: Path, kind: str, options: dict[str, Any]) -> None:
    """Type a list into the template as a person does, and save it."""
    book = desktop.loadComponentFromURL(TEMPLATE.as_uri(), "_blank", 0, _properties(Hidden=True))
    services = uno.getComponentContext().ServiceManager
    dispatcher = services.createInstance("com.sun.star.frame.DispatchHelper")
    frame = book.CurrentController.Frame
    for row, texts in enumerate((("", "", "", "", "礼品"), *TYPED), start=1):
        for column, text in zip("ABCDE", texts, strict=True):
            if text:
                for command, name, value in (
                    ("GoToCell", "ToPoint", f"{column}{row}"), ("EnterString", "StringName", text),
                ):  # fmt: skip
                    asked = _properties(**{name: value})
                    dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, asked)
    book.storeToURL(target.as_uri(), _properties(FilterName=kind, Overwrite=True, **options))
    book.close(True)


def _properties(**values: Any) -> tuple[Any, ...]:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute())
