"""Notices beyond the page: by mail and by bots, to who has chosen so, through the door, and never with a secret shown."""

import ast
import inspect
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from dougong.platform import bots, channels, outbound
from dougong.platform.channels import Channel
from dougong.platform.outbound import Answer, CallFailed
from dougong.platform.store import db, transaction
from dougong.platform.wakeups import Wakeup
from dougong.runtime.host import worker
from dougong.runtime.host.tables import EffectRow, Notice
from tests import trap
from tests.cast import Cast
from tests.post_office import PostOffice
from tests.trap import Server, serving

TOKEN = "k3y-of-the-bot"


@pytest.fixture
def receiver(cast: Cast) -> Iterator[Server]:
    cast.app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    with serving() as found:
        found.traps["/bot"] = trap.answer(200, b"{}")
        yield found


@pytest.fixture
def office(cast: Cast) -> Iterator[PostOffice]:
    cast.app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    found = PostOffice()
    yield found
    found.close()


def connect(cast: Cast, secret: str = "", **settings: Any) -> str:
    """A channel over the page. Answers its id."""
    kind = "mail" if settings else "bot"
    data = {"title": "渠道", "kind": kind, "secret": secret, **settings}
    answer = cast.sign_in("alice").post("/t/acme/settings/channels", data=data)
    assert answer.status_code == 302, answer.text
    with cast.reading() as session:
        return str(session.scalars(select(Channel.id).order_by(Channel.id.desc())).first())


def mail_of(office: PostOffice) -> dict[str, str]:
    port = office.address.rpartition(":")[2]
    return {"host": "127.0.0.1", "port": port, "security": "none", "user": "", "sender": "notice@acme.example"}


def choose(cast: Cast, name: str, channel_id: str) -> None:
    assert cast.sign_in(name).post("/t/acme/notices/channel", data={"channel": channel_id}).status_code == 302


def work(cast: Cast, *, due: bool = False) -> None:
    with cast.app.app_context():
        if due:
            with transaction(None) as session:
                session.execute(update(Wakeup).where(Wakeup.due_at.is_not(None)).values(due_at="2020-01-01T00:00:00.000Z"))
        while worker.sweep():
            pass


def states(cast: Cast) -> list[tuple[str, int]]:
    with cast.reading() as session:
        wanted = select(EffectRow.state, EffectRow.attempts).where(EffectRow.kind == "send").order_by(EffectRow.id)
        return [(state, attempts) for state, attempts in session.execute(wanted)]


def test_a_new_task_is_told_to_who_wants_it_elsewhere_and_not_to_who_opened_it(cast: Cast, receiver: Server) -> None:
    cast.file()
    work(cast)
    bot = connect(cast, f"json://127.0.0.1:{receiver.port}/bot")
    choose(cast, "frank", bot)
    choose(cast, "bob", bot)
    ticket_id = cast.file(description="不制冷")
    work(cast)
    [told] = [json.loads(body) for *_, body in receiver.seen]
    assert "新待办：" in told["title"] and "不制冷" in told["title"]
    assert "@冯工 Frank" in told["message"] and "Bob" not in told["message"] and ticket_id in told["message"]
    with cast.reading() as session:
        assert session.scalars(select(Notice)).all() == []  # in the page it stands among his tasks
    cast.file("frank", description="不制热")  # he knows
    work(cast)
    assert len(receiver.seen) == 1


def test_who_has_chosen_mail_gets_a_letter_and_the_notice(cast: Cast, office: PostOffice) -> None:
    choose(cast, "emma", connect(cast, **mail_of(office)))
    cast.file(description="空调漏水")  # urgent: the emergency team is told, and has it to do
    work(cast)
    letter, task = sorted((office.letter(), office.letter()), key=lambda one: str(one["Subject"]).startswith("新待办"))
    assert str(task["Subject"]).startswith("新待办：") and task["To"] == letter["To"]
    assert letter["To"] == "emma@acme.example" and letter["From"] == "notice@acme.example"
    assert "空调漏水" in letter["Subject"] and "/t/acme/tickets/" in letter.get_content()
    with cast.reading() as session:
        assert session.scalars(select(Notice.member_id)).all() == [cast.member_id("emma")]
        effect_ids = session.scalars(select(EffectRow.id).where(EffectRow.kind == "send")).all()
    assert {letter["Message-ID"], task["Message-ID"]} == {f"<{one}@dougong>" for one in effect_ids}
    assert states(cast) == [("done", 1)] * 2 and office.letters == []


def test_who_has_chosen_nothing_or_the_page_gets_no_letter(cast: Cast, office: PostOffice) -> None:
    channel_id = connect(cast, **mail_of(office))
    choose(cast, "emma", channel_id)
    choose(cast, "emma", "")
    choose(cast, "bob", channel_id)
    cast.file(description="空调漏水")
    work(cast)
    assert states(cast) == [] and office.letters == []


def test_a_bot_is_told_once_with_the_names(cast: Cast, receiver: Server) -> None:
    choose(cast, "emma", connect(cast, f"json://127.0.0.1:{receiver.port}/bot"))
    cast.file(description="空调漏水")
    work(cast)
    assert [path for _, path, *_ in receiver.seen] == ["/bot", "/bot"]  # the notice, and the task
    for told in (json.loads(body) for *_, body in receiver.seen):
        assert "空调" in told["title"] and "@周敏 Emma" in told["message"]


def test_a_channel_of_another_tenant_cannot_be_chosen(cast: Cast, receiver: Server) -> None:
    channel_id = connect(cast, f"json://127.0.0.1:{receiver.port}/bot")
    charlie = cast.sign_in("charlie")
    assert charlie.post("/t/globex/notices/channel", data={"channel": channel_id}).status_code == 404


def test_what_fails_is_tried_again_and_ends(cast: Cast, receiver: Server) -> None:
    choose(cast, "emma", connect(cast, f"json://127.0.0.1:{receiver.port}/bot"))
    receiver.traps["/bot"] = trap.answer(503, b"")
    cast.file(description="空调漏水")
    work(cast)
    assert states(cast) == [("todo", 1)] * 2
    with cast.reading() as session:
        assert all("503" in error for error in session.scalars(select(EffectRow.error).where(EffectRow.kind == "send")))
    receiver.traps["/bot"] = trap.answer(200, b"{}")
    work(cast, due=True)
    assert states(cast) == [("done", 2)] * 2 and len(receiver.seen) == 4


def test_more_than_a_bot_takes_waits_its_turn_and_is_no_failure(cast: Cast, receiver: Server) -> None:
    channel_id = connect(cast, f"json://127.0.0.1:{receiver.port}/bot")
    choose(cast, "emma", channel_id)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        row = session.scalars(select(Channel)).one()
        for _ in range(channels.PER_MINUTE["bot"]):
            channels.sending(session, row, "", "x", "y", "z")
    cast.file(description="空调漏水")
    work(cast)
    if receiver.seen == []:  # unless the minute ended just now
        assert states(cast) == [("todo", 0)] * 2
        with cast.reading() as session:
            full = session.scalars(select(Channel.minute)).one()
            assert all(due[:16] > full for due in db.session.scalars(select(Wakeup.due_at)))
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.scalars(select(Channel)).one().minute = "2020-01-01T00:00"
    work(cast, due=True)
    assert states(cast) == [("done", 1)] * 2 and len(receiver.seen) == 2


def test_a_test_goes_to_oneself(cast: Cast, office: PostOffice) -> None:
    channel_id = connect(cast, **mail_of(office))
    alice = cast.sign_in("alice")
    assert "测试已发出" in alice.post(f"/t/acme/settings/channels/{channel_id}/test", follow_redirects=True).text
    assert office.letter()["To"] == "alice@acme.example"
    office.refuses = True
    assert "对方应答 554" in alice.post(f"/t/acme/settings/channels/{channel_id}/test", follow_redirects=True).text


def test_what_lets_us_in_is_never_shown_again(cast: Cast, receiver: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    address = f"json://127.0.0.1:{receiver.port}/{TOKEN}"
    channel_id = connect(cast, address)
    choose(cast, "emma", channel_id)
    cast.file(description="空调漏水")
    work(cast)  # 404: it fails, and says so
    alice = cast.sign_in("alice")
    for page in ("settings/channels", "settings/secrets", "settings/audit", "settings/audit.csv", "notices"):
        assert TOKEN not in alice.get(f"/t/acme/{page}").text, page
    wrong = alice.post("/t/acme/settings/channels", data={"title": "", "kind": "bot", "secret": address})
    assert wrong.status_code == 422 and TOKEN not in wrong.text
    with cast.reading() as session:
        errors = session.scalars(select(EffectRow.error).where(EffectRow.kind == "send")).all()
        assert errors and TOKEN not in str(errors) + str(session.scalars(select(Channel.settings)).all())
    assert TOKEN not in caplog.text


def test_an_empty_secret_keeps_the_one_there_is(cast: Cast, receiver: Server) -> None:
    channel_id = connect(cast, f"json://127.0.0.1:{receiver.port}/bot")
    alice = cast.sign_in("alice")
    assert alice.post(f"/t/acme/settings/channels/{channel_id}", data={"title": "新名"}).status_code == 302
    alice.post(f"/t/acme/settings/channels/{channel_id}/test")
    assert len(receiver.seen) == 1 and "新名" in alice.get("/t/acme/settings/channels").text
    choose(cast, "emma", channel_id)
    assert alice.post(f"/t/acme/settings/channels/{channel_id}/delete").status_code == 302
    assert "渠道" not in cast.sign_in("emma").get("/t/acme/notices").text


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ({"kind": "bot", "secret": ""}, "认不出这个地址"),
        ({"kind": "bot", "secret": "mailto://user:pass@example.com"}, "认不出这个地址"),
        ({"kind": "bot", "secret": "syslog://localhost"}, "认不出这个地址"),
        ({"kind": "mail", "host": "127.0.0.1", "port": "25", "security": "ssl", "sender": "a@b.cn"}, "内部网络"),
        ({"kind": "mail", "host": "1.1.1.1", "port": "22", "security": "ssl", "sender": "a@b.cn"}, "端口 22"),
        ({"kind": "mail", "host": "1.1.1.1", "port": "465", "security": "none", "user": "u", "sender": "a@b.cn"}, "不加密时"),
        ({"kind": "mail", "host": "1.1.1.1", "port": "x", "security": "ssl", "sender": "a@b.cn\nBcc: x@y.cn"}, "端口要是"),
    ],
)
def test_what_does_not_do_is_told_at_the_field(cast: Cast, draft: dict[str, str], words: str) -> None:
    answer = cast.sign_in("alice").post("/t/acme/settings/channels", data={"title": "x", **draft})
    assert answer.status_code == 422 and words in answer.text


@pytest.mark.parametrize("name", ["bob", "fiona", "victor"])
def test_only_who_administers_the_tenant_connects_channels(cast: Cast, name: str) -> None:
    client = cast.sign_in(name)
    assert client.get("/t/acme/settings/channels").status_code == 403
    assert client.post("/t/acme/settings/channels", data={}).status_code == 403


# ---- Apprise through the door ----

ADDRESSES = {
    "wecombot": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=" + "a" * 64,
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/" + "a" * 36, "lark": "lark://" + "a" * 36, "custom_json": "jsons://example.com/hook",
    "twilio": "twilio://AC" + "a" * 32 + ":" + "b" * 32 + "@12223334444/13334445555",
    "vonage": "vonage://" + "a" * 8 + ":" + "b" * 16 + "@12223334444/13334445555",
    "sinch": "sinch://" + "a" * 32 + ":" + "b" * 32 + "@12223334444/13334445555",
    "clicksend": "clicksend://user:key@13334445555", "messagebird": "msgbird://" + "a" * 25 + "/12223334444/13334445555",
    "bulksms": "bulksms://user:password@13334445555",
}  # fmt: skip


@pytest.mark.parametrize("service", bots.SERVICES)
def test_every_service_calls_through_the_door(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[str, str]] = []

    def door(method: str, url: str, headers: Any, body: bytes, *_: Any) -> Answer:
        called.append((method, url))
        return Answer(201 if service in ("twilio", "sinch", "messagebird", "bulksms") else 200, b"{}", {}, url)

    monkeypatch.setattr(outbound, "call", door)
    bots.send(ADDRESSES[service], "a title", "a text")
    assert called and all(url.startswith("https://") for _, url in called)


@pytest.mark.parametrize("service", bots.SERVICES)
def test_no_service_knows_another_way_to_the_network(service: str) -> None:
    """Its module imports nothing that calls but `requests`, and of that asks only for what our door has."""
    module = next(one for one in map(inspect.getmodule, bots._plugins()) if one and one.__name__.endswith(f".{service}"))
    source = ast.parse(inspect.getsource(module))
    imported = {alias.name for node in ast.walk(source) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= {"requests", "re", "json", "time", "hmac", "hashlib", "base64", "contextlib", "logging"}
    outside = {node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom) and node.level == 0}
    assert outside <= {"json", "typing", "itertools", "xml.sax.saxutils", "__future__"}
    asked = {
        node.attr
        for node in ast.walk(source)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "requests"
    }
    assert asked <= {"post", "get", "request", *bots.LET_THROUGH}
    assert isinstance(module.requests, bots._Door)  # type: ignore[attr-defined]


def test_what_the_door_has_not_cannot_be_asked_for() -> None:
    with pytest.raises(AttributeError):
        _ = bots._Door("requests").Session


def test_a_bot_address_inside_is_not_called(cast: Cast) -> None:
    with cast.app.app_context(), serving() as server:
        for address in (f"json://127.0.0.1:{server.port}/x", f"json://2130706433:{server.port}/x?verify=no&redirect=yes"):
            with pytest.raises(CallFailed) as failed:
                bots.send(address, "a", "b")
            assert failed.value.code in ("outbound.forbidden", "channels.no_address")
        assert server.seen == []


@pytest.mark.parametrize(
    "said", [b'{"errcode": 93000, "errmsg": "invalid webhook url"}', b'{"code": 19001, "msg": "param invalid"}']
)
def test_a_bot_that_says_no_politely_is_heard(cast: Cast, receiver: Server, said: bytes) -> None:
    receiver.traps["/bot"] = trap.answer(200, said)
    with cast.app.app_context(), pytest.raises(CallFailed) as failed:
        bots.send(f"json://127.0.0.1:{receiver.port}/bot", "a", "b")
    assert failed.value.code == "channels.refused"
