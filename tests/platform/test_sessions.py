"""Sessions on the server: a new id at sign-in, an end everywhere, and no right that outlives its reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dougong import demo
from dougong.platform import throttle
from dougong.platform.audit import Audit
from dougong.platform.people import Member, MemberRole
from dougong.platform.sessions import BrowserSession
from dougong.platform.store import db, moment, transaction
from tests.cast import Cast
from tests.stores import Template

INBOX = "/t/acme/inbox"
GOOD = {"email": "bob@acme.example", "password": demo.PASSWORD}
SIGNED_OUT = (302, 401)


def rows(cast: Cast) -> list[BrowserSession]:
    with cast.app.app_context():
        return list(db.session.scalars(select(BrowserSession).order_by(BrowserSession.created_at)))


def set_all(cast: Cast, **values: str) -> None:
    with cast.app.app_context(), transaction(None) as session:
        session.execute(update(BrowserSession).values(**values))


def ago(**time: float) -> str:
    return moment(datetime.now(UTC) - timedelta(**time))


def carried(client: FlaskClient) -> dict[str, Any]:
    with client.session_transaction() as found:
        return dict(found)


def trail(cast: Cast, verb: str, slug: str = "acme") -> list[Audit]:
    with cast.reading(slug) as session:
        return list(session.scalars(select(Audit).where(Audit.verb == verb).order_by(Audit.id)))


@contextmanager
def writing(cast: Cast) -> Iterator[Session]:
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        yield session


def test_the_browser_carries_a_random_id_and_the_table_only_its_hash(cast: Cast) -> None:
    found = carried(cast.enter("bob"))
    assert set(found) <= {"id", "csrf_token", "language", "_flashes"} and len(found["id"]) >= 43
    (row,) = rows(cast)
    assert found["id"] not in (row.id, row.agent) and "bob" not in str(found)


def test_signing_in_makes_a_new_id_and_a_new_form_token(cast: Cast, template: Template, tmp_path: Path) -> None:
    guarded = Cast(template, tmp_path / "guarded", WTF_CSRF_ENABLED=True)
    client = guarded.app.test_client()
    with client.session_transaction() as planted:
        planted["id"] = "known to somebody else"
    token = token_of(client.get("/sign-in").text)
    before = carried(client)
    assert client.post("/sign-in", data={**GOOD, "csrf_token": token}).status_code == 302
    client.get(INBOX)
    after = carried(client)
    assert after["id"] != before["id"] and after["csrf_token"] != before["csrf_token"]
    assert client.post("/language", data={"language": "en", "csrf_token": token}).status_code == 400
    guarded.leave()
    guarded.leave()


def token_of(page: str) -> str:
    return page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def test_signing_out_ends_it_on_the_server(cast: Cast) -> None:
    client = cast.enter("bob")
    kept = client.get_cookie("session")
    assert kept
    client.post("/sign-out")
    thief = cast.app.test_client()
    thief.set_cookie("session", kept.value)
    assert thief.get(INBOX).status_code in SIGNED_OUT and rows(cast) == []


@pytest.mark.parametrize(
    "values",
    [{"seen_at": ago(hours=13)}, {"expires_at": ago(seconds=1)}],
    ids=["not used for long", "begun long ago"],
)
def test_a_session_runs_out(cast: Cast, values: dict[str, str]) -> None:
    client = cast.enter("bob")
    set_all(cast, **values)
    assert client.get(INBOX).status_code in SIGNED_OUT
    assert client.get(INBOX, headers={"HX-Request": "true"}).status_code == 401


def test_the_operator_says_how_long(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUGONG_SESSION_IDLE_HOURS", "1")
    monkeypatch.setenv("DOUGONG_SESSION_LIFE_HOURS", "8")
    cast = Cast(template, tmp_path / "strict")
    client = cast.enter("bob")
    (row,) = rows(cast)
    lasts = datetime.fromisoformat(row.expires_at) - datetime.fromisoformat(row.created_at)
    assert lasts == timedelta(hours=8) and client.get(INBOX).status_code == 200
    set_all(cast, seen_at=ago(hours=1.1))
    assert client.get(INBOX).status_code in SIGNED_OUT
    cast.leave()


def test_a_session_in_use_goes_on_and_is_noted_every_few_minutes_only(cast: Cast) -> None:
    client = cast.enter("bob")
    lately, long_ago = ago(minutes=4), ago(hours=11)
    set_all(cast, seen_at=lately)
    assert client.get(INBOX).status_code == 200 and rows(cast)[0].seen_at == lately
    set_all(cast, seen_at=long_ago)
    assert client.get(INBOX).status_code == 200 and rows(cast)[0].seen_at > lately


def test_what_has_run_out_is_swept_away_at_the_next_sign_in(cast: Cast) -> None:
    cast.enter("bob")
    set_all(cast, expires_at=ago(days=1))
    cast.enter("emma")
    assert len(rows(cast)) == 1


def test_a_role_that_is_taken_is_gone_with_the_next_request(cast: Cast) -> None:
    fiona, alice = cast.enter("fiona"), cast.enter("alice")
    assert fiona.get("/t/acme/settlement/").status_code == 200
    page = f"/t/acme/settings/members/{cast.member_id('fiona')}"
    assert alice.post(page, data={"name": "方芳", "roles": ["staff"]}).status_code == 302
    assert fiona.get("/t/acme/settlement/").status_code == 403
    with writing(cast) as session:
        for row in session.scalars(select(MemberRole).where(MemberRole.member_id == cast.member_id("fiona"))):
            session.delete(row)
    assert fiona.get("/t/acme/tickets").status_code == 403


def test_a_member_who_is_no_longer_active_finds_nothing_with_the_next_request(cast: Cast) -> None:
    bob = cast.enter("bob")
    with writing(cast) as session:
        session.execute(update(Member).where(Member.email == GOOD["email"]).values(active=False))
    assert bob.get(INBOX).status_code == 404


def test_the_devices_are_listed_and_ended_one_by_one_or_all_others(cast: Cast) -> None:
    phone, other, here = (cast.app.test_client() for _ in range(3))
    agents = ("Mozilla/5.0 (iPhone) Safari/605", "Mozilla/5.0 (Windows NT 10.0) Chrome/142 Edg/142", "curl/8")
    for client, agent in zip((phone, other, here), agents, strict=True):
        client.post("/sign-in", data=GOOD, headers={"User-Agent": agent})
    page = here.get("/account").text
    assert "Safari · iPhone" in page and "Edge · Windows" in page and page.count("当前设备") == 1
    lost = next(row.id for row in rows(cast) if "iPhone" in row.agent)
    assert here.post(f"/account/devices/{lost}/end").status_code == 302
    assert [client.get(INBOX).status_code for client in (phone, other, here)] == [302, 200, 200]
    assert here.post("/account/devices/end-others").status_code == 302
    assert [client.get(INBOX).status_code for client in (phone, other, here)] == [302, 302, 200]
    assert len(trail(cast, "devices_ended")) == 2


def test_nobody_ends_the_session_of_somebody_else(cast: Cast) -> None:
    charlie, bob = cast.enter("charlie"), cast.enter("bob")
    mine = rows(cast)[0].id
    assert bob.post(f"/account/devices/{mine}/end").status_code == 404
    bob.post("/account/devices/end-others")
    assert charlie.get("/t/globex/inbox").status_code == 200


def test_a_new_password_ends_all_other_sessions_and_is_told(cast: Cast) -> None:
    here, elsewhere = cast.enter("bob"), cast.enter("bob")
    assert here.post("/account", data={"old": demo.PASSWORD, "new": "mond regen kaffee"}).status_code == 302
    assert (here.get(INBOX).status_code, elsewhere.get(INBOX).status_code) == (200, 302)
    (told,) = trail(cast, "password_changed")
    assert told.who == "赵博 Bob" and told.detail["address"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("wrong", "mond regen kaffee", "当前密码不正确"),
        (demo.PASSWORD, "short", "至少需要 8 个字符"),
        (demo.PASSWORD, "password1", "已泄露的密码库"),
        (demo.PASSWORD, demo.PASSWORD, "平台名"),
        (demo.PASSWORD, "acme2026", "公司名"),
        (demo.PASSWORD, "a" * 150, "最多 128 个字符"),
    ],
)
def test_a_password_that_does_not_do_is_told_at_its_field(cast: Cast, old: str, new: str, says: str) -> None:
    client = cast.enter("bob")
    answer = client.post("/account", data={"old": old, "new": new})
    assert answer.status_code == 422 and says in answer.text and 'aria-invalid="true"' in answer.text
    assert client.post("/sign-in", data=GOOD).status_code == 302


def test_sign_ins_and_failures_are_told_in_the_trail(cast: Cast) -> None:
    client = cast.app.test_client()
    client.post("/sign-in", data={**GOOD, "password": "nope"})
    client.post("/sign-in", data=GOOD)
    assert [one.who for verb in ("sign_in_failed", "signed_in") for one in trail(cast, verb)] == ["赵博 Bob"] * 2
    assert trail(cast, "signed_in", "globex") == []
    assert "登录失败" in cast.enter("alice").get("/t/acme/settings/audit").text


@pytest.fixture
def limited(template: Template, tmp_path: Path) -> Iterator[Cast]:
    found = Cast(template, tmp_path / "limited", RATELIMIT_ENABLED=True)
    yield found
    found.leave()


def try_in(cast: Cast, email: str, password: str = "nope") -> tuple[int, str]:
    answer = cast.app.test_client().post("/sign-in", data={"email": email, "password": password})
    return answer.status_code, answer.text.replace(email, "")


def test_an_account_is_slowed_down_like_an_address_that_has_none(limited: Cast) -> None:
    real = [try_in(limited, "bob@acme.example") for _ in range(12)]
    none = [try_in(limited, "nobody@acme.example") for _ in range(12)]
    assert [status for status, _ in real] == [422] * 10 + [429] * 2
    assert [strip(page) for _, page in real] == [strip(page) for _, page in none]
    assert "请等待 15 分钟" in real[-1][1]
    assert try_in(limited, "bob@acme.example", demo.PASSWORD)[0] == 429
    assert try_in(limited, "emma@acme.example", demo.PASSWORD)[0] == 302


def strip(page: str) -> str:
    """Without the form token, which differs with every browser."""
    return page.replace(token_of(page), "")


def test_a_clock_that_was_put_back_shuts_nobody_out_until_it_catches_up(limited: Cast) -> None:
    for _ in range(11):
        try_in(limited, "bob@acme.example")
    with limited.app.app_context(), transaction(None) as session:
        session.execute(update(throttle.Attempt).values(since=moment(datetime.now(UTC) + timedelta(days=2))))
    assert try_in(limited, "bob@acme.example", demo.PASSWORD)[0] == 302


def test_an_address_is_the_same_however_a_keyboard_writes_it(cast: Cast) -> None:
    assert try_in(cast, " ＢＯＢ＠acme．example ", demo.PASSWORD)[0] == 302


def test_a_success_begins_the_count_anew(limited: Cast) -> None:
    for _ in range(3):
        assert [try_in(limited, "bob@acme.example")[0] for _ in range(9)] == [422] * 9
        assert try_in(limited, "bob@acme.example", demo.PASSWORD)[0] == 302


def test_one_network_address_cannot_try_one_account_after_the_other(limited: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle.LIMITS, "address", (4, 15))
    assert try_in(limited, "bob@acme.example", demo.PASSWORD)[0] == 302
    found = [try_in(limited, f"nobody{number}@acme.example")[0] for number in range(6)]
    assert found == [422] * 4 + [429] * 2


def test_guessing_the_present_password_from_within_is_slowed_down_too(limited: Cast) -> None:
    client = limited.app.test_client()
    client.post("/sign-in", data=GOOD)
    found = [client.post("/account", data={"old": "nope", "new": "mond regen kaffee"}).text for _ in range(11)]
    assert "当前密码不正确" in found[9] and "请等待" in found[10]
