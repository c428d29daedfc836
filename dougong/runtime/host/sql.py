"""The few statements of a ticket's step, sent through the driver: an ORM here costs several times the whole interpreter.

Every statement binds the tenant (`:tenant`). Rows come and go as plain values; JSON is text. The connection is that of
`store.driver_transaction()`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dougong.platform.engines import Driver
from dougong.platform.store import dumps, loads
from dougong.runtime.case import Case, Token
from dougong.runtime.nodes._verbs import OPEN
from dougong.runtime.reason import Reason
from dougong.runtime.step import Step

from .tables import queue_of

Connection = Driver


class TaskRow(NamedTuple):
    """A task, its ticket and its token, as one read brings them."""

    id: str
    ticket_id: str
    token: int
    node: str
    state: str
    revision: int
    customer: int
    assignee_id: str | None
    done_by: str | None
    number: str
    workflow_id: str
    version: int
    data: str
    initiator: str
    unit_id: str | None
    handlers: str
    live: int
    failed: int
    last_token: int
    steps: int
    result: str | None
    subject: str | None
    initiator_name: str
    words: str
    token_state: str | None
    token_signal: str | None
    token_via: str | None
    token_parent: int | None
    token_memo: str | None
    ticket_memo: str
    suspended: int


_TASK = """
SELECT task.id, task.ticket_id, task.token, task.node, task.state, task.revision, task.customer, task.assignee_id,
       task.done_by,
       ticket.number, ticket.workflow_id, ticket.version, ticket.data, ticket.initiator, ticket.unit_id, ticket.handlers,
       ticket.live, ticket.failed, ticket.last_token, ticket.steps, ticket.result, ticket.subject,
       ticket.initiator_name, ticket.words,
       token.state, token.signal, token.via, token.parent, token.memo, ticket.memo, ticket.suspended
FROM task
JOIN ticket ON ticket.tenant_id = task.tenant_id AND ticket.id = task.ticket_id
LEFT JOIN token ON token.tenant_id = task.tenant_id AND token.ticket_id = task.ticket_id AND token.number = task.token
WHERE task.tenant_id = :tenant AND task.id = :id
"""
_OF_TICKET = (
    "id", "number", "workflow_id", "version", "title", "data", "initiator", "initiator_name", "unit_id", "handlers", "live",
    "failed", "last_token", "steps", "result", "subject", "words", "memo", "suspended", "state", "ended_at",
)  # fmt: skip
_OF_TOKEN = ("number", "node", "via", "state", "signal", "reason", "parent", "memo")
_TICKET = f"SELECT {', '.join(_OF_TICKET)} FROM ticket WHERE tenant_id = :tenant AND id = :id"  # noqa: S608 (our own words)
_HOLD_TICKET = "SELECT 1 FROM ticket WHERE tenant_id = :tenant AND id = :id FOR NO KEY UPDATE"
_HOLD_TASK = """
SELECT 1 FROM ticket WHERE tenant_id = :tenant
AND id = (SELECT task.ticket_id FROM task WHERE task.tenant_id = :tenant AND task.id = :id) FOR NO KEY UPDATE
"""
_THESE = f"SELECT {', '.join(_OF_TICKET)} FROM ticket WHERE tenant_id = :tenant AND id IN ({{which}}) ORDER BY id {{lock}}"  # noqa: S608
_TOKENS_OF = f"SELECT ticket_id, {', '.join(_OF_TOKEN)} FROM token WHERE tenant_id = :tenant AND ticket_id IN ({{which}})"  # noqa: S608
_TOKENS = f"SELECT {', '.join(_OF_TOKEN)} FROM token WHERE tenant_id = :tenant AND ticket_id = :ticket"  # noqa: S608
TIMED = f"""
SELECT {", ".join(f"ticket.{name}" for name in _OF_TICKET)}, {", ".join(f"token.{name}" for name in _OF_TOKEN)} FROM effect
JOIN ticket ON ticket.tenant_id = effect.tenant_id AND ticket.id = effect.ticket_id
JOIN token ON token.tenant_id = effect.tenant_id AND token.ticket_id = effect.ticket_id AND token.number = effect.token
WHERE effect.tenant_id = :tenant AND effect.id
"""  # noqa: S608
_WHERE = {"id": " AND number = :id", "node": " AND node = :node", "parent": " AND parent = :parent"}
_CANDIDATES = "SELECT principal FROM candidate WHERE tenant_id = :tenant AND task_id = :task"
_INSERT_TICKET = """
INSERT INTO ticket (tenant_id, id, number, workflow_id, workflow_key, version, title, words, data, state, result, urgent,
                    initiator, initiator_name, unit_id, subject, handlers, memo, live, failed, last_token, steps, started_at,
                    updated_at, ended_at)
VALUES (:tenant, :id, :number, :workflow_id, :workflow_key, :version, :title, :words, :data, :state, :result, :urgent,
        :initiator, :initiator_name, :unit_id, :subject, :handlers, :memo, :live, :failed, :last_token, 0, :now, :now,
        :ended_at)
"""
_UPDATE_TICKET = """
UPDATE ticket SET state = :state, result = :result, urgent = :urgent, handlers = :handlers, memo = :memo, live = :live,
                  failed = :failed, last_token = :last_token, steps = steps + 1, updated_at = :now, ended_at = :ended_at
WHERE tenant_id = :tenant AND id = :id
"""
_UPDATE_WITH_DATA = _UPDATE_TICKET.replace("SET", "SET data = :data, title = :title, words = :words,")
_SAY = "UPDATE ticket SET words = :words WHERE tenant_id = :tenant AND id = :id"
_TOKEN_INSERT = """
INSERT INTO token (tenant_id, ticket_id, number, node, via, state, signal, reason, parent, memo)
VALUES (:tenant, :ticket, :number, :node, :via, :state, :signal, :reason, :parent, :memo)
"""
_TOKEN_UPDATE = """
UPDATE token SET state = :state, signal = :signal, reason = :reason, memo = :memo
WHERE tenant_id = :tenant AND ticket_id = :ticket AND number = :number
"""
_TOKEN_DELETE = "DELETE FROM token WHERE tenant_id = :tenant AND ticket_id = :ticket AND number = :number"
_INSERT_TASK = """
INSERT INTO task (tenant_id, id, ticket_id, token, node, title, state, revision, customer, assignee_id, opened_at, due_at)
VALUES (:tenant, :id, :ticket, :token, :node, :title, 'open', 1, :customer, :assignee, :now, :due)
"""
_INSERT_CANDIDATE = "INSERT INTO candidate (tenant_id, task_id, principal) VALUES (:tenant, :task, :principal)"
_FINISH_TASK = """
UPDATE task SET state = 'done', revision = revision + 1, done_at = :now, done_by = :who, assignee_id = :assignee
WHERE tenant_id = :tenant AND id = :id AND state = 'open' AND revision = :revision
"""
_CANCEL_TASK = """
UPDATE task SET state = 'cancelled', revision = revision + 1, done_at = :now
WHERE tenant_id = :tenant AND ticket_id = :ticket AND token = :number AND state = 'open' RETURNING id
"""
_TOUCH_TASK = """
UPDATE task SET revision = revision + 1 WHERE tenant_id = :tenant AND id = :id AND state = 'open' AND revision = :revision
"""
_DELETE_CANDIDATES = "DELETE FROM candidate WHERE tenant_id = :tenant AND task_id = :task"
_ASSIGN_TASK = """
UPDATE task SET assignee_id = :assignee, revision = revision + 1
WHERE tenant_id = :tenant AND id = :id AND state = 'open' AND revision = :revision
"""
_INVOLVE = """
INSERT INTO involved (tenant_id, ticket_id, principal, part, at) VALUES (:tenant, :ticket, :principal, :part, :now)
ON CONFLICT DO NOTHING
"""
_INSERT_HISTORY = """
INSERT INTO history (tenant_id, ticket_id, step, at, who, who_name, verb, node, changes, trail, answers, said, undo)
VALUES (:tenant, :ticket, :step, :now, :who, :who_name, :verb, :node, :changes, :trail, :answers, :said, :undo)
"""
_NEXT_STEP = """
UPDATE ticket SET steps = steps + 1, updated_at = :now WHERE tenant_id = :tenant AND id = :ticket RETURNING steps
"""
_INSERT_EFFECT = """
INSERT INTO effect (tenant_id, id, ticket_id, token, kind, args, state, attempts, error, at)
VALUES (:tenant, :id, :ticket, :token, :kind, :args, 'todo', 0, '', :now)
"""
_INSERT_WAKEUP = """
INSERT INTO wakeup (tenant_id, effect_id, queue, attempt, since, due_at) VALUES (:tenant, :id, :queue, 0, :due, :due)
"""
_CANCEL_TIMERS = """
UPDATE effect SET state = 'void' WHERE tenant_id = :tenant AND ticket_id = :ticket AND token = :number AND state = 'todo'
"""
_RUN_ON = """
UPDATE effect SET state = 'todo' WHERE tenant_id = :tenant AND ticket_id = :ticket AND token = :number AND state = 'void'
RETURNING id, kind, args
"""
_AWAIT_NO_MORE = "DELETE FROM awaiting WHERE tenant_id = :tenant AND ticket_id = :ticket AND token = :number"
_WAKE_AGAIN = _INSERT_WAKEUP + "ON CONFLICT DO NOTHING"
_COUNT = """
INSERT INTO counter (tenant_id, series, period, last) VALUES (:tenant, :series, :period, 1)
ON CONFLICT (tenant_id, series, period) DO UPDATE SET last = counter.last + 1 RETURNING last
"""


def hold(connection: Connection, tenant: str, *, ticket: str | None = None, task: str | None = None) -> None:
    """One step of a ticket at a time: whoever comes second waits here, and then reads what the first has left.

    On SQLite the whole transaction has waited already.
    """
    if connection.locks_rows and ticket not in connection.held:
        connection.execute(_HOLD_TICKET if ticket else _HOLD_TASK, {"tenant": tenant, "id": ticket or task})


def task(connection: Connection, tenant: str, task_id: str) -> TaskRow | None:
    row = connection.execute(_TASK, {"tenant": tenant, "id": task_id}).fetchone()
    return TaskRow(*row) if row else None


def candidates(connection: Connection, tenant: str, task_id: str) -> set[str]:
    return {row[0] for row in connection.execute(_CANDIDATES, {"tenant": tenant, "task": task_id})}


def case_of_task(connection: Connection, tenant: str, row: TaskRow, key: str) -> Case:
    """The case with the one token that the task belongs to; others are fetched by what needs them."""
    case = _case(connection, tenant, row.ticket_id, {**row._asdict(), "memo": row.ticket_memo}, key)
    if row.token_state:
        case.tokens[row.token] = Token(
            row.token, row.node, row.token_via, row.token_state, row.token_signal,
            parent=row.token_parent, memo=loads(row.token_memo or "{}"),
        )  # fmt: skip
    return case


def case_of(connection: Connection, tenant: str, row: Mapping[str, Any], key: str) -> Case:
    """The case of a ticket's row, and the tokens that were read with it; where that was not all, it fetches others."""
    case = _case(connection, tenant, row["id"], row, key)
    case.tokens = {token.id: token for token in map(_token, row.get("tokens", ()))}
    if row.get("whole"):
        case.fetch = None
    return case


def _case(connection: Connection, tenant: str, ticket_id: str, row: Mapping[str, Any], key: str) -> Case:
    return Case(
        workflow=key,
        version=row["version"],
        data=loads(row["data"]),
        last_token=row["last_token"],
        live=row["live"],
        failed=row["failed"],
        result=row["result"],
        initiator=row["initiator"],
        unit=row["unit_id"],
        handlers=loads(row["handlers"]),
        memo=loads(row["memo"]),
        fetch=lambda **where: tokens(connection, tenant, ticket_id, **where),
    )


def ticket(connection: Connection, tenant: str, ticket_id: str) -> dict[str, Any] | None:
    ahead: dict[str, Any] | None = connection.ahead.pop(ticket_id, None)
    if ahead is not None:
        return ahead
    row = connection.execute(_TICKET, {"tenant": tenant, "id": ticket_id}).fetchone()
    return dict(zip(_OF_TICKET, row, strict=True)) if row else None


def read_ahead(connection: Connection, statement: str, asked: Mapping[str, Any]) -> None:
    """Tickets that are about to take a step, each with the token of its timer (`TIMED`), in one read. Each is good for one
    step: whoever asks again reads what that has left."""
    width = len(_OF_TICKET)
    for row in connection.execute(statement, asked):
        found: dict[str, Any] = dict(zip(_OF_TICKET, row, strict=False))
        found["tokens"] = [row[width:]]
        connection.ahead[found["id"]] = found


def hold_whole(connection: Connection, which: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Tickets with all their tokens, held as by `hold`: always in the same order, so that nobody waits in a circle. `which`
    selects their ids."""
    return whole(connection, which, asked, "FOR NO KEY UPDATE" if connection.locks_rows else "")


def whole(connection: Connection, which: str, asked: Mapping[str, Any], lock: str = "") -> list[dict[str, Any]]:
    """The same, only looked at."""
    rows = connection.execute(_THESE.format(which=which, lock=lock), asked).fetchall()
    found = [{**dict(zip(_OF_TICKET, row, strict=True)), "tokens": [], "whole": True} for row in rows]
    by_id = {one["id"]: one for one in found}
    for ticket_id, *token in connection.execute(_TOKENS_OF.format(which=which), asked):
        if ticket_id in by_id:  # not one that has come between the two reads
            by_id[ticket_id]["tokens"].append(token)
    return found


def tokens(connection: Connection, tenant: str, ticket_id: str, **where: Any) -> list[Token]:
    """All tokens of a ticket, or those with this `id`, on this `node`, of this `parent`."""
    asked = {"tenant": tenant, "ticket": ticket_id, **where}
    return [_token(row) for row in connection.execute(_TOKENS + "".join(_WHERE[name] for name in where), asked)]


def _token(row: Any) -> Token:
    number, node, via, state, signal, reason, parent, memo = row
    return Token(number, node, via, state, signal, Reason.from_json(loads(reason)) if reason else None, parent, loads(memo))


def insert_ticket(connection: Connection, tenant: str, ticket_id: str, case: Case, now: str, **more: Any) -> None:
    values = {"tenant": tenant, "id": ticket_id, "now": now, **_case_values(case, now), **more}
    values.update(initiator=case.initiator, unit_id=case.unit, data=dump(case.data), title=dump(more["title"]))
    connection.write(_INSERT_TICKET, values)


def update_ticket(
    connection: Connection, tenant: str, ticket_id: str, case: Case, now: str, *, urgent: bool, **told: Any
) -> None:
    """`told`: what it is called and found by, where its data have changed."""
    values = {"tenant": tenant, "id": ticket_id, "now": now, "urgent": urgent, **_case_values(case, now)}
    if told:
        values.update(told, data=dump(case.data), title=dump(told["title"]))
    connection.write(_UPDATE_WITH_DATA if told else _UPDATE_TICKET, values)


def say(connection: Connection, tenant: str, ticket_id: str, words: str) -> None:
    """What a search finds the ticket by."""
    connection.write(_SAY, {"tenant": tenant, "id": ticket_id, "words": words})


def write_tokens(connection: Connection, tenant: str, ticket_id: str, step: Step, now: str, done: int | None = None) -> None:
    """What became of tokens, on balance. With a token go its timers, and its task, unless it is that of the token whose task
    has just been `done`.
    """
    where = {"tenant": tenant, "ticket": ticket_id}
    for number in step.gone:
        connection.write(_TOKEN_DELETE, {**where, "number": number})
        connection.write(_CANCEL_TIMERS, {**where, "number": number})
        if step.prior[number].signal == OPEN and number != done:
            cancel_task(connection, tenant, ticket_id, number, now)
        if step.prior[number].signal == "message":
            connection.write(_AWAIT_NO_MORE, {**where, "number": number})
    for token in step.born.values():
        values = {**where, **_token_values(token), "node": token.node, "via": token.via, "parent": token.parent}
        connection.write(_TOKEN_INSERT, values)
    for token in step.changed.values():
        connection.write(_TOKEN_UPDATE, {**where, **_token_values(token)})


def cancel_task(connection: Connection, tenant: str, ticket_id: str, number: int, now: str) -> None:
    """Take back the open task of a token, if it has one."""
    asked = {"tenant": tenant, "ticket": ticket_id, "number": number, "now": now}
    for (task_id,) in connection.execute(_CANCEL_TASK, asked).fetchall():
        connection.write(_DELETE_CANDIDATES, {"tenant": tenant, "task": task_id})


def run_on(connection: Connection, tenant: str, ticket_id: str, number: int) -> None:
    """The timers of a token that is back: they keep their hours, and what was over meanwhile is due now."""
    asked = {"tenant": tenant, "ticket": ticket_id, "number": number}
    for effect_id, kind, args in connection.execute(_RUN_ON, asked).fetchall():
        wakeup = {"tenant": tenant, "id": effect_id, "queue": queue_of(kind), "due": loads(args)["due"]}
        connection.write(_WAKE_AGAIN, wakeup)


def open_task(connection: Connection, tenant: str, principals: list[str], **values: Any) -> None:
    """One person alone has it at once; several share it until one claims it."""
    people = [one.removeprefix("person:") for one in principals if one.startswith("person:")]
    alone = people[0] if len(principals) == 1 and people else None
    connection.write(_INSERT_TASK, {"tenant": tenant, "assignee": alone, **values})
    for principal in dict.fromkeys(principals):
        connection.write(_INSERT_CANDIDATE, {"tenant": tenant, "task": values["id"], "principal": principal})


def finish_task(connection: Connection, tenant: str, row: TaskRow, who: str, now: str) -> bool:
    assignee = who.removeprefix("person:") if who.startswith("person:") else None
    asked = {"tenant": tenant, "id": row.id, "revision": row.revision, "who": who, "assignee": assignee, "now": now}
    done = bool(connection.execute(_FINISH_TASK, asked).rowcount == 1)
    connection.write(_DELETE_CANDIDATES, {"tenant": tenant, "task": row.id})
    return done


def touch_task(connection: Connection, tenant: str, row: TaskRow) -> bool:
    """It stays open; whoever has an older page of it has to look again."""
    asked = {"tenant": tenant, "id": row.id, "revision": row.revision}
    return bool(connection.execute(_TOUCH_TASK, asked).rowcount == 1)


def assign(connection: Connection, tenant: str, task_id: str, revision: int, assignee: str | None) -> bool:
    asked = {"tenant": tenant, "id": task_id, "revision": revision, "assignee": assignee}
    return bool(connection.execute(_ASSIGN_TASK, asked).rowcount == 1)


def involve(connection: Connection, tenant: str, ticket_id: str, principal: str, part: str, now: str) -> None:
    asked = {"tenant": tenant, "ticket": ticket_id, "principal": principal, "part": part, "now": now}
    connection.write(_INVOLVE, asked)


def next_step(connection: Connection, tenant: str, ticket_id: str, now: str) -> int:
    found = connection.execute(_NEXT_STEP, {"tenant": tenant, "ticket": ticket_id, "now": now}).fetchone()
    return int(found[0])


def history(connection: Connection, tenant: str, ticket_id: str, step: int, now: str, **what: Any) -> None:
    values = {"tenant": tenant, "ticket": ticket_id, "step": step, "now": now, "node": None, **what}
    for name, empty in (("changes", {}), ("trail", []), ("answers", []), ("said", {})):
        values[name] = dump(what.get(name, empty))
    values["undo"] = dump(what["undo"]) if what.get("undo") else None
    connection.write(_INSERT_HISTORY, values)


def enqueue(
    connection: Connection, tenant: str, effect_id: str, ticket_id: str, kind: str, args: Any, now: str, *,
    due: str | None = None, token: int | None = None,
) -> None:  # fmt: skip
    """An effect for the worker. With a `token` it is a timer: due at that moment, and void if the token moves on before."""
    values = {"tenant": tenant, "id": effect_id, "now": now, "due": due or now, "queue": queue_of(kind)}
    connection.write(_INSERT_EFFECT, {**values, "ticket": ticket_id, "token": token, "kind": kind, "args": dump(args)})
    connection.write(_INSERT_WAKEUP, values)


def count(connection: Connection, tenant: str, series: str, period: str) -> int:
    """The next number of a series."""
    found = connection.execute(_COUNT, {"tenant": tenant, "series": series, "period": period}).fetchone()
    return int(found[0])


dump = dumps


def _case_values(case: Case, now: str) -> dict[str, Any]:
    state = case.status
    return {
        "state": state,
        "result": case.result,
        "handlers": dump(case.handlers),
        "memo": dump(case.memo),
        "live": case.live,
        "failed": case.failed,
        "last_token": case.last_token,
        "ended_at": now if state == "done" else None,
    }


def _token_values(token: Token) -> dict[str, Any]:
    reason = dump(token.reason.to_json()) if token.reason else None
    return {"number": token.id, "state": token.state, "signal": token.signal, "reason": reason, "memo": dump(token.memo)}
