"""Rows of a table that name people, units, records and files: looked up like fields of the form, refused at their cell."""

import io
import json
import re
from typing import Any

from sqlalchemy import select

from dougong.platform import links
from dougong.platform.files import File
from dougong.platform.people import Unit
from dougong.runtime.host.tables import Record, Task, Ticket
from tests.cast import Cast, errors, fields
from tests.drawing import field, flow_doc, form_doc, node, task, text
from tests.host.test_races import publish

TREE = {
    "options": [
        {"uid": "water", "key": "water", "title": {"zh-Hans": "水电", "en": "Water and power"}},
        {"uid": "tap", "key": "tap", "title": {"zh-Hans": "龙头", "en": "Tap"}, "parent": "water"},
    ]
}
COLUMNS = [
    field("who", "person", required=True),
    field("unit", "unit"),
    field("product", "record", config={"entity": "product", "fill": [{"from": "model", "to": "model"}]}),
    field("model"),
    field("fault", "cascade", config=TREE),
    field("photos", "files"),
    field("said", "formula_text", config={"formula": 'model & "/" & note'}),
]
FORM = form_doc(field("note"), field("items", "subform", config={"columns": COLUMNS}), key="visits")
EACH = node(
    "each", "for_each", over="items", who={"by": "person_field", "field": "who"}, rights={"note": "write"},
)  # fmt: skip
CHECK = task("check", who={"by": "role", "role": "service_desk"}, rights={"*": "write"})
FLOW = flow_doc(
    [node("start", "start", public=True), CHECK, EACH, node("e", "end")],
    ["start>check", "check>each", "each>e"], key="visits", form="visits",
    title=text("走访"),
)  # fmt: skip


def given(cast: Cast) -> dict[str, str]:
    with cast.reading() as session:
        product = session.scalars(select(Record).where(Record.entity_key == "product").order_by(Record.id)).first()
        unit = session.scalars(select(Unit).order_by(Unit.code)).first()
        assert product and unit
        return {"product": product.id, "model": str(product.data["model"]), "title": product.title, "unit": unit.id}


def photo(cast: Cast, name: str = "bob") -> str:
    sent = cast.sign_in(name).post("/t/acme/uploads", data={"file": (io.BytesIO(b"seen"), "泄漏.txt", "text/plain")})
    return str(sent.json["id"])


def test_cells_are_looked_up_named_filled_in_and_their_files_belong_to_the_ticket(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    there, bob, seen = given(cast), cast.sign_in("bob"), photo(cast)
    typed = {
        "note": "n", "items": ["0", "1"], "items.0.who": "",
        "items.1.who": cast.member_id("bob"), "items.1.unit": there["unit"], "items.1.product": there["product"],
        "items.1.fault": "tap", "items.1.photos": [seen],
    }  # fmt: skip
    filed = bob.post("/t/acme/tickets/new/visits", data=fields(typed))
    assert filed.status_code == 302, errors(filed.text)
    with cast.reading() as session:
        assert (
            session.scalars(select(File.owner).where(File.id == seen)).one()
            == f"ticket:{filed.headers['Location'].rsplit('/', 1)[1]}"
        )
    page = bob.get(filed.headers["Location"]).text
    for words in ("赵博 Bob", there["title"], "水电 / 龙头", "泄漏.txt", f"{there['model']}/n"):
        assert words in page, words
    assert bob.get(f"/t/acme/files/{seen}").data == b"seen"
    assert there["title"] in bob.get("/t/acme/tickets.csv?workflow=visits").text
    assert cast.sign_in("charlie").get(f"/t/acme/files/{seen}").status_code == 404


def test_what_is_not_there_or_anothers_is_told_at_the_cell_where_it_was_typed_and_what_was_chosen_is_named_again(
    cast: Cast,
) -> None:
    publish(cast, FORM, FLOW)
    there, bob = given(cast), cast.sign_in("bob")
    typed = {
        "items": ["0", "1", "2"],
        "items.0.who": "",
        "items.1.who": cast.member_id("bob"),
        "items.1.product": there["product"],
    }
    typed |= {"items.2.who": cast.member_id("charlie", "globex"), "items.2.photos": [photo(cast, "helen")]}
    page = bob.post("/t/acme/tickets/new/visits", data=fields(typed))
    assert page.status_code == 422
    assert 'href="#f-items.2.who"' in page.text and 'href="#f-items.2.photos"' in page.text and "#f-items.1" not in page.text
    assert f'value="{there["title"]}"' in page.text and 'value="赵博 Bob"' in page.text
    call = cast.api(cast.token("bob", "tickets.file", "tickets.see"))
    rows = [{}, {"who": cast.member_id("charlie", "globex")}]
    wrong = call("POST", "/tickets", {"workflow": "visits", "values": {"items": rows}})
    assert wrong.status_code == 422 and wrong.json["error"]["details"][0]["path"] == "/values/items/1/who"


def test_a_file_of_rows_names_members_and_units_in_words_and_those_that_are_not_there_are_told(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    there, bob = given(cast), cast.sign_in("bob")

    def brought(content: str) -> Any:
        return bob.post(
            "/t/acme/tickets/new/visits", data={"rows": "items", "file": (io.BytesIO(content.encode()), "rows.csv")}
        )

    with cast.reading() as session:
        unit = session.get_one(Unit, (cast.tenants["acme"], there["unit"]))
        known = f"who,unit\n赵博 Bob,{unit.name['zh-Hans']}\nfrank@acme.example,{unit.code}\n"
    good = brought(known).text
    for index, who in enumerate(("bob", "frank")):
        for key, id in (("who", cast.member_id(who)), ("unit", there["unit"])):
            assert re.search(rf'name="f.items.{index}.{key}"[^>]*value="{id}"', good), (index, key)
    wrong = brought("who,unit\n查理 Charlie,\n,月球店\n")
    assert wrong.status_code == 422
    assert re.findall(r"<tr><td>(\d+)</td><td>(\w+)</td>", wrong.text) == [("2", "who"), ("3", "unit")]


def test_what_a_chosen_record_brings_along_is_there_when_it_is_asked_for_and_checked(cast: Cast) -> None:
    device = [
        field("product", "record", config={"entity": "product", "fill": [{"from": "model", "to": "model"}]}),
        field("model", required=True),
    ]
    checks = [{"uid": "c", "formula": "model <> note", "message": text("not that one")}]
    form = form_doc(field("note"), *device, field("items", "subform", config={"columns": device}), key="visits", checks=checks)
    steps = [node("start", "start"), CHECK, node("e", "end")]
    publish(cast, form, flow_doc(steps, ["start>check", "check>e"], key="visits", form="visits"))
    there, call = given(cast), cast.api(cast.token("bob", "tickets.file", "tickets.see"))

    def filed(**values: Any) -> list[tuple[str, str]] | None:
        done = call("POST", "/tickets", {"workflow": "visits", "values": values})
        return None if done.status_code == 201 else [(one["path"], one["code"]) for one in done.json["error"]["details"]]

    chosen = {"product": there["product"]}
    assert filed(**chosen, items=[chosen, {"model": "x"}]) is None
    assert filed(**chosen, note=there["model"]) == [("/values/model", "field.check_failed")]
    assert filed(items=[{}, chosen, {"product": None, "model": ""}]) == [("/values/model", "field.required")]
    assert filed(**chosen, items=[{"product": cast.member_id("bob")}]) == [
        ("/values/items/0/model", "field.required"), ("/values/items/0/product", "field.unknown_reference"),
    ]  # fmt: skip
    typed = {"product": there["product"], "model": "x", "items": ["0"], "items.0.product": there["product"]}
    page = cast.sign_in("bob").post("/t/acme/tickets/new/visits", data=fields(typed))
    assert page.status_code == 302, errors(page.text)
    with cast.reading() as session:
        first, second = session.scalars(select(Ticket.data).order_by(Ticket.id))
    assert [row["model"] for row in (first, *first["items"], *second["items"])] == [there["model"]] * 2 + ["x", there["model"]]


def test_a_customer_sees_no_table_in_which_colleagues_are_chosen(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    with cast.app.test_request_context():
        path = f"/p/file/{links.sign('file', tenant=cast.tenants['acme'], workflow='visits')}"
    asked = cast.app.test_client().get(path).text
    draft = cast.app.test_client().post(path, data={**fields({"note": "half of it"}), "draft": "yes"})
    assert draft.status_code == 200 and 'value="half of it"' in draft.text and 'data-draft="customer:' in draft.text
    assert 'name="f.note"' in asked and "items" not in asked
    sent = cast.app.test_client().post(path, data=fields({"note": "n", "items": ["0"], "items.0.who": cast.member_id("bob")}))
    assert sent.status_code == 302
    with cast.reading() as session:
        assert "items" not in json.dumps(session.scalars(select(Ticket.data)).one())


def test_each_row_is_a_task_of_its_own_person_who_sees_what_stands_in_it(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    there, names = given(cast), [cast.member_id(name) for name in ("bob", "frank")]
    typed = {"items": ["0", "1"], "items.0.who": names[0], "items.1.who": names[1], "items.1.product": there["product"]}
    ticket_id = cast.file("bob", "visits", **typed)
    cast.work("bob", ticket_id, "check", **typed)
    frank, path = cast.sign_in("frank"), f"/t/acme/tickets/{ticket_id}"
    page = frank.get(path).text
    assert re.search(rf'summary">.*<dt>product</dt><dd>{re.escape(there["title"])}</dd>', page, re.DOTALL)
    with cast.reading() as session:
        tasks = {task.title["en"]: task.id for task in session.scalars(select(Task).where(Task.node == "each"))}
    assert len(tasks) == 2 and any(title.startswith("each · 2. ") for title in tasks)
    his = next(task for title, task in tasks.items() if title.startswith("each · 2. "))
    assert frank.post(f"/t/acme/tasks/{his}", data={"revision": 1, "f.note": "done"}).status_code == 302
    assert cast.waiting(ticket_id) == ["each"]
