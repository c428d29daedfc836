"""A list a page at a time. Nobody counts further than COUNTED: a page of a million rows costs what a page of a hundred does."""

from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select, func, select

from .store import db

SIZE = 20
COUNTED = 10_000


@dataclass(frozen=True)
class Page:
    """Its rows, which page it is (from 1), and how many rows there are in all, as far as they are counted."""

    rows: list[Any]
    number: int
    total: int
    size: int = SIZE

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def counted(self) -> str:
        """The total in words: "10000+" where there are more."""
        return f"{COUNTED}+" if self.total > COUNTED else str(self.total)


def paged(wanted: Select[Any], number: int, size: int = SIZE) -> Page:
    """Of a statement for one entity its objects, of one for several its rows. A number beyond the end gives the last page.

    What is alike in the order of the statement stands by its id, so that no page repeats or leaves out what another shows.
    """
    key = wanted.column_descriptions[0]["entity"].id
    total, number = _found(wanted.with_only_columns(key), number, size)
    if not total:  # nothing is looked for twice
        return Page([], number, total, size)
    found = db.session.execute(wanted.order_by(key).limit(size).offset((number - 1) * size))
    rows = found.scalars() if len(wanted.column_descriptions) == 1 else found
    return Page(list(rows.all()), number, total, size)


def paged_by_id(ids: Select[Any], entity: Any, number: int, size: int = SIZE) -> Page:
    """The same of a statement for ids in an order of their own: of so many that were looked up only these are put in order."""
    total, number = _found(ids, number, size)
    asked = db.session.scalars(ids.limit(size).offset((number - 1) * size)).all()
    rows = {one.id: one for one in db.session.scalars(select(entity).where(entity.id.in_(asked)))}
    return Page([rows[one] for one in asked if one in rows], number, total, size)


def _found(wanted: Select[Any], number: int, size: int) -> tuple[int, int]:
    """How many rows, and the page of this number or the last."""
    total = count(wanted, COUNTED)
    return total, min(max(number, 1), max(1, -(-total // size)))


def count(wanted: Select[Any], up_to: int) -> int:
    """How many rows, but no further than one more than that."""
    return db.session.scalar(select(func.count()).select_from(wanted.order_by(None).limit(up_to + 1).subquery())) or 0


def asked_page() -> int:
    """The page that this request asks for."""
    value = request.args.get("page", "1")
    return int(value) if value.isdecimal() and len(value) < 7 else 1
