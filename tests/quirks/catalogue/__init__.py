"""The catalogue: every quirk by its id."""

from __future__ import annotations

from tests.quirks.catalogue import bodies, credentials, framing, headers, statuses, wrong
from tests.quirks.quirk import Quirk

MODULES = (framing, headers, bodies, statuses, credentials, wrong)
QUIRKS: tuple[Quirk, ...] = tuple(one for module in MODULES for one in module.QUIRKS)
CATALOGUE: dict[str, Quirk] = {one.id: one for one in QUIRKS}
