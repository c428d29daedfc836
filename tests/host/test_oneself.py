"""Conditions that ask who fills the form: felt by the page, decided by the server, for each as he is."""

import re
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from dougong.platform import links
from dougong.platform.people import Unit
from dougong.runtime.host.tables import Ticket
from tests.cast import Cast, fields
from tests.drawing import all_of, field, flow_doc, form_doc, node, rule, task
from tests.host.test_races import publish

FORM = form_doc(
    field("for_whom", "person"),
    field("unit", "unit"),
    field("mine", visible_when=all_of(rule("for_whom", "is_me"))),
    field("ours", visible_when=all_of(rule("unit", "in_my_unit_or_below"))),
    key="for_whom",
)
FLOW = flow_doc(
    [node("start", "start"), task("check", who={"by": "role", "role": "service_desk"}), node("e", "end")],
    ["start>check", "check>e"], key="for_whom", form="for_whom",
)  # fmt: skip


def test_a_field_is_there_for_oneself_and_for_ones_units(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    with cast.reading() as session:
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}

    def filed(name: str, **values: str) -> dict[str, Any]:
        answer = cast.sign_in(name).post("/t/acme/tickets/new/for_whom", data=fields({"mine": "x", "ours": "y", **values}))
        with cast.reading() as session:
            wanted = select(Ticket.data).where(Ticket.id == answer.headers["Location"].rsplit("/", 1)[1])
            return dict(session.scalars(wanted).one())

    def kept(data: dict[str, Any]) -> set[str]:
        return {key for key in ("mine", "ours") if key in data} | ({"@me"} & data.keys())

    helen, frank = cast.member_id("helen"), cast.member_id("frank")
    assert kept(filed("helen", for_whom=helen, unit=units["sz-nanshan"])) == {"mine", "ours"}, (
        "below South China, which is hers"
    )
    assert kept(filed("frank", for_whom=helen, unit=units["south"])) == set(), "South China is above his"
    assert kept(filed("frank", for_whom=frank, unit=units["sz-nanshan"])) == {"mine", "ours"}
    filed("frank", for_whom=frank)
    with cast.reading() as session:
        ticket, before = session.execute(select(Ticket.id, Ticket.data).order_by(Ticket.id.desc())).first() or ("", {})
    cast.work("bob", ticket, "check", for_whom=cast.member_id("bob"), mine="bob's")
    with cast.reading() as session:
        after = session.scalars(select(Ticket.data).where(Ticket.id == ticket)).one()
    assert (before["mine"], after["mine"]) == ("x", "bob's") and kept(after) == {"mine"}
    page = cast.sign_in("frank").get("/t/acme/tickets/new/for_whom").text
    assert re.search(rf'data-me="{{&#34;below&#34;: \[&#34;{units["sz-nanshan"]}', page)


def test_a_customer_who_came_by_a_link_is_nobody_whom_it_asks_for(cast: Cast) -> None:
    publish(cast, FORM, {**FLOW, "nodes": [node("start", "start", public=True), *FLOW["nodes"][1:]]})
    with cast.app.test_request_context():
        address = links.address("public.file", token=links.sign("file", tenant=cast.tenants["acme"], workflow="for_whom"))
    customer, where = cast.app.test_client(), urlsplit(address).path
    page = customer.get(where)
    assert page.status_code == 200 and "data-me" not in page.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    sent = {"for_whom": cast.member_id("frank"), "mine": "x"}
    filed = customer.post(where, data={**fields(sent), "csrf_token": token[1] if token else ""})
    assert filed.status_code in (200, 302)
    with cast.reading() as session:
        assert [ticket for ticket in session.scalars(select(Ticket.data)) if "mine" in ticket] == []
