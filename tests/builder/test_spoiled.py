"""Definitions that somebody has spoiled by hand, over the API: taken or told where, never a fault; and what can still be
published runs, to an incident with a reason at worst.
"""

from contextlib import suppress
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dougong.platform.store import enter_tenant
from dougong.runtime.host import tasks, worker
from dougong.runtime.host.tables import Candidate, EffectRow, Task
from dougong.runtime.host.verbs import Actor, StaleTask
from tests import LONG
from tests.api.test_shell import REPAIR
from tests.cast import Caller, Cast
from tests.spoiled import ODD, spoiled

EXAMPLES = {"sqlite": 1_000 if LONG else 12, "postgresql": 1_000 if LONG else 6}
MOST_STEPS = 8
FILED: dict[str, dict[str, Any]] = {
    "repair": dict(REPAIR["values"]),  # type: ignore[call-overload]
    "refund": {"customer_name": "周", "order_number": "SO-1", "refund_amount": "3800", "refund_reason": "quality"},
}


def definitions(alice: Caller) -> dict[str, dict[str, Any]]:
    """The drafts of the tenant, by id."""
    heads = alice("GET", "/definitions?limit=100").json["items"]
    return {one["id"]: alice("GET", f"/definitions/{one['id']}").json["draft"] for one in heads}


def told(answer: Any) -> bool:
    """It is done, or it is said what is wrong and where."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        error = answer.json["error"]
        assert error["message"] and "path" in error, error
    return bool(answer.status_code < 300)


def test_whatever_is_spoiled_is_taken_or_told_and_what_runs_does_not_break(alone: Cast) -> None:
    alice, bob = (alone.api(alone.token(name)) for name in ("alice", "bob"))
    drafts = definitions(alice)
    wanted = sorted(drafts, key=lambda one: (drafts[one]["kind"], drafts[one]["key"]))
    published, most = [], EXAMPLES["postgresql" if alone.place.postgres else "sqlite"]

    @settings(
        max_examples=most, database=None, derandomize=not LONG, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @given(st.data())
    def fuzz(data: st.DataObject) -> None:
        document_id = data.draw(st.sampled_from(wanted))
        draft = data.draw(spoiled([drafts[document_id]], list(drafts.values())))
        chance = Random(data.draw(st.integers(0, 2**32)))  # what is drawn must not depend on what has happened
        at = f"/definitions/{document_id}"
        told(alice("POST", "/check", {"draft": draft}))
        saved = alice("PUT", at, {"revision": alice("GET", at).json["revision"], "draft": draft})
        if not told(saved):
            return
        told(alice("GET", f"{at}/route?node=close"))
        told(alice("GET", f"{at}/bpmn"))
        told(alice("POST", f"{at}/play", {"say": [{"node": "start", "values": {}}]}))
        told(alice("POST", "/sample", {"draft": draft, "lines": [{}]}))
        told(alice("POST", "/decide", {"draft": draft, "values": {}}))
        if told(alice("POST", f"{at}/publish", {"revision": saved.json["revision"]})):
            published.append(document_id)
            for workflow, values in FILED.items():
                run(alone, bob, chance, workflow, values)
        assert alone.sign_in("alice").get(f"/t/acme/builder/{document_id}").status_code == 200

    fuzz()
    assert published


def run(cast: Cast, bob: Caller, chance: Random, workflow: str, values: dict[str, Any]) -> None:
    """File a ticket, and do whatever there is to do with odd values."""
    filed = bob("POST", "/tickets", {"workflow": workflow, "values": values})
    if not told(filed):
        return
    ticket_id = filed.json["ticket_id"]
    for _ in range(MOST_STEPS):
        with cast.app.app_context():
            while worker.sweep():
                pass
        if not act(cast, chance, ticket_id):
            break
    with cast.reading() as session:
        broken = [error for error in session.scalars(select(EffectRow.error).where(EffectRow.error != "")) if error[0] != "{"]
    assert broken == []
    assert cast.sign_in("alice").get(f"/t/acme/tickets/{ticket_id}").status_code == 200


def act(cast: Cast, chance: Random, ticket_id: str) -> bool:
    """Something with one of the open tasks, by who may. False where there is none."""
    with cast.reading() as session:
        mine = (Candidate.tenant_id == Task.tenant_id) & (Candidate.task_id == Task.id)
        wanted = (
            select(Task, Candidate.principal).join(Candidate, mine).where(Task.ticket_id == ticket_id, Task.state == "open")
        )
        found = session.execute(wanted.order_by(Task.id, Candidate.principal)).all()
        session.expunge_all()
    if not found:
        return False
    task, principal = chance.choice(found)
    person = principal if principal.startswith("person:") else f"person:{cast.member_id('frank')}"
    actor = Actor(cast.tenants["acme"], "Asia/Shanghai", person, "tests", frozenset({person, principal}))
    signal = chance.choice(["submitted", "approve", "reject", "send_back"])
    said = {"opinion": "x", "to": "start"} if signal != "submitted" else None
    keys = chance.sample(["diagnosis", "quote", "result", "solution", "paid_on"], chance.randint(0, 5))
    values = {key: chance.choice(ODD) for key in keys}
    with cast.app.app_context(), suppress(StaleTask):  # the step knows no such verb
        enter_tenant(cast.tenants["acme"])
        tasks.act(actor, task.id, task.revision, signal, values, said)
    return True
