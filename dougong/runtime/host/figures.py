"""How a workflow runs, in figures: what came and was done, where tickets stand, how long each step takes, who does how much.

They are counted from the tickets that a person sees, of each state the latest `LATEST`: a store sees its own figures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median_low, quantiles
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, select, union_all

from dougong.platform.access import Who
from dougong.platform.people import Member
from dougong.platform.store import db, moment
from dougong.runtime.past import LEAST

from . import reading
from .tables import Clock, Task, Ticket

LATEST: Final = 2_000
STATES: Final = ("running", "failed", "done")
PEOPLE: Final = 10  # who has or did the most


class StepFigures(NamedTuple):
    """Of one step: open now, of those overdue; done in the period, and how long that took: usually, and in one of ten cases at
    least. None: too few to say."""

    title: Mapping[str, str]
    open: int
    late: int
    done: int
    usual: timedelta | None
    slow: timedelta | None


class Day(NamedTuple):
    on: date
    filed: int
    ended: int


class Load(NamedTuple):
    name: str
    open: int
    late: int
    done: int


class Figures(NamedTuple):
    """Of the tickets now: under way, stopped by an incident, with an overdue step. Of the period: filed, ended, how long those
    took, and how many of those that had a target kept it. `cut`: that many of a state, the latest, were counted; 0: all."""

    running: int
    failed: int
    late: int
    filed: int
    ended: int
    took: timedelta | None
    kept: int
    timed: int
    days: list[Day]
    steps: dict[str, StepFigures]
    people: list[Load]
    cut: int


def figures(who: Who, workflow_id: str, days: int, now: datetime) -> Figures:
    """`now`, in the company's zone: the period is that day and those before it. The session must be the tenant's."""
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
    since, zone = moment(first.astimezone(UTC)), ZoneInfo(who.zone)
    ids = _tickets(who, workflow_id)
    tickets = db.session.execute(
        select(Ticket.id, Ticket.state, Ticket.started_at, Ticket.ended_at).where(Ticket.id.in_(ids))
    ).all()
    tasks = _tasks(ids, since)
    open_ones = [one for one in tasks if one.state == "open"]
    at = moment(now.astimezone(UTC))
    overdue = {one.id for one in open_ones if one.due_at and one.due_at < at}
    ended = [one for one in tickets if one.ended_at and one.ended_at >= since]
    filed = [one for one in tickets if one.started_at >= since]
    states = Counter(one.state for one in tickets)
    clocks = _clocks([one.id for one in ended])
    return Figures(
        states["running"],
        states["failed"],
        len({one.ticket_id for one in open_ones if one.id in overdue}),
        len(filed),
        len(ended),
        _median([_between(one.started_at, one.ended_at) for one in ended]),
        sum(left >= 0 for left in clocks),
        len(clocks),
        _by_day(first.date(), days, zone, filed, ended),
        _by_step(tasks, overdue),
        _by_person(tasks, overdue),
        LATEST if max(states.values(), default=0) >= LATEST else 0,
    )


def _tickets(who: Who, workflow_id: str) -> Select[Any]:
    """Along an index, however many there are."""
    seen = reading.filtered(who).where(Ticket.workflow_id == workflow_id).with_only_columns(Ticket.id)
    latest = [seen.where(Ticket.state == state).order_by(Ticket.id.desc()).limit(LATEST).subquery() for state in STATES]
    return select(union_all(*(select(one.c.id) for one in latest)).subquery().c.id)


def _tasks(ids: Select[Any], since: str) -> Sequence[Row[Any]]:
    """Those that are open, and those that were done in the period."""
    columns = (
        Task.id, Task.ticket_id, Task.node, Task.title, Task.state, Task.opened_at, Task.due_at, Task.done_at, Task.done_by,
        Task.assignee_id,
    )  # fmt: skip
    wanted = (Task.state == "open") | and_(Task.state == "done", Task.done_at >= since)
    return db.session.execute(select(*columns).where(Task.ticket_id.in_(ids), wanted).order_by(Task.id)).all()


def _clocks(ended: list[str]) -> list[int]:
    """What was left of the time when they ended, of those that had a target."""
    wanted = select(Clock.time_left).where(Clock.ticket_id.in_(ended), Clock.time_left.is_not(None))
    return list(db.session.scalars(wanted))


def _by_day(first: date, days: int, zone: ZoneInfo, filed: Iterable[Any], ended: Iterable[Any]) -> list[Day]:
    came = Counter(_day(one.started_at, zone) for one in filed)
    went = Counter(_day(one.ended_at, zone) for one in ended)
    return [Day(on, came[on], went[on]) for on in (first + timedelta(days=number) for number in range(days))]


def _by_step(tasks: Iterable[Row[Any]], overdue: set[str]) -> dict[str, StepFigures]:
    of: dict[str, list[Row[Any]]] = {}
    for one in tasks:
        of.setdefault(one.node, []).append(one)
    return {node: _step(some, overdue) for node, some in of.items()}


def _step(tasks: list[Row[Any]], overdue: set[str]) -> StepFigures:
    took = [_between(one.opened_at, one.done_at) for one in tasks if one.state == "done"]
    enough = len(took) >= LEAST
    return StepFigures(
        tasks[-1].title,
        len(tasks) - len(took),
        sum(one.id in overdue for one in tasks),
        len(took),
        _median(took),
        timedelta(seconds=quantiles((one.total_seconds() for one in took), n=10, method="inclusive")[-1]) if enough else None,
    )


def _by_person(tasks: Iterable[Row[Any]], overdue: set[str]) -> list[Load]:
    has, late, did = Counter[str](), Counter[str](), Counter[str]()
    for one in tasks:
        if one.state == "open" and one.assignee_id:
            has[one.assignee_id] += 1
            late[one.assignee_id] += one.id in overdue
        elif one.state == "done" and (one.done_by or "").startswith("person:"):
            did[one.done_by.removeprefix("person:")] += 1
    most = sorted(has.keys() | did.keys(), key=lambda one: (-has[one], -did[one], one))[:PEOPLE]
    names = dict(db.session.execute(select(Member.id, Member.name).where(Member.id.in_(most))).all())
    return [Load(names[one], has[one], late[one], did[one]) for one in most if one in names]


def _median(took: list[timedelta]) -> timedelta | None:
    return median_low(took) if len(took) >= LEAST else None


def _between(start: str, end: str) -> timedelta:
    return datetime.fromisoformat(end) - datetime.fromisoformat(start)


def _day(at: str, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(at).astimezone(zone).date()
