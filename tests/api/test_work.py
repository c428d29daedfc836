"""A repair from its filing to its end over the API alone; the same checks as on the pages."""

import io
from typing import Any

import pytest
from sqlalchemy import select

from dougong.platform.files import File
from dougong.runtime.host.tables import Record, Task, Ticket
from tests.api.test_shell import REPAIR, shaped
from tests.cast import Caller, Cast


@pytest.fixture
def bob(cast: Cast) -> Caller:
    return cast.api(cast.token("bob"))


def filed(caller: Caller, **values: Any) -> str:
    answer = caller("POST", "/tickets", {"workflow": "repair", "values": {**REPAIR["values"], **values}})  # type: ignore[dict-item]
    assert answer.status_code == 201, answer.text
    return str(answer.json["ticket_id"])


def task_of(caller: Caller, ticket_id: str, node: str) -> dict[str, Any]:
    found = caller("GET", f"/tickets/{ticket_id}").json["tasks"]
    return next(task for task in found if task["node"] == node)


def codes(answer: Any) -> dict[str, str]:
    return {one["path"]: one["code"] for one in shaped(answer)["details"]}


def test_the_whole_way_of_an_urgent_repair(cast: Cast, bob: Caller) -> None:
    ticket_id = filed(bob, description="空调漏水", fault_category="leak", leak_amount="drip")
    for name, node, values in [
        ("emma", "diagnose_urgent", {"diagnosis": "x", "quote": "6000", "needs_parts": False}),
        ("helen", "approve", {"manager_decision": "approve"}),
        ("ivan", "parts", {"parts_result": "not_needed"}),
        ("judy", "quality", {"quality_result": "passed"}),
        ("kevin", "supervise", {"supervisor_note": "ok"}),
    ]:
        caller = cast.api(cast.token(name))
        task = task_of(caller, ticket_id, node)
        done = caller("POST", f"/tasks/{task['id']}/submit", {"revision": task["revision"], "values": values})
        assert done.status_code == 200, done.text
    assert cast.waiting(ticket_id) == ["close_urgent"]
    told = cast.api(cast.token("victor"))("GET", f"/tickets/{ticket_id}").json
    assert [one["verb"] for one in told["timeline"]] == ["filed"] + ["submitted"] * 5
    assert next(one["state"] for one in told["route"] if one["node"] == "close_urgent") == "current"
    assert told["urgent"] is True and told["initiator"] == "赵博 Bob"


def test_the_form_of_a_task_is_told_with_its_rights(cast: Cast, bob: Caller) -> None:
    frank = cast.api(cast.token("frank"))
    task = task_of(frank, filed(bob), "diagnose")
    form = {one["key"]: one for one in frank("GET", f"/tasks/{task['id']}").json["form"]}
    assert task["mine"] and form["diagnosis"]["right"] == "required" and form["description"]["right"] == "read"
    assert task_of(bob, task["ticket_id"], "diagnose")["form"] == []


def test_errors_are_told_by_field_and_nothing_is_saved(cast: Cast, bob: Caller) -> None:
    answer = bob("POST", "/tickets", {"workflow": "repair", "values": {**REPAIR["values"], "phone": "12", "description": ""}})  # type: ignore[dict-item]
    assert answer.status_code == 422
    assert codes(answer) == {"/values/phone": "field.phone.invalid", "/values/description": "field.required"}
    with cast.reading() as session:
        assert session.scalars(select(Ticket)).all() == []


def test_a_field_that_the_step_may_not_write_is_refused(cast: Cast, bob: Caller) -> None:
    """Body fields that raise one's own rights: read-only, hidden, calculated and unknown ones."""
    answer = bob("POST", "/tickets", {"workflow": "repair", "values": {**REPAIR["values"], "visit_fee": "0", "nonsense": 1}})  # type: ignore[dict-item]
    assert codes(answer) == {"/values/visit_fee": "api.unknown_field", "/values/nonsense": "api.unknown_field"}
    frank = cast.api(cast.token("frank"))
    task = task_of(frank, filed(bob), "diagnose")
    values = {"diagnosis": "x", "quote": "1", "needs_parts": False, "description": "changed"}
    answer = frank("POST", f"/tasks/{task['id']}/submit", {"revision": task["revision"], "values": values})
    assert answer.status_code == 422 and codes(answer) == {"/values/description": "api.not_writable"}
    assert cast.waiting(task["ticket_id"]) == ["diagnose"]


@pytest.mark.parametrize(
    "more", [{"assignee_id": "x"}, {"state": "done"}, {"node": "approve"}, {"principals": ["admins"]}, {"revision": True}]
)
def test_a_submit_takes_nothing_but_revision_and_values(cast: Cast, bob: Caller, more: dict[str, Any]) -> None:
    frank = cast.api(cast.token("frank"))
    task = task_of(frank, filed(bob), "diagnose")
    answer = frank("POST", f"/tasks/{task['id']}/submit", {"revision": task["revision"], "values": {}, **more})
    assert answer.status_code == 422
    assert cast.waiting(task["ticket_id"]) == ["diagnose"]


@pytest.mark.parametrize("name", ["bob", "grace", "victor", "charlie"])
def test_only_whom_it_is_addressed_to_does_a_task(cast: Cast, bob: Caller, name: str) -> None:
    task = cast.open_task(filed(bob), "diagnose")
    caller = cast.api(cast.token(name, slug="globex"), "globex") if name == "charlie" else cast.api(cast.token(name))
    for verb, body in (("submit", {"revision": 1, "values": {"diagnosis": "y"}}), ("claim", {"revision": 1})):
        assert caller("POST", f"/tasks/{task.id}/{verb}", body).status_code in (403, 404)


def test_claimed_told_who_released_and_stale(cast: Cast, bob: Caller) -> None:
    frank = cast.api(cast.token("frank"))
    task = task_of(frank, filed(bob), "diagnose")
    claimed = frank("POST", f"/tasks/{task['id']}/claim", {"revision": task["revision"]})
    assert claimed.json["assignee_id"] == cast.member_id("frank")
    assert [one["id"] for one in frank("GET", "/tasks?part=todo").json["items"]] == [task["id"]]
    stale = frank("POST", f"/tasks/{task['id']}/release", {"revision": task["revision"]})
    assert (stale.status_code, shaped(stale)["code"]) == (409, "task.changed_meanwhile")
    released = frank("POST", f"/tasks/{task['id']}/release", {"revision": claimed.json["revision"]})
    assert released.json["assignee_id"] is None
    assert [one["id"] for one in frank("GET", "/tasks?part=queue").json["items"]] == [task["id"]]


def test_lists_show_what_the_pages_show(cast: Cast, bob: Caller) -> None:
    ticket_id = filed(bob)
    assert [one["id"] for one in bob("GET", "/tickets?part=initiator").json["items"]] == [ticket_id]
    assert cast.api(cast.token("ivan"))("GET", "/tickets").json["items"] == []
    assert bob("GET", "/tickets?q=BX&workflow=repair&state=running").json["items"]
    assert bob("GET", "/tickets?state=done").json["items"] == []


def test_hidden_fields_are_told_to_nobody_they_are_hidden_from(cast: Cast, bob: Caller) -> None:
    ticket_id = filed(bob)
    cast.work("frank", ticket_id, "diagnose", diagnosis="only for insiders", quote="100", needs_parts="false")
    assert "only for insiders" not in bob("GET", f"/tickets/{ticket_id}").text
    assert "only for insiders" in cast.api(cast.token("frank"))("GET", f"/tickets/{ticket_id}").text


def test_a_comment_with_ones_own_upload(cast: Cast, bob: Caller) -> None:
    ticket_id = filed(bob)
    mine = bob("POST", "/files", data={"file": (io.BytesIO(b"hello"), "a.txt")}).json["id"]
    others = cast.api(cast.token("emma"))("POST", "/files", data={"file": (io.BytesIO(b"x"), "b.txt")}).json["id"]
    assert bob("GET", f"/files/{mine}").data == b"hello"
    assert bob("GET", f"/files/{others}").status_code == 404
    assert bob("POST", f"/tickets/{ticket_id}/comments", {"text": "see", "files": [mine, others]}).status_code == 204
    [said] = [one for one in bob("GET", f"/tickets/{ticket_id}").json["timeline"] if one["verb"] == "commented"]
    assert said["text"] == "see" and [one["name"] for one in said["files"]] == ["a.txt"]
    with cast.reading() as session:
        owner = session.scalars(select(File.owner).where(File.id == others)).one()
    assert owner.startswith("upload:")
    assert bob("POST", f"/tickets/{ticket_id}/comments", {"text": "  "}).status_code == 422


def test_what_a_ticket_points_at_is_the_tenants_own(cast: Cast, bob: Caller) -> None:
    """Links to foreign records at creation: told like one that is not there."""
    from dougong.platform.store import transaction

    with cast.app.app_context(), transaction(cast.tenants["globex"]) as session:
        session.add(Record(id="01920000-0000-7000-8000-00000000f0f0", entity_key="customer", title="theirs", data={}))
    answers = []
    for record_id in ("01920000-0000-7000-8000-00000000f0f0", "01920000-0000-7000-8000-00000000dead"):
        values = {**REPAIR["values"], "customer": {"id": record_id}}  # type: ignore[dict-item]
        answers.append(bob("POST", "/tickets", {"workflow": "repair", "values": values}))
    assert [one.status_code for one in answers] == [422, 422]
    assert codes(answers[0]) == codes(answers[1]) == {"/values/customer": "field.unknown_reference"}


def test_a_failed_step_is_retried_by_who_looks_after_it(cast: Cast, bob: Caller) -> None:
    ticket_id = filed(bob)
    assert bob("POST", f"/tickets/{ticket_id}/retry/1").status_code == 403
    assert cast.api(cast.token("alice"))("POST", f"/tickets/{ticket_id}/retry/1").status_code == 404  # it has not failed


def test_a_service_files_and_is_named(cast: Cast) -> None:
    robot = cast.api(cast.service("staff", scopes=["tickets.file", "tickets.see", "tickets.work"]))
    ticket_id = filed(robot)
    told = robot("GET", f"/tickets/{ticket_id}").json
    assert told["initiator"] == "robot"
    with cast.reading() as session:
        task_id = session.scalars(select(Task.id).where(Task.ticket_id == ticket_id)).first()
    claim = robot("POST", f"/tasks/{task_id}/claim", {"revision": 1})
    assert (claim.status_code, shaped(claim)["code"]) == (409, "api.person_needed")
    assert "robot" in cast.sign_in("victor").get(f"/t/acme/tickets/{ticket_id}").text
