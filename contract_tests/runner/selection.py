"""Selection of operations and rules for a run, with the reasons for leaving others out."""

from __future__ import annotations

from contract_tests.contract.operations import Operation, select_operations, select_rules
from contract_tests.runner.schemathesis_config import RunPlan
from contract_tests.target.profile import allowed_operations
from contract_tests.target.target import Target

NO_CLIENT_CREDENTIALS = "needs client credentials, and --token is only an access token"
NO_RULES_IN_SMOKE = "--profile smoke checks no rules"


def select_operations_and_rules(
    plan: RunPlan, target: Target
) -> tuple[list[Operation], list[str], dict[str, str]]:
    """Return the selected operations and rules, and the reasons for leaving others out."""
    wanted = select_operations(plan.only)
    left_out: dict[str, str] = {}
    reading = allowed_operations(plan.profile, wanted)
    for each in wanted:
        if each not in reading:
            left_out[each.name] = f"would write, and --profile {plan.profile} only reads"
        elif target.credentials is None and "clientBasic" in each.security_schemes:
            left_out[each.name] = NO_CLIENT_CREDENTIALS
    tried = select_rules(plan.only)
    if plan.profile == "smoke":
        left_out |= dict.fromkeys(tried, NO_RULES_IN_SMOKE)
        tried = []
    return [each for each in wanted if each.name not in left_out], tried, left_out
