"""Serial numbers of forms: given when a form is first saved, by day, group and field; none twice, none for what is refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import select

from dougong.platform.store import enter_tenant
from dougong.runtime.host import definitions
from dougong.runtime.host.filing import file
from dougong.runtime.host.tables import History, Ticket
from dougong.runtime.host.verbs import Actor, Done, Refused
from tests.cast import Cast, fields
from tests.drawing import all_of, field, flow_doc, form_doc, node, options, rule, task
from tests.host.test_races import publish


def serial(key: str, *parts: dict[str, Any], **config: Any) -> dict[str, Any]:
    return field(key, "serial", config={"parts": [{"uid": f"{key}{at}", **one} for at, one in enumerate(parts)], **config})


COUNTER, DASH, DAY = {"part": "counter", "digits": 3}, {"part": "text", "text": "-"}, {"part": "date"}
CITY = {"part": "field", "field": "city"}
FORM = form_doc(
    field("city", "choice", config=options("sz", "gz")),
    field("n", "number"),
    serial("daily", DAY, DASH, COUNTER, reset="day"),
    serial("by_city", CITY, COUNTER, group="city", start=101),
    {**serial("seldom", COUNTER), "visible_when": all_of(rule("n", "greater", "5"))},
    {**serial("large", COUNTER), "visible_when": all_of(rule("n", "greater", "10"))},
    field("told", "formula_text", config={"formula": '"No. " & daily'}),
    key="numbered",
)
FLOW = flow_doc(
    [
        node("start", "start"), task("check", who={"by": "role", "role": "service_desk"}),
        node("sign", "approval", who={"by": "initiator"}, initiator="self", rights={"*": "write"}), node("e", "end"),
    ],
    ["start>check", "check>sign", "sign>e"], key="numbered", form="numbered",
)  # fmt: skip


def data(cast: Cast) -> list[dict[str, Any]]:
    with cast.reading() as session:
        return [ticket.data for ticket in session.scalars(select(Ticket).order_by(Ticket.id))]


def test_each_is_counted_by_day_and_group_and_nothing_is_counted_for_what_is_refused(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    bob = cast.sign_in("bob")
    assert "提交后自动生成" in bob.get("/t/acme/tickets/new/numbered").text
    for values in ({"city": "sz"}, {"n": "x"}, {"city": "gz", "n": "6"}, {"city": "sz", "daily": "typed", "n": "7"}):
        bob.post("/t/acme/tickets/new/numbered", data=fields(values))
    found = data(cast)
    assert [one["daily"][-4:] for one in found] == ["-001", "-002", "-003"] and len(found[0]["daily"]) == 12
    assert [one["by_city"] for one in found] == ["sz101", "gz101", "sz102"]
    assert [one.get("seldom") for one in found] == [None, "001", "002"]
    assert found[1]["told"] == f"No. {found[1]['daily']}"


def test_a_number_stays_and_what_becomes_visible_later_gets_one_then(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    ticket = cast.file("bob", "numbered", city="sz")
    (before,) = data(cast)
    cast.work("bob", ticket, "check", city="gz", n="9")
    sign = cast.open_task(ticket, "sign")
    values = {"revision": sign.revision, **fields({"city": "gz", "n": "11"})}
    cast.sign_in("bob").post(f"/t/acme/tasks/{sign.id}/approve", data=values)
    (after,) = data(cast)
    assert (after["daily"], after["by_city"], after["seldom"], after["large"]) == (before["daily"], "sz101", "001", "001")
    with cast.reading() as session:  # what is as it was is not told again
        changes = session.scalars(select(History.changes).order_by(History.step.desc())).first()
    assert changes == {"n": "11", "large": "001"}


def test_of_many_at_once_no_two_have_the_same(cast: Cast) -> None:
    publish(cast, FORM, FLOW)
    with cast.reading():
        document = definitions.workflow("numbered")
    actor = Actor(cast.tenants["acme"], "Asia/Shanghai", f"person:{cast.member_id('bob')}", "tests", frozenset())

    def once(_: int) -> Done | Refused:
        with cast.app.app_context():
            enter_tenant(actor.tenant_id)
            return file(actor, document, {"city": "sz"})

    with ThreadPoolExecutor(4) as pool:
        assert all(isinstance(done, Done) for done in pool.map(once, range(12)))
    assert sorted(one["by_city"] for one in data(cast)) == [f"sz{n}" for n in range(101, 113)]
