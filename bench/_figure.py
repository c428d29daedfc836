"""One figure: how it is measured, and how it is said."""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Once = Callable[[], None]


@dataclass(frozen=True)
class Figure:
    """`value` and `against` in `unit`; `bar` is the largest ratio that is good; `more` says what else was seen."""

    figure: str
    value: float
    unit: str
    against: float
    bar: float
    more: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.value / self.against

    def line(self) -> str:
        return json.dumps(
            {
                "figure": self.figure,
                "value": round(self.value, 4),
                "unit": self.unit,
                "against": round(self.against, 4),
                "ratio": round(self.ratio, 2),
                "bar": self.bar,
                "holds": self.ratio <= self.bar,
                **self.more,
            }
        )


def cpu_ms(work: Once, times: int) -> float:
    """CPU of this process for one call, in milliseconds, over so many calls."""
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times * 1000


def interleaved(one: Callable[[], float], other: Callable[[], float], rounds: int = 7) -> tuple[float, float]:
    """Medians of both, measured in turn, so that a noisy machine is noisy for both."""
    pairs = [(one(), other()) for _ in range(rounds)]
    return statistics.median(first for first, _ in pairs), statistics.median(second for _, second in pairs)
