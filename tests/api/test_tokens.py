"""Tokens: what opens, what does not, and that nobody gets more than he has."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from dougong.platform.access import RIGHTS
from dougong.platform.people import Member, MemberRole
from dougong.platform.store import transaction
from dougong.platform.tokens import ApiToken, digest
from tests.cast import Cast


def test_a_personal_token_acts_as_its_member(cast: Cast) -> None:
    me = cast.api(cast.token("bob"))("GET", "/me").json
    assert me["principal"] == f"person:{cast.member_id('bob')}"
    assert "tickets.file" in me["rights"] and "org.manage" not in me["rights"]


def test_a_service_token_is_no_member(cast: Cast) -> None:
    me = cast.api(cast.service("finance", scopes=["settle.see", "org.manage"]))("GET", "/me").json
    assert me["principal"].startswith("service:")
    assert me["rights"] == ["settle.see"]  # both the role and the scope are needed


def test_only_the_hash_of_a_secret_is_kept(cast: Cast) -> None:
    secret = cast.token("bob")
    with cast.reading() as session:
        token = session.scalars(select(ApiToken)).one()
    assert token.hash == digest(secret)
    kept = "".join(str(getattr(token, column.key)) for column in ApiToken.__table__.columns)
    assert secret not in kept and secret[8:] not in kept


def test_a_token_does_what_its_scopes_name_and_nothing_else(cast: Cast) -> None:
    call = cast.api(cast.token("alice", "records.see"))
    assert call("GET", "/me").status_code == 200
    assert call("GET", "/tickets").status_code == 403
    assert call("GET", "/members").status_code == 403


@pytest.mark.parametrize("change", [{"revoked_at": "2026-01-01T00:00:00.000Z"}, {"expires_at": "2026-01-01T00:00:00.000Z"}])
def test_a_revoked_or_past_token_opens_nothing_at_once(cast: Cast, change: dict[str, Any]) -> None:
    call = cast.api(cast.token("bob"))
    assert call("GET", "/me").status_code == 200
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(ApiToken).values(**change))
    answer = call("GET", "/me")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_with_its_member_and_shrinks_with_his_roles(cast: Cast) -> None:
    call = cast.api(cast.token("fiona"))
    assert "settle.run" in call("GET", "/me").json["rights"]
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(MemberRole).where(MemberRole.member_id == cast.member_id("fiona")).values(role="viewer"))
    assert "settle.run" not in call("GET", "/me").json["rights"]
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Member).where(Member.id == cast.member_id("fiona")).values(active=False))
    assert call("GET", "/me").status_code == 401


def test_a_token_of_another_tenant_and_a_tenant_that_is_not_there_are_told_alike(cast: Cast) -> None:
    secret = cast.token("charlie", slug="globex")
    answers = [cast.api(secret, slug)("GET", "/me") for slug in ("acme", "nowhere")]
    assert [one.status_code for one in answers] == [401, 401] and answers[0].json == answers[1].json
    assert cast.api(secret, "globex")("GET", "/me").status_code == 200


@pytest.mark.parametrize("secret", ["", "x", "dgp_", "dgp_" + "x" * 43, "dgp_" + "é" * 9, "dgs_\x7f"])
def test_what_is_no_token_opens_nothing(cast: Cast, secret: str) -> None:
    assert cast.api(secret)("GET", "/me").status_code == 401


def test_a_token_opens_no_page(cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {cast.token('alice')}"}
    client = cast.app.test_client()
    for address in ("/t/acme/inbox", "/t/acme/settings/", "/t/acme/builder/api/documents", "/account", "/operator"):
        assert client.get(address, headers=headers).status_code in (302, 401), address


def test_a_wrong_token_is_not_saved_by_a_cookie(cast: Cast) -> None:
    bob = cast.sign_in("bob")
    assert bob.get("/api/v1/t/acme/me").status_code == 200
    assert bob.get("/api/v1/t/acme/me", headers={"Authorization": "Bearer dgp_wrong"}).status_code == 401


def test_a_token_of_more_than_one_may_is_not_made(cast: Cast) -> None:
    bob = cast.sign_in("bob")
    form = {"name": "more", "days": "30", "scopes": ["tickets.see", "org.manage"]}
    assert bob.post("/t/acme/tokens", data=form).status_code == 422
    assert bob.get("/t/acme/settings/tokens").status_code == 403
    assert bob.post("/t/acme/settings/tokens", data={**form, "roles": ["tenant_admin"]}).status_code == 403
    for days in ("0", "366", "x", ""):
        assert bob.post("/t/acme/tokens", data={**form, "scopes": ["tickets.see"], "days": days}).status_code == 422
    with cast.reading() as session:
        assert session.scalars(select(ApiToken)).all() == []


def test_made_on_the_page_shown_once_used_and_revoked(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    made = alice.post(
        "/t/acme/settings/tokens", data={"name": "ERP", "days": "365", "scopes": ["records.see"], "roles": ["viewer"]}
    )
    secret = re.findall(r"dgs_[\w-]{43}", made.text)[0]
    assert cast.api(secret)("GET", "/me").status_code == 200
    listed = alice.get("/t/acme/settings/tokens").text
    assert "ERP" in listed and secret not in listed
    with cast.reading() as session:
        token_id = session.scalars(select(ApiToken.id)).one()
    assert cast.sign_in("bob").post(f"/t/acme/tokens/{token_id}/revoke").status_code == 404
    assert alice.post(f"/t/acme/settings/tokens/{token_id}/revoke").status_code == 302
    assert cast.api(secret)("GET", "/me").status_code == 401


def test_ones_own_are_listed_and_revoked_over_the_api_and_nobody_elses(cast: Cast) -> None:
    bob, emma = cast.api(cast.token("bob")), cast.api(cast.token("emma"))
    [one] = bob("GET", "/tokens").json["items"]
    assert one["state"] == "active" and "hash" not in one
    assert emma("DELETE", f"/tokens/{one['id']}").status_code == 404
    assert bob("DELETE", f"/tokens/{one['id']}").status_code == 204
    assert bob("GET", "/me").status_code == 401


def test_the_last_use_is_told(cast: Cast) -> None:
    call = cast.api(cast.token("bob"))
    call("GET", "/me")
    assert call("GET", "/tokens").json["items"][0]["last_used_at"]


def test_every_right_can_be_read_on_the_page() -> None:
    from dougong.platform.messages import catalogue

    assert [right for right in RIGHTS if f"right.{right}" not in catalogue()] == []
