"""The board: the running tickets of a workflow by step; of very many it shows the oldest, and says so."""

import re

import pytest
from sqlalchemy import event, select

from dougong.platform.store import db
from dougong.runtime.host.pages import board
from dougong.runtime.host.tables import Ticket
from tests.cast import Cast, words

BOARD = "/t/acme/board?workflow=repair"


def numbers(cast: Cast) -> dict[str, str]:
    with cast.reading() as session:
        return {one.id: one.number for one in session.scalars(select(Ticket))}


def shown(cast: Cast, address: str = BOARD) -> tuple[set[str], list[str]]:
    """The tickets on it, and the figures over its columns that are not 0."""
    page = cast.sign_in("victor").get(address).text
    counts = re.findall(r'<span class="count">(\d+)</span></header>', page)
    return set(re.findall(r'href="/t/acme/tickets/([0-9a-f-]{36})"', page)), [one for one in counts if one != "0"]


def test_a_ticket_stands_in_the_column_of_its_step(cast: Cast) -> None:
    first, second = cast.file(), cast.file()
    assert shown(cast) == ({first, second}, ["2"])
    cast.work("frank", first, "diagnose", diagnosis="x", quote="100", needs_parts="false")
    assert shown(cast)[0] == {first, second} and "2" not in shown(cast)[1]
    assert shown(cast, f"{BOARD}&q={numbers(cast)[second]}")[0] == {second}


def test_of_very_many_it_shows_the_oldest_and_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "LOOKED_AT", 2)
    filed = [cast.file() for _ in range(3)]
    assert shown(cast) == (set(filed[:2]), ["2"])
    said = "看板只看最早的 2 张"
    page = words(cast.sign_in("victor").get(BOARD).text)
    assert said in page
    monkeypatch.setattr(board, "LOOKED_AT", 3)
    assert said.replace("2", "3") not in words(cast.sign_in("victor").get(BOARD).text)


def test_it_asks_no_more_where_there_are_more_workflows_and_steps(alone: Cast) -> None:
    alone.file()
    alice, asked = alone.sign_in("alice"), []
    alice.get(BOARD)
    with alone.app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
    alice.get(BOARD)
    assert len(asked) == len(set(asked))  # none for each of the workflows, none for each of the steps
