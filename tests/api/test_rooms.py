"""Records, settlement, definitions, packs, bindings over the API: the verbs of the pages, with their checks."""

import io
from typing import Any

import pytest
from sqlalchemy import select

from dougong import demo
from dougong.platform.audit import Audit
from dougong.platform.people import Binding
from dougong.runtime.host.tables import Record
from tests.api.test_shell import shaped
from tests.cast import Caller, Cast


@pytest.fixture
def alice(cast: Cast) -> Caller:
    return cast.api(cast.token("alice"))


def details(answer: Any) -> dict[str, str]:
    return {one["path"]: one["code"] for one in shaped(answer)["details"]}


def customer(alice: Caller, **values: Any) -> Any:
    known = alice("GET", "/records/customer?limit=1").json["items"][0]["id"]
    told = alice("GET", f"/records/customer/{known}").json
    raw = {one["key"]: one["value"] for one in told["values"] if one["value"] is not None and one["type"] != "formula"}
    return alice("POST", "/records/customer", {"values": {**raw, **values}})


def test_a_record_is_made_changed_and_deleted(cast: Cast, alice: Caller) -> None:
    made = customer(alice, phone="13912345678")
    assert made.status_code == 201, made.text
    where = f"/records/customer/{made.json['id']}"
    changed = alice("PATCH", where, {"revision": 1, "values": {"phone": "13912345679"}})
    assert changed.status_code == 200 and changed.json["revision"] == 2
    stale = alice("PATCH", where, {"revision": 1, "values": {"phone": "13912345670"}})
    assert (stale.status_code, shaped(stale)["code"]) == (409, "api.record_stale")
    assert alice("DELETE", where).status_code == 204 and alice("GET", where).status_code == 404
    with cast.reading() as session:
        verbs = session.scalars(select(Audit.verb).where(Audit.subject_id == made.json["id"]).order_by(Audit.id)).all()
    assert verbs == ["created", "changed", "deleted"]


def test_a_change_is_judged_as_a_creation_is(cast: Cast, alice: Caller) -> None:
    """Validation on create but not on update: each is refused alike, and nothing is half-saved."""
    made = customer(alice, phone="13912345678").json
    where = f"/records/customer/{made['id']}"
    for values in ({"phone": "12"}, {"nonsense": "x"}, {"phone": "13912345670", "name": None}, {"phone": {"$ne": 1}}):
        created, changed = customer(alice, **values), alice("PATCH", where, {"revision": 1, "values": values})
        assert (created.status_code, changed.status_code) == (422, 422), values
        assert details(created) == details(changed), values
    assert alice("GET", where).json == {**made}


def test_a_unique_value_is_unique_over_the_api_too(cast: Cast, alice: Caller) -> None:
    first, second = alice("GET", "/records/rebate_dealer?limit=2").json["items"]
    with cast.reading() as session:
        unique = session.scalars(select(Record.unique_value).where(Record.id == first["id"])).one()
    answer = alice("PATCH", f"/records/rebate_dealer/{second['id']}", {"revision": 1, "values": {"code": unique}})
    assert answer.status_code == 422 and details(answer) == {"/values/code": "records.exists"}


def test_a_record_that_is_used_stays(cast: Cast, alice: Caller) -> None:
    _orders(cast.api(cast.token("fiona")))
    [dealer] = alice("GET", "/records/rebate_dealer?q=岭南电器连锁").json["items"]
    answer = alice("DELETE", f"/records/rebate_dealer/{dealer['id']}")
    assert (answer.status_code, shaped(answer)["code"]) == (409, "api.record_in_use")


def test_an_import_tells_every_row_apart(cast: Cast, alice: Caller) -> None:
    kinds = [one["key"] for one in alice("GET", "/records").json["items"]]
    assert "dealer" in kinds and "customer" in kinds
    rows = "name,phone\n新客户,13712345678\n坏客户,12\n".encode()
    looked = alice("POST", "/records/customer/import?preview=true", data={"file": (io.BytesIO(rows), "c.csv")})
    assert alice("GET", "/records/customer?q=13712345678").json["items"] == []
    done = alice("POST", "/records/customer/import", data={"file": (io.BytesIO(rows), "c.csv")})
    assert done.status_code == 200 and looked.json == done.json, done.text
    wrong = {one["row"]: [error["path"] for error in one["errors"]] for one in done.json["wrong"]}
    assert "/phone" in wrong[3] and done.json["written"] + len(wrong) == 2
    nothing = alice("POST", "/records/customer/import", data={"file": (io.BytesIO(b"x,y\n1,2\n"), "c.csv")})
    assert nothing.status_code == 422 and details(nothing) == {"/file": "sheet.no_known_column"}
    assert details(alice("POST", "/records/customer/import", data={"other": "x"}, content_type="multipart/form-data")) == {
        "/file": "file.none"
    }
    assert alice("POST", "/records/customer/import", {}).status_code == 415


def _orders(fiona: Caller) -> Any:
    rows = "订单号,经销商,地区,订单金额,下单日期\nSO-1,岭南电器连锁,广东省/广州市,100.00,2031-10-01\nSO-2,nobody,广东省,1,x\n"
    return fiona("POST", "/settlements/dealer_rebate/import", data={"file": (io.BytesIO(rows.encode()), "orders.csv")})


def test_a_large_file_is_brought_read_and_counted_in_batches(cast: Cast) -> None:
    fiona, many = cast.api(cast.token("fiona")), 1_100
    rows = [f"SO-{number},岭南电器连锁,广东省/广州市,100.00,2031-11-01" for number in range(many)]
    text = "\n".join(["订单号,经销商,地区,订单金额,下单日期,心情", *rows, "SO-X,nobody,广东省,1,x", rows[0]])

    def bring(content: bytes, name: str = "orders.csv") -> Any:
        return fiona("POST", "/settlements/dealer_rebate/imports", data={"file": (io.BytesIO(content), name)})

    brought = bring(text.encode())
    assert brought.status_code == 201, brought.text
    assert (brought.json["ignored"], brought.json["state"], brought.json["taken"]) == (["心情"], "reading", 1_000)
    where, batch = f"/settlement-imports/{brought.json['id']}", brought.json["batch"]
    assert fiona("POST", f"{where}/read").json["id"] == batch["id"], "the one that is on its way"
    while batch["state"] == "running":
        batch = fiona("POST", f"/settlement-batches/{batch['id']}/next").json
    told = fiona("GET", where).json
    assert (told["state"], told["rows"], told["good"], told["faulty"], told["batch"]) == ("review", many + 2, many, 2, None)
    assert [one["row"] for one in told["wrong"]] == [many + 2, many + 3]
    [head] = fiona("GET", "/settlements/dealer_rebate/imports").json["items"]
    assert head["id"] == told["id"] and "wrong" not in head
    first = fiona("GET", f"{where}/lines?limit=2").json
    assert [(one["row"], one["inputs"]["order_no"]) for one in first["items"]] == [(2, "SO-0"), (3, "SO-1")]
    assert shaped(fiona("POST", f"{where}/read"))["details"][0]["code"] == "settle.has_been_read"
    batch = fiona("POST", f"{where}/count").json
    while batch["state"] == "running":
        batch = fiona("POST", f"/settlement-batches/{batch['id']}/next").json
    assert (batch["made"], batch["kept"], fiona("GET", where).json["state"]) == (many, 0, "counted")
    assert fiona("POST", f"{where}/drop").status_code == 422
    assert shaped(fiona("POST", f"/settlement-batches/{batch['id']}/again"))["details"][0]["code"] == "settle.not_again"
    line = fiona("GET", "/settlements/dealer_rebate/lines?period=2031-11").json["items"][0]
    door = f"/settlement-lines/{line['id']}/reversal"
    assert [fiona("POST", door, {"reason": words}).status_code for words in (" ", "x", "x")] == [422, 204, 422]
    assert fiona("POST", f"/settlement-lines/{told['id']}/reversal", {"reason": "x"}).status_code == 404
    again = bring("\n".join([text.split("\n")[0], rows[0]]).encode()).json
    assert (again["repeated"], again["good"], again["state"]) == (1, 0, "review")
    assert fiona("POST", f"/settlement-imports/{again['id']}/drop").status_code == 204
    assert details(bring(b"a,b\n1,2")) == {"/file": "sheet.no_known_column"}
    assert fiona("GET", "/settlements/none/imports").status_code == 404
    victor = cast.api(cast.token("victor"))
    assert victor("GET", "/settlements/dealer_rebate/imports").status_code == 403


@pytest.mark.parametrize(("path", "status"), [("imports", 201), ("import", 413)])
def test_a_file_of_lines_may_be_larger_than_any_other_body(cast: Cast, path: str, status: int) -> None:
    fiona, head = cast.api(cast.token("fiona")), "订单号,经销商,地区,订单金额,下单日期,说明"
    row, empty = f"SO-1,岭南电器连锁,广东省/广州市,100.00,2031-12-01,{'x' * 9_000}", f",,,,,{'y' * 9_000}"
    large = "\n".join([head, row, *[empty] * 2_900]).encode()
    assert len(large) > cast.app.config["MAX_CONTENT_LENGTH"]
    answer = fiona("POST", f"/settlements/dealer_rebate/{path}", data={"file": (io.BytesIO(large), "orders.csv")})
    assert answer.status_code == status, answer.text


def test_a_month_is_settled(cast: Cast) -> None:
    fiona = cast.api(cast.token("fiona"))
    first, second = _orders(fiona).json, _orders(fiona).json
    assert (first["written"], first["repeated"], second["written"], second["repeated"]) == (1, 0, 0, 1)
    assert len(first["wrong"]) == 1
    assert fiona("POST", "/settlements/dealer_rebate/statements", {"period": "2026-13"}).status_code == 422
    assert fiona("POST", "/settlements/dealer_rebate/statements", {"period": "2031-10"}).json["made"] == 1
    [head] = fiona("GET", "/settlements/dealer_rebate/statements?period=2031-10").json["items"]
    told = fiona("GET", f"/statements/{head['id']}").json
    assert told["body"]["groups"] and told["state"] == "draft"
    [line] = fiona("GET", f"/settlements/dealer_rebate/lines?statement={head['id']}").json["items"]
    assert line["inputs"] and line["statement_id"] == head["id"]
    sent = fiona("POST", f"/statements/{head['id']}/send")
    assert sent.status_code == 200 and sent.json["number"]
    again = fiona("POST", f"/statements/{head['id']}/send")
    assert (again.status_code, shaped(again)["code"]) == (409, "settlement.cannot_send")
    assert fiona("GET", "/settlements/none/lines").status_code == 404
    victor = cast.api(cast.token("victor"))
    assert victor("GET", "/settlements").status_code == 200
    assert victor("POST", "/settlements/dealer_rebate/statements", {"period": "2031-10"}).status_code == 403


def test_a_definition_is_drawn_checked_and_published(alice: Caller) -> None:
    title = {"zh-Hans": "巡检员", "en": "Inspector"}
    made = alice("POST", "/definitions", {"kind": "role", "title": title, "key": "inspector"})
    assert made.status_code == 201
    where = f"/definitions/{made.json['id']}"
    found = alice("GET", where).json
    draft = {**found["draft"], "title": {**title, "en": "Inspector of sites"}}
    saved = alice("PUT", where, {"revision": found["revision"], "draft": draft})
    assert saved.json["revision"] == found["revision"] + 1
    stale = alice("PUT", where, {"revision": found["revision"], "draft": draft})
    assert (stale.status_code, shaped(stale)["code"]) == (409, "document.stale")
    published = alice("POST", f"{where}/publish", {"revision": saved.json["revision"]})
    assert published.json["versions"] == {made.json["id"]: 1}
    assert [one["number"] for one in alice("GET", f"{where}/versions").json["items"]] == [1]
    assert alice("GET", f"{where}/versions/1").json["body"] == draft
    assert alice("GET", f"{where}/versions/2").status_code == 404
    assert alice("POST", f"{where}/restore", {"revision": 2, "number": 1}).json["revision"] == 3
    taken = alice("POST", "/definitions", {"kind": "role", "title": title, "key": "inspector"})
    assert details(taken) == {"/key": "document.key_taken"}
    copied = alice("POST", f"{where}/copy", {"title": title}).json["id"]
    assert alice("DELETE", f"/definitions/{copied}").status_code == 204


@pytest.mark.parametrize(("name", "value"), [("uid", "x"), ("key", "y"), ("kind", "form"), ("tenant", "x"), ("format", 9)])
def test_a_draft_keeps_what_is_for_life(alice: Caller, name: str, value: Any) -> None:
    found = next(one for one in alice("GET", "/definitions?kind=role").json["items"])
    told = alice("GET", f"/definitions/{found['id']}").json
    body = {"revision": told["revision"], "draft": {**told["draft"], name: value}}
    answer = alice("PUT", f"/definitions/{found['id']}", body)
    assert answer.status_code == 422 and shaped(answer)["details"]
    assert alice("GET", f"/definitions/{found['id']}").json["revision"] == told["revision"]


def test_a_draft_with_errors_is_not_published_and_says_why(alice: Caller) -> None:
    made = alice("POST", "/definitions", {"kind": "workflow", "title": {"en": "Empty"}}).json["id"]
    told = alice("GET", f"/definitions/{made}").json
    answer = alice("POST", f"/definitions/{made}/publish", {"revision": told["revision"]})
    assert answer.status_code == 422 and shaped(answer)["code"] == "document.unpublishable" and shaped(answer)["details"]
    assert alice("POST", f"/definitions/{made}/play", {"say": [{"node": "start"}]}).status_code == 422


def test_approvals_are_played_by_named_persons(alice: Caller) -> None:
    found = next(one for one in alice("GET", "/definitions?kind=workflow&limit=100").json["items"] if one["key"] == "refund")
    request = {"customer_name": "王芳", "order_number": "DD1", "refund_amount": "3800", "refund_reason": "quality"}
    say: list[dict[str, Any]] = [{"node": "start", "values": request}, {"node": "head", "by": "zhang"}]
    people = {"unit_head": ["zhang"], "refund_board": ["chen", "lin"]}
    refusal = {"node": "board", "values": {"opinion": "no"}, "by": "lin", "signal": "reject"}
    play = f"/definitions/{found['id']}/play"
    asked = alice("POST", play, {"say": say, "people": people}).json
    assert (asked["refused"], asked["status"], set(asked["waiting"])) == ([], "running", {"board"})
    assert alice("POST", play, {"say": [*say, refusal], "people": people}).json["result"] == "rejected"
    stranger = {"say": [*say, {**refusal, "by": "mallory"}], "people": people}
    assert [one["code"] for one in alice("POST", play, stranger).json["refused"]] == ["story.nobody_waits"]
    assert alice("POST", play, {"say": say, "people": {"refund_board": "chen"}}).status_code == 422


def test_a_workflow_is_played_and_a_settlement_calculated(alice: Caller) -> None:
    kinds = {(one["kind"], one["key"]): one["id"] for one in alice("GET", "/definitions?limit=100").json["items"]}
    repair = alice("GET", f"/definitions/{kinds['workflow', 'repair']}").json["draft"]
    story = repair["stories"][0]
    say = [{"node": node, "values": values} for node, values in story["say"]]
    body = {"say": say, "records": story.get("records", {})}
    played = alice("POST", f"/definitions/{kinds['workflow', 'repair']}/play", body).json
    assert played["refused"] == [] and played["visited"][0] == say[0]["node"]
    assert all(played[name] == story["then"][name] for name in ("status", "result", "visited") if name in story["then"])
    assert alice("POST", f"/definitions/{kinds['role', 'engineer']}/play", body).status_code == 422
    rebate = alice("GET", f"/definitions/{kinds['settlement', 'dealer_rebate']}").json["draft"]
    sample = alice("POST", "/sample", {"draft": rebate, "lines": []})
    assert sample.status_code == 200 and sample.json["lines"] == []
    assert alice("POST", "/check", {"draft": rebate}).json["problems"] == []
    assert alice("POST", "/check", {"draft": {"kind": ["role"]}}).status_code == 422


def test_a_pack_travels_from_one_tenant_to_another(cast: Cast, alice: Caller) -> None:
    pack = alice("GET", "/packs/dealer_rebate").json
    charlie = cast.api(cast.token("charlie", slug="globex"), "globex")
    preview = charlie("POST", "/packs/preview", {"pack": pack}).json
    assert preview["possible"] and {one["what"] for one in preview["items"]} == {"add"}
    assert charlie("GET", "/packs").json["items"] == []
    moved = charlie("POST", "/packs/import", {"pack": pack, "fingerprint": "0" * 64})
    assert details(moved) == {"": "pack.moved_on"}
    taken = charlie("POST", "/packs/import", {"pack": pack, "fingerprint": preview["fingerprint"]})
    assert taken.status_code == 200, taken.text
    assert charlie("GET", "/packs/dealer_rebate").json == pack
    assert charlie("POST", "/packs/import", {"library": "appliance_repair"}).status_code == 200
    wrong = charlie("POST", "/packs/import", {"pack": {**pack, "items": [{}]}})
    assert wrong.status_code == 422
    for body in ({}, {"pack": pack, "library": "appliance_repair"}):
        assert details(charlie("POST", "/packs/preview", body)) == {"/pack": "api.pack_or_library"}
    assert charlie("POST", "/packs/preview", {"library": "../secret"}).status_code == 404


def test_chosen_definitions_are_exported_with_what_they_refer_to(alice: Caller) -> None:
    body = {"key": "mine", "version": "1.0.0", "title": {"en": "Mine"}, "items": [{"kind": "workflow", "key": "repair"}]}
    pack = alice("POST", "/packs/export", body).json
    assert {("workflow", "repair"), ("role", "engineer")} <= {(one["kind"], one["key"]) for one in pack["items"]}
    for change in ({"key": "../x"}, {"version": "1"}, {"items": []}, {"tenant_id": "x"}):
        assert alice("POST", "/packs/export", {**body, **change}).status_code == 422
    shelf = alice("GET", "/library?limit=1").json
    rest = alice("GET", f"/library?limit=100&cursor={shelf['next']}").json
    keys = sorted(path.stem for path in demo.PACKS.glob("*.json"))
    assert [one["key"] for one in (*shelf["items"], *rest["items"])] == keys
    assert rest["next"] is None


def test_a_role_is_bound_once_and_unbound(cast: Cast, alice: Caller) -> None:
    body = {"role": "engineer", "member_id": cast.member_id("bob")}
    first, second = alice("POST", "/bindings", body), alice("POST", "/bindings", body)
    assert (first.status_code, second.status_code) == (201, 201) and first.json == second.json
    assert first.json in alice("GET", "/bindings?role=engineer").json["items"]
    assert alice("DELETE", f"/bindings/{first.json['id']}").status_code == 204
    assert details(alice("POST", "/bindings", {"role": "engineer"})) == {"/member_id": "api.member_or_unit"}
    charlie = cast.api(cast.token("charlie", slug="globex"), "globex")
    assert charlie("POST", "/bindings", body).status_code == 404
    with cast.reading() as session:
        wanted = select(Binding).where(Binding.member_id == cast.member_id("bob"), Binding.role_key == "engineer")
        assert session.scalars(wanted).all() == []


def test_who_is_there_is_told_to_who_manages_it(cast: Cast, alice: Caller) -> None:
    assert {one["email"] for one in alice("GET", "/members?limit=100").json["items"]} >= {"bob@acme.example"}
    assert alice("GET", "/units").json["items"][0]["kind"] == "head_office"
    assert "engineer" in {one["key"] for one in alice("GET", "/roles").json["items"]}
    bob = cast.api(cast.token("bob"))
    assert {bob("GET", path).status_code for path in ("/members", "/units", "/bindings", "/roles")} == {403}
