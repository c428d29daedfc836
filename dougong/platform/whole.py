"""A request whose transactions are one: all that its verbs write is there, or nothing.

Within `store.in_one` the first verb that writes begins the transaction; every verb is a savepoint of it, so that what one
raises undoes that one. Between the verbs the request reads what they have written; during one what was there before, as ever.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from flask import g, has_app_context
from sqlalchemy import Connection


@dataclass
class Whole:
    """`first` writes what comes before all else, when the transaction has begun. `open`: what is to be closed at the end."""

    tenant_id: str
    first: Callable[[], None]
    open: ExitStack
    connection: Connection | None = None
    writing: bool = False

    @property
    def readable(self) -> Connection | None:
        return None if self.writing else self.connection


def present() -> Whole | None:
    """That of this request, where it has one."""
    found: Whole | None = g.get("whole") if has_app_context() else None
    return found
