"""Serial numbers (流水号): fixed text, date, counter. Given on submit, never reused; one series a prefix and period."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from . import sql

DATES: Final = {"": "", "yyyy": "%Y", "yyyyMM": "%Y%m", "yyyyMMdd": "%Y%m%d"}
PERIODS: Final = {"never": "", "year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
DEFAULT: Final[Mapping[str, Any]] = {"prefix": "T", "date": "yyyyMMdd", "digits": 4, "reset": "day"}


def next_number(connection: Any, tenant: str, rule: Mapping[str, Any] | None, series: str, now: datetime) -> str:
    """BX202611220007. The counter goes on growing where its digits run out. `now` is in the tenant's zone.

    Two workflows with the same prefix and date share a series, so that numbers stay unique in the tenant.
    """
    rule = rule or DEFAULT
    head = rule.get("prefix", "") + now.strftime(DATES[rule.get("date", "")])
    name = f"number:{rule.get('prefix', '')}:{rule.get('date', '')}"
    count = sql.count(connection, tenant, name, now.strftime(PERIODS[rule["reset"]]))
    return f"{head}{count:0{rule['digits']}d}"
