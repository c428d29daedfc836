"""What went wrong elsewhere: known bugs of platforms like this one that no other file of the tests is about."""

import io
import re
import time
from typing import Any

import pytest
from sqlalchemy import func, select, text

from dougong import demo
from dougong.builder import packing
from dougong.builder.checks import check
from dougong.platform import documents, jobs
from dougong.platform.accounts import Account
from dougong.platform.people import Binding, Member, MemberRole
from dougong.platform.store import db, transaction
from dougong.runtime.canonical import content_hash
from dougong.runtime.host.tables import History, Record, Ticket
from tests.api.test_shell import REPAIR as OVER_API
from tests.cast import REPAIR, Cast, errors, fields
from tests.drawing import field, flow_doc, form_doc, node
from tests.host.test_races import By, publish

MISSING = "0190a000-0000-7000-8000-000000000000"
CUSTOMER = {"name": "x", "phone": "13811112222", "level": "vip", **{key: REPAIR[key] for key in REPAIR if "address" in key}}
PACK = demo.PACKS / "appliance_repair.json"


def foreign(cast: Cast) -> dict[str, str]:
    """Of the other company: a customer, a file, a person and a unit, a ticket with a task."""
    with cast.reading("globex"):
        packing.import_pack(demo.Loader(cast.tenants["globex"]), PACK.read_bytes())
    charlie, at = cast.sign_in("charlie"), "/t/globex"
    made = charlie.post(f"{at}/records/customer/new", data=fields(CUSTOMER))
    assert made.status_code == 302, errors(made.text)
    file = charlie.post(f"{at}/uploads", data={"file": (io.BytesIO(b"x"), "a.txt")}).json["id"]
    filed = charlie.post(f"{at}/tickets/new/repair", data=fields(REPAIR))
    with cast.reading("globex") as session:
        return {
            "customer": session.scalars(select(Record.id).where(Record.entity_key == "customer")).first() or "",
            "file": file,
            "person": session.scalars(select(Member.id)).first() or "",
            "ticket": str(filed.headers["Location"]).rsplit("/", 1)[1],
        }


def test_what_is_filed_points_at_nothing_of_another_company(cast: Cast) -> None:
    """At creation, where many look less closely than at a change: told like a missing id on pages and over the API."""
    theirs, bob, api = foreign(cast), cast.sign_in("bob"), cast.api(cast.token("bob"))
    publish(
        cast,
        form_doc(field("who", "person"), field("where", "unit"), field("paper", "files"), key="points"),
        flow_doc([node("start", "start"), node("end", "end")], ["start>end"], key="points", form="points"),
    )
    with cast.reading("globex") as session:
        unit = session.execute(text("SELECT unit_id FROM unit_member WHERE tenant_id = :t"), {"t": cast.tenants["globex"]})
        theirs["unit"] = unit.scalars().first()
    tries = [("repair", {**REPAIR, "customer": theirs["customer"]}, "customer"), ("points", {"who": theirs["person"]}, "who"),
             ("points", {"where": theirs["unit"]}, "where"), ("points", {"paper": theirs["file"]}, "paper")]  # fmt: skip
    for workflow, values, key in tries:
        answers = [bob.post(f"/t/acme/tickets/new/{workflow}", data=fields({**values, key: one}))
                   for one in (values[key], MISSING)]  # fmt: skip
        assert [one.status_code for one in answers] == [422, 422], key
        assert errors(answers[0].text) == errors(answers[1].text) != []
    values: Any = OVER_API["values"]
    told = [api("POST", "/tickets", {"workflow": "repair", "values": {**values, "customer": {"id": one}}})
            for one in (theirs["customer"], MISSING)]  # fmt: skip
    assert [one.status_code for one in told] == [422, 422] and told[0].json == told[1].json
    ticket_id = cast.file()
    bob.post(f"/t/acme/tickets/{ticket_id}/comments", data={"text": "see", "f.files": theirs["file"]})
    with cast.reading() as session:
        said = session.scalars(select(History.changes).where(History.verb == "commented")).one()
        assert said["files"] == [] and session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_a_field_too_many_in_a_form_raises_nobodys_rights(cast: Cast) -> None:
    bob, more = cast.sign_in("bob"), {"roles": ["tenant_admin"], "operator": "1", "proven": "1", "tenant_id": "x"}
    bob.post("/account", data={"name": "赵博", "old": demo.PASSWORD, "new": "mond regen kaffee", **more})
    bob.post("/t/acme/tickets/new/repair", data={**fields(REPAIR), **more, "initiator": "person:x", "state": "done"})
    mine = f"/t/acme/settings/members/{cast.member_id('bob')}"
    assert bob.post(mine, data={"name": "赵博", **more}).status_code == 403
    with cast.reading() as session:
        roles = session.scalars(select(MemberRole.role).where(MemberRole.member_id == cast.member_id("bob"))).all()
        ticket = session.scalars(select(Ticket)).one()
        assert roles == ["staff"] and (ticket.initiator, ticket.state) == (f"person:{cast.member_id('bob')}", "running")
    with cast.app.app_context():
        assert not db.session.scalars(select(Account.operator).where(Account.email.startswith("bob@"))).one()


def test_a_member_gives_nobody_a_role_by_a_field_that_the_page_does_not_draw(cast: Cast) -> None:
    """Who manages the organisation makes nobody an operator, and a role that there is not is none."""
    draft = {"name": "新人", "email": "new@acme.example", "roles": ["staff", "operator", "king"], "operator": "1"}
    cast.sign_in("alice").post("/t/acme/settings/members", data=draft)
    with cast.reading() as session:
        member = session.scalars(select(Member).where(Member.email == "new@acme.example")).first()
        kept = session.scalars(select(MemberRole.role).where(MemberRole.member_id == member.id)).all() if member else []
        assert set(kept) <= {"staff"}
    with cast.app.app_context():
        assert not any(db.session.scalars(select(Account.operator).where(Account.email == "new@acme.example")))


def test_no_right_outlives_its_reason_by_a_request(cast: Cast) -> None:
    """A role of the definitions that is taken away: the queue, the ticket, its files and the task are gone, on page and API."""
    ticket_id = cast.file()
    task, frank = cast.open_task(ticket_id, "diagnose"), cast.sign_in("frank")
    api = cast.api(cast.token("frank"))
    assert frank.get(f"/t/acme/tickets/{ticket_id}").status_code == api("GET", f"/tickets/{ticket_id}").status_code == 200
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.query(Binding).filter(Binding.member_id == cast.member_id("frank")).delete()
    assert frank.get(f"/t/acme/tickets/{ticket_id}").status_code == api("GET", f"/tickets/{ticket_id}").status_code == 404
    assert ticket_id not in frank.get("/t/acme/inbox?tab=queue").text + frank.get("/t/acme/tickets").text
    values = fields({"diagnosis": "x", "quote": "100", "needs_parts": "false"})
    assert frank.post(f"/t/acme/tasks/{task.id}", data={"revision": task.revision, **values}).status_code == 404
    assert api("POST", f"/tasks/{task.id}/claim", {"revision": task.revision}).status_code == 404


def test_a_formula_or_template_that_would_be_code_is_words_to_the_checks_and_to_the_editor(cast: Cast) -> None:
    evil = "<img src=x onerror=alert(1) hx-get=/x>{0.__class__.__mro__}"
    form = form_doc(field("note"), field("made", "formula", config={"formula": evil}), key="makes")
    flow = flow_doc([node("start", "start"), node("end", "end")], ["start>end"], key="makes", form="makes")
    flow |= {"ticket_title": {"en": evil, "zh-Hans": evil}}
    assert any(one.reason.code.startswith("formula.") for one in check(form, {}))
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        made = [documents.create(session, By(cast.tenants["acme"]), body, content_hash(body)).id for body in (form, flow)]
    alice = cast.sign_in("alice")
    for document_id in made:
        assert "<img src=x" not in alice.get(f"/t/acme/builder/{document_id}").text
        draft = alice.get(f"/t/acme/builder/api/documents/{document_id}")
        assert draft.mimetype == "application/json" and draft.status_code == 200


@pytest.mark.parametrize("kind", ["workflow", "form"])
def test_a_definition_of_a_hundred_thousand_parts_is_refused_at_once(cast: Cast, kind: str) -> None:
    """By the checks however it comes, and over the wire by its size before it is read."""
    if kind == "workflow":
        huge = flow_doc([node(f"n{at}", "user_task") for at in range(100_000)], [f"n{at}>n{at + 1}" for at in range(99_999)])
    else:
        huge = form_doc(*(field(f"f{at}") for at in range(100_000)))
    begun = time.process_time()
    found = check(huge, {})
    assert time.process_time() - begun < 5
    assert {one.reason.code for one in found} == {"schema.too_many"} and found[0].reason.params["limit"] <= 4000
    answer = cast.api(cast.token("alice"))("POST", "/check", {"draft": huge})
    assert answer.status_code == 413 and "5000000" in answer.json["error"]["message"]


def test_what_the_jobs_engine_keeps_is_json(cast: Cast) -> None:
    """Its default is pickle: whoever could write its table would run what he likes."""
    schema = "dbos." if cast.place.postgres else ""
    asked = (
        f"LEFT JOIN {schema}workflow_input AS asked ON asked.workflow_uuid = job.workflow_uuid WHERE job.name = '{jobs.JOB}'"
    )
    kept = text(f"SELECT coalesce(job.inputs, asked.inputs), job.serialization FROM {schema}workflow_status AS job {asked}")
    with jobs.running(cast.app, lambda tenant_id, batch: None) as found:
        cast.file(description="空调漏水", fault_category="leak", leak_amount="drip")
        assert found.hand_over() > 0
        with found.database.begin() as connection:
            rows = connection.execute(kept).all()
    assert rows and all(how == "portable_json" and re.match(r'^[\[{"]', inputs) for inputs, how in rows), rows


def test_htmx_runs_no_script_and_a_page_and_a_part_of_it_are_kept_apart(cast: Cast) -> None:
    answer = cast.sign_in("bob").get("/t/acme/inbox")
    config = re.search(r"<meta name=\"htmx-config\" content='([^']*)'", answer.text)
    assert config is not None
    for said in ('"allowEval":false', '"allowScriptTags":false', '"includeIndicatorStyles":false'):
        assert said in config[1]
    assert "HX-Request" in answer.headers["Vary"]
