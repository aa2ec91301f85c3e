"""Sample records: a server that keeps the contract, and one with many violations."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

from contract_tests.contract.links import links_between
from contract_tests.contract.operations import Operation, operations, rules
from contract_tests.contract.provenance import ResponsePart
from contract_tests.contract.readings import readings
from contract_tests.reporting.coverage import documented_parameters
from contract_tests.results.observations import ReadingRecord
from contract_tests.results.record import (
    KnownViolation,
    Leftover,
    OperationRecord,
    RuleRecord,
    RunRecord,
)
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Evidence, ResponseExcerpt, new_violation

CHECK_NAMES = ("not_a_server_error", "response_schema_conformance", "valid_data_is_accepted")


def passed_operation(operation: Operation) -> OperationRecord:
    """Return an operation with every status reached, every parameter sent, every check passed."""
    return OperationRecord(
        operation.name,
        operation.raw["tags"][0],
        "held",
        statuses=dict.fromkeys(operation.raw["responses"], 3),
        parameters={
            name: dict.fromkeys(operation.raw["responses"], 2)
            for name in documented_parameters(operation)
        },
        checks=dict.fromkeys(CHECK_NAMES, (9, 0)),
        seconds=0.5,
    )


def sound_record() -> RunRecord:
    """A whole run on a server that keeps the contract."""
    return RunRecord(
        target="http://127.0.0.1:4010",
        profile="full",
        strictness="curated",
        seed=1,
        max_examples=15,
        seconds=42.0,
        operations=[passed_operation(each) for each in operations().values()],
        rules=[
            RuleRecord(rule, "held", probes={f"{rule}-accepted-it": "held"}) for rule in rules()
        ],
        links={str(link): 4 for link in links_between([*operations().values()])},
        sent={"GET": 200, "POST": 100},
        readings=[observed_reading(key, each.default) for key, each in readings().items()],
    )


def observed_reading(key: str, *values: str) -> ReadingRecord:
    """Return a reading whose values a list of groups has shown."""
    return ReadingRecord(
        key,
        {
            value: Evidence(
                "listGroups",
                'curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:4010/api/v1/marketing-notice/group',
                ResponseExcerpt(200, "application/json", json.dumps({"shows": value})),
            )
            for value in values
        },
    )


def faulty_record() -> RunRecord:
    """A whole run on a server with three violations, one of them known, and much left open."""
    record = sound_record()
    schema = new_violation(
        "createNotificationTask",
        ViolationKind.SCHEMA,
        ResponsePart(200, "application/json", ("status",), "enum"),
        check="response_schema_conformance",
        status=200,
        pointer="/status",
        actual='"WAITING" is not one of "PENDING", "EXECUTING", "COMPLETED" or "TERMINATED"',
        response=ResponseExcerpt(200, "application/json", '{"id": 505, "status": "WAITING"}'),
        request='curl -X POST -H "Authorization: Bearer $TOKEN"'
        " -H 'Content-Type: application/json'"
        ' --data-raw \'{"taskName": "五一到店礼领取提醒"}\' http://127.0.0.1:4010/api/v1/notification-tasks',
        times=17,
    )
    status = new_violation(
        "listGroups",
        ViolationKind.UNDOCUMENTED_STATUS,
        check="status_code_conformance",
        status=299,
        expected="200, 400, 401, 403, 500",
        actual="299",
        detail="Received: 299\nDocumented: 200, 400, 401, 403, 500",
        response=ResponseExcerpt(299, "application/json", "{}"),
        request='curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:4010/api/v1/marketing-notice/group',
    )
    rule = new_violation(
        "NT-11",
        ViolationKind.RULE_NOT_KEPT,
        check="NT-11-refused-terminates_twice",
        place="NT-11-refused-terminates_twice",
        status=200,
        tried="Terminates twice.",
        detail="not refused: PUT -> 200",
        response=ResponseExcerpt(200, "application/json", "{}"),
        request='curl -X PUT -H "Authorization: Bearer $TOKEN" '
        "http://127.0.0.1:4010/api/v1/notification-tasks/505/termination",
        before=(
            'curl -X POST -H "Authorization: Bearer $TOKEN" http://127.0.0.1:4010/api/v1/notification-tasks',
        ),
    )
    record.violations = [schema, rule]
    record.readings = [
        observed_reading("page-sort", "array"),
        ReadingRecord("second-login", reason="would write"),
        *(each for each in record.readings if each.reading not in ("page-sort", "second-login")),
    ]
    record.known = [KnownViolation(status, "Li Lei", "repaired in release 7", "2026-03-31")]
    for each in record.operations:
        if each.name == schema.operation:
            each.outcome = "violated"
            each.checks["response_schema_conformance"] = (40, 17)
        if each.name == status.operation:
            each.outcome, each.statuses["299"] = "violated", 2
        if each.name == "listMemberDailyReports":
            each.outcome, each.reason = "no data", "the target holds no report"
        for counts in (each.statuses, *each.parameters.values()):
            _remove_statuses(counts, "403", "429", "500", "503")
        record.excused |= {
            f"{each.name} 403": "no permission is ever missing",
            f"{each.name} 429": "no limit is ever reached",
            f"{each.name} 500": "a failure of the server is no answer to ask for",
            f"{each.name} 503": "a failure of the server is no answer to ask for",
        }
    unseen = record.operations[2]
    for counts in (unseen.statuses, *unseen.parameters.values()):
        counts.pop("401")
    record.operations[2].parameters.pop("body/fileIds")
    for known in record.rules:
        if known.rule == "NT-11":
            known.outcome, known.reason = "broken", "not refused: PUT -> 200"
        if known.rule in ("AU-04", "AU-07"):
            known.outcome = "not checkable"
            known.reason = "needs the target's time moved, and it offers no clock"
    record.left = [
        Leftover("scene", 2),
        Leftover("", 1, "createGroup", "605", "spring", "deleteGroup answered 500"),
    ]
    return record


def _remove_statuses(counts: dict[str, int], *statuses: str) -> None:
    for status in statuses:
        counts.pop(status, None)


def record_with_text(text: str) -> RunRecord:
    """A record that has this text wherever a server or a generator can put one."""
    record = faulty_record()
    record.violations = [
        replace(
            record.violations[0],
            pointer=text,
            expected=text,
            actual=text,
            response=ResponseExcerpt(200, text, text),
            request=text,
            before=(text,),
        ),
        replace(record.violations[1], operation=text, place=text, detail=text, tried=text),
        new_violation(text, ViolationKind.CHECK_BROKE, place=text, detail=text),
    ]
    record.known = [KnownViolation(record.violations[0], text, text, "2026-03-31")]
    record.operations[0].reason = record.rules[0].reason = record.ended = text
    record.operations[0].outcome, record.rules[0].outcome = "excused", "not checkable"
    record.rules[0].probes = {text: text}
    record.operations[0].statuses[text] = 1
    record.operations[0].checks[text] = (1, 0)
    record.left = [Leftover("", 1, text, text, text, text)]
    record.readings[0].values["array"] = Evidence(text, text, ResponseExcerpt(200, text, text))
    record.readings[1].reason = text
    record.excused, record.only = {text: text}, [text]
    record.links[text] = 0
    return record


def count_outcomes(record: RunRecord) -> dict[str, Counter[str]]:
    """Return the number of operations and rules by outcome."""
    return {
        "operations": Counter(each.outcome for each in record.operations),
        "rules": Counter(each.outcome for each in record.rules),
    }
