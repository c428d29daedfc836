"""Who has a draft open: every page tells of itself, whoever is silent is gone, and other tenants hear nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from dougong.platform import presence
from dougong.platform.people import MemberRole
from dougong.platform.store import moment, transaction
from tests.cast import Cast

API = "/t/acme/builder/api"


@pytest.fixture
def alice(cast: Cast) -> FlaskClient:
    return cast.sign_in("alice")


def second(cast: Cast) -> FlaskClient:
    """Kevin, who may design too."""
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.add(MemberRole(tenant_id=cast.tenants["acme"], member_id=cast.member_id("kevin"), role="designer"))
    return cast.sign_in("kevin")


def draft(alice: FlaskClient) -> str:
    return next(one["id"] for one in alice.get(f"{API}/documents").json if one["key"] == "repair" and one["kind"] == "workflow")


def tell(browser: FlaskClient, one: str, page: str, **more: object) -> list[tuple[str, bool]]:
    answer = browser.post(f"{API}/documents/{one}/presence", json={"page": page, **more})
    assert answer.status_code == 200, answer.text
    return [(other["name"], other["self"]) for other in answer.json["others"]]


def test_two_people_hear_of_each_other_until_one_leaves(cast: Cast, alice: FlaskClient) -> None:
    one, kevin = draft(alice), second(cast)
    assert tell(alice, one, "a1") == []
    assert tell(kevin, one, "k1") == [("林晓 Alice", False)]
    assert [mine for _, mine in tell(alice, one, "a1")] == [False]
    tell(kevin, one, "k1", left=True)
    assert tell(alice, one, "a1") == []
    assert tell(alice, one, "a2") == [("林晓 Alice", True)]


def test_nobody_makes_another_leave(cast: Cast, alice: FlaskClient) -> None:
    one, kevin = draft(alice), second(cast)
    tell(alice, one, "a1")
    kevin.post(f"{API}/documents/{one}/presence", json={"page": "a1", "left": True})
    assert tell(kevin, one, "k1") == [("林晓 Alice", False)]


def test_who_is_silent_is_gone(cast: Cast, alice: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    one, kevin = draft(alice), second(cast)
    tell(alice, one, "a1")
    later = datetime.now(UTC) + presence.SILENT + timedelta(seconds=1)
    monkeypatch.setattr(presence, "_silence", lambda: moment(later - presence.SILENT))
    assert tell(kevin, one, "k1") == []


def test_the_answer_says_how_far_the_draft_is(alice: FlaskClient) -> None:
    one = draft(alice)
    opened = alice.get(f"{API}/documents/{one}").json
    changed = {**opened["draft"], "description": {"en": "changed"}}
    alice.put(f"{API}/documents/{one}", json={"revision": opened["revision"], "draft": changed})
    answer = alice.post(f"{API}/documents/{one}/presence", json={"page": "a1"})
    assert answer.json["revision"] == opened["revision"] + 1


@pytest.mark.parametrize("page", ["", "x" * 37, "a b", "a\x00", 5, None])
def test_what_is_no_name_of_a_page_is_refused(alice: FlaskClient, page: object) -> None:
    answer = alice.post(f"{API}/documents/{draft(alice)}/presence", json={"page": page})
    assert (answer.status_code, answer.json["error"]["path"]) == (422, "/page")


def test_bob_and_charlie_hear_nothing(cast: Cast, alice: FlaskClient) -> None:
    one = draft(alice)
    assert cast.sign_in("bob").post(f"{API}/documents/{one}/presence", json={"page": "b1"}).status_code == 403
    elsewhere = f"/t/globex/builder/api/documents/{one}/presence"
    assert cast.sign_in("charlie").post(elsewhere, json={"page": "c1"}).status_code == 404
