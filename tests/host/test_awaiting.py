"""The page of a ticket says what it waits for where that is no person's task."""

import re
from typing import Any

from dougong.runtime.host import worker
from tests.cast import Cast, fields
from tests.drawing import all_of, field, flow_doc, form_doc, node, rule, task
from tests.host.test_races import publish

MINE: dict[str, Any] = {"who": {"by": "initiator"}, "rights": {"*": "write"}}
FORM = form_doc(field("order"), field("sum", "number"), key="visit")


def filed(cast: Cast, nodes: list[Any], ways: list[Any]) -> str:
    publish(cast, FORM, flow_doc([node("start", "start"), *nodes, node("e", "end")], ways, key="visit", form="visit"))
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/visit", data=fields({"order": "A7"}))
    swept(cast)
    return str(answer.headers["Location"])


def swept(cast: Cast) -> None:
    with cast.app.app_context():
        while worker.sweep():
            pass


def waits(cast: Cast, address: str, name: str = "bob") -> str:
    """What stands in 当前办理, without its markup."""
    page = cast.sign_in(name).get(address).text
    found = re.search(r"当前办理</h2>(.*?)</section>", page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_a_branch_that_waits_for_its_turn_for_a_step_or_for_the_others(cast: Cast) -> None:
    nodes = [
        node("both", "fork"), task("a", turn="site", **MINE), task("b", turn="site", **MINE),
        node("u", "until", step="b"), node("j", "join"),
    ]  # fmt: skip
    address = filed(cast, nodes, ["start>both", "both>a", "both>b", "both>u", "a>j", "b>j", "u>j", "j>e"])
    assert "b 一次只办一个，等“a”办完" in waits(cast, address)
    assert "u 等“b”办完" in waits(cast, address)
    cast.work("bob", address.rsplit("/", 1)[1], "a")
    assert "j 等其他分支，已到 1 / 3 条" in waits(cast, address)


def test_whichever_comes_first_an_hour_or_a_message(cast: Cast) -> None:
    """What the message is called, and its key, is for who repairs tickets."""
    nodes = [
        node("f", "first"), node("w", "wait", until={"after": {"amount": 2, "unit": "days"}}),
        node("m", "receive", name="paid", key="order"),
    ]  # fmt: skip
    address = filed(cast, nodes, ["start>f", "f>w", "f>m", "w>e", "m>e"])
    assert re.search(
        r"f 先发生的一项生效，其余取消 w 等到 \d\d-\d\d \d\d:\d\d m 等其他工单或系统发来消息$", waits(cast, address)
    )
    assert waits(cast, address, "alice").endswith("m 等消息 paid，关联值 A7")


def test_a_condition_is_told_to_who_may_read_its_fields(cast: Cast) -> None:
    later = node("u", "until", when=all_of(rule("sum", "at_least", "5")))
    ways: list[Any] = ["start>both", "both>u", "both>t", "u>j", "t>j", "j>e"]
    nodes = [node("both", "fork"), later, task("t", **{**MINE, "rights": {"*": "write", "sum": "hidden"}}), node("j", "join")]
    address = filed(cast, nodes, ways)
    assert waits(cast, address, "alice").endswith("u 等条件成立：sum 大于等于 5")
    start = node("start", "start", rights={"*": "write", "sum": "hidden"})
    hidden = flow_doc([start, *nodes, node("e", "end")], ways, key="visit2", form="visit")
    publish(cast, {**hidden, "uid": "visit2"})
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/visit2", data=fields({"order": "A7"}))
    assert waits(cast, str(answer.headers["Location"])).endswith("u 等条件成立")


def test_a_ticket_that_it_has_begun(cast: Cast) -> None:
    other = flow_doc(
        [node("start", "start"), task("t", **MINE), node("e", "end")], ["start>t", "t>e"], key="other", form="visit"
    )
    call = [node("start", "start"), node("k", "call", workflow="other"), node("e", "end")]
    calls = flow_doc(call, ["start>k", "k>e"], key="calls", form="visit")
    publish(cast, FORM, {**other, "uid": "other"}, {**calls, "uid": "calls"})
    address = str(cast.sign_in("bob").post("/t/acme/tickets/new/calls", data=fields({"order": "A8"})).headers["Location"])
    assert waits(cast, address).endswith("k 正在发起另一张工单")
    swept(cast)
    assert waits(cast, address).endswith("k 等它发起的工单办结")
