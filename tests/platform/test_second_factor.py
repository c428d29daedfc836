"""The second factor: enrolled with a code, asked for at the door, used once, and demanded where a company says so."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dougong import demo
from dougong.platform import second_factor
from dougong.platform.accounts import by_email
from dougong.platform.audit import Audit
from dougong.platform.second_factor import RecoveryCode, SecondFactor
from dougong.platform.store import db
from tests.cast import Cast
from tests.stores import Template

INBOX = "/t/acme/inbox"
BOB = "bob@acme.example"
CODE = re.compile(r"<li><code>([a-z2-9-]{19})</code>")


class Phone:
    """An authenticator app, and the clock that it shares with the platform."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_800_000_015
        self.secret = ""
        monkeypatch.setattr(second_factor.time, "time", lambda: self.now)

    def scan(self, page: str) -> None:
        found = re.search(r'class="enrol-secret">([A-Z2-7 ]+)<', page)
        assert found, page
        self.secret = found[1].replace(" ", "")

    def code(self, later: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.now + later)

    def wait(self, seconds: int = 60) -> None:
        self.now += seconds


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    return Phone(monkeypatch)


@pytest.fixture
def limited(template: Template, tmp_path: Path) -> Iterator[Cast]:
    found = Cast(template, tmp_path / "limited", RATELIMIT_ENABLED=True)
    yield found
    found.leave()


def enrolled(client: FlaskClient, phone: Phone) -> list[str]:
    phone.scan(client.get("/account/factor").text)
    answer = client.post("/account/factor", data={"code": phone.code(), "password": demo.PASSWORD})
    assert answer.status_code == 200, answer.text
    phone.wait()
    return CODE.findall(answer.text)


def half_in(cast: Cast, email: str = BOB, onward: str = "") -> FlaskClient:
    client = cast.app.test_client()
    answer = client.post("/sign-in", data={"email": email, "password": demo.PASSWORD}, query_string={"next": onward})
    assert answer.status_code == 302 and "/sign-in/" in answer.headers["Location"]
    return client


def show(client: FlaskClient, code: str, onward: str = "") -> Any:
    return client.post("/sign-in/code", data={"code": code}, query_string={"next": onward})


def trail(cast: Cast, verb: str) -> list[Audit]:
    with cast.reading() as session:
        return list(session.scalars(select(Audit).where(Audit.verb == verb).order_by(Audit.id)))


def test_who_has_one_is_asked_for_it_and_gets_in_with_it_only(cast: Cast, phone: Phone) -> None:
    codes = enrolled(cast.enter("bob"), phone)
    assert len(set(codes)) == 10
    client = half_in(cast, onward="/t/acme/board")
    assert client.get(INBOX).status_code == 302 and client.get("/account").status_code == 302
    assert show(client, "000000").status_code == 422
    assert show(client, phone.code(), "/t/acme/board").headers["Location"] == "/t/acme/board"
    assert client.get(INBOX).status_code == 200
    assert trail(cast, "signed_in")[-1].detail["how"]["code"] == "how.totp"


def test_what_is_kept_opens_with_the_keys_only(cast: Cast, phone: Phone) -> None:
    codes = enrolled(cast.enter("bob"), phone)
    with cast.app.app_context():
        row = db.session.scalars(select(SecondFactor)).one()
        hashes = db.session.scalars(select(RecoveryCode.hash)).all()
    assert phone.secret not in row.sealed and not set(codes) & set(hashes)


def test_the_secret_that_is_being_shown_is_not_readable_in_the_cookie(cast: Cast, phone: Phone) -> None:
    client = cast.enter("bob")
    phone.scan(client.get("/account/factor").text)
    again = phone.secret
    phone.scan(client.get("/account/factor").text)
    assert again == phone.secret
    with client.session_transaction() as carried:
        assert phone.secret not in str(dict(carried))


def test_a_code_is_worth_something_once(cast: Cast, phone: Phone) -> None:
    enrolled(cast.enter("bob"), phone)
    code = phone.code()
    assert show(half_in(cast), code).status_code == 302
    assert show(half_in(cast), code).status_code == 422
    phone.wait(30)
    assert show(half_in(cast), code).status_code == 422
    assert show(half_in(cast), phone.code()).status_code == 302


def test_the_code_of_the_enrolment_is_used_up_too(cast: Cast, phone: Phone) -> None:
    client = cast.enter("bob")
    phone.scan(client.get("/account/factor").text)
    code = phone.code()
    client.post("/account/factor", data={"code": code, "password": demo.PASSWORD})
    assert show(half_in(cast), code).status_code == 422


def test_a_clock_may_be_off_by_one_step_and_no_more(cast: Cast, phone: Phone) -> None:
    enrolled(cast.enter("bob"), phone)
    phone.wait(300)
    found = [show(half_in(cast), phone.code(later)).status_code for later in (-60, 60, -30, 30)]
    assert found == [422, 422, 302, 302]


def test_a_recovery_code_signs_in_once(cast: Cast, phone: Phone) -> None:
    codes = enrolled(cast.enter("bob"), phone)
    client = half_in(cast)
    assert show(client, codes[0].upper()).status_code == 302
    assert "剩余 9 个恢复码" in client.get("/account").text
    assert show(half_in(cast), codes[0]).status_code == 422
    assert show(half_in(cast), codes[1].replace("-", "")).status_code == 302


def test_new_recovery_codes_end_the_old_ones_and_need_the_password(cast: Cast, phone: Phone) -> None:
    client = cast.enter("bob")
    old = enrolled(client, phone)
    assert client.post("/account/factor/codes", data={"factor_password": "nope"}).status_code == 422
    new = CODE.findall(client.post("/account/factor/codes", data={"factor_password": demo.PASSWORD}).text)
    assert len(new) == 10 and not set(new) & set(old)
    assert show(half_in(cast), old[0]).status_code == 422
    assert show(half_in(cast), new[0]).status_code == 302


def test_one_code_shown_twice_at_the_same_moment_lets_one_in(cast: Cast, phone: Phone) -> None:
    codes = enrolled(cast.enter("bob"), phone)
    with cast.app.app_context():
        account = by_email(BOB)
        assert account
        account_id = account.id

    def take(code: str) -> str | None:
        with cast.app.app_context():
            return second_factor.take(account_id, code)

    for code in (phone.code(), codes[0]):
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(take, [code] * 8))
        assert sum(one is not None for one in found) == 1


def test_enrolling_needs_the_password_and_a_right_code(cast: Cast, phone: Phone) -> None:
    client = cast.enter("bob")
    phone.scan(client.get("/account/factor").text)
    wrong = client.post("/account/factor", data={"code": "123456", "password": demo.PASSWORD})
    stolen = client.post("/account/factor", data={"code": phone.code(), "password": "nope"})
    assert (wrong.status_code, stolen.status_code) == (422, 422)
    assert "验证码不正确" in wrong.text and "当前密码不正确" in stolen.text
    with cast.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SecondFactor)) == 0


def test_enrolling_and_removing_end_the_other_sessions(cast: Cast, phone: Phone) -> None:
    here, elsewhere = cast.enter("bob"), cast.enter("bob")
    enrolled(here, phone)
    assert (here.get(INBOX).status_code, elsewhere.get(INBOX).status_code) == (200, 302)
    other = half_in(cast)
    show(other, phone.code())
    assert here.post("/account/factor/remove", data={"factor_password": "nope"}).status_code == 422
    assert here.post("/account/factor/remove", data={"factor_password": demo.PASSWORD}).status_code == 302
    assert (here.get(INBOX).status_code, other.get(INBOX).status_code) == (200, 302)
    assert cast.enter("bob").get(INBOX).status_code == 200
    assert len(trail(cast, "factor_enrolled")) == len(trail(cast, "factor_removed")) == 1


def test_guessing_codes_is_slowed_down_for_the_account(limited: Cast, phone: Phone) -> None:
    enrolled(limited.enter("bob"), phone)
    found = [show(half_in(limited), "000000").status_code for _ in range(6)]
    assert found == [422] * 5 + [429]
    late = show(half_in(limited), phone.code())
    assert late.status_code == 429 and "请等待 15 分钟" in late.text
    assert len(trail(limited, "factor_failed")) == 5


def test_a_code_alone_opens_nothing(cast: Cast, phone: Phone) -> None:
    enrolled(cast.enter("bob"), phone)
    stranger = cast.app.test_client()
    assert show(stranger, phone.code()).headers["Location"] == "/sign-in"
    assert stranger.get("/sign-in/enrol").headers["Location"] == "/sign-in"


def test_half_way_in_ends_when_the_password_changes(cast: Cast, phone: Phone) -> None:
    bob = cast.enter("bob")
    enrolled(bob, phone)
    thief = half_in(cast)
    bob.post("/account", data={"old": demo.PASSWORD, "new": "mond regen kaffee"})
    assert show(thief, phone.code()).headers["Location"] == "/sign-in"


def test_who_has_one_cannot_enrol_another_on_the_way_in(cast: Cast, phone: Phone) -> None:
    enrolled(cast.enter("bob"), phone)
    thief = half_in(cast)
    assert thief.get("/sign-in/enrol").headers["Location"] == "/sign-in"


def test_where_a_company_demands_one_it_is_enrolled_before_the_session_begins(cast: Cast, phone: Phone) -> None:
    alice, running = cast.enter("alice"), cast.enter("emma")
    assert alice.post("/t/acme/settings/security", data={"second_factor": "1"}).status_code == 302
    assert "不要求 → 必须" in alice.get("/t/acme/settings/audit").text
    assert running.get(INBOX).status_code == 200
    client = half_in(cast)
    page = client.get("/sign-in/enrol").text
    assert "安可美家电要求所有成员" in page
    phone.scan(page)
    assert client.get(INBOX).status_code == 302
    assert client.post("/sign-in/enrol", data={"code": "1"}).status_code == 422
    done = client.post("/sign-in/enrol", data={"code": phone.code()}, query_string={"next": "/t/acme/board"})
    assert done.status_code == 200 and len(CODE.findall(done.text)) == 10 and 'href="/t/acme/board"' in done.text
    assert client.get(INBOX).status_code == 200
    assert "赵博" not in alice.get("/t/acme/settings/security").text and "冯工" in alice.get("/t/acme/settings/security").text
    off = client.post("/account/factor/remove", data={"factor_password": demo.PASSWORD})
    assert off.status_code == 422 and "不能关闭" in off.text
    assert cast.enter("charlie").get("/t/globex/inbox").status_code == 200


def test_only_an_administrator_demands_it(cast: Cast) -> None:
    assert cast.enter("bob").post("/t/acme/settings/security", data={"second_factor": "1"}).status_code == 403
