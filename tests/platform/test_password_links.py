"""Links to choose a password by: good once, for a while, to the right reader, and of an origin that no request can name."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import func, select, update

from dougong import demo
from dougong.platform import accounts, letters, links, password_links
from dougong.platform.accounts import Account
from dougong.platform.letters import Letter
from dougong.platform.store import db, moment, transaction
from dougong.platform.wakeups import MAX_ATTEMPTS, Wakeup
from dougong.runtime.host import worker
from tests.cast import Cast, words
from tests.post_office import PostOffice
from tests.stores import Template

OURS = "https://work.dougong.example"
NEW = "mond regen kaffee"
BOB = "bob@acme.example"
SETTINGS = "/t/acme/settings"
EVIL = {
    "Host": "evil.example", "Origin": "https://evil.example", "X-Forwarded-Host": "evil.example",
    "Forwarded": "host=evil.example",
}  # fmt: skip
LINK = re.compile(r"(https?://[^\s\"<]+)(/sign-in/(?:password|invitation)/[^\s\"<]+)")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    found = PostOffice()
    yield found
    found.close()


@pytest.fixture
def mailing(template: Template, tmp_path: Path, office: PostOffice) -> Iterator[Cast]:
    found = Cast(template, tmp_path / "mailing", MAIL=office.address, PUBLIC_URL=f"{OURS}/", RATELIMIT_ENABLED=True)
    yield found
    found.leave()


def link_for(cast: Cast, email: str, purpose: str = "password", by: str = "mail") -> str:
    with cast.app.app_context():
        account = accounts.by_email(email)
        assert account
        return link_in(password_links.make(account, purpose, by))[1]


def link_in(text: str) -> tuple[str, str]:
    found = LINK.search(text)
    assert found, text
    return found[1], found[2]


def is_right(cast: Cast, email: str, password: str) -> bool:
    with cast.app.app_context():
        return accounts.checked(email, password) is not None


def choose(client: FlaskClient, path: str, password: str = NEW) -> Any:
    return client.post(path, data={"new": password})


def test_a_forgotten_password_is_set_by_a_mailed_link_of_our_own_origin(mailing: Cast, office: PostOffice) -> None:
    client = mailing.app.test_client()
    answer = client.post("/sign-in/forgotten", data={"email": "Bob@Acme.example "}, headers=EVIL)
    assert answer.status_code == 200
    letter = sent(mailing, office)
    origin, path = link_in(letter.get_content())
    assert letter["To"] == BOB and origin == OURS and "evil" not in letter.as_string()
    assert choose(client, path).headers["Location"] == f"/sign-in?email={BOB}"
    assert is_right(mailing, BOB, NEW) and not is_right(mailing, BOB, demo.PASSWORD)


def test_an_address_that_grows_when_it_is_written_small_is_answered_like_any_other(mailing: Cast) -> None:
    long = mailing.app.test_client().post("/sign-in/forgotten", data={"email": "İ" * 200})
    assert long.status_code == 200 and waiting(mailing) == 1


def sent(cast: Cast, office: PostOffice) -> Any:
    """What the worker posts."""
    with cast.app.app_context():
        worker.sweep()
    return office.letter()


def waiting(cast: Cast) -> int:
    """Letters that have not been sent, each with its wake-up."""
    with cast.app.app_context():
        counts = {db.session.scalar(select(func.count()).select_from(table)) for table in (Letter, Wakeup)}
    (found,) = counts
    return int(found or 0)


def at_once(cast: Cast) -> None:
    with cast.app.app_context(), transaction(None) as session:
        session.execute(update(Wakeup).values(due_at=moment()))
    with cast.app.app_context():
        worker.sweep()


def ask(cast: Cast) -> None:
    assert cast.app.test_client().post("/sign-in/forgotten", data={"email": BOB}).status_code == 200


def test_a_letter_that_was_not_taken_is_sent_later(mailing: Cast, office: PostOffice) -> None:
    office.refuses = True
    ask(mailing)
    at_once(mailing)
    assert waiting(mailing) == 1 and office.letters == []
    office.refuses = False
    at_once(mailing)
    assert office.letter()["To"] == BOB and waiting(mailing) == 0


def test_a_letter_that_is_never_taken_is_given_up_and_the_operator_has_it_sent(mailing: Cast, office: PostOffice) -> None:
    office.refuses = True
    ask(mailing)
    for _ in range(MAX_ATTEMPTS):
        at_once(mailing)
    operator = mailing.enter("operator")
    assert "找回密码的邮件" in operator.get("/operator").text
    office.refuses = False
    assert operator.post("/operator/retry", data={"tenant": "platform"}).status_code == 302
    assert sent(mailing, office)["To"] == BOB and "找回密码的邮件" not in operator.get("/operator").text


def test_who_comes_with_an_older_count_sends_no_letter(mailing: Cast, office: PostOffice) -> None:
    """A process died after the letter had been taken: it is sent again, by one, and is the same to a mail program."""
    ask(mailing)
    with mailing.app.app_context():
        letter_id = db.session.scalars(select(Letter.id)).one()
        assert letters._begin(letter_id, 0, 60) == BOB
        letters.send(letter_id, 0, 60)
        assert office.letters == []
        letters.send(letter_id, 1, 60)
    assert office.letter()["Message-ID"] == f"<{letter_id}@dougong>" and waiting(mailing) == 0


def test_whether_there_is_an_account_only_its_mailbox_learns(mailing: Cast, office: PostOffice) -> None:
    pages = []
    for email in ("nobody@acme.example", BOB):
        answer = mailing.app.test_client().post("/sign-in/forgotten", data={"email": email})
        pages.append((answer.status_code, words(answer.text).replace(email, "")))
    assert pages[0] == pages[1] and waiting(mailing) == 2
    assert sent(mailing, office)["To"] == BOB
    assert office.letters == [] and waiting(mailing) == 0


def test_asking_too_often_is_slowed_down_the_same_for_everybody(mailing: Cast) -> None:
    for email in ("nobody@acme.example", BOB):
        tries = [mailing.app.test_client().post("/sign-in/forgotten", data={"email": email}).status_code for _ in range(4)]
        assert tries == [200, 200, 200, 429]


def test_a_link_is_good_once_and_the_first_used_ends_the_others(cast: Cast) -> None:
    first, second = link_for(cast, BOB), link_for(cast, BOB)
    client = cast.app.test_client()
    assert client.get(first).status_code == 200
    assert choose(client, first).status_code == 302
    for path in (first, second):
        assert client.get(path).status_code == 410
        assert choose(client, path, "another pass phrase").status_code == 410
    assert is_right(cast, BOB, NEW)


def test_a_link_ends_all_sessions(cast: Cast) -> None:
    bob = cast.enter("bob")
    choose(cast.app.test_client(), link_for(cast, BOB))
    assert bob.get("/t/acme/inbox").status_code == 302


def test_a_link_ends_when_the_password_is_changed(cast: Cast) -> None:
    path = link_for(cast, BOB)
    cast.enter("bob").post("/account", data={"old": demo.PASSWORD, "new": NEW})
    assert choose(cast.app.test_client(), path, "another pass phrase").status_code == 410


@pytest.mark.parametrize(("purpose", "days"), [("password", 1), ("invitation", 7)])
def test_a_link_runs_out(cast: Cast, monkeypatch: pytest.MonkeyPatch, purpose: str, days: int) -> None:
    path, now = link_for(cast, BOB, purpose), int(time.time())
    client = cast.app.test_client()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now + days * links.DAY - 60)
    assert client.get(path).status_code == 200
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now + days * links.DAY + 60)
    answer = client.get(path)
    assert answer.status_code == 410 and "链接已失效" in answer.text


def test_a_link_for_something_else_or_a_changed_one_opens_nothing(cast: Cast) -> None:
    client = cast.app.test_client()
    path = link_for(cast, BOB)
    with cast.app.app_context():
        account = accounts.by_email(BOB)
        assert account
        other = links.sign("factor", account=account.id, stamp=account.stamp, by="mail")
    for wrong in (path.replace("/password/", "/invitation/"), path[:-2] + "xx", f"/sign-in/password/{other}"):
        assert choose(client, wrong).status_code == 410
    assert is_right(cast, BOB, demo.PASSWORD)


def test_a_password_that_does_not_do_keeps_the_link(cast: Cast) -> None:
    client, path = cast.app.test_client(), link_for(cast, BOB)
    for wrong in ("short", "password1", "bob@acme.example", demo.PASSWORD):
        answer = choose(client, path, wrong)
        assert answer.status_code == 422 and 'class="error"' in answer.text
    assert choose(client, path).status_code == 302


def test_without_mail_the_administrator_hands_over_a_link_of_our_own_origin(cast: Cast) -> None:
    cast.app.config["PUBLIC_URL"] = OURS
    assert "联系贵公司的管理员" in cast.app.test_client().get("/sign-in/forgotten").text
    alice, member = cast.enter("alice"), cast.member_id("bob")
    answer = alice.post(f"{SETTINGS}/members/{member}/link", headers={**EVIL, "Host": "localhost"})
    origin, path = link_in(answer.text)
    assert origin == OURS and "evil" not in answer.text
    assert choose(cast.app.test_client(), path).status_code == 302 and is_right(cast, BOB, NEW)
    assert "生成了设置密码的链接" in alice.get(f"{SETTINGS}/audit").text


def test_with_mail_it_goes_to_its_owner_and_the_administrator_does_not_see_it(mailing: Cast, office: PostOffice) -> None:
    alice, member = mailing.enter("alice"), mailing.member_id("bob")
    answer = alice.post(f"{SETTINGS}/members/{member}/link", follow_redirects=True)
    assert answer.status_code == 200 and not LINK.search(answer.text)
    assert link_in(office.letter().get_content())[0] == OURS


def test_an_invitation_goes_by_mail_and_proves_the_address(mailing: Cast, office: PostOffice) -> None:
    draft = {"name": "新人", "email": "new@acme.example", "roles": ["staff"]}
    answer = mailing.enter("alice").post(f"{SETTINGS}/members", data=draft)
    assert answer.status_code == 302
    letter = office.letter()
    assert letter["Subject"] == "邀请您加入安可美家电" and "7 天" in letter.get_content()
    assert choose(mailing.app.test_client(), link_in(letter.get_content())[1]).status_code == 302
    joined = mailing.enter("charlie").post("/t/globex/settings/members", data=draft)
    assert joined.status_code == 302


def test_a_mail_that_is_not_taken_is_told_and_the_link_is_handed_over(mailing: Cast, office: PostOffice) -> None:
    office.refuses = True
    answer = mailing.enter("alice").post(f"{SETTINGS}/members/{mailing.member_id('bob')}/link")
    assert answer.status_code == 200 and "邮件没有发出" in answer.text and LINK.search(answer.text)


def test_an_administrator_gets_no_link_into_an_account_of_another_company(cast: Cast) -> None:
    alice = cast.enter("alice")
    alice.post(f"{SETTINGS}/members", data={"name": "查理", "email": "charlie@globex.example", "roles": ["viewer"]})
    alice.post(f"{SETTINGS}/members", data={"name": "运营", "email": "operator@dougong.example", "roles": ["viewer"]})
    for name in ("charlie", "operator"):
        answer = alice.post(f"{SETTINGS}/members/{cast.member_id(name)}/link")
        assert answer.status_code == 422 and "还属于其他公司" in answer.text and not LINK.search(answer.text)


def test_an_account_that_nobody_has_proven_does_not_join_another_company(cast: Cast) -> None:
    """Charlie makes an account for somebody at Acme and keeps its key; Acme must not let that in."""
    draft = {"name": "王总", "email": "boss@acme.example", "roles": ["staff"]}
    made = cast.enter("charlie").post("/t/globex/settings/members", data=draft)
    choose(cast.app.test_client(), link_in(made.text)[1])
    answer = cast.enter("alice").post(f"{SETTINGS}/members", data={**draft, "roles": ["tenant_admin"]})
    assert answer.status_code == 422 and "从未证实归本人所有" in answer.text
    choose(cast.app.test_client(), link_for(cast, "boss@acme.example", by="mail"), "another pass phrase")
    assert cast.enter("alice").post(f"{SETTINGS}/members", data=draft).status_code == 302


def test_only_an_administrator_makes_links(cast: Cast) -> None:
    member = cast.member_id("emma")
    for path in ("link", "remove-factor"):
        assert cast.enter("bob").post(f"{SETTINGS}/members/{member}/{path}").status_code == 403


def test_who_has_left_gets_no_link(cast: Cast) -> None:
    alice, page = cast.enter("alice"), f"{SETTINGS}/members/{cast.member_id('bob')}"
    alice.post(f"{page}/deactivate")
    assert alice.post(f"{page}/link").status_code == 404


def test_two_who_use_one_link_at_once(cast: Cast) -> None:
    """The stamp decides, not what was read before."""
    with cast.app.app_context():
        account = accounts.by_email(BOB)
        assert account
        read_before = account.stamp
        with transaction(None) as session:
            session.get_one(Account, account.id).stamp = "another"
        assert not accounts.set_password(account.id, NEW, stamp=read_before)
        assert accounts.set_password(account.id, NEW, stamp="another")


def test_links_for_customers_have_our_own_origin_too(cast: Cast) -> None:
    cast.app.config["PUBLIC_URL"] = OURS
    ticket_id = cast.file()
    page = cast.enter("bob").get(f"/t/acme/tickets/{ticket_id}", headers={"X-Forwarded-Host": "evil.example"}).text
    assert f"{OURS}/p/follow/" in page and "http://localhost/p/" not in page
