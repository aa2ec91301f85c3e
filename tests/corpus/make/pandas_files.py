"""Files of pandas, as scripts and notebooks write them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pandas as pd

from tests.corpus.make.lists import HEADER, MEMBERS, SHEET


def _frame() -> Any:
    return pd.DataFrame(MEMBERS, columns=HEADER)


def _frame_with_gap() -> Any:
    # A column of whole numbers with a gap is one of floats.
    frame = pd.DataFrame([*MEMBERS[:2], [None, *MEMBERS[2][1:]]], columns=HEADER)
    return frame.astype({"memberId": "float64"})


def _excel(frame: Any, **options: Any) -> bytes:
    target = io.BytesIO()
    frame.to_excel(target, sheet_name=SHEET, engine="openpyxl", **options)
    return target.getvalue()


def _csv(frame: Any, encoding: str = "utf-8", **options: Any) -> bytes:
    return str(frame.to_csv(lineterminator="\n", **options)).encode(encoding)


def _long_ids() -> Any:
    ids = [440301199001011234, 440301199001015678]
    return pd.DataFrame({"memberId": ids, "nickname": ["张丽", "王芳"], "礼品": ["面膜", "精华"]})


RECIPES: dict[str, Callable[[], bytes]] = {
    "formats/pandas.xlsx": lambda: _excel(_frame(), index=False),
    "formats/pandas.csv": lambda: _csv(_frame(), index=False),
    "formats/pandas-bom.csv": lambda: _csv(_frame(), "utf-8-sig", index=False),
    "formats/pandas-table.html": lambda: str(_frame().to_html(index=False)).encode(),
    "formats/pandas-records.json": lambda: str(
        _frame().to_json(orient="records", force_ascii=False)
    ).encode(),
    "structure/pandas-index.xlsx": lambda: _excel(_frame()),
    "structure/pandas-index.csv": lambda: _csv(_frame()),
    "ids/pandas-floats.xlsx": lambda: _excel(_frame_with_gap(), index=False),
    "ids/pandas-floats.csv": lambda: _csv(_frame_with_gap(), index=False),
    "ids/pandas-18-digits.csv": lambda: _csv(_long_ids(), index=False),
    "ids/pandas-18-digits.xlsx": lambda: _excel(_long_ids(), index=False),
}
