"""All cases of the tables, sent to one mock with one connection each."""

from __future__ import annotations

import pytest

from tests.hostile import bodies, control, forms, framing, headers, parameters, values
from tests.hostile.case import Case, check_response
from tests.hostile.conftest import Victim
from tests.hostile.exchange import FILES, request

CASE_TABLES = {
    "framing": framing.CASES,
    "bodies": bodies.CASES,
    "forms": forms.CASES,
    "parameters": parameters.CASES,
    "headers": headers.CASES,
    "values": values.CASES,
    "control": control.CASES,
}
CASES = {f"{noun}: {case.name}": case for noun, cases in CASE_TABLES.items() for case in cases}


def test_the_tables_have_at_least_80_cases_and_name_each_once() -> None:
    """Names of cases are unique, and there are at least 80."""
    assert len(CASES) >= 80
    assert len(CASES) == sum(map(len, CASE_TABLES.values()))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_hostile_request_is_answered_with_a_reason(victim: Victim, case: Case) -> None:
    """One response that is not a 5xx, with pointer and rule; the next request works.

    The response does not contain credentials.
    """
    (answer,) = victim.send(case.sent, end=case.end)
    check_response(case, answer)
    assert victim.token not in answer.body
    victim.check_is_responsive()


@pytest.mark.parametrize(
    ("name", "sent", "shown"), forms.FILE_NAMES, ids=[name for name, _, _ in forms.FILE_NAMES]
)
def test_a_hostile_file_name_stays_within_its_header(
    victim: Victim, name: str, sent: bytes, shown: str
) -> None:
    """It is stored as it was sent, and returned as one plain name."""
    del name
    form = forms.MODULE + forms.file(b"; filename=" + sent) + forms.END
    (uploaded,) = victim.send(forms.upload(form))
    assert uploaded.status == 200
    (answer,) = victim.send(request(b"GET", b"%b/%d" % (FILES, uploaded.document["id"])))
    assert answer.status == 200
    assert answer.headers["content-disposition"].startswith(f'inline; filename="{shown}"')
    assert "x-evil" not in answer.headers
    assert "\0" not in answer.headers["content-disposition"]
