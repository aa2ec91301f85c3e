"""The contract as schemathesis reads it: bound to one target, deterministic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import schemathesis
from schemathesis import BaseSchema, Config

from contract_tests.contract.formats import register_formats
from contract_tests.contract.links import links_between
from contract_tests.contract.operations import Operation
from contract_tests.contract.strictness import CURATED, Strictness
from contract_tests.safety.policy import SafetyPolicy
from contract_tests.target.profile import Profile

Item = TypeVar("Item")


@dataclass(frozen=True)
class RunPlan:
    """What to generate.

    seed: what it comes from; max_examples: fuzzed requests of an operation, and chains of
    operations; only: operationIds, tags and rules to check, all of them if empty; profile: what may
    be sent; shard: which part of the tests, and of how many; max_time: seconds after which it ends,
    0 for none; fail_fast: whether it ends at the first violation; reach: what limits it on a server
    that it does not have to itself; strictness: how much of the contract binds it.
    """

    seed: int
    max_examples: int
    only: frozenset[str] = frozenset()
    profile: Profile = "full"
    shard: tuple[int, int] = (1, 1)
    max_time: int = 0
    fail_fast: bool = False
    reach: SafetyPolicy | None = None
    strictness: Strictness = CURATED

    def select_shard(self, every: Sequence[Item]) -> list[Item]:
        """Those of the tests that are this shard's."""
        number, total = self.shard
        return list(every[number - 1 :: total])


def selected_walks(plan: RunPlan, chosen: Collection[Operation]) -> list[str]:
    """What this shard does with the links between these operations: `links`, `chains`.

    The first shard follows each link, the last one generates chains of them; `smoke` has none.
    """
    number, total = plan.shard
    if not links_between(chosen):
        return []
    follows, generates = number == 1, number == total and plan.profile != "smoke"
    return ["links"] * follows + ["chains"] * generates


def read_schema(url: str, plan: RunPlan, chosen: Collection[Operation]) -> BaseSchema:
    """These operations as a schemathesis schema of the server at this URL."""
    register_formats()
    contract = plan.strictness.contract()
    schema = schemathesis.openapi.from_dict(contract, config=_schemathesis_config(url, plan))
    return schema.include(operation_id=[operation.name for operation in chosen])


def _schemathesis_config(url: str, plan: RunPlan) -> Config:
    # What a run sends must not depend on what an earlier answer happened to hold.
    no_pool: dict[str, Any] = {"extra-data-sources": {"responses": False}}
    # What a server answers to those is in no document.
    is_free = plan.profile == "full" and plan.reach is None and plan.strictness.binding
    no_other_methods: dict[str, Any] = {"unexpected-methods": []}
    return Config.from_dict(
        {
            # Else schemathesis follows the contract's servers, those of a path too: the provider's.
            "base-url": url,
            "seed": plan.seed,
            "max-redirects": 0,
            # How long it takes to generate data, and how much is dropped, is no fault of a target.
            "suppress-health-check": ["all"],
            "generation": {
                "max-examples": plan.max_examples,
                "deterministic": True,
                "database": "none",
                # What is before a server takes no NUL in a URL; the contract does not speak of it.
                "allow-x00": False,
                # Credentials are the run's, request by request: see Run.send.
                "with-security-parameters": False,
            },
            "phases": {
                "examples": no_pool,
                # Else it tries other methods on a path, and who knows what they do elsewhere.
                "coverage": no_pool if is_free else no_pool | no_other_methods,
                "fuzzing": {**no_pool, "error-feedback": {"enabled": False}},
                "stateful": {
                    "link-calibration": False,
                    # The contract's links are the ones to follow; a guessed one proves nothing.
                    "inference": {"algorithms": []},
                },
            },
            "checks": {
                # Neither 401 (the check is logged in) nor 405, 409, 429 or 5xx, which it takes for
                # a refusal, too. A 404 that an operation does not have is a status out of contract.
                "negative_data_rejection": {"expected-statuses": ["400", "404"]},
                # It knows no rules; checks.valid_data_is_accepted does, and is stricter.
                "positive_data_acceptance": {"enabled": False},
                # It probes by a session of its own, past our guard, and looks at the status alone.
                # Run.check does it by ours, and holds the whole answer against the contract.
                "ignored_auth": {"enabled": False},
                # It looks from a POST to the paths below; checks.is_found_by, along all links.
                "ensure_resource_availability": {"enabled": False},
            },
        }
    )
