"""A list a page at a time."""

from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select, func, select

from .store import db

SIZE = 20


@dataclass(frozen=True)
class Page:
    """Its rows, which page it is (from 1), and how many rows there are in all."""

    rows: list[Any]
    number: int
    total: int
    size: int = SIZE

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))


def paged(wanted: Select[Any], number: int, size: int = SIZE) -> Page:
    """A number beyond the end gives the last page."""
    total = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // size)))
    rows = db.session.scalars(wanted.limit(size).offset((number - 1) * size)).all()
    return Page(list(rows), number, total, size)


def asked_page() -> int:
    """The page that this request asks for."""
    value = request.args.get("page", "1")
    return int(value) if value.isdecimal() and len(value) < 7 else 1
