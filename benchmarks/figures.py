"""What was measured: series of numbers, one a round, by name."""

from __future__ import annotations

from collections import defaultdict
from statistics import median


class Measurements:
    """Series by name (`read/mock/rate`), in the order in which they began."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._series: dict[str, list[float]] = defaultdict(list)

    def add(self, name: str, value: float) -> None:
        """The next round's number of a series."""
        self._series[name].append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._series

    def median(self, name: str) -> float:
        """The middle of a series; raises KeyError when there is none."""
        return median(self._values_of(name))

    def spread(self, name: str) -> tuple[float, float]:
        """The lowest and the highest of a series."""
        return min(self._values_of(name)), max(self._values_of(name))

    def ratios(self, name: str, beside: str) -> list[float]:
        """Round by round, how many times the other series this one is.

        What slows the machine down for a while slows both down, so a round's ratio holds still
        when its numbers do not. Raises ValueError when the rounds are not the same.
        """
        pairs = zip(self._values_of(name), self._values_of(beside), strict=True)
        return [mine / other for mine, other in pairs]

    def ratio(self, name: str, beside: str) -> float:
        """The middle of the rounds' ratios."""
        return median(self.ratios(name, beside))

    def _values_of(self, name: str) -> list[float]:
        if name not in self._series:
            raise KeyError(name)
        return self._series[name]
