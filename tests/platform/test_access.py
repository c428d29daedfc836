"""Signing in and out, languages, rights, headers: denied by default."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from dougong import demo
from dougong.platform.access import RIGHTS, ROLES, Who
from dougong.platform.store import TenantWall, db, driver_reading
from tests.cast import Cast, words
from tests.stores import Template


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast: Cast) -> None:
    client = cast.app.test_client()
    wrong = client.post("/sign-in", data={"email": "bob@acme.example", "password": "nope"})
    unknown = client.post("/sign-in", data={"email": "nobody@acme.example", "password": "nope"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert words(wrong.text).replace("bob@", "x@") == words(unknown.text).replace("nobody@", "x@")


def test_signing_in_leads_to_the_page_that_was_asked_for_but_never_elsewhere(cast: Cast) -> None:
    client = cast.app.test_client()
    asked = client.get("/t/acme/board?workflow=repair")
    assert asked.headers["Location"].startswith("/sign-in?next=/t/acme/board")
    good = {"email": "bob@acme.example", "password": demo.PASSWORD}
    assert client.post(asked.headers["Location"], data=good).headers["Location"] == "/t/acme/board?workflow=repair"
    for trap in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http://[::1"):
        assert cast.app.test_client().post("/sign-in", query_string={"next": trap}, data=good).headers["Location"] == "/"


def test_a_form_without_the_token_is_refused(cast: Cast, template: Template, tmp_path: Path) -> None:
    guarded = Cast(template, tmp_path / "guarded", WTF_CSRF_ENABLED=True)
    client = guarded.app.test_client()
    answer = client.post("/sign-in", data={"email": "bob@acme.example", "password": demo.PASSWORD})
    guarded.leave()
    assert answer.status_code == 400 and "页面已过期" in answer.text


def test_every_answer_has_the_headers(cast: Cast) -> None:
    for answer in (cast.enter("bob").get("/t/acme/inbox"), cast.app.test_client().get("/nowhere")):
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_over_https_the_cookie_is_for_this_host_and_secure(cast: Cast, template: Template, tmp_path: Path) -> None:
    secure = Cast(template, tmp_path / "secure", HTTPS=True)
    answer = secure.app.test_client().post(
        "/sign-in", data={"email": "bob@acme.example", "password": demo.PASSWORD}, base_url="https://localhost"
    )
    secure.leave()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-dougong=") and "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_the_language_is_the_browsers_until_one_is_chosen(cast: Cast) -> None:
    client = cast.app.test_client()
    assert "登录" in client.get("/sign-in", headers={"Accept-Language": "zh-CN"}).text
    assert "Sign in" in client.get("/sign-in", headers={"Accept-Language": "en-GB"}).text
    client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert "Sign in" in client.get("/sign-in", headers={"Accept-Language": "zh-CN"}).text
    assert client.post("/language", data={"language": "xx"}).status_code == 400


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("bob", "/t/acme/builder/", 403),
        ("bob", "/t/acme/settings/", 403),
        ("bob", "/t/acme/settlement/", 403),
        ("bob", "/t/acme/packs/", 403),
        ("fiona", "/t/acme/settlement/", 200),
        ("fiona", "/t/acme/builder/", 403),
        ("victor", "/t/acme/tickets/new", 403),
        ("victor", "/t/acme/settlement/", 200),
        ("alice", "/t/acme/settings/", 200),
        ("alice", "/operator", 404),
        ("operator", "/operator", 200),
        ("operator", "/t/acme/inbox", 404),
    ],
)
def test_a_role_opens_its_own_doors_only(cast: Cast, name: str, address: str, status: int) -> None:
    if name == "operator":
        client = cast.app.test_client()
        client.post("/sign-in", data={"email": "operator@dougong.example", "password": demo.PASSWORD})
    else:
        client = cast.enter(name)
    assert client.get(address, follow_redirects=True).status_code == status


def test_what_stands_before_a_view_is_asked_over_one_connection(cast: Cast) -> None:
    """Session, tenant, member, roles, units and bindings; the second is the session of the page itself."""
    bob, token = cast.sign_in("bob"), cast.token("bob", "tickets.see")
    with cast.app.app_context():
        engine = db.engines[None]
    taken: list[str] = []

    def asked(client: Any, address: str, **more: Any) -> tuple[int, int]:
        taken.clear()
        answer = client.get(address, **more)
        return answer.status_code, len(taken)

    def note(*_: Any) -> None:
        taken.append("read")

    event.listen(engine, "checkout", note)
    try:
        assert asked(bob, "/t/acme/inbox") == (200, 2)
        assert asked(bob, "/t/globex/inbox")[0] == 404
        stranger, bearer = cast.app.test_client(), {"Authorization": f"Bearer {token}"}
        assert asked(stranger, "/api/v1/t/acme/tasks", headers=bearer) == (200, 2)
        assert asked(stranger, "/t/acme/inbox") == (302, 0)
        assert asked(stranger, "/healthz") == (200, 0), "who brings nothing is asked nothing, even where no database answers"
    finally:
        event.remove(engine, "checkout", note)


def test_a_connection_that_belongs_to_a_tenant_goes_to_no_other(cast: Cast) -> None:
    acme, globex = cast.tenants["acme"], cast.tenants["globex"]
    asked = "SELECT name FROM member WHERE tenant_id = :tenant"
    with cast.app.app_context(), driver_reading() as reading:
        with pytest.raises(TenantWall):
            reading.execute(asked, {"tenant": acme})
        reading.enter(acme)
        assert reading.execute(asked, {"tenant": acme}).fetchall()
        with pytest.raises(TenantWall):
            reading.execute(asked, {"tenant": globex})
        with pytest.raises(TenantWall):
            reading.enter(globex)


def test_somebody_without_a_role_may_nothing() -> None:
    nobody = Who("a", "m", "n", "t")
    assert not any(nobody.may(right) for right in RIGHTS)
    assert all(set(roles) <= set(ROLES) for roles in RIGHTS.values())


def test_a_service_that_administers_is_meant_where_nobody_is_found() -> None:
    robot = Who("", "", "robot", "t", roles=frozenset({"tenant_admin"}), token_id="1")
    assert robot.principals == {"service:1", "admins"}


def test_a_view_that_names_no_right_is_opened_to_nobody(alone: Cast) -> None:
    alone.app.add_url_rule("/bare", "bare", lambda: "open")
    assert alone.sign_in("alice").get("/bare").status_code == alone.app.test_client().get("/bare").status_code == 403


def test_the_tenants_one_belongs_to_are_offered(cast: Cast) -> None:
    assert "安可美家电" in cast.enter("bob").get("/tenants?choose=1").text
    assert "安可美家电" not in cast.enter("charlie").get("/tenants?choose=1").text
