"""待办委托 and 交接 as those see them who are away, who stand in for them, and who look after it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dougong.platform import organisation
from dougong.platform.people import Binding
from dougong.platform.store import moment, transaction
from dougong.runtime.host.tables import Absence
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node
from tests.drawing import task as step
from tests.host.test_approvals import act, filed, waiting
from tests.host.test_races import publish

HOUR = timedelta(hours=1)


@pytest.fixture
def away(cast: Cast) -> Cast:
    """frank stands in for kevin."""
    now = datetime.now(UTC)
    who: dict[str, Any] = {"member_id": cast.member_id("kevin"), "deputy_id": cast.member_id("frank"), "by": "person:x"}
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.add(Absence(**who, since=moment(now - HOUR), until=moment(now + HOUR)))
        session.add(Absence(**who, since=moment(now + 10 * HOUR), until=moment(now + 11 * HOUR)))
    return cast


def inbox(cast: Cast, name: str, tab: str = "todo") -> str:
    return cast.sign_in(name).get(f"/t/acme/inbox?tab={tab}").text


def test_what_one_stands_in_for_is_a_to_do_of_both_and_says_whose(away: Cast) -> None:
    ticket = filed(away)
    for name, tag in (("kevin", False), ("frank", True)):
        page = inbox(away, name)
        assert ticket in page and ("代 柯文 Kevin" in page) is tag
        assert ticket not in inbox(away, name, "queue")
        shown = away.sign_in(name).get(f"/t/acme/tickets/{ticket}").text
        assert "/claim" not in shown and ("代 柯文 Kevin" in shown) is tag
    assert away.api(away.token("frank"))("GET", "/tasks?part=todo").json["items"]
    act(away, "frank", ticket, "approve")
    assert ticket not in inbox(away, "kevin") and ticket not in inbox(away, "frank")


def test_what_is_for_a_role_is_still_claimed(away: Cast) -> None:
    ticket = away.file(product_line="washer")
    assert ticket in inbox(away, "frank", "queue") and ticket not in inbox(away, "frank")


def test_an_absence_says_whether_it_lasts(away: Cast) -> None:
    page = away.sign_in("kevin").get("/t/acme/absences/").text
    assert page.count("生效中") == 1 and page.count("未开始") == 1


def test_what_was_wrong_keeps_who_was_chosen(cast: Cast) -> None:
    frank = cast.member_id("frank")
    said = {"deputy": frank, "since": "2020-01-01 09:00", "until": "2020-01-02 09:00"}
    answer = cast.sign_in("kevin").post("/t/acme/absences/", data=said)
    assert answer.status_code == 422 and "结束时间应晚于" in answer.text
    assert re.search(rf'name="deputy" value="{frank}"', answer.text) and 'value="冯工 Frank"' in answer.text


def test_nothing_is_handed_over_of_nobody(cast: Cast) -> None:
    ticket = filed(cast)
    alice, frank = cast.sign_in("alice"), cast.member_id("frank")
    answer = alice.post("/t/acme/absences/hand-over", data={"to": frank, "why": "离职"})
    assert answer.status_code == 422 and "找不到这位成员" in answer.text
    said = {"leaver": cast.member_id("kevin"), "to": frank, "why": "离职"}
    assert "已转交 1 项待办" in alice.post("/t/acme/absences/hand-over", data=said, follow_redirects=True).text
    assert waiting(cast, ticket) == [("head", "frank")]


def test_who_has_left_is_handed_over_from_his_page(cast: Cast) -> None:
    """Nobody who has left is found by a search any more."""
    filed(cast)
    alice, kevin = cast.sign_in("alice"), cast.member_id("kevin")
    alice.post(f"/t/acme/settings/members/{kevin}/deactivate")
    page = alice.get(f"/t/acme/settings/members/{kevin}").text
    assert f"/t/acme/absences/?leaver={kevin}#hand-over" in page
    form = alice.get(f"/t/acme/absences/?leaver={kevin}").text
    assert f'name="leaver" value="{kevin}"' in form and 'value="柯文 Kevin"' in form


def test_the_roles_of_who_leaves_go_over_too_where_that_is_wanted(cast: Cast) -> None:
    """Else whatever comes next for them would have nobody; who has one of them already has it once."""

    def roles(name: str) -> list[str]:
        with cast.reading() as session:
            mine = Binding.member_id == cast.member_id(name)
            return list(session.scalars(select(Binding.role_key).where(mine).order_by(Binding.role_key)))

    alice, said = cast.sign_in("alice"), {"leaver": cast.member_id("kevin"), "why": "离职"}
    alice.post("/t/acme/absences/hand-over", data={**said, "to": cast.member_id("helen")})
    assert roles("kevin") == ["channel_manager", "supervisor"]
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.add(Binding(role_key="supervisor", member_id=cast.member_id("helen")))
    said |= {"to": cast.member_id("helen"), "roles": "yes"}
    page = alice.post("/t/acme/absences/hand-over", data=said, follow_redirects=True).text
    assert "0 项待办、2 个流程角色" in page and "流程角色也由接收人承担" in page
    assert roles("kevin") == []
    assert roles("helen") == ["channel_manager", "refund_board", "service_manager", "supervisor"]


def test_of_a_handover_that_fails_nothing_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [filed(cast), filed(cast)]

    def fails(*_: object) -> int:
        raise RuntimeError("the plug is pulled")

    monkeypatch.setattr(organisation, "succeed", fails)
    said = {"leaver": cast.member_id("kevin"), "to": cast.member_id("helen"), "why": "离职", "roles": "yes"}
    with pytest.raises(RuntimeError):
        cast.sign_in("alice").post("/t/acme/absences/hand-over", data=said)
    assert [waiting(cast, one) for one in tickets] == [[("head", "kevin")]] * 2


def test_a_colleague_is_told_by_where_he_works_and_one_is_no_colleague_of_oneself(cast: Cast) -> None:
    kevin = cast.sign_in("kevin")
    found = kevin.get("/t/acme/choices/person?q=Frank").json
    assert [one["hint"] for one in found] == ["深圳南山服务点 · 工程师"]
    assert (
        kevin.get("/t/acme/choices/person?q=Kevin").json and not kevin.get("/t/acme/choices/person?q=Kevin&entity=others").json
    )


def test_without_a_tick_nothing_is_approved_together(cast: Cast) -> None:
    answer = cast.sign_in("fiona").post("/t/acme/tasks/batch", data={}, follow_redirects=True)
    assert "请先勾选" in answer.text


def test_what_was_done_with_a_ticket_is_said(cast: Cast) -> None:
    ticket = filed(cast)
    bob, alice = cast.sign_in("bob"), cast.sign_in("alice")
    for client, verb, told in ((bob, "urge", "已催办"), (bob, "urge", "半小时内已催办过"), (bob, "recall", "已撤回")):
        assert told in client.post(f"/t/acme/tickets/{ticket}/{verb}", follow_redirects=True).text
    said = {"opinion": "x"}
    assert "工单已取消" in alice.post(f"/t/acme/tickets/{ticket}/repair/cancel", data=said, follow_redirects=True).text


def hand(cast: Cast, name: str, deputy: str, *workflows: str, status: int = 302, **said: str) -> str:
    span = {"since": "2026-01-01 00:00", "until": "2099-01-01 00:00"}
    data = {"deputy": cast.member_id(deputy), **span, "workflows": list(workflows)}
    answer = cast.sign_in(name).post("/t/acme/absences/", data={**data, **said})
    assert answer.status_code == status
    return answer.text


def test_somebody_may_stand_in_for_some_workflows_alone(cast: Cast) -> None:
    hand(cast, "kevin", "frank", "refund")
    hand(cast, "kevin", "grace", "repair")
    ticket = filed(cast)
    assert waiting(cast, ticket) == [("head", "frank"), ("head", "kevin")]
    page = cast.sign_in("kevin").get("/t/acme/absences/").text
    assert re.search(r'row-sub whole muted">[^<]*退款', page) and 'muted">所有流程' not in page
    act(cast, "frank", ticket, "approve")
    hand(cast, "kevin", "grace")
    assert waiting(cast, filed(cast)) == [("head", "frank"), ("head", "grace"), ("head", "kevin")]
    assert 'muted">所有流程' in cast.sign_in("kevin").get("/t/acme/absences/").text


def test_a_workflow_that_is_not_there_is_refused_at_its_place_and_what_was_chosen_stays(cast: Cast) -> None:
    page = hand(cast, "kevin", "frank", "refund", "gone", status=422)
    assert "所选流程不存在或未启用" in page and re.search(r'name="workflows" value="refund" checked', page)


def test_an_administrator_says_it_for_somebody_ill_in_some_workflows(cast: Cast) -> None:
    hand(cast, "alice", "frank", "refund", member=cast.member_id("kevin"))
    assert waiting(cast, filed(cast)) == [("head", "frank"), ("head", "kevin")]


def test_a_to_do_names_him_for_whom_one_stands_in_there(cast: Cast) -> None:
    steps = [node("start", "start"), step("t", who={"by": "unit_head", "unit": {"of": "initiator"}}), node("e", "end")]
    publish(cast, form_doc(field("cause"), key="plain"), flow_doc(steps, ["start>t", "t>e"], form="plain", key="headed"))
    hand(cast, "kevin", "frank", "headed")
    bob = cast.sign_in("bob")
    ticket = bob.post("/t/acme/tickets/new/headed", data={}).headers["Location"].rsplit("/", 1)[1]
    assert "代 柯文 Kevin" in inbox(cast, "frank") and "代 柯文" not in inbox(cast, "kevin")
    cast.work("frank", ticket, "t")
    done = bob.get(f"/t/acme/tickets/{ticket}").text
    assert re.search(r"冯工 Frank</strong> 提交(?:(?!</li>).)*代 柯文 Kevin", done, re.S), "the timeline says for whom"


def test_who_does_his_own_does_it_for_nobody(cast: Cast) -> None:
    steps = [node("start", "start"), step("t", who={"by": "unit_head", "unit": {"of": "initiator"}}), node("e", "end")]
    publish(cast, form_doc(field("cause"), key="plain"), flow_doc(steps, ["start>t", "t>e"], form="plain", key="headed"))
    hand(cast, "kevin", "frank")
    ticket = cast.sign_in("bob").post("/t/acme/tickets/new/headed", data={}).headers["Location"].rsplit("/", 1)[1]
    cast.work("kevin", ticket, "t")
    assert (
        "代 "
        not in re.findall(r'<ol class="timeline">.*?</ol>', cast.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text, re.S)[0]
    )
