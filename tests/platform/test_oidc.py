"""Signing in with a company's own account: what is said is judged, linked once to an invited account, and gives no right."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from dougong.platform import accounts, oidc
from dougong.platform.accounts import Account
from dougong.platform.identities import Identity
from dougong.platform.people import Membership
from dougong.platform.store import db
from tests.cast import Cast
from tests.provider import Provider
from tests.stores import Template

INBOX = "/t/acme/inbox"
WITH, BACK = "/sign-in/with/corp", "/sign-in/back/corp"
NOW = int(time.time())


@pytest.fixture
def provider() -> Iterator[Provider]:
    found = Provider()
    yield found
    found.close()


@pytest.fixture
def corp(template: Template, tmp_path: Path, provider: Provider) -> Iterator[Cast]:
    found = Cast(template, tmp_path / "corp", OIDC={"corp": provider.settings}, OUTBOUND_ALLOW="127.0.0.1")
    yield found
    found.leave()


def go(client: FlaskClient, provider: Provider, onward: str = "") -> Any:
    sent = client.get(WITH, query_string={"next": onward} if onward else None)
    assert sent.status_code == 302, sent.text
    return client.get(provider.agree(sent.headers["Location"]))


def counted(cast: Cast) -> list[int | None]:
    with cast.app.app_context():
        return [db.session.scalar(select(func.count()).select_from(table)) for table in (Account, Membership, Identity)]


def test_an_invited_account_is_linked_once_and_found_by_its_subject_from_then_on(corp: Cast, provider: Provider) -> None:
    client, before = corp.app.test_client(), counted(corp)
    assert "使用企业账号登录" in client.get("/sign-in").text
    assert go(client, provider, "/t/acme/board").headers["Location"] == "/t/acme/board"
    assert client.get(INBOX).status_code == 200
    assert counted(corp)[:2] == before[:2] and counted(corp)[2] == 1
    provider.claims = {"email": "somebody.else@acme.example", "email_verified": False}
    again = corp.app.test_client()
    assert go(again, provider).status_code == 302 and again.get(INBOX).status_code == 200
    page = corp.enter("alice").get("/t/acme/settings/audit").text
    assert "关联了企业账号" in page and "方式：企业账号" in page


def test_it_gives_no_right_that_was_not_given_here(corp: Cast, provider: Provider) -> None:
    provider.claims = {"roles": ["tenant_admin"], "groups": ["admins"], "operator": True}
    client = corp.app.test_client()
    go(client, provider)
    found = [client.get(f"/t/acme/{page}").status_code for page in ("settings/", "builder/")]
    assert [*found, client.get("/operator").status_code, client.get("/t/globex/inbox").status_code] == [403, 403, 404, 404]


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"nonce": "another"}, "不属于这次登录"),
        ({"nonce": None}, "不属于这次登录"),
        ({"aud": "another-app"}, "给另一个应用"),
        ({"aud": "another-app", "azp": "dougong"}, "给另一个应用"),
        ({"aud": ["another-app"]}, "给另一个应用"),
        ({"aud": None}, "给另一个应用"),
        ({"azp": "another-app"}, "给另一个应用"),
        ({"iss": "https://evil.example"}, "另一个身份提供方"),
        ({"exp": NOW - 600, "iat": NOW - 900}, "答复已过期"),
        ({"exp": None}, "不完整"),
        ({"sub": None}, "不完整"),
        ({"email_verified": False}, "没有证实您的邮箱"),
        ({"email_verified": None}, "没有证实您的邮箱"),
        ({"email": None}, "没有证实您的邮箱"),
        ({"email": "stranger@acme.example"}, "还没有被邀请"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",  # the moment is no part of a name
)
def test_a_wrong_answer_is_refused_with_words(corp: Cast, provider: Provider, claims: dict[str, Any], says: str) -> None:
    provider.claims = claims
    client, before = corp.app.test_client(), counted(corp)
    answer = go(client, provider)
    assert answer.status_code == 422 and says in answer.text
    assert client.get(INBOX).status_code == 302 and counted(corp) == before


def test_a_signature_that_is_not_the_providers_is_refused(corp: Cast, provider: Provider) -> None:
    provider.signs = RSAKey.generate_key(2048, {"kid": "one"})
    assert "签名不正确" in go(corp.app.test_client(), provider).text


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_no_signature_is_none_and_the_public_key_is_no_shared_secret(corp: Cast, provider: Provider, alg: str) -> None:
    provider.forges = alg
    assert "签名不正确" in go(corp.app.test_client(), provider).text


def test_a_key_that_the_provider_has_changed_is_asked_for_anew(corp: Cast, provider: Provider) -> None:
    assert go(corp.app.test_client(), provider).status_code == 302
    provider.rotate()
    assert go(corp.app.test_client(), provider).status_code == 302
    assert provider.asked.count("/jwks") == 2 and provider.asked.count("/.well-known/openid-configuration") == 1


def test_an_answer_is_taken_in_the_browser_that_asked_and_once(corp: Cast, provider: Provider) -> None:
    client, other = corp.app.test_client(), corp.app.test_client()
    path = provider.agree(client.get(WITH).headers["Location"])
    wrong = [other.get(path), client.get(path.replace("state=", "state=x")), client.get(path)]
    assert [answer.status_code for answer in wrong] == [422] * 3
    assert all("不是从这个浏览器发起" in answer.text for answer in wrong)
    good = provider.agree(client.get(WITH).headers["Location"])
    assert client.get(good).status_code == 302
    client.post("/sign-out")
    assert client.get(good).status_code == 422


def test_an_answer_that_comes_too_late_is_refused(corp: Cast, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    client = corp.app.test_client()
    path = provider.agree(client.get(WITH).headers["Location"])
    late = time.time() + 660
    monkeypatch.setattr(oidc.time, "time", lambda: late)
    assert client.get(path).status_code == 422


def test_who_does_not_agree_is_told(corp: Cast, provider: Provider) -> None:
    client = corp.app.test_client()
    state = provider.agree(client.get(WITH).headers["Location"]).split("state=")[1]
    answer = client.get(f"{BACK}?error=access_denied&state={state}")
    assert answer.status_code == 422 and "没有同意登录" in answer.text


def test_an_answer_in_the_name_of_another_provider_is_refused(corp: Cast, provider: Provider) -> None:
    client = corp.app.test_client()
    path = provider.agree(client.get(WITH).headers["Location"])
    assert "另一个身份提供方" in client.get(f"{path}&iss=https://evil.example").text
    corp.app.extensions["oidc_kept"].clear()
    provider.says_issuer = "https://evil.example"
    assert "另一个身份提供方" in client.get(WITH).text


def test_an_address_that_went_to_somebody_else_does_not_open_the_account_of_the_first(corp: Cast, provider: Provider) -> None:
    go(corp.app.test_client(), provider)
    provider.claims = {"sub": "the-next-bob"}
    answer = go(corp.app.test_client(), provider)
    assert answer.status_code == 422 and "已关联另一个企业账号" in answer.text


def test_who_held_an_account_before_its_owner_was_known_loses_it(corp: Cast, provider: Provider) -> None:
    """Charlie made an account in the name of somebody of Acme, and chose its password."""
    draft = {"name": "王总", "email": "boss@acme.example", "roles": ["staff"]}
    made = corp.enter("charlie").post("/t/globex/settings/members", data=draft).text
    path = made.split("http://127.0.0.1:8000", 1)[1].split('"', 1)[0]
    thief = corp.app.test_client()
    thief.post(path, data={"new": "mond regen kaffee"})
    thief.post("/sign-in", data={"email": draft["email"], "password": "mond regen kaffee"})
    assert thief.get("/t/globex/inbox").status_code == 200
    provider.claims = {"sub": "boss", "email": draft["email"]}
    assert go(corp.app.test_client(), provider).status_code == 302
    assert thief.get("/t/globex/inbox").status_code == 302
    with corp.app.app_context():
        assert accounts.checked(draft["email"], "mond regen kaffee") is None


def test_a_company_that_demands_a_second_factor_demands_it_here_too(corp: Cast, provider: Provider) -> None:
    corp.enter("alice").post("/t/acme/settings/security", data={"second_factor": "1"})
    client = corp.app.test_client()
    assert go(client, provider).headers["Location"].startswith("/sign-in/enrol")
    assert client.get(INBOX).status_code == 302


def test_the_way_back_has_the_operators_origin(corp: Cast) -> None:
    corp.app.config["PUBLIC_URL"] = "https://work.dougong.example"
    sent = corp.app.test_client().get(WITH, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert "redirect_uri=https%3A%2F%2Fwork.dougong.example%2Fsign-in%2Fback%2Fcorp" in sent.headers["Location"]
    assert "evil" not in sent.headers["Location"]


def test_a_provider_that_does_not_answer_is_said_plainly(corp: Cast, provider: Provider) -> None:
    provider.close()
    answer = corp.app.test_client().get(WITH)
    assert answer.status_code == 422 and "暂时无法连接" in answer.text
    assert corp.app.test_client().get("/sign-in/with/nobody").status_code == 404
