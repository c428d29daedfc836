"""Tickets over the pages: filed, claimed, done, stopped, commented; stale pages lose nothing; nobody sees more than he may."""

import io
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import has_app_context, has_request_context
from sqlalchemy import select, update

from dougong.platform import sheets
from dougong.platform.people import Binding
from dougong.platform.store import driver_reading, driver_transaction, moment, transaction
from dougong.runtime.form import Form
from dougong.runtime.host import definitions, reading, references, sql, worker
from dougong.runtime.host.tables import History, Notice, Record, Task, Ticket, TokenRow
from tests.cast import REPAIR, Cast, errors, fields


def test_a_form_with_errors_comes_back_with_what_was_typed(cast: Cast) -> None:
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/repair", data=fields({**REPAIR, "phone": "12", "description": ""}))
    assert answer.status_code == 422
    assert len(errors(answer.text)) == 2
    assert 'value="12"' in answer.text and "王芳" in answer.text
    assert re.findall(r"<h(\d)", answer.text)[:2] == ["1", "2"]  # no level is left out
    with cast.reading() as session:
        assert session.scalars(select(Ticket)).all() == []


def test_a_ticket_has_a_number_a_title_and_its_first_task(cast: Cast) -> None:
    ticket_id = cast.file()
    with cast.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert ticket.id == ticket_id and ticket.number.startswith("BX") and ticket.number.endswith("0001")
        assert ticket.title["zh-Hans"] == "王芳 · 空调 · 不制冷/不制热"
        assert ticket.title["en"] == "王芳 · Air conditioner · Not cooling or heating"
        assert [task.node for task in session.scalars(select(Task))] == ["diagnose"]


def test_the_address_decides_which_service_point_gets_it(cast: Cast) -> None:
    """Shenzhen goes to frank's service point, Guangzhou to grace's; neither sees the other's."""
    shenzhen = cast.file()
    guangzhou = cast.file(**{"address.2": "4401", "address.3": "440106"})
    frank, grace = cast.sign_in("frank"), cast.sign_in("grace")
    assert frank.get(f"/t/acme/tickets/{shenzhen}").status_code == 200
    assert frank.get(f"/t/acme/tickets/{guangzhou}").status_code == 404
    assert grace.get(f"/t/acme/tickets/{guangzhou}").status_code == 200
    assert grace.get(f"/t/acme/tickets/{shenzhen}").status_code == 404


def test_where_nobody_serves_the_place_the_admins_get_it(cast: Cast) -> None:
    ticket_id = cast.file(**{"address.1": "11", "address.2": "1101", "address.3": "110105"})
    page = cast.sign_in("alice").get(f"/t/acme/tickets/{ticket_id}").text
    assert "没有找到处理人" in page and "认领" in page


def test_the_head_of_the_region_sees_what_its_units_filed_and_victor_sees_all(cast: Cast) -> None:
    ticket_id = cast.file("frank")  # filed in Nanshan, below South China
    assert cast.sign_in("helen").get(f"/t/acme/tickets/{ticket_id}").status_code == 200
    assert cast.sign_in("victor").get(f"/t/acme/tickets/{ticket_id}").status_code == 200
    assert cast.sign_in("ivan").get(f"/t/acme/tickets/{ticket_id}").status_code == 404


def test_of_two_who_claim_one_is_told_who_was_first(cast: Cast) -> None:
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.add(Binding(role_key="emergency_team", member_id=cast.member_id("bob")))
    ticket_id = cast.file(description="厨房漏水")
    task = cast.open_task(ticket_id, "diagnose_urgent")
    first = cast.sign_in("emma").post(f"/t/acme/tasks/{task.id}/claim", data={"revision": task.revision})
    second = cast.sign_in("bob").post(f"/t/acme/tasks/{task.id}/claim", data={"revision": task.revision})
    third = cast.sign_in("kevin").post(f"/t/acme/tasks/{task.id}/claim", data={"revision": task.revision})
    assert (first.status_code, second.status_code, third.status_code) == (302, 409, 404)
    assert "周敏 Emma" in second.text


def test_whoever_waits_for_a_role_of_few_sees_who_they_are(cast: Cast) -> None:
    ticket_id = cast.file()
    page = cast.sign_in("bob").get(f"/t/acme/tickets/{ticket_id}").text
    assert "维修工程师 · 深圳南山服务点（冯工 Frank）" in page


def test_a_claimed_task_can_be_given_back(cast: Cast) -> None:
    ticket_id = cast.file()
    frank = cast.sign_in("frank")
    for verb in ("claim", "release"):
        task = cast.open_task(ticket_id, "diagnose")
        assert frank.post(f"/t/acme/tasks/{task.id}/{verb}", data={"revision": task.revision}).status_code == 302
    assert cast.open_task(ticket_id, "diagnose").assignee_id is None


def test_a_stale_page_is_told_so_and_loses_nothing(cast: Cast) -> None:
    ticket_id = cast.file()
    task = cast.open_task(ticket_id, "diagnose")
    frank = cast.sign_in("frank")
    frank.post(f"/t/acme/tasks/{task.id}/claim", data={"revision": task.revision})
    stale = frank.post(
        f"/t/acme/tasks/{task.id}", data={"revision": task.revision, **fields({"diagnosis": "压缩机坏了", "quote": "300"})}
    )
    assert stale.status_code == 409
    assert "压缩机坏了" in stale.text and 'value="300"' in stale.text
    assert cast.waiting(ticket_id) == ["diagnose"]


def test_a_task_is_not_done_twice(cast: Cast) -> None:
    ticket_id = cast.file()
    task = cast.open_task(ticket_id, "diagnose")
    cast.work("frank", ticket_id, "diagnose", diagnosis="x", quote="100", needs_parts="false")
    again = cast.sign_in("frank").post(f"/t/acme/tasks/{task.id}", data={"revision": task.revision, "f.diagnosis": "y"})
    assert again.status_code == 409
    assert cast.waiting(ticket_id) == ["parts", "quality", "supervise"]


def test_only_whom_it_is_addressed_to_may_do_a_task(cast: Cast) -> None:
    ticket_id = cast.file()
    task = cast.open_task(ticket_id, "diagnose")
    for name in ("bob", "grace", "victor"):
        answer = cast.sign_in(name).post(f"/t/acme/tasks/{task.id}", data={"revision": task.revision, "f.diagnosis": "y"})
        assert answer.status_code in (403, 404), name


def test_a_step_writes_only_what_it_may(cast: Cast) -> None:
    """Fields that the step may only read, or must not see, are left alone whatever the browser sends."""
    ticket_id = cast.file()
    cast.work(
        "frank", ticket_id, "diagnose", diagnosis="x", quote="100", needs_parts="false", description="changed", visit_fee="9999"
    )
    with cast.reading() as session:
        data = session.scalars(select(Ticket.data)).one()
    assert data["description"] == "不制冷" and data.get("visit_fee") is None


def test_hidden_fields_are_on_no_page_of_those_they_are_hidden_from(cast: Cast) -> None:
    ticket_id = cast.file()
    cast.work("frank", ticket_id, "diagnose", diagnosis="only for insiders", quote="100", needs_parts="false")
    assert "only for insiders" not in cast.sign_in("bob").get(f"/t/acme/tickets/{ticket_id}").text
    assert "only for insiders" in cast.sign_in("frank").get(f"/t/acme/tickets/{ticket_id}").text
    exported = cast.sign_in("bob").get("/t/acme/tickets.csv?workflow=repair").text
    assert "BX" in exported and "only for insiders" not in exported


def test_the_whole_way_of_an_urgent_repair(cast: Cast) -> None:
    ticket_id = cast.file(description="空调漏水", fault_category="leak", leak_amount="drip")
    cast.work("emma", ticket_id, "diagnose_urgent", diagnosis="x", quote="6000", needs_parts="false")
    cast.work("helen", ticket_id, "approve", manager_decision="approve")
    for name, node, values in [
        ("ivan", "parts", {"parts_result": "not_needed"}),
        ("judy", "quality", {"quality_result": "passed"}),
        ("kevin", "supervise", {"supervisor_note": "ok"}),
    ]:
        cast.work(name, ticket_id, node, **values)
    assert cast.waiting(ticket_id) == ["close_urgent"]
    with cast.reading() as session:
        assert session.scalars(select(TokenRow.node)).all() == ["close_urgent"]
        assert session.scalars(select(Ticket.urgent)).one() is True


def test_what_is_told_is_told_once(cast: Cast) -> None:
    cast.file(description="空调漏水", fault_category="leak", leak_amount="drip")
    with cast.app.app_context():
        assert worker.sweep() > 0
        assert worker.sweep() == 0
    with cast.reading() as session:
        notices = session.scalars(select(Notice)).all()
    assert [notice.member_id for notice in notices] == [cast.member_id("emma")]
    assert "空调漏水" in notices[0].text["zh-Hans"]
    assert ">1<" in cast.sign_in("emma").get("/t/acme/bell").text


def test_an_effect_that_fails_is_tried_again_and_ends_as_dead(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from dougong.platform.wakeups import Wakeup
    from dougong.runtime.host import effects
    from dougong.runtime.host.tables import EffectRow

    def broken(session: Any, row: Any) -> None:
        raise RuntimeError("no connection")

    monkeypatch.setitem(effects.AFTER, "notify", broken)
    cast.file()
    for _ in range(worker.MAX_ATTEMPTS):
        with cast.app.app_context():
            with transaction(None) as session:
                session.execute(update(Wakeup).values(due_at="2020-01-01T00:00:00.000Z"))
            worker.sweep()
    with cast.reading() as session:
        rows = session.scalars(select(EffectRow).where(EffectRow.kind == "notify")).all()
        assert {row.state for row in rows} == {"dead"} and all("no connection" in row.error for row in rows)


def test_a_definition_that_is_wrong_stops_its_ticket_and_retry_goes_on(cast: Cast) -> None:
    """No settlement rule fits nothing here, so take the settlement's dealer away: an incident with a reason, never a 500."""
    ticket_id = cast.file()
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        token = session.scalars(select(TokenRow).where(TokenRow.ticket_id == ticket_id)).one()
        token.state, token.reason, token.signal = "failed", {"code": "case.no_way_out", "params": {}}, None
        session.execute(update(Ticket).values(failed=1, state="failed"))
        session.execute(update(Task).values(state="done"))
    page = cast.sign_in("alice").get(f"/t/acme/tickets/{ticket_id}").text
    assert "停住了" in page and "重试" in page
    with cast.reading() as session:
        number = session.scalars(select(TokenRow.number)).one()
    assert cast.sign_in("bob").post(f"/t/acme/tickets/{ticket_id}/retry/{number}").status_code == 403
    assert cast.sign_in("alice").post(f"/t/acme/tickets/{ticket_id}/retry/{number}").status_code == 302
    assert cast.waiting(ticket_id) == ["diagnose"]


def test_comments_and_files_are_for_those_who_see_the_ticket(cast: Cast) -> None:
    ticket_id = cast.file()
    bob, frank, ivan = (cast.sign_in(name) for name in ("bob", "frank", "ivan"))
    file_id = bob.post("/t/acme/uploads", data={"file": (io.BytesIO(b"%PDF-1.4 x"), "quote.pdf")}).json["id"]
    assert frank.get(f"/t/acme/files/{file_id}").status_code == 404  # not before it belongs to the ticket
    bob.post(f"/t/acme/tickets/{ticket_id}/comments", data={"text": "请看附件", "f.files": file_id})
    with frank.get(f"/t/acme/files/{file_id}") as answer:
        assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    assert "请看附件" in frank.get(f"/t/acme/tickets/{ticket_id}").text
    assert ivan.get(f"/t/acme/files/{file_id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"), [("evil.html", b"<script>"), ("photo.png", b"<svg onload=1>"), ("noname", b"x"), ("../../x.php", b"x")]
)
def test_a_file_that_is_not_what_it_says_is_refused(cast: Cast, name: str, content: bytes) -> None:
    answer = cast.sign_in("bob").post("/t/acme/uploads", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 422 and answer.json["error"]["message"]


def test_somebody_elses_upload_cannot_be_taken(cast: Cast) -> None:
    mine = cast.sign_in("frank").post("/t/acme/uploads", data={"file": (io.BytesIO(b"%PDF-1.4"), "a.pdf")}).json["id"]
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/repair", data=fields({**REPAIR, "photos": mine}))
    assert answer.status_code == 422


def test_history_is_only_added_to_and_counts_its_steps(cast: Cast) -> None:
    ticket_id = cast.file()
    cast.work("frank", ticket_id, "diagnose", diagnosis="x", quote="100", needs_parts="false")
    with cast.reading() as session:
        rows = session.scalars(select(History).order_by(History.step)).all()
        assert [(row.step, row.verb, row.node) for row in rows] == [(0, "filed", "start"), (1, "submitted", "diagnose")]
        assert rows[1].changes["quote"] == "100.00" and rows[1].trail[0][1] == "diagnose"


def _sure(page: str) -> list[str]:
    """The steps that are foretold as certain."""
    ahead = page.split("</ol>")[0]
    return re.findall(r'<li class="ahead">.*?</svg><span>([^<]+)', ahead, re.DOTALL)


def test_the_route_is_foretold_before_submitting(cast: Cast) -> None:
    bob = cast.sign_in("bob")
    open_ = bob.post("/t/acme/tickets/new/repair/route", data=fields(REPAIR)).text
    urgent = bob.post("/t/acme/tickets/new/repair/route", data=fields({**REPAIR, "description": "起火"})).text
    assert _sure(open_) == []  # the customer may still turn out to be a VIP
    assert _sure(urgent)[0] == "应急诊断"


def test_after_filing_what_cannot_change_any_more_is_certain(cast: Cast) -> None:
    ticket_id = cast.file()
    cast.work("frank", ticket_id, "diagnose", diagnosis="x", quote="100", needs_parts="false")
    page = cast.sign_in("kevin").get(f"/t/acme/tickets/{ticket_id}").text
    assert _sure(page[page.index('class="trail"') :]) == ["网点完工", "客户评价"]


def test_lists_find_count_and_export(cast: Cast) -> None:
    cast.file(contact_name="李雷")
    cast.file(contact_name="韩梅梅")
    bob = cast.sign_in("bob")
    page = bob.get("/t/acme/tickets?q=韩梅").text
    assert "韩梅梅" in page and "李雷" not in page
    assert "共 2 条" in bob.get("/t/acme/tickets").text
    assert bob.get("/t/acme/tickets?page=99999999&state=zzz&sort=zzz").status_code == 200
    assert bob.get("/t/acme/tickets.xlsx").data[:2] == b"PK"
    with cast.reading() as session:
        at = datetime.fromisoformat(session.scalars(select(Ticket.started_at).order_by(Ticket.id.desc())).first() or "")
    assert f"{at.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S}" in bob.get("/t/acme/tickets.csv").text
    assert "李雷" in bob.get("/t/acme/search?q=李雷").text


def test_what_is_not_counted_further_says_so_wherever_it_stands(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "counts", lambda who: {"todo": 0, "queue": reading.MANY + 1})
    page = cast.sign_in("victor").get("/t/acme/inbox").text
    assert page.count("100+") == 2 and "101" not in page


def test_lists_say_at_which_step_a_ticket_is_and_with_whom(cast: Cast) -> None:
    task = cast.open_task(cast.file(), "diagnose")
    frank = cast.sign_in("frank")
    assert "网点诊断 · 待认领" in frank.get("/t/acme/tickets").text
    frank.post(f"/t/acme/tasks/{task.id}/claim", data={"revision": task.revision})
    assert "网点诊断 · 冯工 Frank" in frank.get("/t/acme/tickets").text
    assert "网点诊断 · 冯工 Frank" in cast.sign_in("bob").get("/t/acme/inbox?tab=mine").text


def test_what_a_chosen_customer_brings_along_is_not_asked_for(cast: Cast) -> None:
    """The clerk chooses a VIP and leaves the rest to the record: his name and phone are there, and he is urgent."""
    with cast.reading() as session:
        wanted = select(Record.id).where(Record.entity_key == "customer", Record.title == "周建国")
        customer = session.scalars(wanted).one()
    left_out = {name: value for name, value in REPAIR.items() if name not in ("contact_name", "phone")}
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/repair", data=fields({**left_out, "customer": customer}))
    assert answer.status_code == 422  # the browser sends the empty boxes: they are the clerk's, and they are empty
    assert "周建国" in answer.text


def test_over_a_form_that_leaves_them_out_the_record_fills_them(cast: Cast) -> None:
    with cast.reading() as session:
        customer = session.scalars(select(Record.id).where(Record.entity_key == "customer", Record.title == "周建国")).one()
        document = definitions.workflow("repair")
        assert document is not None
        form = definitions.compiled(cast.tenants["acme"], document.id, 1).form
        assert isinstance(form, Form)
        rights = {"*": "hidden", "customer": "write", "contact_name": "required", "phone": "required", "level": "read"}
        with driver_reading(cast.tenants["acme"]) as connection:
            taken = references.take(
                connection, cast.tenants["acme"], form, {"customer": customer}, {}, rights, datetime.now(UTC), ()
            )
    assert taken.errors == {}
    assert (taken.values["contact_name"], taken.values["level"]) == ("周建国", "vip")


def test_after_a_verb_a_request_reads_how_things_stand_whether_or_not_it_was_done(cast: Cast) -> None:
    ticket, acme = cast.file(), cast.tenants["acme"]

    def verb(fails: bool = False) -> None:
        with driver_transaction(acme) as connection:
            sql.next_step(connection, acme, ticket, moment())
            if fails:
                raise LookupError

    with cast.reading() as session:
        before = session.get_one(Ticket, (acme, ticket)).steps
        verb()
        assert session.get_one(Ticket, (acme, ticket)).steps == before + 1
        with cast.app.app_context():  # another's
            verb()
        with pytest.raises(LookupError):
            verb(fails=True)
        assert session.get_one(Ticket, (acme, ticket)).steps == before + 2


def test_the_rest_of_a_csv_is_read_by_whoever_asked_after_the_page_has_answered(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "PART", 1)
    filed = [cast.file(), cast.file()]
    alice = cast.sign_in("alice")
    answer = alice.get("/t/acme/tickets.csv?workflow=repair", buffered=False)
    assert b"".join(answer.response).count(b"BX") == len(filed)
    answer.close()
    alice.get("/t/acme/tickets.csv").close()  # and whoever goes away leaves nothing behind
    assert not has_request_context() and not has_app_context()
