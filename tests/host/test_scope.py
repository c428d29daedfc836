"""数据权限: each step of the ladder at every door: lists, counts, pages, search, board, choices, files, exports, the API.

Helen works in the south and heads it, judy works there, frank and grace below it, bob elsewhere. What is set for helen through
the page of the settings decides whose tickets, records and statements she finds.
"""

import ast
import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

import dougong
from dougong.platform.audit import Audit
from dougong.platform.people import Member, MemberRole, Unit, UnitMember
from dougong.platform.store import new_id, transaction
from dougong.runtime.host.settlement.batches import Batch
from dougong.runtime.host.settlement.intake import Intake
from dougong.runtime.host.tables import LedgerLine, Record, StatementRow
from dougong.runtime.host.webhooks import Webhook
from tests.cast import Caller, Cast, fields
from tests.drawing import field
from tests.host.test_records import HEADER, confirm, draw, figures, row

SOUTH = ("helen", "judy", "frank", "grace")
OWNERS = (*SOUTH, "bob")
Rows = dict[str, str]
Door = Callable[[Rows], set[str]]
LADDER: dict[str, tuple[str, tuple[str, ...], set[str]]] = {
    "own": ("own", (), {"helen"}),
    "unit": ("unit", (), {"helen", "judy"}),
    "subtree": ("subtree", (), set(SOUTH)),
    "units": ("units", ("sz-nanshan", "service"), {"helen", "frank", "bob"}),
    "all": ("all", (), set(OWNERS)),
}


@pytest.fixture
def south(cast: Cast) -> Cast:
    """Judy works in the south too, and helen does settlements."""
    judy, helen = cast.member_id("judy"), cast.member_id("helen")
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        place = session.scalars(select(UnitMember).where(UnitMember.member_id == judy)).one()
        place.unit_id = session.scalars(select(Unit.id).where(Unit.code == "south")).one()
        session.add(MemberRole(member_id=helen, role="finance"))
    return cast


def units(cast: Cast, *codes: str) -> list[str]:
    with cast.reading() as session:
        return [session.scalars(select(Unit.id).where(Unit.code == code)).one() for code in codes]


def allow(cast: Cast, area: str, reach: str, *codes: str, subject: str = "") -> None:
    """What alice sets on the page."""
    subject = subject or f"member/{cast.member_id('helen')}"
    data = {area: reach, f"{area}_units": units(cast, *codes)}
    answer = cast.sign_in("alice").post(f"/t/acme/settings/scopes/{subject}", data=data)
    assert answer.status_code == 302, answer.text


def attached(client: FlaskClient, text: str = "paper") -> str:
    answer = client.post("/t/acme/uploads", data={"file": (io.BytesIO(text.encode()), "a.txt")})
    return str(answer.json["id"])


def there(client: Any, address: str) -> bool:
    status = client.get(address, buffered=True).status_code
    assert status in (200, 404), (address, status)
    return bool(status == 200)


def listed(caller: Caller, path: str) -> set[str]:
    return {one["id"] for one in caller("GET", path).json["items"]}


def all_open(doors: dict[str, set[str]], wanted: set[str]) -> None:
    assert {name: seen for name, seen in doors.items() if seen != wanted} == {}


def tickets_filed(cast: Cast) -> tuple[Rows, Rows, Rows]:
    """By each owner: the id of his ticket, its number, and a file of it."""
    ids, numbers, papers = {}, {}, {}
    for name in OWNERS:
        client = cast.sign_in(name)
        ids[name] = cast.file(name)
        papers[name] = attached(client)
        client.post(f"/t/acme/tickets/{ids[name]}/comments", data={"text": "see", "f.files": papers[name]})
        numbers[name] = cast.api(cast.token(name))("GET", f"/tickets/{ids[name]}").json["number"]
    return ids, numbers, papers


def ticket_doors(cast: Cast, ids: Rows, numbers: Rows, papers: Rows) -> dict[str, set[str]]:
    helen, api = cast.sign_in("helen"), cast.api(cast.token("helen"))

    def said(page: str) -> set[str]:
        return {name for name, number in numbers.items() if number in page}

    listing = helen.get("/t/acme/tickets").text
    found = listed(api, "/tickets")
    doors = {
        "list": said(listing),
        "page": {name for name, one in ids.items() if there(helen, f"/t/acme/tickets/{one}")},
        "search": {name for name, one in ids.items() if one in helen.get(f"/t/acme/search?q={numbers[name]}").text},
        "board": said(helen.get("/t/acme/board?workflow=repair").text),
        "export": said(helen.get("/t/acme/tickets.csv").text),
        "export with fields": said(helen.get("/t/acme/tickets.csv?workflow=repair").text),
        "file": {name for name, one in papers.items() if there(helen, f"/t/acme/files/{one}")},
        "api list": {name for name, one in ids.items() if one in found},
        "api page": {name for name, one in ids.items() if api("GET", f"/tickets/{one}").status_code == 200},
        "api file": {name for name, one in papers.items() if api("GET", f"/files/{one}").status_code == 200},
    }
    assert f"共 {len(doors['list'])} " in listing
    preview = cast.sign_in("alice").get("/t/acme/settings/scopes/").text
    assert f"能看到 {len(OWNERS)} 张工单中的 {len(doors['list'])} 张" in preview
    return doors


def test_each_step_of_the_ladder_over_tickets(south: Cast) -> None:
    filed = tickets_filed(south)
    all_open(ticket_doors(south, *filed), set(SOUTH))  # nothing is set: she heads the south
    for reach, codes, wanted in LADDER.values():
        allow(south, "tickets", reach, *codes)
        all_open(ticket_doors(south, *filed), wanted)


def test_what_one_takes_part_in_is_seen_whatever_the_scope(south: Cast) -> None:
    ticket_id = south.file("bob")
    allow(south, "tickets", "own")
    allow(south, "tickets", "own", subject="role/staff")
    assert there(south.sign_in("frank"), f"/t/acme/tickets/{ticket_id}")  # his task
    assert not there(south.sign_in("helen"), f"/t/acme/tickets/{ticket_id}")


def records_made(cast: Cast) -> tuple[Rows, Rows]:
    """By each owner: the id of his record, and a file of it."""
    draw(cast, "asset", field("name", required=True), field("papers", "files"), field("home", "unit"), name_field="name")
    ids, papers = {}, {}
    for name in OWNERS:
        client = cast.sign_in(name)
        papers[name] = attached(client)
        data = fields({"name": f"asset of {name}", "papers": papers[name]})
        assert client.post("/t/acme/records/asset/new", data=data).status_code == 302
        ids[name] = row(cast, "asset", title=f"asset of {name}").id
    return ids, papers


def record_doors(cast: Cast, ids: Rows, papers: Rows) -> dict[str, set[str]]:
    helen, api = cast.sign_in("helen"), cast.api(cast.token("helen"))

    def said(page: str) -> set[str]:
        return {name for name in ids if f"asset of {name}" in page}

    listing = helen.get("/t/acme/records/asset").text
    found = listed(api, "/records/asset")
    chosen = {one["id"] for one in helen.get("/t/acme/choices/record?entity=asset").json}
    doors = {
        "list": said(listing),
        "search in the list": said(helen.get("/t/acme/records/asset?q=asset").text),
        "page": {name for name, one in ids.items() if there(helen, f"/t/acme/records/asset/{one}")},
        "form": {name for name, one in ids.items() if there(helen, f"/t/acme/records/asset/{one}/edit")},
        "search": said(helen.get("/t/acme/search?q=asset").text),
        "export": said(helen.get("/t/acme/records/asset.csv").text),
        "choices": {name for name, one in ids.items() if one in chosen},
        "file": {name for name, one in papers.items() if there(helen, f"/t/acme/files/{one}")},
        "api list": {name for name, one in ids.items() if one in found},
        "api page": {name for name, one in ids.items() if api("GET", f"/records/asset/{one}").status_code == 200},
        "api file": {name for name, one in papers.items() if api("GET", f"/files/{one}").status_code == 200},
    }
    count = f'<strong>asset</strong> <span class="count">{len(doors["list"])}</span>'
    assert f"共 {len(doors['list'])} " in listing
    assert count in helen.get("/t/acme/records/").text
    return doors


def test_each_step_of_the_ladder_over_records(south: Cast) -> None:
    made = records_made(south)
    all_open(record_doors(south, *made), set(OWNERS))  # nothing is set: records are seen by all
    for reach, codes, wanted in LADDER.values():
        allow(south, "records", reach, *codes)
        all_open(record_doors(south, *made), wanted)


def test_what_is_not_seen_is_not_changed_removed_or_named(south: Cast) -> None:
    ids, _ = records_made(south)
    draw(south, "note", field("about", "record", config={"entity": "asset"}), field("says"))
    draw(south, "key", field("code"), field("says"), unique_field="code", name_field="says")
    south.sign_in("bob").post("/t/acme/records/key/new", data=fields({"code": "K1", "says": "secret"}))
    south.sign_in("helen").post("/t/acme/records/note/new", data=fields({"about": ids["bob"], "says": "before"}))
    allow(south, "records", "subtree")
    helen, api = south.sign_in("helen"), south.api(south.token("helen"))
    theirs = f"/t/acme/records/asset/{ids['bob']}"
    assert helen.post(f"{theirs}/edit", data={"revision": "1", **fields({"name": "x"})}).status_code == 404
    assert helen.post(f"{theirs}/delete").status_code == 404
    assert api("PATCH", f"/records/asset/{ids['bob']}", {"revision": 1, "values": {"name": "x"}}).status_code == 404
    assert api("DELETE", f"/records/asset/{ids['bob']}").status_code == 404
    refused = helen.post("/t/acme/records/note/new", data=fields({"about": ids["bob"]}))
    assert refused.status_code == 422 and "asset of bob" not in refused.text
    assert helen.post("/t/acme/records/note/new", data=fields({"about": ids["frank"]})).status_code == 302
    note = row(south, "note", created_by=f"person:{south.member_id('helen')}", title="asset of bob")
    kept = {"revision": "1", **fields({"about": ids["bob"], "says": "after"})}
    assert helen.post(f"/t/acme/records/note/{note.id}/edit", data=kept).status_code == 302  # it stood there already
    twice = helen.post("/t/acme/records/key/new", data=fields({"code": "K1", "says": "mine"}))
    assert twice.status_code == 422 and "secret" not in twice.text
    body = {"file": (io.BytesIO(b"code,says\nK1,taken over\n"), "keys.csv")}
    report = helen.post("/t/acme/records/key/import", data=body).text
    assert figures(report) == [0, 0, 0, 1] and "secret" not in report and row(south, "key").title == "secret"
    once = helen.post("/t/acme/records/asset/new", data={"once": ids["bob"], **fields({"name": "another"})})
    assert once.status_code == 302 and row(south, "asset", title="another").id != ids["bob"]


def test_a_unit_that_the_data_name_has_the_record(south: Cast) -> None:
    ids, _ = records_made(south)
    allow(south, "records", "unit")
    moved = {"revision": "1", **fields({"name": "asset of bob", "home": units(south, "south")[0]})}
    south.sign_in("bob").post(f"/t/acme/records/asset/{ids['bob']}/edit", data=moved)
    assert there(south.sign_in("helen"), f"/t/acme/records/asset/{ids['bob']}")
    given = {"revision": "1", **fields({"name": "asset of judy", "home": units(south, "service")[0]})}
    answer = south.sign_in("helen").post(f"/t/acme/records/asset/{ids['judy']}/edit", data=given)
    assert answer.headers["Location"] == "/t/acme/records/asset"  # it is out of her sight now
    assert not there(south.sign_in("helen"), f"/t/acme/records/asset/{ids['judy']}")
    assert there(south.sign_in("judy"), f"/t/acme/records/asset/{ids['judy']}")


def test_what_an_import_brings_belongs_to_who_imported_it(south: Cast) -> None:
    body = f"{HEADER}\n宋江,13811112222,VIP,广东省/深圳市/南山区\n".encode()
    helen = south.sign_in("helen")
    confirm(helen, helen.post("/t/acme/records/customer/import", data={"file": (io.BytesIO(body), "a.csv")}).text)
    made = row(south, title="宋江")
    assert (made.created_by, made.unit_id) == (f"person:{south.member_id('helen')}", units(south, "south")[0])


def partners(cast: Cast) -> Rows:
    """Five dealers of the month's orders, each of an owner's unit; the others stay nobody's."""
    places = dict(zip(OWNERS, units(cast, "south", "south", "sz-nanshan", "gz-tianhe", "service"), strict=True))
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        wanted = select(Record).where(Record.id.in_(select(LedgerLine.partner_id))).order_by(Record.title).limit(len(OWNERS))
        rows = dict(zip(OWNERS, session.scalars(wanted), strict=True))
        for name, dealer in rows.items():
            dealer.unit_id = places[name]
        rows["helen"].unit_id, rows["helen"].created_by = None, f"person:{session.scalars(_member('helen')).one()}"
        return {name: dealer.id for name, dealer in rows.items()}


def _member(name: str) -> Any:
    return select(Member.id).where(Member.email.startswith(f"{name}@"))


SETTLEMENT = "/t/acme/settlement"


def statement_doors(cast: Cast, dealers: Rows) -> dict[str, set[str]]:
    helen, api = cast.sign_in("helen"), cast.api(cast.token("helen"))
    with cast.reading() as session:
        rows = session.scalars(select(StatementRow).where(StatementRow.partner_id.in_(dealers.values()))).all()
        ids = {one.id: next(name for name, dealer in dealers.items() if dealer == one.partner_id) for one in rows}
        numbers = {one.id: one.number for one in rows}
        titles = {name: session.scalars(select(Record.title).where(Record.id == one)).one() for name, one in dealers.items()}
        lines = {one.id: one.partner_id for one in session.scalars(select(LedgerLine))}
    owner_of = {dealer: name for name, dealer in dealers.items()}
    pages = "".join(helen.get(f"{SETTLEMENT}/dealer_rebate/statements?page={page}").text for page in (1, 2, 3))
    told = list(csv.reader(io.StringIO(helen.get(f"{SETTLEMENT}/dealer_rebate/lines.csv").text)))
    over_api = {one["id"] for one in api("GET", "/settlements/dealer_rebate/statements?limit=100").json["items"]}
    lines_over_api = {one["partner_id"] for one in every(api, "/settlements/dealer_rebate/lines")}
    index = helen.get(f"{SETTLEMENT}/").text
    seen = lines_over_api & set(owner_of)
    all_lines = [one for one in lines.values() if one in lines_over_api]
    assert f'>{len(all_lines)}</a></td><td class="amount not-on-phone">{len(lines_over_api)}</td>' in index.replace("\n", "")
    return {
        "list": {ids[one] for one in ids if one in pages},
        "page": {ids[one] for one in ids if there(helen, f"{SETTLEMENT}/statements/{one}")},
        "export": {ids[one] for one in ids if there(helen, f"{SETTLEMENT}/statements/{one}.csv")},
        "lines": {name for name, title in titles.items() if any(title in cells for cells in told)},
        "by number": {
            ids[one]
            for one, number in numbers.items()
            if one in helen.get(f"{SETTLEMENT}/dealer_rebate/statements?q={number}").text
        },
        "api list": {ids[one] for one in ids if one in over_api},
        "api page": {ids[one] for one in ids if api("GET", f"/statements/{one}").status_code == 200},
        "api lines": {owner_of[one] for one in seen},
    }


def every(api: Caller, path: str) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while True:
        page = api("GET", f"{path}?limit=100{cursor}").json
        found += page["items"]
        if not page.get("next"):
            return found
        cursor = f"&cursor={page['next']}"


def test_each_step_of_the_ladder_over_statements(south: Cast) -> None:
    dealers = partners(south)
    south.sign_in("fiona").post(f"{SETTLEMENT}/dealer_rebate/statements", data={"period": "2026-10"})
    all_open(statement_doors(south, dealers), set(OWNERS))
    for reach, codes, wanted in LADDER.values():
        allow(south, "records", reach, *codes)
        all_open(statement_doors(south, dealers), wanted)


def test_statements_are_drawn_up_and_sent_of_the_partners_that_one_sees(south: Cast) -> None:
    dealers, drawn, month = partners(south), f"{SETTLEMENT}/dealer_rebate/statements", {"period": "2026-10"}
    allow(south, "records", "own")
    south.sign_in("helen").post(drawn, data=month)
    with south.reading() as session:
        assert set(session.scalars(select(StatementRow.partner_id))) == {dealers["helen"]}
    south.sign_in("fiona").post(drawn, data=month)
    with south.reading() as session:
        other = session.scalars(select(StatementRow.id).where(StatementRow.partner_id == dealers["judy"])).one()
    south.sign_in("helen").post(drawn, data=month)
    with south.reading() as session:
        hers, fionas = session.scalars(select(Batch).order_by(Batch.id.desc()).limit(2))
        assert hers.total == 1 < fionas.total
        doors = [f"{SETTLEMENT}/batches/{one.id}/next" for one in (hers, fionas)]
    assert [south.sign_in("helen").post(door).status_code for door in doors] == [200, 404]
    assert south.sign_in("helen").post(f"{SETTLEMENT}/statements/{other}/send").status_code == 404
    south.sign_in("helen").post(f"{drawn}/send", data=month)
    with south.reading() as session:
        sent = session.scalars(select(StatementRow.partner_id).where(StatementRow.state != "draft"))
        assert set(sent) == {dealers["helen"]}


def test_an_import_is_for_who_brought_it_and_for_who_sees_all(south: Cast) -> None:
    allow(south, "records", "own")
    rows = {"rows": 1, "taken": 1, "good": 1, "repeated": 0, "faulty": 0, "wrong": []}
    with south.app.app_context(), transaction(south.tenants["acme"]) as session:
        row = Intake(id=new_id(), settlement_key="dealer_rebate", source="judy.csv", state="review", principal="person:judy",
                     by="judy", **rows)  # fmt: skip
        session.add(row)
        address = f"{SETTLEMENT}/imports/{row.id}"
    for who, status in (("helen", 404), ("fiona", 200)):
        client = south.sign_in(who)
        assert client.get(address).status_code == status
        assert ("judy.csv" in client.get(f"{SETTLEMENT}/dealer_rebate/import").text) == (status == 200)
    assert south.sign_in("helen").post(f"{address}/drop").status_code == 404
    assert south.sign_in("fiona").post(f"{address}/drop").status_code == 302


def test_several_roles_see_what_each_sees_and_a_members_exception_counts_instead(south: Cast) -> None:
    ids, _, _ = tickets_filed(south)
    helen = south.sign_in("helen")

    def seen() -> set[str]:
        return {name for name, one in ids.items() if there(helen, f"/t/acme/tickets/{one}")}

    allow(south, "tickets", "own", subject="role/staff")
    allow(south, "tickets", "units", "service", subject="role/finance")
    assert seen() == {"helen", "bob"}
    allow(south, "tickets", "unit")
    assert seen() == {"helen", "judy"}
    allow(south, "tickets", "")  # the exception is taken back
    assert seen() == {"helen", "bob"}
    allow(south, "tickets", "", subject="role/staff")
    allow(south, "tickets", "", subject="role/finance")
    assert seen() == set(SOUTH)


def test_a_token_sees_no_more_than_its_scopes_and_a_service_only_by_its_roles(south: Cast) -> None:
    ids, _, _ = tickets_filed(south)

    def seen(secret: str) -> set[str]:
        found = listed(south.api(secret), "/tickets")
        return {name for name, one in ids.items() if one in found}

    assert seen(south.token("victor")) == set(OWNERS)
    assert seen(south.token("victor", "tickets.see")) == set()  # without tickets.see_all
    assert seen(south.service("viewer")) == set(OWNERS)
    allow(south, "tickets", "own", subject="role/viewer")
    assert seen(south.service("viewer")) == set()
    assert not there(south.sign_in("victor"), f"/t/acme/tickets/{ids['bob']}")


def test_the_units_of_a_scope_are_asked_for_when_they_are_looked_at(cast: Cast) -> None:
    """There may be hundreds of units for each of the people on the page. Those that are chosen are sent again as they are."""
    allow(cast, "tickets", "units", "south", subject="role/staff")
    alice, page, (south,) = cast.sign_in("alice"), "/t/acme/settings/scopes/", units(cast, "south")
    whole = alice.get(page).text
    assert whole.count("华南区") == 0 and f'type="hidden" name="tickets_units" value="{south}"' in whole
    offered = alice.get(f"{page}units?subject=role:staff&area=tickets").text
    assert f'value="{south}" checked' in offered and offered.count("checked") == 1 and "深圳南山服务点" in offered
    assert "checked" not in alice.get(f"{page}units?subject=role:staff&area=records").text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"tickets": "everything"}, "没有这种范围"),
        ({"tickets": "units"}, "请勾选至少一个部门"),
        ({"records": "units", "records_units": "x"}, "请勾选至少一个部门"),
    ],
)
def test_a_scope_that_there_is_not_is_refused_and_nothing_kept(cast: Cast, data: dict[str, str], words: str) -> None:
    answer = cast.sign_in("alice").post("/t/acme/settings/scopes/role/staff", data=data)
    assert answer.status_code == 422 and words in answer.text
    with cast.reading() as session:
        assert session.scalars(select(Audit).where(Audit.subject == "scope")).all() == []


def test_who_looks_after_connections_is_not_told_which_tickets_beyond_his_scope(south: Cast) -> None:
    """There is something to be done for a ticket: that is told; its number and the way to it are not."""
    with south.app.app_context(), transaction(south.tenants["acme"]) as session:
        session.add(MemberRole(member_id=south.member_id("helen"), role="tenant_admin"))
    listen(south)
    ids, numbers, _ = tickets_filed(south)
    helen = south.sign_in("helen")
    for reach, seen in (("all", set(OWNERS)), ("own", {"helen"})):
        allow(south, "tickets", reach)
        with south.reading() as session:
            webhook = session.scalars(select(Webhook.id)).one()
        for place in ("effects", f"webhooks/{webhook}"):
            page = helen.get(f"/t/acme/settings/{place}").text
            assert {name for name in OWNERS if ids[name] in page} == seen
            assert place != "effects" or {name for name in OWNERS if numbers[name] in page} == seen


def listen(cast: Cast) -> None:
    """Something is done outside for every ticket that is filed."""
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.add(Webhook(title="ERP", url="https://erp.example/in", events=["ticket.filed"]))


def test_a_unit_of_another_tenant_is_none(cast: Cast) -> None:
    with cast.reading("globex") as session:
        foreign = session.scalars(select(Unit.id)).first()
    data = {"tickets": "units", "tickets_units": foreign}
    assert cast.sign_in("alice").post("/t/acme/settings/scopes/role/staff", data=data).status_code == 422


def test_who_may_not_manage_the_organisation_sets_nothing_and_a_change_is_told(cast: Cast) -> None:
    mine = f"/t/acme/settings/scopes/member/{cast.member_id('bob')}"
    assert cast.sign_in("bob").post(mine, data={"tickets": "all"}).status_code == 403
    assert cast.sign_in("alice").post(mine, data={"tickets": "all"}).status_code == 302
    trail = cast.sign_in("alice").get("/t/acme/settings/audit?subject=scope").text
    assert "默认 → 全部" in trail and "赵博 Bob" in trail


def test_pages_and_the_api_ask_for_rows_in_one_place_only() -> None:
    """No view makes a list of records, statements or lines past `reading.py`."""
    host = Path(dougong.__file__).parent / "runtime" / "host"
    narrowed = {"Record", "StatementRow", "LedgerLine"}
    found = [
        f"{path.name} {ast.unparse(call)}"
        for path in (*host.glob("pages/*.py"), *host.glob("rest/*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "select" and narrowed & set(map(ast.unparse, call.args))
    ]
    assert found == []
