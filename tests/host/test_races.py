"""Many at once: one wins a task and the others are told who; branches that end together are joined once, neither refused."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from dougong.builder import documents as builder
from dougong.platform import documents
from dougong.platform.people import Binding, UnitMember
from dougong.platform.store import transaction
from dougong.runtime.canonical import content_hash
from dougong.runtime.host import definitions, filing
from dougong.runtime.host.tables import History, Task, Ticket, TokenRow
from dougong.runtime.host.verbs import Actor, Done
from tests import LONG
from tests.cast import Cast
from tests.drawing import field as form_field
from tests.drawing import flow_doc, form_doc, node, task
from tests.host.racing import race

NAMES = {
    "bob": "赵博", "emma": "周敏", "frank": "冯工", "grace": "高洁",
    "helen": "何经理", "ivan": "伊凡", "judy": "朱迪", "kevin": "柯文",
}  # fmt: skip
CLIENTS, SERVED, TASKS, ROUNDS = 64, 16, (1_000 if LONG else 3), (1_000 if LONG else 8)


class By:
    member_id, name = None, "tests"

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id


def publish(cast: Cast, *bodies: dict[str, Any]) -> None:
    tenant_id = cast.tenants["acme"]
    with cast.app.app_context(), transaction(tenant_id) as session:
        by = By(tenant_id)
        made = [documents.create(session, by, body, content_hash(body)) for body in bodies]
        builder.publish_all(session, by, made)


def file(cast: Cast, key: str, member_id: str, times: int) -> None:
    """So many tickets of a workflow, by a member."""
    with cast.reading() as session:
        document = definitions.workflow(key)
        assert document is not None
        actor = Actor(cast.tenants["acme"], "Asia/Shanghai", f"person:{member_id}", "tests", frozenset())
        for _ in range(times):
            assert isinstance(filing.file(actor, document, {}), Done)
            session.rollback()  # a server ends whoever leaves a transaction open for a minute


def open_tasks(cast: Cast, node_uid: str) -> list[tuple[str, int]]:
    with cast.reading() as session:
        found = session.execute(select(Task.id, Task.revision).where(Task.node == node_uid, Task.state == "open"))
        return [(task_id, revision) for task_id, revision in found.all()]


# What comes of a join when both its branches end at the same instant: the answers of the two, and how often it lets one on.
BOTH, ONE = ["Done", "Done"], ["Done", "StaleTask"]
JOINS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all": ({"mode": "all"}, BOTH),
    "any": ({"mode": "any", "rest": "ignored"}, BOTH),
    "first": ({"mode": "any", "rest": "cancelled"}, ONE),
    "count": ({"mode": "count", "needs": 2}, BOTH),
    "reaching": ({"mode": "reaching"}, BOTH),
}


@pytest.fixture
def forks(cast: Cast) -> Cast:
    """For every mode: start, two branches of one task each, a join of that mode, and an end. All tasks are bob's."""
    mine = {"who": {"by": "initiator"}}
    flows = [
        flow_doc(
            [
                node("start", "start"), node("f", "fork"), task("a", **mine), task("b", **mine), node("j", "join", **config),
                node("e", "end"),
            ],
            ["start>f", "f>a", "f>b", "a>j", "b>j", "j>e"],
            key=f"race_{mode}", uid=f"race_{mode}", form="racing",
        )
        for mode, (config, _) in JOINS.items()
    ]  # fmt: skip
    publish(cast, form_doc(form_field("note"), key="racing"), *flows)
    return cast


def test_two_branches_that_end_at_the_same_instant_are_joined_once_in_every_mode(forks: Cast) -> None:
    bob = forks.member_id("bob")
    for mode in JOINS:
        file(forks, f"race_{mode}", bob, ROUNDS)
    pairs: dict[str, dict[str, tuple[str, int]]] = {}
    with forks.reading() as session:
        modes = {row.id: row.workflow_key.removeprefix("race_") for row in session.scalars(select(Ticket))}
        for row in session.execute(select(Task.ticket_id, Task.node, Task.id, Task.revision)):
            pairs.setdefault(row.ticket_id, {})[row.node] = (row.id, row.revision)
    config = {**forks.place.config, "HOME": forks.home}
    answers = race(config, forks.tenants["acme"], [(bob, [pair[name] for pair in pairs.values()]) for name in ("a", "b")])
    for ticket_id, *got in zip(pairs, *answers, strict=True):
        assert sorted(one.partition("(")[0] for one in got) == JOINS[modes[ticket_id]][1], (modes[ticket_id], got)
    with forks.reading() as session:
        assert set(session.scalars(select(Ticket.state))) == {"done"}
        assert session.scalar(select(func.count()).select_from(TokenRow)) == 0
        steps = session.execute(select(History.ticket_id, History.step, History.trail)).all()
    joined = Counter(step.ticket_id for step in steps for move in step.trail if "e" in move)
    assert joined == dict.fromkeys(pairs, 1)
    assert len({(step.ticket_id, step.step) for step in steps}) == len(steps)


def test_of_sixty_four_who_claim_one_task_one_wins_and_the_others_are_told_who(cast: Cast) -> None:
    flow = flow_doc(
        [node("start", "start"), task("take", who={"by": "role", "role": "emergency_team"}), node("end", "end")],
        ["start>take", "take>end"], key="queue", form="racing",
    )  # fmt: skip
    publish(cast, form_doc(form_field("note"), key="racing"), flow)
    file(cast, "queue", cast.member_id("bob"), TASKS)
    people = tuple(NAMES)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.query(Binding).filter(Binding.role_key == "emergency_team").delete()
        session.query(UnitMember).filter(UnitMember.head).update({"head": False})
        session.add_all(Binding(role_key="emergency_team", member_id=cast.member_id(name)) for name in people)
    clients = [(name, cast.sign_in(name)) for name in people for _ in range(CLIENTS // len(people))]
    for task_id, revision in open_tasks(cast, "take"):
        answers = claimed(clients, f"/t/acme/tasks/{task_id}/claim", revision)
        winners = [name for name, status, _ in answers if status == 302]
        with cast.reading() as session:
            owner = session.scalars(select(Task.assignee_id).where(Task.id == task_id)).one()
        assert winners and {cast.member_id(name) for name in winners} == {owner}
        assert len(winners) == 1, "a second claim by the same person is stale too"
        told = [text for name, status, text in answers if status == 409 and name != winners[0]]
        assert len(told) == CLIENTS - CLIENTS // len(people)
        assert all(NAMES[winners[0]] in text for text in told)


def claimed(clients: list[tuple[str, Any]], address: str, revision: int) -> list[tuple[str, int, str]]:
    """All at once, as many at a time as a server has threads: (who, status, page)."""

    def one(client: tuple[str, Any]) -> tuple[str, int, str]:
        answer = client[1].post(address, data={"revision": revision})
        return client[0], answer.status_code, answer.text

    with ThreadPoolExecutor(SERVED) as threads:
        return list(threads.map(one, clients))
