"""Generation of numbers and strings for a schema without references and `allOf`."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

MAX_LENGTH = 100_000
FORMAT_EXAMPLES = {
    "date": ("2025-04-21",),
    "date-time": ("2025-04-21T09:00:00+08:00", "2025-04-21T09:00:00Z"),
    "date-time-local": ("2025-04-21 09:00:00",),
    "time": ("09:00:00Z",),
    "duration": ("P1D",),
    "email": ("user@example.com",),
    "idn-email": ("user@example.com",),
    "hostname": ("example.com",),
    "ipv4": ("192.0.2.1",),
    "ipv6": ("2001:db8::1",),
    "uri": ("https://example.com/",),
    "url": ("https://example.com/",),
    "uri-reference": ("https://example.com/",),
    "uuid": ("00000000-0000-4000-8000-000000000001",),
    "byte": ("c3RyaW5n",),
    "json-pointer": ("/a",),
    "regex": ("^a$",),
}
"""Values of standard formats. Domains and addresses are those reserved for documentation."""
INTEGER_MAXIMUMS = {"int32": 2**31 - 1, "int64": 2**63 - 1}


class GenerationError(ValueError):
    """No value was found; the message has the JSON pointer in the value and the reason."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer or '/'}: {reason}")
        self.pointer = pointer


def generate_number(flat: Mapping[str, Any], at: str, kind: str, variant: int) -> int | float:
    """Return a number of the type `kind`: `integer` or `number`; raises GenerationError.

    `variant` selects a different number with each value.
    """
    low, high = flat.get("minimum", -math.inf), flat.get("maximum", math.inf)
    high = min(high, INTEGER_MAXIMUMS.get(str(flat.get("format")), math.inf))
    step = flat.get("multipleOf") or (1 if kind == "integer" else 0)
    if step and kind == "integer" and step != int(step):
        step = next((step * n for n in range(1, 1001) if step * n == int(step * n)), 1)
    least = low if low > -math.inf else (min(high, 1) if high < 1 else (max(1, step)))
    if step:
        first = math.ceil(least / step) * step
        if low == -math.inf and first > high:
            first = math.floor(high / step) * step
        if flat.get("exclusiveMinimum") is True and first == low:
            first += step
        found = first + variant * step
        if found > high or (flat.get("exclusiveMaximum") is True and found == high):
            found = first if first <= high else found
            if low == -math.inf and flat.get("exclusiveMaximum") is True and found == high:
                found -= step
    else:
        top = high if high < math.inf else least + 10
        excluded = flat.get("exclusiveMinimum") is True or flat.get("exclusiveMaximum") is True
        # The middle satisfies exclusive limits without a guess about the precision.
        found = (least + top) / 2 if excluded else least
        found = min(found + variant, top) if variant else found
    if not low <= found <= high:
        raise GenerationError(at, f"there is no {kind} from {low} to {high}")
    return int(found) if kind == "integer" or found == int(found) else found


def pick_enum_value(flat: Mapping[str, Any], at: str, variant: int) -> Any:
    """Return a value of the schema's enum; raises GenerationError if it is empty."""
    enum = flat["enum"]
    if not enum:
        raise GenerationError(at, "no value is in all its enums")
    return enum[variant % len(enum)]


def generate_text(flat: Mapping[str, Any], at: str, variant: int) -> str:
    """Return a string of the right length, format and pattern; raises GenerationError."""
    least, most = flat.get("minLength", 0), flat.get("maxLength", math.inf)
    if least > most:
        raise GenerationError(at, f"minLength {least} is above maxLength {most}")
    if least > MAX_LENGTH:
        raise GenerationError(at, f"minLength {least} is more than the mock generates")
    texts = FORMAT_EXAMPLES.get(str(flat.get("x-format", flat.get("format"))), ())
    if "pattern" in flat:
        return _text_matching_pattern(str(flat["pattern"]), least, most, texts, at, variant)
    if texts:
        text = texts[0]
        if flat.get("format") == "uuid":
            return f"{text[:-4]}{variant + 1:04x}"
        return text
    text = "string" if not variant else f"string{variant}"
    text += "-string" * math.ceil(max(least - len(text), 0) / 7)
    if len(text) > most:
        text = (f"{variant}" if variant else "string")[: int(most)]
    return text.ljust(least, "x")[: max(least, len(text) if len(text) <= most else int(most))]


@lru_cache(maxsize=1024)
def _text_matching_pattern(
    pattern: str, least: int, most: float, texts: tuple[str, ...], at: str, variant: int
) -> str:
    """Return the first of `texts` that matches, or the simplest string that Hypothesis finds."""
    # In ECMA 262, `$` matches only at the end; in Python also before a final line break.
    written = (
        pattern.removesuffix("$") + r"\Z"
        if pattern.endswith("$") and not pattern.endswith("\\$")
        else pattern
    )
    try:
        compiled = re.compile(written, re.ASCII)
    except re.error as error:
        raise GenerationError(
            at, f"no string can be generated for the pattern {pattern[:80]}: {error}"
        ) from None

    def is_match(text: str) -> bool:
        return least <= len(text) <= most and compiled.search(text) is not None

    for text in texts:
        if is_match(text):
            return text
    return _simplest_match(compiled, is_match, at, variant)


def _simplest_match(
    compiled: re.Pattern[str], is_match: Callable[[str], bool], at: str, variant: int
) -> str:
    """Return the simplest match that Hypothesis finds; `variant` chooses among several."""
    try:
        # Slow to import, and not part of an installation without the check.
        from hypothesis import HealthCheck, Phase, find, settings  # noqa: PLC0415
        from hypothesis.errors import HypothesisException  # noqa: PLC0415
        from hypothesis.strategies import from_regex  # noqa: PLC0415
    except ModuleNotFoundError:
        raise GenerationError(
            at,
            f"a string for the pattern {compiled.pattern[:80]} needs Hypothesis: add an example to"
            ' the contract, or install the extra "check" of hypers-contract',
        ) from None
    seen: list[str] = []

    def is_new_match(text: str) -> bool:
        if not is_match(text) or "\0" in text:
            return False
        if text not in seen:
            seen.append(text)
        return len(seen) > variant and text == seen[variant]

    # Deterministic and without a database: the same contract gives the same values.
    how = settings(
        database=None,
        derandomize=True,
        max_examples=2000,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
        deadline=None,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return find(from_regex(compiled), is_new_match, settings=how)
        except HypothesisException:
            if seen:
                return seen[0]
            raise GenerationError(
                at, f"found no string for the pattern {compiled.pattern[:80]}"
            ) from None
