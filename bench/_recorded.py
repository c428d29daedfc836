"""What the platform asks its database, statement by statement, so that the same can be asked without the platform."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from dougong.platform.engines import Driver

Statements = list[tuple[str, Mapping[str, Any]]]


@contextmanager
def recording() -> Iterator[Statements]:
    """What goes over the bare connection meanwhile, reads and writes."""
    asked: Statements = []
    plainly, together = Driver.execute, Driver.every

    def recorded(driver: Driver, statement: str, values: Mapping[str, Any]) -> Any:
        asked.append((statement, values))
        return plainly(driver, statement, values)

    def each_recorded(driver: Driver, statement: str, rows: Sequence[Mapping[str, Any]]) -> int:
        asked.extend((statement, one) for one in rows)
        return together(driver, statement, rows)

    Driver.execute, Driver.every = recorded, each_recorded  # type: ignore[assignment, method-assign]
    try:
        yield asked
    finally:
        Driver.execute, Driver.every = plainly, together  # type: ignore[method-assign]


def writes(asked: Statements) -> Statements:
    return [one for one in asked if not one[0].lstrip().startswith("SELECT")]
