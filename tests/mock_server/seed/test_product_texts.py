"""Texts of the initial data read like those of a skin-care company."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.seed import create_world
from mock_server.seed.faker_compat import create_faker
from mock_server.seed.product_texts import shop_name


def test_a_shop_is_in_one_city() -> None:
    """Its street is not named after another city, as many of Faker's are: 南宁深圳街."""
    fake = create_faker(1)
    cities = {city for provider in fake.providers for city in getattr(provider, "cities", ())}
    for _ in range(300):
        shop = shop_name(fake)
        assert sum(city in shop for city in cities) == 1, shop
        assert shop.endswith(("路店", "街店"))


@pytest.mark.parametrize("scenario", ["demo", "large"])
def test_no_plan_is_offered_by_its_name(scenario: Any) -> None:
    """Prompts for an offer do not contain the plan's name, which members have never seen."""
    world = create_world(scenario, 1, Clock(DEFAULT_INSTANT, frozen=True), size=200)
    for plan in world.notices.values():
        assert plan.name not in plan.details.get("prompt", ""), plan.id
