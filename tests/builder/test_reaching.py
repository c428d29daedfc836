"""How a ticket gets to a step, asked while the workflow is drawn, and over the API."""

from typing import Any

import pytest

from tests.builder.test_documents import API, opened
from tests.cast import Cast


@pytest.fixture
def repair(cast: Cast) -> dict[str, Any]:
    return opened(cast.sign_in("alice"), "workflow", "repair")


@pytest.mark.parametrize(
    ("node", "zh", "en"),
    [
        ("start", "工单从这里开始。", "Tickets begin here."),
        (
            "mark_urgent",
            "需要满足：故障描述 包含任一 漏水、漏电、起火、冒烟、leak、fire、smoke、electric shock 或 客户等级 等于 VIP。",
            "A ticket comes here if: Description contains any of 漏水, 漏电, 起火, 冒烟, leak, fire, smoke, electric shock"
            " or Customer level is VIP.",
        ),
        (
            "return_to",
            "先经过经理审批，并且需要满足：报价 大于 5000 或 客户等级 等于 VIP；审批意见 等于 退回重报。",
            "A ticket comes here once it has passed Manager's approval, and if: Quote is more than 5000 or Customer level is"
            " VIP; Decision is Return for a new quote.",
        ),
    ],
)
def test_the_way_to_a_step_is_told_in_both_languages(cast: Cast, repair: dict[str, Any], node: str, zh: str, en: str) -> None:
    alice = cast.sign_in("alice")
    for tag, words in (("zh-CN", zh), ("en", en)):
        asked = {"draft": repair["draft"], "node": node}
        found = alice.post(f"{API}/reach", json=asked, headers={"Accept-Language": tag}).json
        assert found["sentence"] == words


def test_the_api_tells_the_same_of_the_draft(cast: Cast, repair: dict[str, Any]) -> None:
    api, alice = cast.api(cast.token("alice")), cast.sign_in("alice")
    told = api("GET", f"/definitions/{repair['id']}/route?node=tell_rejected").json
    assert told == alice.post(f"{API}/reach", json={"draft": repair["draft"], "node": "tell_rejected"}).json
    assert [one["node"] for one in told["passes"]] == ["approve"]
    assert {"approval_needed_to_approve", "decided_to_tell_rejected"} < set(told["must"])
    assert {"diagnose_to_approval_needed", "return_to_to_diagnose"} <= set(told["may"])


@pytest.mark.parametrize(
    ("changes", "node", "path"),
    [({"kind": "form"}, "start", "/draft/kind"), ({"nodes": 7}, "start", "/draft/nodes"), ({}, "nowhere", "/node")],
)
def test_what_cannot_be_read_is_refused(cast: Cast, repair: dict[str, Any], changes: Any, node: str, path: str) -> None:
    asked = {"draft": {**repair["draft"], **changes}, "node": node}
    answer = cast.sign_in("alice").post(f"{API}/reach", json=asked)
    assert (answer.status_code, answer.json["error"]["path"]) == (422, path)


def test_a_foreign_definition_has_no_ways(cast: Cast, repair: dict[str, Any]) -> None:
    charlie = cast.api(cast.token("charlie", slug="globex"), slug="globex")
    assert charlie("GET", f"/definitions/{repair['id']}/route?node=start").status_code == 404
