"""`python -m dougong`, in which every notice leaves a mark as well: a counter of its effect, raised in the same transaction.

The notices themselves are unique by effect and member, so they could not show that an effect was performed twice.
"""

from typing import Any

from dougong.__main__ import main
from dougong.platform.store import driver_of
from dougong.runtime.host import effects, sql

SERIES = "performed:"


def notify(session: Any, row: Any) -> None:
    effects.notify(session, row)
    sql.count(driver_of(session), row.tenant_id, f"{SERIES}{row.id}", "-")


def run(words: list[str]) -> None:
    effects.AFTER["notify"] = notify
    main(words)
