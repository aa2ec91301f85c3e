"""Chinese names and places, by Faker, which is imported here alone."""

from __future__ import annotations

from faker import Faker

__all__ = ["Faker", "faker"]

LANGUAGE = "zh_CN"
PROVIDERS = ("faker.providers.person", "faker.providers.address")
"""What is used of Faker."""


def faker(seed: int) -> Faker:
    """Chinese names and places, the same for the same seed."""
    fake = Faker(LANGUAGE, providers=[*PROVIDERS], use_weighting=False)
    fake.seed_instance(seed)
    return fake
