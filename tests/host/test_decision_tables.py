"""A decision table in a published workflow: who is asked, what is written, the version that counts, and a table that fails."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from dougong.runtime.host import definitions, timeline
from dougong.runtime.host.tables import History, Task, Ticket, TokenRow
from tests.cast import Cast

API = "/t/acme/builder/api"


def data_of(cast: Cast, ticket_id: str) -> dict[str, Any]:
    with cast.reading() as session:
        return dict(session.scalars(select(Ticket.data).where(Ticket.id == ticket_id)).one())


def test_a_table_says_who_comes_and_how_soon(cast: Cast) -> None:
    """A heater is for senior engineers of the service point; an air conditioner in the south comes first, a washer does not."""
    heater, aircon, washer = (cast.file(product_line=line) for line in ("heater", "ac", "washer"))
    assert [data_of(cast, one)["priority"] for one in (heater, aircon, washer)] == ["high", "high", "usual"]
    with cast.reading() as session:
        tasks = session.scalars(select(Task).where(Task.node == "diagnose").order_by(Task.id)).all()
        assert len(tasks) == 3
    cast.work("frank", heater, "diagnose", diagnosis="x", quote="100", needs_parts="false")


def test_the_timeline_says_which_row_decided_to_who_may_read_what_it_looked_at(cast: Cast) -> None:
    heater, washer = cast.file(product_line="heater"), cast.file(product_line="washer")
    victor = cast.api(cast.token("victor"))
    told = [victor("GET", f"/tickets/{one}").json["timeline"][0]["decided"] for one in (heater, washer)]
    assert [[one["rows"] for one in lines] for lines in told] == [
        [[1], [1]],
        [[], []],
    ]  # the step that asks it, and whom it names
    assert "“查派工表”：决策表“派工表”命中第 1 行" in cast.sign_in("victor").get(f"/t/acme/tickets/{heater}").text
    frank = cast.sign_in("frank").get(f"/t/acme/tickets/{heater}")
    assert frank.status_code == 200 and "命中第 1 行" in frank.text


def known(alice: FlaskClient, kind: str, key: str) -> dict[str, Any]:
    return next(one for one in alice.get(f"{API}/documents?kind={kind}").json if one["key"] == key)


def published(alice: FlaskClient, found: dict[str, Any], draft: dict[str, Any]) -> list[str]:
    """Save it and put it in force. Answers the codes of its problems."""
    address = f"{API}/documents/{found['id']}"
    saved = alice.put(address, json={"revision": found["revision"], "draft": draft}).json
    answer = alice.post(f"{address}/publish", json={"revision": saved["revision"]})
    assert answer.status_code == 200, answer.json
    return [one["code"] for one in saved["problems"]]


def test_a_new_version_counts_once_the_workflow_is_published_again_and_a_failing_table_is_an_incident(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    table, workflow = known(alice, "table", "repair_dispatch"), known(alice, "workflow", "repair")
    only_gas = {name: value for name, value in table["draft"].items() if name != "default"}
    only_gas["rules"] = only_gas["rules"][:1]
    assert published(alice, table, only_gas) == ["check.table_gap"]
    assert cast.waiting(cast.file(product_line="washer")) == ["diagnose"]
    published(alice, workflow, {**workflow["draft"], "stories": []})  # those of the pack know the table as it was
    stopped = cast.file(product_line="washer")
    assert cast.waiting(stopped) == []
    with cast.reading() as session:
        [reason] = session.scalars(select(TokenRow.reason).where(TokenRow.ticket_id == stopped)).all()
        assert (reason["code"], reason["params"]["values"]["zh-Hans"]) == ("table.no_hit", "产品线 = 洗衣机")
    assert "决策表“派工表”没有适用的规则" in alice.get(f"/t/acme/tickets/{stopped}").text


def test_a_draft_is_tried_over_the_editor_and_over_the_api(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    draft = known(alice, "table", "repair_dispatch")["draft"]
    values = {"product_line": "heater", "address": "440305"}
    tried = alice.post(f"{API}/decide", json={"draft": draft, "values": values}).json
    assert tried == {"hits": ["gas"], "values": {"team": "senior_engineer", "priority": "high"}, "problems": False, "said": {}}
    blank = alice.post(f"{API}/decide", json={"draft": draft, "values": {}}).json
    assert set(blank["said"]) == {"product_line", "address"}
    assert alice.post(f"{API}/decide", json={"draft": {"kind": "role"}, "values": {}}).status_code == 422
    api = cast.api(cast.token("alice"))
    answer = api("POST", "/decide", {"draft": draft, "values": values})
    assert answer.status_code == 200 and answer.json["hits"] == ["gas"]


def test_a_row_is_not_told_to_whom_what_it_looked_at_is_hidden_from(cast: Cast) -> None:
    ticket_id = cast.file(product_line="heater")
    with cast.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.id == ticket_id)).one()
        step = session.scalars(select(History).where(History.ticket_id == ticket_id)).one()
        definition = definitions.compiled(ticket.tenant_id, ticket.workflow_id, ticket.version)
        seen = timeline.entry(definition, step, {"*": "read"})["decided"]
        hidden = timeline.entry(definition, step, {"*": "read", "product_line": "hidden"})["decided"]
    assert (len(seen), hidden) == (2, [])
