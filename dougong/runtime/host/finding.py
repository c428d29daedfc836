"""The search over all that one may see: tickets, records, definitions, people. Rights are asked where lists ask them."""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import or_, select

from dougong.platform import search
from dougong.platform.access import Who
from dougong.platform.documents import Document, listed
from dougong.platform.people import Member
from dougong.platform.scopes import Sight
from dougong.platform.store import db

from . import reading
from .tables import Record, Ticket

SHOWN: Final = 8  # of each kind
NEWEST: Final = 50_000  # where every word is common, so many tickets are looked through


@dataclass
class Found:
    """`cut`: the words are so common that only the newest tickets were looked through."""

    tickets: list[Ticket] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    definitions: list[Document] = field(default_factory=list)
    people: list[Member] = field(default_factory=list)
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.tickets or self.records or self.definitions or self.people)


def everything(who: Who, text: str) -> Found:
    if not search.runs(text):
        return Found()
    found = Found(people=people(text), definitions=definitions(text) if who.may("design.see") else [])
    found.tickets, found.cut = tickets(who, text)
    if who.may("records.see"):
        found.records = records(reading.sight_of_records(who), text, SHOWN)
    return found


def tickets(who: Who, text: str) -> tuple[list[Ticket], bool]:
    """The newest that say it; and whether there may be older ones that were not looked at."""
    narrowed = search.narrowed(db.session(), "ticket", Ticket.id, Ticket.words, text)
    wanted = select(Ticket).where(reading.visible(who), *narrowed)
    since = None
    if len(narrowed) == 1:
        since = db.session.scalar(select(Ticket.id).order_by(Ticket.id.desc()).offset(NEWEST).limit(1))
    if since is not None:
        wanted = wanted.where(Ticket.id > since)
    rows = list(db.session.scalars(wanted.order_by(Ticket.id.desc()).limit(SHOWN)))
    return rows, since is not None and len(rows) < SHOWN


def records(sight: Sight, text: str, most: int, entity: str | None = None) -> list[Record]:
    """Those that say it, by their names. The caller has asked for the right to see records."""
    wanted = select(Record).where(reading.visible_records(sight)).order_by(Record.title, Record.id).limit(most)
    if entity is not None:
        wanted = wanted.where(Record.entity_key == entity)
    if text:
        wanted = wanted.where(*search.narrowed(db.session(), "record", Record.id, Record.words, text))
    return list(db.session.scalars(wanted))


def definitions(text: str) -> list[Document]:
    """There are as many as people have drawn: they are looked through one by one."""
    asked = search.runs(text)
    known = ((one, search.words(one.key, *one.title.values())) for one in listed(db.session()))
    return [one for one, said in known if all(run in said for run in asked)][:SHOWN]


def people(text: str) -> list[Member]:
    asked = search.runs(text)[: search.MOST_ASKED]
    says = [or_(Member.name.icontains(run), Member.email.icontains(run)) for run in asked]
    return list(db.session.scalars(select(Member).where(Member.active, *says).order_by(Member.name, Member.id).limit(SHOWN)))
