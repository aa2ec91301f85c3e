"""Measured values: series of numbers by name, one number per round."""

from __future__ import annotations

from collections import defaultdict
from statistics import median


class Measurements:
    """Series of numbers by name, such as `read/mock/rate`."""

    def __init__(self) -> None:
        """Create an empty collection."""
        self._series: dict[str, list[float]] = defaultdict(list)

    def add(self, name: str, value: float) -> None:
        """Append the value of a round to a series."""
        self._series[name].append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._series

    def median(self, name: str) -> float:
        """Return the median of a series. Raises KeyError if it does not exist."""
        return median(self._values_of(name))

    def spread(self, name: str) -> tuple[float, float]:
        """Return the lowest and the highest value of a series."""
        return min(self._values_of(name)), max(self._values_of(name))

    def ratios(self, name: str, beside: str) -> list[float]:
        """Return the ratio of one series to another for each round.

        Raises ValueError if the numbers of rounds differ.
        """
        # Not the ratio of the medians: a slow phase of the machine affects both values of a round,
        # so their ratio varies less than the values.
        pairs = zip(self._values_of(name), self._values_of(beside), strict=True)
        return [mine / other for mine, other in pairs]

    def ratio(self, name: str, beside: str) -> float:
        """Return the median of the rounds' ratios."""
        return median(self.ratios(name, beside))

    def _values_of(self, name: str) -> list[float]:
        if name not in self._series:
            raise KeyError(name)
        return self._series[name]
