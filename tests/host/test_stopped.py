"""Whoever may mend a ticket that stops is told of it: once for all that stop alike, and nobody of one that he may not see."""

import re

import pytest
from sqlalchemy import select, update

from dougong.platform.store import transaction
from dougong.runtime.host import worker
from dougong.runtime.host.tables import Notice
from tests.cast import Cast
from tests.drawing import flow_doc, node
from tests.host.test_approvals import filed as asked
from tests.host.test_bulk import WRONG, begun, done
from tests.host.test_channels import choose, connect, mail_of, office
from tests.host.test_nodes import ORDER, calls, filed, swept
from tests.host.test_races import publish
from tests.post_office import PostOffice

__all__ = ["office"]
WHERE = "/t/acme/tickets?workflow=outer&state=failed&incident=call%3Achild.refused"


@pytest.fixture
def broken(cast: Cast) -> Cast:
    calls(cast, give=WRONG["give"])
    return cast


def stop(cast: Cast, times: int = 1) -> list[str]:
    found = [filed(cast, "outer", order="A1") for _ in range(times)]
    swept(cast)
    return found


def told(cast: Cast, slug: str = "acme") -> list[tuple[str, int, bool]]:
    """Whom, of how many, and whether it is still unread."""
    with cast.reading(slug) as session:
        found = session.scalars(select(Notice).order_by(Notice.id)).all()
        return [(one.member_id, one.count, one.read_at is None) for one in found]


def test_many_that_stop_alike_are_one_notice_with_a_count_that_leads_to_them(broken: Cast) -> None:
    alice = broken.member_id("alice")
    stop(broken, 3)
    assert told(broken) == [(alice, 3, True)] and told(broken, "globex") == []  # nor bob, who filed them
    page = broken.sign_in("alice").get("/t/acme/notices").text
    assert "有工单停在" in page and "3 次" in page and WHERE.replace("&", "&amp;") in page
    listed = broken.sign_in("alice").get(WHERE).text
    assert len(set(re.findall(r"/t/acme/tickets/([0-9a-f-]{36})", listed))) == 3
    stop(broken)  # he has read of the others
    assert told(broken) == [(alice, 1, True)]
    with broken.app.app_context(), transaction(broken.tenants["acme"]) as session:
        session.execute(update(Notice).values(at="2020-01-01T00:00:00.000Z", count=7))
    stop(broken)
    assert told(broken) == [(alice, 1, True)]  # an hour has passed


def test_who_has_mail_gets_one_letter_for_all_of_them(broken: Cast, office: PostOffice) -> None:
    choose(broken, "alice", connect(broken, **mail_of(office)))
    stop(broken, 3)
    letter = office.letter()
    assert "有工单停在" in letter["Subject"] and WHERE in letter.get_content()
    assert office.letters == []


def test_what_is_tried_again_and_stops_there_as_before_is_no_news(cast: Cast) -> None:
    divides = node("x", "set", fields=[{"uid": "s", "field": "amount", "formula": "1 / amount"}])
    nodes = [node("start", "start"), divides, node("e", "end")]
    publish(cast, ORDER, flow_doc(nodes, ["start>x", "x>e"], key="dead", form="order"))
    ticket = filed(cast, "dead", amount="0")
    swept(cast)
    done(cast, begun(cast, "retry", ticket))
    swept(cast)
    assert told(cast) == [(cast.member_id("alice"), 1, True)]


def test_what_a_ticket_waits_for_and_was_given_up_is_told_too(broken: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*asked: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(worker.AFTER, "child", bug)
    monkeypatch.setattr(worker, "MAX_ATTEMPTS", 1)
    stop(broken, 2)
    assert told(broken) == [(broken.member_id("alice"), 2, True)]
    alice = broken.sign_in("alice")
    page = alice.get("/t/acme/notices").text
    assert "“发起子流程”多次失败" in page and "/t/acme/settings/effects?state=dead" in page
    assert alice.get("/t/acme/settings/effects?state=dead").text.count("ZeroDivisionError") == 2


def test_nobody_is_told_of_a_ticket_that_he_may_not_see(broken: Cast) -> None:
    alice = broken.sign_in("alice")
    assert alice.post(f"/t/acme/settings/scopes/member/{broken.member_id('alice')}", data={"tickets": "own"}).status_code == 302
    stop(broken)
    assert told(broken) == []


def test_who_is_handed_the_tasks_of_a_leaver_is_told_once_by_mail_too(cast: Cast, office: PostOffice) -> None:
    choose(cast, "grace", connect(cast, **mail_of(office)))
    asked(cast), asked(cast)
    swept(cast)
    said = {"leaver": cast.member_id("kevin"), "to": cast.member_id("grace"), "why": "离职"}
    assert cast.sign_in("alice").post("/t/acme/absences/hand-over", data=said).status_code == 302
    swept(cast)
    letter = office.letter()
    assert "柯文 Kevin 的 2 项待办交接给您" in letter["Subject"] and "/t/acme/inbox" in letter.get_content()
    assert [one for one in told(cast) if one[0] == cast.member_id("grace")] == [(cast.member_id("grace"), 1, True)]
    assert office.letters == []
