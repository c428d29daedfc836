"""A table within a form: filled in on the page, refused at the cell, shown on the ticket, in its activity and in exports."""

import io
import re
from typing import Any

from sqlalchemy import select

from dougong.runtime.host.tables import Task, Ticket
from tests.cast import Cast, errors, fields
from tests.drawing import field, flow_doc, form_doc, node, options, task, text
from tests.host.test_races import publish

COLUMNS = [
    {**field("part", required=True), "title": {"zh-Hans": "备件", "en": "Part"}},
    field("kind", "choice", config={"options": [{"uid": "n", "key": "new", "title": {"zh-Hans": "全新", "en": "New"}}]}),
    field("count", "number", config={"places": 0}),
    field("price", "money"),
    field("amount", "formula", config={"formula": "count * price", "places": 2}, total=True),
]
FORM = form_doc(
    {**field("items", "subform", config={"columns": COLUMNS, "max": 3}), "title": {"zh-Hans": "明细", "en": "Items"}},
    field("sum", "formula", config={"formula": "SUM(items.amount)", "places": 2}),
    field("urgency", "choice", config=options("low", "high")),
    field("channel", "hidden", default="from-the-web"),
    key="purchase",
)
FLOW = flow_doc(
    [node("start", "start"), task("check", who={"by": "role", "role": "service_desk"}, rights={"*": "read"}), node("e", "end")],
    ["start>check", "check>e"], key="purchase", form="purchase",
    title=text("采购"),
)  # fmt: skip
ROWS = {
    "items": ["0", "1", "2"],
    "items.0.part": "滤芯", "items.0.kind": "new", "items.0.count": "2", "items.0.price": "10.50",
    "items.1.part": "", "items.1.kind": "", "items.1.count": "", "items.1.price": "",
    "items.2.part": "阀", "items.2.count": "1", "items.2.price": "1,000",
}  # fmt: skip


def test_a_table_is_filled_in_and_told_wherever_the_ticket_is(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    bob = cast.sign_in("bob")
    page = bob.get("/t/acme/tickets/new/purchase").text
    assert 'name="f.items.0.part"' in page and 'name="f.items.new.part"' in page and 'data-total="items.amount"' in page

    refused = bob.post("/t/acme/tickets/new/purchase", data=fields({**ROWS, "items.0.count": "two", "items.2.part": ""}))
    assert refused.status_code == 422 and len(errors(refused.text)) == 2
    assert re.search(r'id="f-items.0.count"[^>]*aria-invalid="true"', refused.text) and 'value="two"' in refused.text
    assert "明细 第 3 行 备件" in refused.text
    too_many = {"items": ["0", "1", "2", "3"], **{f"items.{n}.part": "x" for n in range(4)}}
    assert errors(bob.post("/t/acme/tickets/new/purchase", data=fields(too_many)).text) == ["最多 3 行。"]

    filed = bob.post("/t/acme/tickets/new/purchase", data=fields(ROWS))
    assert filed.status_code == 302
    shown = bob.get(filed.headers["Location"]).text
    assert "1. 滤芯 · 全新 · 2 · 10.50 · 21.00；2. 阀 · 1 · 1,000.00 · 1000.00" in shown, "the activity"
    assert re.search(r'data-total="items.amount".*?1021\.00', shown, re.DOTALL), "the ticket"
    sheet = bob.get("/t/acme/tickets.csv?workflow=purchase").text
    assert "1. 滤芯 · 全新 · 2 · 10.50 · 21.00；2. 阀" in sheet and "1021.00" in sheet
    assert "from-the-web" not in page + shown + sheet
    with cast.reading() as session:
        assert session.scalars(select(Ticket.data)).one()["channel"] == "from-the-web"


def test_the_api_takes_rows_and_names_the_cell_that_is_wrong(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    call = cast.api(cast.token("bob", "tickets.file", "tickets.see"))
    wrong = call("POST", "/tickets", {"workflow": "purchase", "values": {"items": [{"part": "a", "count": "x"}, 5]}})
    assert wrong.status_code == 422 and wrong.json["error"]["details"][0]["code"] == "field.rows.invalid"
    wrong = call("POST", "/tickets", {"workflow": "purchase", "values": {"items": [{"part": "a", "count": "x"}]}})
    assert wrong.status_code == 422 and wrong.json["error"]["details"][0]["path"] == "/values/items/0/count"
    done = call("POST", "/tickets", {"workflow": "purchase", "values": {"items": [{"part": "a", "count": 2, "price": "3"}]}})
    assert done.status_code == 201, done.json
    told = call("GET", f"/tickets/{done.json['ticket_id']}").json
    asked = {one["key"]: one["columns"] for task in told["tasks"] for one in task["form"]}
    assert [column["key"] for column in asked["items"]] == ["part", "kind", "count", "price", "amount"]
    values = {one["key"]: one["value"] for one in told["values"]}
    assert values["items"] == [{"part": "a", "count": "2", "price": "3.00", "amount": "6"}] and values["sum"] == "6"


def bring(cast: Cast, content: str, **more: str) -> Any:
    sent = {"rows": "items", "file": (io.BytesIO(content.encode()), "rows.csv"), **more}
    return cast.sign_in("bob").post("/t/acme/tickets/new/purchase", data=sent)


def test_a_file_brings_rows_by_their_headings_all_or_none(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    good = bring(cast, "Part*,数量,count,PRICE,kind\n滤芯,?,2,10.5,全新\n阀,?,,3,new\n")
    assert good.status_code == 200 and "共 2 行" in good.text and "数量" in good.text, "a heading that is nobody's is named"
    assert re.search(r'name="f.items.0.part"[^>]*value="滤芯"', good.text) and good.text.count("data-row>") == 2
    assert good.text.count('<option value="new" selected>') == 2 and "21.00" in good.text, "calculated"
    wrong = bring(cast, "part,count,kind\n滤芯,two,全新\n阀,1,broken\n,3,\n")
    assert wrong.status_code == 422 and "data-row>" not in wrong.text and 'data-take="append"' not in wrong.text
    told = re.findall(r"<tr><td>(\d+)</td><td>(\w+)</td>", wrong.text)
    assert told == [("2", "count"), ("3", "kind")], "what is still missing may be filled in on the page"
    for content, words in (
        ("part\n" + "x\n" * 4, "最多 3 行"),
        ("x,y\n1,2\n", "备件"),
        ("part\n" + "x\n" * 5001, "5000"),
        ("", "表格是空的"),
        ("part\n", "表格是空的"),
    ):
        refused = bring(cast, content)
        assert refused.status_code == 422 and words in refused.text and "data-row>" not in refused.text, words
    for key in ("sum", "nothing", "channel"):
        assert bring(cast, "part\nx\n", rows=key).status_code == 404
    with cast.reading() as session:
        assert session.scalars(select(Ticket)).all() == []
    filed = cast.sign_in("bob").post("/t/acme/tickets/new/purchase", data=fields(ROWS)).headers["Location"].rsplit("/", 1)[1]
    task_id = cast.open_task(filed, "check").id
    sent = {"rows": "items", "file": (io.BytesIO(b"part\nx\n"), "rows.csv")}
    assert cast.sign_in("bob").post(f"/t/acme/tasks/{task_id}", data=sent).status_code == 404, "here it may only be read"


def test_a_draft_is_drawn_again_and_not_filed_and_a_ticket_is_laid_out_for_paper(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    bob = cast.sign_in("bob")
    draft = bob.post("/t/acme/tickets/new/purchase", data={**fields({**ROWS, "items.0.count": "two"}), "draft": "yes"})
    assert draft.status_code == 200 and 'value="two"' in draft.text and errors(draft.text) == []
    with cast.reading() as session:
        assert session.scalars(select(Ticket)).all() == []
    filed = bob.post("/t/acme/tickets/new/purchase", data=fields(ROWS)).headers["Location"]
    with cast.reading() as session:
        task_id = session.scalars(select(Task.id)).one()
    again = bob.post(f"/t/acme/tasks/{task_id}", data={"draft": "yes"})
    assert again.status_code == 200 and f'data-draft="acme {cast.member_id("bob")} {task_id}"' in again.text
    paper = bob.get(f"{filed}/print").text
    assert 'data-columns="2"' in paper and "qr-code" in paper and "paper-signatures" not in paper, "as usual"
    assert "滤芯" in paper and "1021.00" in paper and "赵博 Bob" in paper and "rail" not in paper


def test_a_form_says_how_its_tickets_are_printed(cast: Cast) -> None:
    layout = {
        "letterhead": text("极光电器 售后"), "title": text("领料单"), "columns": "three",
        "without": ["items"], "qr": "no", "history": "no",
        "signatures": [{"uid": "s1", "title": text("领料人")}, {"uid": "s2", "title": text("库管")}],
    }  # fmt: skip
    publish(cast, {**FORM, "print": layout}, FLOW)
    bob = cast.sign_in("bob")
    paper = bob.get(f"{bob.post('/t/acme/tickets/new/purchase', data=fields(ROWS)).headers['Location']}/print").text
    for words in ("极光电器 售后", "领料单", 'data-columns="3"', "领料人", "库管", "1021.00"):
        assert words in paper, words
    for words in ("滤芯", "qr-code", "paper-table"):
        assert words not in paper, words
