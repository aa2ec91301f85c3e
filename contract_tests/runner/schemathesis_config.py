"""Configuration of schemathesis for one target, with reproducible requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis import BaseSchema, Config

from contract_tests.contract.contract_variants import build_contract_to_check
from contract_tests.contract.format_strategies import register_formats
from contract_tests.contract.links import links_between
from contract_tests.contract.operations import Operation
from contract_tests.contract.strictness import CURATED, Strictness
from contract_tests.safety.policy import SafetyPolicy
from contract_tests.target.profile import Profile

CHAINS_SHARE = 1 / 12
"""Time that chains take, as a share of that of all operations."""


@dataclass(frozen=True)
class RunPlan:
    """Settings of a run.

    seed: of the generated requests; max_examples: generated requests per operation, and number of
    chains; only: operationIds, tags and rules to check, empty for all; profile: the operations that
    may be called; shard: number of this part, and of all; max_time: seconds until the run ends, 0
    for no limit; fail_fast: whether the first violation ends it; safety_policy: on a server that
    others use too; strictness: the constraints that bind the server; demanded: the values that
    readings must have, by reading.
    """

    seed: int
    max_examples: int
    only: frozenset[str] = frozenset()
    profile: Profile = "full"
    shard: tuple[int, int] = (1, 1)
    max_time: int = 0
    fail_fast: bool = False
    safety_policy: SafetyPolicy | None = None
    strictness: Strictness = CURATED
    demanded: Mapping[str, str] = field(default_factory=dict)

    def select_rules(self, every: Sequence[str]) -> list[str]:
        """Return the rules that belong to this shard."""
        number, total = self.shard
        # Every n-th rule, since neighbours take about as long as each other.
        return list(every[number - 1 :: total])

    def select_operations(self, every: Sequence[Operation]) -> list[Operation]:
        """Return the operations that belong to this shard, in the order of the contract."""
        number, total = self.shard
        # The largest first, each to the shard with the least to do: generating requests takes the
        # longest, and its time grows with the number of declared parts.
        sizes = {each.name: sum(1 for _ in each.iter_request_nodes()) for each in every}
        burdens = [0.0] * total
        if self.generates_chains:
            burdens[-1] = CHAINS_SHARE * sum(sizes.values())
        mine: set[str] = set()
        for name, size in sorted(sizes.items(), key=lambda each: -each[1]):
            least = burdens.index(min(burdens))
            burdens[least] += size
            if least == number - 1:
                mine.add(name)
        return [operation for operation in every if operation.name in mine]

    @property
    def generates_chains(self) -> bool:
        """Return whether chains of linked operations are generated, by the last shard."""
        return self.profile != "smoke"


def select_walks(plan: RunPlan, chosen: Collection[Operation]) -> list[str]:
    """Return the walks of this shard along the links between these operations.

    The first shard follows each link (`links`), the last one generates chains (`chains`), except
    for `smoke`.
    """
    number, total = plan.shard
    if not links_between(chosen):
        return []
    generates = number == total and plan.generates_chains
    return ["links"] * (number == 1) + ["chains"] * generates


def read_schema(url: str, plan: RunPlan, chosen: Collection[Operation]) -> BaseSchema:
    """Return a schemathesis schema of these operations for the server at this URL."""
    register_formats()
    contract = build_contract_to_check(plan.strictness)
    schema = schemathesis.openapi.from_dict(contract, config=_schemathesis_config(url, plan))
    return schema.include(operation_id=[operation.name for operation in chosen])


def _schemathesis_config(url: str, plan: RunPlan) -> Config:
    # Requests must depend on the seed and not on the content of earlier responses.
    no_pool: dict[str, Any] = {"extra-data-sources": {"responses": False}}
    # No document says how a server responds to undeclared methods.
    is_free = plan.profile == "full" and plan.safety_policy is None and plan.strictness.binding
    no_other_methods: dict[str, Any] = {"unexpected-methods": []}
    return Config.from_dict(
        {
            # Otherwise schemathesis uses the servers in the contract, which are the provider's.
            "base-url": url,
            "seed": plan.seed,
            "max-redirects": 0,
            # Slow generation and dropped examples are no fault of the target.
            "suppress-health-check": ["all"],
            "generation": {
                "max-examples": plan.max_examples,
                "deterministic": True,
                "database": "none",
                # Gateways reject NUL in a URL before the server sees it; the contract says nothing
                # about them.
                "allow-x00": False,
                # `CheckRun.send` sets the credentials of each request.
                "with-security-parameters": False,
            },
            "phases": {
                "examples": no_pool,
                # Otherwise other methods are tried on a path, with unknown effects on a foreign
                # server.
                "coverage": no_pool if is_free else no_pool | no_other_methods,
                "fuzzing": {**no_pool, "error-feedback": {"enabled": False}},
                "stateful": {
                    "link-calibration": False,
                    # Only the contract's links are followed; a guessed one proves nothing.
                    "inference": {"algorithms": []},
                },
            },
            "checks": {
                # The default also counts 401 (the check is logged in), 405, 409, 429 and 5xx as a
                # refusal. A 404 that an operation does not declare is an undocumented status.
                "negative_data_rejection": {"expected-statuses": ["400", "404"]},
                # Replaced by `valid_data_is_accepted`, which is stricter and takes the rules into
                # account.
                "positive_data_acceptance": {"enabled": False},
                # It sends requests by a session of its own, past our guard, and looks at the status
                # alone. `CheckRun.check` uses ours and checks the whole response.
                "ignored_auth": {"enabled": False},
                # It follows a POST only to the paths below; `link_target_check` follows all links.
                "ensure_resource_availability": {"enabled": False},
            },
        }
    )
