"""Running tickets go over to a new version of their workflow, on both stores: looked at, in batches, and back."""

import json
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import select

from dougong.platform import search
from dougong.platform.audit import Audit
from dougong.runtime.host import migrating, sql
from dougong.runtime.host.migrating import Migration
from dougong.runtime.host.tables import Task, Ticket
from dougong.runtime.host.verbs import Actor
from tests.builder.test_documents import API, opened, put
from tests.cast import Cast
from tests.host.test_approvals import act, filed, waiting


def publish(cast: Cast, change: Any) -> str:
    """A new version of the refunds. Answers the workflow's id."""
    alice = cast.sign_in("alice")
    one = opened(alice, "workflow", "refund")
    draft = change(json.loads(json.dumps(one["draft"])))
    revision = put(alice, one, **draft).json["revision"]
    answer = alice.post(f"{API}/documents/{one['id']}/publish", json={"revision": revision})
    assert answer.status_code == 200, answer.json
    return str(one["id"])


def without_head(draft: Any) -> Any:
    """The head's approval is gone; the board is called otherwise, and so are its tickets."""
    nodes = [node for node in draft["nodes"] if node["uid"] != "head"]
    for node in nodes:
        if node["uid"] == "board":
            node["title"] = {"zh-Hans": "联签", "en": "Countersign"}
    edges = [edge for edge in draft["edges"] if "head" not in (edge["source"], edge["target"])]
    edges = [{"uid": "new", "source": "start", "target": "large"}, *edges]
    return {"nodes": nodes, "edges": edges, "stories": [], "ticket_title": {"zh-Hans": "返还货款", "en": "Money back"}}


def version(cast: Cast, ticket_id: str) -> int:
    with cast.reading() as session:
        return session.scalars(select(Ticket.version).where(Ticket.id == ticket_id)).one()


def run(cast: Cast, migration_id: str) -> Migration:
    alice = cast.sign_in("alice")
    for _ in range(20):
        alice.post(f"/t/acme/migrations/{migration_id}/batch")
        with cast.reading() as session:
            row = session.scalars(select(Migration).where(Migration.id == migration_id)).one()
            session.expunge_all()
        if row.state == "done":
            return row
    raise AssertionError("it does not end")


def begin(cast: Cast, workflow_id: str, **data: Any) -> str:
    answer = cast.sign_in("alice").post(f"/t/acme/migrations/workflow/{workflow_id}", data={"go": "yes", **data})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"]).rsplit("/", 1)[1]


def test_what_can_go_over_does_and_goes_on_there(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "BATCH", 2)
    at_head, at_board = filed(cast), [filed(cast) for _ in range(4)]
    for one in at_board:
        act(cast, "kevin", one, "approve")
    act(cast, "helen", at_board[0], "approve")
    workflow_id = publish(cast, without_head)
    page = cast.sign_in("alice").get(f"/t/acme/migrations/workflow/{workflow_id}").text
    assert "停在已删除的步骤“主管审批”" in page and "主管审批" in page
    row = run(cast, begin(cast, workflow_id))
    assert (row.total, row.moved, row.stuck) == (5, 4, 1)
    assert [(one["reason"]["code"], one["count"]) for one in row.reasons] == [("migrate.step_removed", 1)]
    assert [version(cast, one) for one in (at_head, *at_board)] == [1, 2, 2, 2, 2]
    with cast.reading() as session:
        titles = session.scalars(select(Task.title).where(Task.ticket_id == at_board[1], Task.state == "open")).all()
        found = session.scalars(select(Ticket.id).where(*search.narrowed(session, "ticket", Ticket.id, Ticket.words, "返还")))
        assert {title["zh-Hans"] for title in titles} == {"联签"} and set(found) == set(at_board)
        named = {one.title["zh-Hans"] for one in session.scalars(select(Ticket).where(Ticket.id.in_(at_board)))}
        assert named == {"返还货款"}
    act(cast, "fiona", at_board[0], "approve")  # the vote of before counts
    assert waiting(cast, at_board[0]) == [("pay", "role:refund_finance")]
    act(cast, "kevin", at_head, "approve")  # who stays goes on as before
    assert waiting(cast, at_head) == [("board", "fiona"), ("board", "helen")]


def test_the_dry_run_reads_batch_by_batch_and_no_ticket_by_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [filed(cast) for _ in range(3)]
    for one in tickets[1:]:
        act(cast, "kevin", one, "approve")
    workflow_id = publish(cast, without_head)
    monkeypatch.setattr(migrating, "BATCH", 2)
    actor = Actor(cast.tenants["acme"], "UTC", "person:x", "x", frozenset())
    alone = mock.patch.multiple(sql, ticket=None, tokens=None)
    with cast.reading(), alone, mock.patch.object(sql, "whole", wraps=sql.whole) as whole:
        found = migrating.look(actor, workflow_id, 2, {})
    assert (found.total, found.able, whole.call_count) == (3, 2, 3)  # two, one, and no more
    assert [(one["count"], one["node"]) for one in found.reasons] == [(1, "head")]


def test_the_way_back_is_offered_as_soon_as_it_is_done(cast: Cast) -> None:
    filed(cast)
    workflow_id = publish(cast, lambda draft: {"title": {**draft["title"], "en": "Refunds"}})
    alice, migration_id = cast.sign_in("alice"), begin(cast, workflow_id)
    assert "未完成" in alice.get("/t/acme/migrations/").text
    answer = alice.post(f"/t/acme/migrations/{migration_id}/batch").text
    assert "完成" in answer and f"{migration_id}/back" in answer


def test_a_mapping_takes_them_along_and_back(cast: Cast) -> None:
    def renamed(draft: Any) -> Any:
        text = json.dumps({name: draft[name] for name in ("nodes", "edges")})
        for name in ("uid", "source", "target"):
            text = text.replace(f'"{name}": "head"', f'"{name}": "boss"')
        return {**json.loads(text), "stories": []}

    ticket = filed(cast)
    workflow_id = publish(cast, renamed)
    wrong = cast.sign_in("alice").post(
        f"/t/acme/migrations/workflow/{workflow_id}", data={"go": "yes", "map.head": "done"}, follow_redirects=True
    )
    assert "类型不同" in wrong.text
    migration_id = begin(cast, workflow_id, **{"map.head": "boss"})
    assert run(cast, migration_id).moved == 1
    assert (version(cast, ticket), waiting(cast, ticket)) == (2, [("boss", "kevin")])
    assert "v1 → v2" in cast.sign_in("alice").get(f"/t/acme/tickets/{ticket}").text
    answer = cast.sign_in("alice").post(f"/t/acme/migrations/{migration_id}/back")
    assert run(cast, str(answer.headers["Location"]).rsplit("/", 1)[1]).moved == 1
    assert (version(cast, ticket), waiting(cast, ticket)) == (1, [("head", "kevin")])
    act(cast, "kevin", ticket, "approve")


def test_where_no_ticket_is_left_to_go_over_it_is_done_at_once_and_told_in_the_trail(cast: Cast) -> None:
    row = run(cast, begin(cast, publish(cast, without_head)))
    assert (row.total, row.moved, row.state) == (0, 0, "done")
    with cast.reading() as session:
        told = session.scalars(select(Audit.detail).where(Audit.verb == "migrated", Audit.subject_id == row.workflow_id))
        assert told.one() == {"version": 2, "tickets": 0}


def test_who_may_not_repair_migrates_nothing(cast: Cast) -> None:
    workflow_id = publish(cast, without_head)
    for name in ("bob", "fiona"):
        client = cast.sign_in(name)
        assert client.get(f"/t/acme/migrations/workflow/{workflow_id}").status_code == 403
        assert client.post(f"/t/acme/migrations/workflow/{workflow_id}", data={"go": "yes"}).status_code == 403
    charlie = cast.sign_in("charlie")
    assert charlie.get(f"/t/globex/migrations/workflow/{workflow_id}").status_code == 404
    assert charlie.post("/t/globex/migrations/0/batch").status_code == 404
