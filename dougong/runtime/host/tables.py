"""The tables of the running platform. Every key leads with the tenant; see `platform/store.py` for the walls.

The hot rows (ticket, token, task, candidate, involved, history, effect) are written by `sql.py` through the driver.
"""

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from dougong.platform.store import Base, TenantOwned, TenantTable, moment, refers
from dougong.platform.wakeups import CALLS, EFFECTS

IN_ITS_KEY = {"sqlite_with_rowid": False}  # the rows lie in the primary key's own tree: a step writes half the pages


def index_of_those_with(value: str, name: str, *columns: str) -> Index:
    """Rows where it is NULL, most of them as a rule, stand in no index."""
    given = text(f"{value} IS NOT NULL")
    return Index(name, "tenant_id", *columns, sqlite_where=given, postgresql_where=given)


class Ticket(TenantOwned, Base):
    """A case. `data` are the fields of its forms; `live`, `failed` and `last_token` belong to the interpreter.

    `words` are what a search looks through. `state`: running, failed (an incident wants attention), done. `initiator` is a
    principal. `subject` is what the ticket is about where that is not its own form ("statement:<id>"). `steps` counts its
    history.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        refers("workflow_id", "document"),
        refers("unit_id", "unit"),
        UniqueConstraint("tenant_id", "number"),
        Index("ix_ticket_state", "tenant_id", "state", "id"),
        Index("ix_ticket_workflow", "tenant_id", "workflow_id", "state", "id"),
        index_of_those_with("subject", "ix_ticket_subject", "subject"),
    )

    number: Mapped[str] = mapped_column(String(40))
    workflow_id: Mapped[str] = mapped_column(String(36))
    workflow_key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(Text, server_default="", deferred=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    state: Mapped[str] = mapped_column(String(10))
    result: Mapped[str | None] = mapped_column(String(20))
    urgent: Mapped[bool] = mapped_column(Boolean)
    initiator: Mapped[str] = mapped_column(String(60))
    initiator_name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[str | None] = mapped_column(String(36))
    subject: Mapped[str | None] = mapped_column(String(80))
    handlers: Mapped[dict[str, str]] = mapped_column(JSON)
    memo: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    suspended: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    live: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)
    last_token: Mapped[int] = mapped_column(Integer)
    steps: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[str] = mapped_column(String(24))
    updated_at: Mapped[str] = mapped_column(String(24))
    ended_at: Mapped[str | None] = mapped_column(String(24))


class TokenRow(TenantTable, Base):
    """Where a ticket stands. A join's arrivals are the waiting tokens on its node."""

    __tablename__ = "token"
    __table_args__ = (
        refers("ticket_id", "ticket"),
        Index("ix_token_node", "tenant_id", "ticket_id", "node"),
        index_of_those_with("parent", "ix_token_parent", "ticket_id", "parent"),
        IN_ITS_KEY,
    )

    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    node: Mapped[str] = mapped_column(String(40))
    via: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    signal: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    parent: Mapped[int | None] = mapped_column(Integer)
    memo: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")


class Task(TenantOwned, Base):
    """What somebody has to do. `revision` rises when it is claimed, given back or done: a page of another one is stale."""

    __tablename__ = "task"
    __table_args__ = (
        refers("ticket_id", "ticket"),
        Index("ix_task_ticket", "tenant_id", "ticket_id", "state"),
        Index("ix_task_token", "tenant_id", "ticket_id", "token"),
        index_of_those_with("assignee_id", "ix_task_assignee", "assignee_id", "state"),
        index_of_those_with("done_by", "ix_task_done_by", "done_by", "done_at"),
    )

    ticket_id: Mapped[str] = mapped_column(String(36))
    token: Mapped[int] = mapped_column(Integer)
    node: Mapped[str] = mapped_column(String(40))
    title: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))  # open | done | cancelled
    revision: Mapped[int] = mapped_column(Integer)
    customer: Mapped[bool] = mapped_column(Boolean)
    assignee_id: Mapped[str | None] = mapped_column(String(36))
    opened_at: Mapped[str] = mapped_column(String(24))
    due_at: Mapped[str | None] = mapped_column(String(24))
    done_at: Mapped[str | None] = mapped_column(String(24))
    done_by: Mapped[str | None] = mapped_column(String(60))


class Candidate(TenantTable, Base):
    """A principal to whom an open task is addressed. The rows go when the task is done."""

    __tablename__ = "candidate"
    __table_args__ = (
        refers("task_id", "task"),
        Index("ix_candidate_principal", "tenant_id", "principal", "task_id"),
        IN_ITS_KEY,
    )

    task_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    principal: Mapped[str] = mapped_column(String(90), primary_key=True)


class Involved(TenantTable, Base):
    """Who may see a ticket and why: part is initiator, candidate, handler or copy. `seen_at` is for copies."""

    __tablename__ = "involved"
    __table_args__ = (
        refers("ticket_id", "ticket"),
        Index("ix_involved_principal", "tenant_id", "principal", "part", "ticket_id"),
        IN_ITS_KEY,
    )

    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    principal: Mapped[str] = mapped_column(String(90), primary_key=True)
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[str] = mapped_column(String(24), default=moment)
    seen_at: Mapped[str | None] = mapped_column(String(24))


class History(TenantTable, Base):
    """What happened to a ticket, step by step; only ever added to. `changes` are the values that the step brought, `said` what
    was said with it (an opinion, to whom it was handed over). `undo`: how things stood before, where a step may be taken back.
    """

    __tablename__ = "history"
    __table_args__ = (refers("ticket_id", "ticket"), IN_ITS_KEY)

    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    step: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[str] = mapped_column(String(24))
    who: Mapped[str] = mapped_column(String(60))
    who_name: Mapped[str] = mapped_column(String(120))
    verb: Mapped[str] = mapped_column(String(20))  # filed, submitted, approve, claimed, retried, …
    node: Mapped[str | None] = mapped_column(String(40))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    trail: Mapped[list[Any]] = mapped_column(JSON)
    answers: Mapped[list[Any]] = mapped_column(JSON)
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)


OUTSIDE = frozenset({"send", "webhook", "call"})  # the kinds of effects that call the world outside, each as slow as that is


def queue_of(kind: str) -> str:
    return CALLS if kind in OUTSIDE else EFFECTS


class EffectRow(TenantOwned, Base):
    """The outbox: what the world still has to do for a ticket. Its id is the idempotency key. state: todo, done, dead, void.

    A timer is an effect with an hour and a `token`: it is void once the token has moved on. `attempts` counts its beginnings.
    """

    __tablename__ = "effect"
    __table_args__ = (
        refers("ticket_id", "ticket"),
        Index("ix_effect_state", "tenant_id", "state", "id"),
        index_of_those_with("token", "ix_effect_token", "ticket_id", "token"),
    )

    ticket_id: Mapped[str] = mapped_column(String(36))
    token: Mapped[int | None] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(6), default="todo")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[str] = mapped_column(String(24), default=moment)


class Clock(TenantTable, Base):
    """The clock of a ticket whose workflow has a target (`clocks.py`). state: running, paused, stopped.

    While it runs `due_at` says when it is over; else `time_left` (milliseconds, of working time where the target is one; less
    than nothing: it was over). `since` is the moment of the last change. `calendar` in `version` is that by which it is
    reckoned: none by the clock, an empty one by the standard week. `pauses`: [[from, to], ...].
    """

    __tablename__ = "clock"
    __table_args__ = (refers("ticket_id", "ticket"),)

    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[str | None] = mapped_column(String(24))
    time_left: Mapped[int | None] = mapped_column(BigInteger)
    since: Mapped[str] = mapped_column(String(24))
    calendar: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int | None] = mapped_column(Integer)
    zone: Mapped[str] = mapped_column(String(40))
    pauses: Mapped[list[Any]] = mapped_column(JSON)
    told_at: Mapped[str | None] = mapped_column(String(24))


class Notice(TenantOwned, Base):
    """A message in the page. `effect_id` keeps a repeated effect from telling twice; what is told once for many things has an
    id of its own there (`stopped`), and a `count`. `leads`: to which page of the tenant, where not to the ticket."""

    __tablename__ = "notice"
    __table_args__ = (
        refers("member_id", "member"),
        refers("ticket_id", "ticket"),
        UniqueConstraint("tenant_id", "effect_id", "member_id"),
        Index("ix_notice_member", "tenant_id", "member_id", "read_at"),
    )

    member_id: Mapped[str] = mapped_column(String(36))
    ticket_id: Mapped[str] = mapped_column(String(36))
    effect_id: Mapped[str] = mapped_column(String(36))
    text: Mapped[dict[str, Any]] = mapped_column(JSON)
    leads: Mapped[str] = mapped_column(String(300), default="", server_default="")
    count: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    at: Mapped[str] = mapped_column(String(24), default=moment)
    read_at: Mapped[str | None] = mapped_column(String(24))


class Absence(TenantOwned, Base):
    """待办委托: while it lasts, whoever is absent and his deputy may both do what is addressed to him. `workflows`: by key, in
    which; none: in all."""

    __tablename__ = "absence"
    __table_args__ = (
        refers("member_id", "member"),
        refers("deputy_id", "member"),
        Index("ix_absence_member", "tenant_id", "member_id", "until"),
    )

    member_id: Mapped[str] = mapped_column(String(36))
    deputy_id: Mapped[str] = mapped_column(String(36))
    since: Mapped[str] = mapped_column(String(24))
    until: Mapped[str] = mapped_column(String(24))
    note: Mapped[str] = mapped_column(String(200), default="")
    by: Mapped[str] = mapped_column(String(60))
    workflows: Mapped[list[str]] = mapped_column(JSON, default=list)


class Counter(TenantTable, Base):
    """Serial numbers: one row a series and period. Never reused; a number that was taken and rolled back leaves no gap."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class Record(TenantOwned, Base):
    """A row of a record type. `unique_value` is that of the type's unique field; `words` is what a search looks through.

    `created_by` (a principal) and `unit_id` say whose it is: of its maker and his unit, or of the unit that its data name. Of
    nobody is what the platform itself brought, and what was there before it was asked.
    """

    __tablename__ = "record"
    __table_args__ = (
        refers("unit_id", "unit"),
        UniqueConstraint("tenant_id", "entity_key", "unique_value"),
        Index("ix_record_entity", "tenant_id", "entity_key", "title"),
    )

    entity_key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    unique_value: Mapped[str | None] = mapped_column(String(200))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[str] = mapped_column(String(24), default=moment)
    updated_at: Mapped[str] = mapped_column(String(24), default=moment)
    updated_by: Mapped[str] = mapped_column(String(120), default="")
    created_by: Mapped[str | None] = mapped_column(String(60))
    unit_id: Mapped[str | None] = mapped_column(String(36))


class LedgerLine(TenantOwned, Base):
    """What one ticket or one imported line is worth, and why. `source` is unique: the same thing is never counted twice.

    Amounts are decimal texts. `period` is that of the business date; `statement_id` once a statement has taken it.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (
        refers("statement_id", "statement"),
        UniqueConstraint("tenant_id", "settlement_key", "source"),
        Index("ix_ledger_line_period", "tenant_id", "settlement_key", "period", "partner_id"),
        Index("ix_ledger_line_date", "tenant_id", "settlement_key", "period", "date", "id", "partner_id", "statement_id"),
        Index("ix_ledger_line_partner", "tenant_id", "settlement_key", "partner_id", "date", "at"),
        index_of_those_with("ticket_id", "ix_ledger_line_ticket", "ticket_id"),
        index_of_those_with("statement_id", "ix_ledger_line_statement", "statement_id", "date", "id"),
    )

    settlement_key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(120))
    ticket_id: Mapped[str | None] = mapped_column(String(36))
    partner_id: Mapped[str] = mapped_column(String(80))
    partner_title: Mapped[str] = mapped_column(String(200))
    date: Mapped[str] = mapped_column(String(10))
    period: Mapped[str] = mapped_column(String(10))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str | None] = mapped_column(String(40))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    parts: Mapped[list[Any]] = mapped_column(JSON)
    statement_id: Mapped[str | None] = mapped_column(String(36))
    at: Mapped[str] = mapped_column(String(24), default=moment)


class StatementRow(TenantOwned, Base):
    """One partner's period in one currency. state: draft, approving, approved, rejected. `body` explains every amount."""

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("tenant_id", "settlement_key", "partner_id", "period", "currency", name="uq_statement_period"),
        UniqueConstraint("tenant_id", "number"),
        Index("ix_statement_period", "tenant_id", "settlement_key", "period", "partner_title", "state"),
        Index("ix_statement_totals", "tenant_id", "settlement_key", "currency", "state", "net", "tax", "gross", "count"),
    )

    number: Mapped[str] = mapped_column(String(40))
    settlement_key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    partner_id: Mapped[str] = mapped_column(String(80))
    partner_title: Mapped[str] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(10))
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    net: Mapped[str] = mapped_column(String(40))
    tax: Mapped[str] = mapped_column(String(40))
    gross: Mapped[str] = mapped_column(String(40))
    count: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    ticket_id: Mapped[str | None] = mapped_column(String(36))
    at: Mapped[str] = mapped_column(String(24), default=moment)
