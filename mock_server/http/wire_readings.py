"""Answers to the open questions that show in how requests are read and responses are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WireReadings:
    """Those readings (`openapi/readings.yaml`) that parsing, validation and encoding depend on.

    drops_nulls: a null for an optional field of a body counts as absent;
    drops_empty_values: an empty value of an optional query parameter counts as absent;
    completes_nulls: a successful response has null for each optional field without a value;
    coerces: a body may have a number as text, and a text as number or boolean;
    spring_errors: errors have Spring's default body;
    bad_path_id_is_missing: a path id that is not an integer is a 404, not a 400;
    utf16_lengths: limits of length count UTF-16 units;
    refuses_unknown: undeclared fields and query parameters are a 400.
    """

    drops_nulls: bool = True
    drops_empty_values: bool = True
    completes_nulls: bool = False
    coerces: bool = False
    spring_errors: bool = False
    bad_path_id_is_missing: bool = False
    utf16_lengths: bool = False
    refuses_unknown: bool = False

    @classmethod
    def from_answers(cls, answers: Mapping[str, str]) -> WireReadings:
        """Return the readings of a contract; `answers` has a value for every question."""
        return cls(
            drops_nulls=answers["null-in-requests"] == "absent",
            drops_empty_values=answers["empty-query-values"] == "absent",
            completes_nulls=answers["absent-values"] == "null",
            coerces=answers["number-as-text"] == "coerced",
            spring_errors=answers["refusal-body"] == "spring",
            bad_path_id_is_missing=answers["path-id-type"] == "404",
            utf16_lengths=answers["text-length"] == "utf16-units",
            refuses_unknown=answers["unknown-input"] == "refused",
        )


DEFAULT_WIRE_READINGS = WireReadings()
"""Those of another contract, and of the control plane, in which no field is nullable."""
