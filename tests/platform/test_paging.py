"""A list a page at a time: rows that are alike are each shown once; beyond the end is the last page; counting has an end."""

import random

import pytest
from sqlalchemy import event, select

from dougong.platform import paging
from dougong.platform.audit import Audit
from dougong.platform.paging import paged
from dougong.platform.store import db, new_id, transaction
from tests.cast import Cast

ALIKE = select(Audit).where(Audit.verb == "alike").order_by(Audit.at)


@pytest.fixture
def ids(cast: Cast) -> list[str]:
    """Of rows of one moment, written in no order."""
    made = sorted(new_id() for _ in range(45))
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        for one in random.Random(7).sample(made, len(made)):
            session.add(Audit(id=one, at="2031-01-01T00:00:00.000Z", who="test", verb="alike", subject="test"))
            session.flush()
    return made


def test_what_is_alike_is_on_one_page_and_no_other(cast: Cast, ids: list[str]) -> None:
    with cast.reading():
        pages = [paged(ALIKE, number) for number in (1, 2, 3)]
    assert [row.id for page in pages for row in page.rows] == ids
    assert {(page.total, page.last, page.counted) for page in pages} == {(45, 3, "45")}


def test_a_number_beyond_the_end_gives_the_last_page(cast: Cast, ids: list[str]) -> None:
    with cast.reading():
        assert [(page.number, len(page.rows)) for page in (paged(ALIKE, 999), paged(ALIKE, 0))] == [(3, 5), (1, 20)]


def test_nobody_counts_further_than_is_said(cast: Cast, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED", 40)
    with cast.reading():
        page = paged(ALIKE, 1)
    assert (page.total, page.counted) == (41, "40+")


def test_what_is_not_there_is_looked_for_once(cast: Cast) -> None:
    asked: list[str] = []
    with cast.reading():
        event.listen(db.engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
        assert paged(ALIKE, 3) == paging.Page([], 1, 0)
    assert sum("audit" in one for one in asked) == 1
