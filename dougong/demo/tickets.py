"""The tickets of Acme: a few on their way, and the weeks before, so that nobody's first look is at an empty page or chart.

The past is played, step by step, by the people of the demo and through the verbs that everybody uses; only their clocks are put
back. What would be done after now is left to do.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from dougong.platform import people
from dougong.platform.store import db, transaction
from dougong.runtime.host import definitions, filing, tasks
from dougong.runtime.host.tables import EffectRow, Record, Task, Ticket
from dougong.runtime.host.verbs import Actor, Done

SAMPLES: Final = Path(__file__).parents[2] / "packs" / "demo"
ZONE: Final = "Asia/Shanghai"
OPENS, CLOSES = 9, 18  # of a working day
Values = Mapping[str, Any]
Act = tuple[str, str, Values]  # by whom, the verb, what is filled in or said


@dataclass(frozen=True)
class Then(Actor):
    """Whoever did it, at his hour."""

    at: datetime = datetime.min

    def now(self) -> datetime:
        return self.at


def load_tickets(tenant_id: str) -> None:
    """A few repairs on their way."""
    for repair in _sample("tickets")["tickets"]:
        ticket_id = _filed("repair", actor(tenant_id, repair["by"]), repair["form"])
        for name, node, values in repair["then"]:
            wanted = select(Task).where(Task.ticket_id == ticket_id, Task.node == node, Task.state == "open")
            db.session.rollback()
            task = db.session.scalars(wanted).one()
            step = tasks.submit(actor(tenant_id, name), task.id, task.revision, _chosen(values))
            assert isinstance(step, Done), step


def load_past(tenant_id: str, now: datetime | None = None) -> None:
    """The same past on every machine, up to now. Nobody is told of what ended long ago."""
    sample, chance, now = _sample("past"), Random(1103), now or datetime.now(ZoneInfo(ZONE))
    known = cache(partial(actor, tenant_id))
    plans = [*_repairs(sample, chance), *_refunds(sample, chance)]
    begins = sorted(_worked(now - timedelta(days=chance.uniform(0, 7 * sample["weeks"])), chance) for _ in plans)
    chance.shuffle(plans)
    for at, (workflow, by, raw, acts) in zip(begins, plans, strict=True):
        if at < now:
            _play(known, _filed(workflow, then(known(by), at), raw), acts, at, now, chance)
    with transaction(tenant_id) as session:
        ended = select(Ticket.id).where(Ticket.state == "done")
        session.execute(update(EffectRow).where(EffectRow.ticket_id.in_(ended), EffectRow.state == "todo").values(state="done"))


def _repairs(sample: Values, chance: Random) -> Iterator[tuple[str, str, Values, dict[str, list[Act]]]]:
    for number in range(sample["repairs"]):
        name, phone, region, street = chance.choice(sample["customers"])
        fault = sample["faults"][number % len(sample["faults"])]
        form = {"contact_name": name, "phone": phone, "address": {"region": region, "detail": street}, **fault["form"]}
        dealer = next(title for code, title in sample["dealers"].items() if region.startswith(code))
        engineer = "grace" if region.startswith("4401") else "frank"
        closed = {"result": "fixed", "solution": fault["solution"], "service_dealer": {"record": "dealer", "title": dealer}}
        rating, comment = chance.choice(sample["ratings"])
        yield (
            "repair",
            "bob",
            form,
            {
                "diagnose": [(engineer, "submit", fault["found"])],
                "diagnose_urgent": [("emma", "submit", fault["found"])],
                "approve": [("helen", "submit", {"manager_decision": "approve", "manager_comment": "同意"})],
                "parts": [("ivan", "submit", {"parts_result": "ready"})],
                "quality": [("judy", "submit", {"quality_result": "passed"})],
                "supervise": [("kevin", "submit", {"supervisor_note": "按约上门"})],
                "close": [(engineer, "submit", closed)],
                "close_urgent": [("emma", "submit", closed)],
                "rate": [("customer", "submit", {"rating": rating, "comment": comment})],
                "callback": [("kevin", "submit", {"callback_note": "已致歉，下次上门提前一天确认时间"})],
            },
        )


def _refunds(sample: Values, chance: Random) -> Iterator[tuple[str, str, Values, dict[str, list[Act]]]]:
    for number in range(sample["refunds"]):
        note, reason, amount = sample["refund_cases"][number % len(sample["refund_cases"])]
        order = f"SO{chance.randrange(10**7, 10**8)}"
        form = {
            "customer_name": chance.choice(sample["customers"])[0], "order_number": order, "refund_amount": amount,
            "refund_reason": reason, "refund_note": note,
        }  # fmt: skip
        refused = reason == "other" and number > len(sample["refund_cases"])
        head = ("reject", {"opinion": "已超过七天无理由期"}) if refused else ("approve", {"opinion": "同意"})
        yield (
            "refund",
            "bob",
            form,
            {
                "head": [("kevin", *head)],
                "board": [(name, "approve", {"opinion": "同意"}) for name in ("helen", "fiona")],
                "finance": [("fiona", "approve", {})],
                "pay": [("fiona", "submit", {"payment_reference": f"PAY{order[2:]}"})],
            },
        )


def _play(
    known: Callable[[str], Actor], ticket_id: str, acts: Mapping[str, list[Act]], at: datetime, now: datetime, chance: Random
) -> None:
    while task := _open_task(ticket_id):
        at = _worked(at + timedelta(hours=chance.choice((0.2, 0.5, 1, 2, 5, 16)) * chance.uniform(0.6, 1.6)), chance)
        if at >= now:
            return
        who, verb, values = next(
            (then(doer, at), verb, values)
            for name, verb, values in acts[task.node]
            if task.assignee_id in (None, (doer := known(name)).member_id)
        )
        if verb == "submit":
            dated = {"close": "closed_on", "close_urgent": "closed_on", "pay": "paid_on"}
            more = {dated[task.node]: at.date().isoformat()} if task.node in dated else {}
            done = tasks.submit(who, task.id, task.revision, {**_chosen(values), **more})
        else:
            done = tasks.act(who, task.id, task.revision, verb, {}, values)
        assert isinstance(done, Done), (task.node, done)


def _open_task(ticket_id: str) -> Task | None:
    db.session.rollback()
    return db.session.scalars(select(Task).where(Task.ticket_id == ticket_id, Task.state == "open").order_by(Task.id)).first()


def _filed(workflow: str, by: Actor, raw: Values) -> str:
    document = definitions.workflow(workflow)
    assert document is not None
    done = filing.file(by, document, _chosen(raw))
    assert isinstance(done, Done), done
    return done.ticket_id


def _worked(at: datetime, chance: Random) -> datetime:
    """The next moment from then on at which people work."""
    if at.hour >= CLOSES:
        at = at.replace(hour=0) + timedelta(days=1)
    return at if at.hour >= OPENS else at.replace(hour=OPENS, minute=chance.randrange(60))


def _chosen(raw: Values) -> dict[str, Any]:
    """{"record": "dealer", "title": "…"} is that record."""
    return {key: _record(value) if isinstance(value, dict) and "record" in value else value for key, value in raw.items()}


def _record(named: Values) -> str:
    wanted = select(Record.id).where(Record.entity_key == named["record"], Record.title == named["title"])
    return db.session.scalars(wanted).one()


def _sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def actor(tenant_id: str, name: str) -> Actor:
    if name == "customer":
        return Actor(tenant_id, ZONE, "customer", "客户 Customer", frozenset({"customer"}))
    member = db.session.scalars(select(people.Member).where(people.Member.email.startswith(f"{name}@"))).one()
    unit = db.session.scalar(select(people.UnitMember.unit_id).where(people.UnitMember.member_id == member.id))
    principals = people.principals_of(tenant_id, member.id, people.roles_of(db.session(), member.id))
    return Actor(tenant_id, ZONE, f"person:{member.id}", member.name, principals, unit)


def then(who: Actor, at: datetime) -> Actor:
    return Then(**{one.name: getattr(who, one.name) for one in fields(Actor)}, at=at)
