"""Faults of texts: they come back altered, and everywhere in the same way."""

from __future__ import annotations

import html
from functools import partial
from unicodedata import normalize

from tests.mutants.mutant import Mutant, WireEdit, make_mutant
from tests.mutants.wire import rewrite_field

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "texts/name-trimmed",
        "A group's name is kept without white space at its ends.",
        "GE-01",
        WireEdit(rewrite_field("createGroup", "name", str.strip)),
        WireEdit(rewrite_field("updateGroup", "name", str.strip)),
    ),
    make_mutant(
        "texts/spaces-collapsed",
        "White space inside a scene's prompt becomes one space.",
        "GE-01",
        WireEdit(rewrite_field("createScene", "prompt", lambda text: " ".join(text.split()))),
        WireEdit(rewrite_field("updateScene", "prompt", lambda text: " ".join(text.split()))),
    ),
    make_mutant(
        "texts/external-id-lowercase",
        "A scene's externalId is kept in lower case.",
        "GE-01",
        WireEdit(rewrite_field("createScene", "externalId", str.lower)),
        WireEdit(rewrite_field("updateScene", "externalId", str.lower)),
    ),
    make_mutant(
        "texts/composed",
        "A plan's description is kept in Unicode normalization form C.",
        "GE-01",
        WireEdit(rewrite_field("createMarketingNotice", "description", partial(normalize, "NFC"))),
        WireEdit(rewrite_field("updateMarketingNotice", "description", partial(normalize, "NFC"))),
    ),
    make_mutant(
        "texts/full-width-folded",
        "Full-width letters of a notification task's name become half-width ones.",
        "GE-01",
        WireEdit(rewrite_field("createNotificationTask", "taskName", partial(normalize, "NFKC"))),
    ),
    make_mutant(
        "texts/content-cut",
        "A notification's content is kept up to its 255th character.",
        "GE-01",
        WireEdit(rewrite_field("createNotificationTask", "contentValue", lambda text: text[:255])),
    ),
    make_mutant(
        "texts/markup-escaped",
        "A plan's prompt is kept with its markup escaped for HTML.",
        "GE-01",
        WireEdit(rewrite_field("createMarketingNotice", "prompt", html.escape)),
        WireEdit(rewrite_field("updateMarketingNotice", "prompt", html.escape)),
    ),
    make_mutant(
        "texts/nickname-trimmed",
        "A member's nickname is kept without white space at its ends.",
        "GE-01",
        WireEdit(rewrite_field("createNotificationTask", "nickname", str.strip)),
    ),
    make_mutant(
        "texts/task-name-in-capitals",
        "The name of a plan's task is kept in capitals.",
        "GE-01",
        WireEdit(rewrite_field("createMarketingNoticeTask", "name", str.upper)),
    ),
)
