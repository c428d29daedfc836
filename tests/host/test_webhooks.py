"""Webhooks, out and in: signed, told once it is true, tried again; taken once, and only from who holds the secret."""

import base64
import hashlib
import hmac
import html
import io
import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dougong.platform import audit, signing
from dougong.platform.people import Unit
from dougong.platform.scopes import EVERYTHING_SEEN
from dougong.platform.store import transaction
from dougong.platform.wakeups import Wakeup
from dougong.runtime.form import Form
from dougong.runtime.host import arrivals, definitions, hooks, webhooks, worker
from dougong.runtime.host.hooks import Hook
from dougong.runtime.host.tables import EffectRow, Ticket, TokenRow
from dougong.runtime.host.webhooks import EVENTS, Delivery, Webhook
from tests import trap
from tests.cast import Cast
from tests.host.test_settlement import _confirm, approve, drawn_up, statements
from tests.trap import Server, serving

__all__ = ["drawn_up"]
REPAIR = {
    "contact_name": "王芳", "phone": "13800138000", "address": {"region": "440305", "detail": "科技园 1 号"},
    "product_line": "ac", "fault_category": "no_cooling", "description": "不制冷",
}  # fmt: skip


@pytest.fixture
def receiver(cast: Cast) -> Iterator[Server]:
    """Another system, which the operator allows."""
    cast.app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    with serving() as found:
        found.traps["/in"] = trap.answer(204, b"")
        yield found


def subscribe(cast: Cast, url: str, events: Any = EVENTS, title: str = "ERP") -> str:
    """Over the page. Answers the secret."""
    data = {"title": title, "url": url, "events": list(events), "active": "1"}
    answer = cast.sign_in("alice").post("/t/acme/settings/webhooks", data=data)
    assert answer.status_code == 200, answer.text
    return _secret(answer.text)


def work(cast: Cast, *, due: bool = False) -> None:
    with cast.app.app_context():
        if due:
            with transaction(None) as session:
                session.execute(update(Wakeup).where(Wakeup.due_at.is_not(None)).values(due_at="2020-01-01T00:00:00.000Z"))
        while worker.sweep():
            pass


def told(receiver: Server) -> list[dict[str, Any]]:
    return [json.loads(body) for _, path, _, body in receiver.seen if path == "/in"]


def deliveries(cast: Cast) -> list[Delivery]:
    with cast.reading() as session:
        found = list(session.scalars(select(Delivery).order_by(Delivery.id)))
        session.expunge_all()
        return found


def test_what_happens_to_a_ticket_is_told_in_order_and_signed(cast: Cast, receiver: Server) -> None:
    secret = subscribe(cast, receiver.url("/in"))
    ticket_id = cast.file()
    work(cast)
    cast.work("frank", ticket_id, "diagnose", diagnosis="x", quote="100", needs_parts="false")
    work(cast)
    assert [one["type"] for one in told(receiver)] == ["ticket.filed", "task.opened", "task.done", *["task.opened"] * 3]
    assert [one["data"]["task"]["node"] for one in told(receiver)[1:]] == [
        "diagnose",
        "diagnose",
        "parts",
        "quality",
        "supervise",
    ]
    first = told(receiver)[0]["data"]["ticket"]
    assert first["id"] == ticket_id and first["number"].startswith("BX") and first["state"] == "running"
    assert "data" not in first and "13800138000" not in str(told(receiver))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    for _, _, headers, body in receiver.seen:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{wanted}"
        assert abs(time.time() - int(headers["webhook-timestamp"])) < 60
    assert len({headers["webhook-id"] for _, _, headers, _ in receiver.seen}) == 6
    assert {(one.state, one.status) for one in deliveries(cast)} == {("done", 204)}


def test_only_the_events_that_were_chosen_and_only_of_ones_own(cast: Cast, receiver: Server) -> None:
    subscribe(cast, receiver.url("/in"), ["ticket.filed"])
    with cast.app.app_context(), transaction(cast.tenants["globex"]) as session:
        session.add(Webhook(title="x", url=receiver.url("/globex"), events=list(EVENTS)))
    cast.file()
    work(cast)
    assert [path for _, path, *_ in receiver.seen] == ["/in"]
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Webhook).values(active=False))
    cast.file()
    work(cast)
    assert len(receiver.seen) == 1


def test_a_ticket_that_stops_is_told(cast: Cast, receiver: Server) -> None:
    """A step that settles by what is not there any more."""
    ticket_id = cast.file()
    subscribe(cast, receiver.url("/in"))
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        token = session.scalars(select(TokenRow)).one()
        token.node, token.state, token.signal, token.reason = (
            "settle",
            "failed",
            None,
            {"code": "case.no_way_out", "params": {}},
        )
        session.execute(update(Ticket).values(failed=1, state="failed"))
        number, ticket = token.number, session.scalars(select(Ticket)).one()
        definitions.compiled(cast.tenants["acme"], ticket.workflow_id, ticket.version).settlements.clear()
    assert cast.sign_in("alice").post(f"/t/acme/tickets/{ticket_id}/retry/{number}").status_code == 302
    work(cast)
    assert [(one["type"], one["data"]["ticket"]["state"]) for one in told(receiver)] == [("ticket.failed", "failed")]


def test_an_approved_statement_and_the_end_of_its_ticket_are_told(drawn_up: Cast, receiver: Server) -> None:
    cast = drawn_up
    subscribe(cast, receiver.url("/in"), ["statement.approved", "ticket.done"])
    row = statements(cast)[0]
    cast.sign_in("fiona").post(f"/t/acme/settlement/statements/{row.id}/send")
    ticket_id = next(one for one in statements(cast) if one.id == row.id).ticket_id or ""
    approve(cast, ticket_id)
    work(cast)
    assert told(receiver) == []
    _confirm(cast, ticket_id, "confirm")
    work(cast)
    assert [one["type"] for one in told(receiver)] == ["ticket.done", "statement.approved"]
    assert told(receiver)[0]["data"]["ticket"]["result"] == "approved"
    assert told(receiver)[1]["data"]["statement"] == {"id": row.id, "number": row.number}


def test_what_does_not_arrive_is_tried_again_with_the_same_id(cast: Cast, receiver: Server) -> None:
    receiver.traps["/in"] = trap.answer(503, b"later")
    subscribe(cast, receiver.url("/in"), ["ticket.filed"])
    cast.file()
    work(cast)
    assert [(one.state, one.status, one.attempts) for one in deliveries(cast)] == [("failed", 503, 1)]
    work(cast)
    assert len(receiver.seen) == 1  # not before its time
    receiver.traps["/in"] = trap.answer(200, b"")
    work(cast, due=True)
    assert [(one.state, one.status, one.attempts) for one in deliveries(cast)] == [("done", 200, 2)]
    assert len({headers["webhook-id"] for _, _, headers, _ in receiver.seen}) == 1


def test_an_admin_sees_how_it_went_and_sends_once_more(cast: Cast, receiver: Server) -> None:
    receiver.traps["/in"] = trap.answer(500, b"")
    subscribe(cast, receiver.url("/in"), ["ticket.filed"])
    cast.file()
    for _ in range(worker.MAX_ATTEMPTS + 1):
        work(cast, due=True)
    assert len(receiver.seen) == worker.MAX_ATTEMPTS
    with cast.reading() as session:
        assert session.scalars(select(EffectRow.state).where(EffectRow.kind == "webhook")).all() == ["dead"]
        webhook_id = session.scalars(select(Webhook.id)).one()
    alice = cast.sign_in("alice")
    page = alice.get(f"/t/acme/settings/webhooks/{webhook_id}").text
    assert "对方应答 500" in page and "已试 8 次" in page
    receiver.traps["/in"] = trap.answer(200, b"")
    delivery = deliveries(cast)[0]
    address = f"/t/acme/settings/webhooks/{webhook_id}/deliveries/{delivery.id}/replay"
    assert alice.post(address).status_code == 302
    work(cast)
    assert deliveries(cast)[0].state == "done"
    assert {headers["webhook-id"] for _, _, headers, _ in receiver.seen} == {delivery.id}


def test_no_transaction_is_open_while_the_answer_is_waited_for(cast: Cast, receiver: Server) -> None:
    """While a receiver takes its time others write."""
    waited: list[float] = []

    def writes(handler: Any) -> None:
        began = time.monotonic()
        with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
            audit.record(session, None, "changed", "member")
        waited.append(time.monotonic() - began)
        trap.answer(200, b"")(handler)

    receiver.traps["/in"] = writes
    subscribe(cast, receiver.url("/in"), ["ticket.filed"])
    cast.file()
    work(cast)
    assert len(waited) == 1 and waited[0] < 5
    assert deliveries(cast)[0].state == "done"


def test_a_second_worker_does_not_send_what_the_first_is_sending(cast: Cast, receiver: Server) -> None:
    """Not even one that has read, before the first began, that it is due."""

    def second(handler: Any) -> None:
        with cast.reading() as session:
            effect_id = session.scalars(select(EffectRow.id).where(EffectRow.kind == "webhook")).one()
        other = Thread(target=perform, args=(effect_id,))
        other.start()
        other.join(20)
        trap.answer(200, b"")(handler)

    def perform(effect_id: str) -> None:
        with cast.app.app_context():
            worker.perform(cast.tenants["acme"], effect_id)

    receiver.traps["/in"] = second
    subscribe(cast, receiver.url("/in"), ["ticket.filed"])
    cast.file()
    work(cast)
    assert len(receiver.seen) == 1


def test_who_dies_over_a_call_is_succeeded(cast: Cast, receiver: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(cast, receiver.url("/in"), ["ticket.filed"])
    cast.file()
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(worker, "_finish", _dies)
        work(cast)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Delivery).values(state="waiting"))  # it died before it could write this down
    work(cast)
    assert len(receiver.seen) == 1  # as long as the lease lasts
    work(cast, due=True)
    assert len(receiver.seen) == 2 and deliveries(cast)[0].state == "done"


def _dies(*_: Any) -> None:
    raise KeyboardInterrupt


def test_what_was_not_filed_is_not_told(cast: Cast, receiver: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(cast, receiver.url("/in"))
    real = webhooks.tell

    def breaks(*args: Any, **more: Any) -> None:
        real(*args, **more)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(webhooks, "tell", breaks)
    with pytest.raises(RuntimeError):
        cast.file()
    assert deliveries(cast) == []
    work(cast)
    assert receiver.seen == []


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://169.254.169.254/latest", "内部网络"), ("ftp://example.com/", "http://"), ("http://1.1.1.1:22/", "端口 22")],
)
def test_an_address_inside_is_refused_at_its_field(cast: Cast, url: str, words: str) -> None:
    data = {"title": "x", "url": url, "events": ["ticket.filed"]}
    answer = cast.sign_in("alice").post("/t/acme/settings/webhooks", data=data)
    assert answer.status_code == 422 and words in answer.text


def test_an_address_that_moves_inside_later_is_not_called(cast: Cast, receiver: Server) -> None:
    subscribe(cast, receiver.url("/in"), ["ticket.filed"])
    cast.app.config["OUTBOUND_ALLOW"] = ""
    cast.file()
    work(cast)
    assert receiver.seen == []
    assert deliveries(cast)[0].problem == {"code": "outbound.forbidden", "params": {"host": "127.0.0.1"}}


def test_a_test_says_hello(cast: Cast, receiver: Server) -> None:
    subscribe(cast, receiver.url("/in"))
    with cast.reading() as session:
        webhook_id = session.scalars(select(Webhook.id)).one()
    alice = cast.sign_in("alice")
    page = alice.post(f"/t/acme/settings/webhooks/{webhook_id}/test", follow_redirects=True).text
    assert "测试已送到" in page and told(receiver)[0]["type"] == "ping"
    receiver.traps["/in"] = trap.redirect("http://127.0.0.1/")
    assert "对方应答 302" in alice.post(f"/t/acme/settings/webhooks/{webhook_id}/test", follow_redirects=True).text


def test_a_secret_is_shown_once_and_a_new_one_ends_the_old(cast: Cast, receiver: Server) -> None:
    old = subscribe(cast, receiver.url("/in"), ["ticket.filed"])
    with cast.reading() as session:
        webhook_id = session.scalars(select(Webhook.id)).one()
    alice = cast.sign_in("alice")
    for address in ("webhooks", f"webhooks/{webhook_id}", "secrets", "audit"):
        assert old not in alice.get(f"/t/acme/settings/{address}").text
    new = _secret(alice.post(f"/t/acme/settings/webhooks/{webhook_id}/renew").text)
    assert new != old
    cast.file()
    work(cast)
    _, _, headers, body = receiver.seen[0]
    assert signing.verified(new, headers, body)
    with pytest.raises(signing.NotSigned):
        signing.verified(old, headers, body)


def test_what_is_removed_is_gone_with_its_log_and_secret(cast: Cast, receiver: Server) -> None:
    subscribe(cast, receiver.url("/in"), ["ticket.filed"])
    cast.file()
    with cast.reading() as session:
        webhook_id = session.scalars(select(Webhook.id)).one()
    assert cast.sign_in("alice").post(f"/t/acme/settings/webhooks/{webhook_id}/delete").status_code == 302
    work(cast)
    assert receiver.seen == [] and deliveries(cast) == []


# ---- in ----


class Sender:
    """Another system that files tickets."""

    def __init__(self, cast: Cast, workflow: str = "repair") -> None:
        data = {"title": "官网", "workflow": workflow}
        page = cast.sign_in("alice").post("/t/acme/settings/hooks", data=data)
        assert page.status_code == 200, page.text
        self.secret = _secret(page.text)
        found = re.search(r'value="http://127.0.0.1:8000(/hook/[^"]+)"', page.text)
        assert found
        self.address = found[1]
        self.client: FlaskClient = cast.app.test_client()

    def send(self, body: Any, message_id: str = "m1", **changed: Any) -> Any:
        """`shift` signs so many seconds from now; `claims` tells a time so many seconds from the signed one."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = int(time.time()) + changed.get("shift", 0)
        headers = signing.headers(changed.get("secret", self.secret), message_id, raw, at)
        headers["webhook-timestamp"] = str(at + changed.get("claims", 0))
        headers |= {"content-type": "application/json", **changed.get("headers", {})}
        return self.client.post(self.address, data=changed.get("sent", raw), headers=headers)


def tickets(cast: Cast) -> list[str]:
    with cast.reading() as session:
        return list(session.scalars(select(Ticket.number)))


def test_a_signed_message_files_a_ticket_in_the_name_of_the_other_system(cast: Cast) -> None:
    answer = Sender(cast).send(REPAIR)
    assert answer.status_code == 201, answer.text
    assert [answer.json["ticket"]["number"]] == tickets(cast)
    page = cast.sign_in("alice").get(f"/t/acme/tickets/{answer.json['ticket']['id']}")
    assert page.status_code == 200 and "官网" in page.text and "科技园 1 号" in page.text
    assert cast.waiting(answer.json["ticket"]["id"]) == ["diagnose"]


def test_what_a_message_names_is_found_by_its_words(cast: Cast) -> None:
    """Other systems know a store by its number, and an option by what people call it."""
    answer = Sender(cast).send({**REPAIR, "product_line": "空调"})
    assert answer.status_code == 201, answer.text
    kinds = {"store": "unit", "clerk": "person", "text": "text"}
    fields = [{"uid": key, "key": key, "type": kind, "title": {"en": key}} for key, kind in kinds.items()]
    form = Form.from_json({"key": "f", "title": {"en": "f"}, "sections": [{"uid": "s", "fields": fields}]})
    with cast.reading() as session:
        store = session.scalars(select(Unit.id).where(Unit.code == "sz-nanshan")).one()
        for said in ("sz-nanshan", "深圳南山服务点"):
            assert hooks._named(session, form, {"store": said, "text": said}, EVERYTHING_SEEN) == {"store": store, "text": said}
        bob = hooks._named(session, form, {"clerk": "bob@acme.example", "store": store}, EVERYTHING_SEEN)
        assert bob == {"clerk": cast.member_id("bob"), "store": store}  # an id stays one


def test_the_same_message_is_taken_once(cast: Cast) -> None:
    sender = Sender(cast)
    first, again, other = sender.send(REPAIR), sender.send(REPAIR), sender.send(REPAIR, "m2")
    assert first.json == again.json != other.json
    assert len(tickets(cast)) == 2


def test_the_same_message_from_many_hands_at_once_is_taken_once(cast: Cast) -> None:
    sender = Sender(cast)

    def send(_: int) -> Any:
        headers = {**signing.headers(sender.secret, "m1", raw), "content-type": "application/json"}
        return cast.app.test_client().post(sender.address, data=raw, headers=headers)

    raw = json.dumps(REPAIR).encode()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(12)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["ticket"]["id"] for answer in answers}) == 1 == len(tickets(cast))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret": signing.new_secret()}, "hook.wrong_signature"),
        ({"sent": json.dumps({**REPAIR, "phone": "13900139000"}).encode()}, "hook.wrong_signature"),
        ({"headers": {"webhook-id": "m2"}}, "hook.wrong_signature"),
        ({"claims": 1}, "hook.wrong_signature"),
        ({"headers": {"webhook-signature": ""}}, "hook.wrong_signature"),
        ({"headers": {"webhook-signature": "v1a,x v1, ,"}}, "hook.wrong_signature"),
        ({"shift": -3600}, "hook.wrong_time"),
        ({"shift": 3600}, "hook.wrong_time"),
        ({"headers": {"webhook-timestamp": "soon"}}, "hook.no_time"),
        ({"headers": {"webhook-id": ""}}, "hook.no_id"),
        ({"headers": {"webhook-id": "x" * 101}}, "hook.no_id"),
    ],
)
def test_a_message_that_is_not_signed_by_who_holds_the_secret_is_not_taken(cast: Cast, changed: Any, code: str) -> None:
    answer = Sender(cast).send(REPAIR, **changed)
    assert (answer.status_code, answer.json["error"]["code"]) == (401, code)
    assert tickets(cast) == []


def test_wrong_and_unknown_fields_are_told_at_once_and_nothing_is_filed(cast: Cast) -> None:
    body = {**REPAIR, "phone": "12", "description": "", "product_line": "boat", "diagnosis": "x", "nonsense": 1, "address": 7}
    answer = Sender(cast).send(body)
    assert answer.status_code == 422 and tickets(cast) == []
    error = answer.json["error"]
    assert set(error) == {"code", "path", "message", "advice", "details"} and error["code"] == "hook.refused"
    wrong = {"/phone", "/description", "/product_line", "/address", "/diagnosis", "/nonsense"}
    assert {one["path"] for one in error["details"]} == wrong
    assert all(set(one) == {"code", "path", "message", "advice"} and one["message"] for one in error["details"])
    unknown = Sender(cast).send({**REPAIR, "nonsense": 1})
    assert [one["path"] for one in unknown.json["error"]["details"]] == ["/nonsense"] and tickets(cast) == []
    english = Sender(cast).send({}, headers={"accept-language": "en"}).json["error"]
    assert english["message"] == "Some fields are wrong; no ticket was filed"


def test_an_admin_sees_what_has_come_and_how_to_send(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that the page gives files a ticket as it stands; of each address the latest are kept."""
    monkeypatch.setattr(arrivals, "KEPT", 3)
    sender, alice = Sender(cast, "refund"), cast.sign_in("alice")
    sender.send({}, "m0", secret=signing.new_secret())
    with cast.reading() as session:
        hook_id = session.scalars(select(Hook.id)).one()
    page = html.unescape(alice.get(f"/t/acme/settings/hooks/{hook_id}").text)
    assert "签名不对" in page and "whsec_…" in page and sender.secret not in page
    found = re.search(r"BODY='(.+)'", page)
    assert found and "refund_note" not in found[1] and "refund_note</code>" in page and "paid_on" not in page
    number = sender.send(found[1].encode(), "m1").json["ticket"]["number"]
    sender.send(found[1].encode(), "m1")
    sender.send({**json.loads(found[1]), "refund_amount": "viel"}, "m2")
    page = html.unescape(alice.get(f"/t/acme/settings/hooks/{hook_id}").text)
    assert page.count(number) == 2 and "签名不对" not in page  # three are kept
    assert "<code>refund_amount</code> 请填写数字，“viel”不是数字。" in page
    assert "1 条没有收下" in alice.get("/t/acme/settings/webhooks").text
    assert alice.post(f"/t/acme/settings/hooks/{hook_id}/delete").status_code == 302


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "json.syntax"),
        (b"\xff", 400, "json.not_utf8"),
        (b"[]", 400, "hook.no_object"),
        (b"1", 400, "hook.no_object"),
        (b'{"a": 1, "a": 2}', 400, "json.duplicate_key"),
        (b'{"quote": 1.5}', 400, "json.inexact"),
        (b'{"a": NaN}', 400, "json.inexact"),
        (b"[" * 5000 + b"]" * 5000, 400, "json.too_deep"),
        (b'{"a": "' + b"x" * 300_000 + b'"}', 413, "hook.too_large"),
    ],
)
def test_what_is_no_message_is_told_so(cast: Cast, body: bytes, status: int, code: str) -> None:
    answer = Sender(cast).send(body)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def test_an_address_that_is_gone_or_was_never_there(cast: Cast) -> None:
    sender = Sender(cast)
    with cast.reading() as session:
        hook_id = session.scalars(select(Hook.id)).one()
    good = sender.address
    sender.address = f"{good[:-3]}abc"
    assert sender.send(REPAIR).status_code == 404
    sender.address = good
    assert cast.sign_in("alice").post(f"/t/acme/settings/hooks/{hook_id}/delete").status_code == 302
    answer = sender.send(REPAIR)
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "hook.gone")
    assert tickets(cast) == []


def test_a_file_of_somebody_else_is_not_taken_along(cast: Cast) -> None:
    file_id = cast.sign_in("bob").post("/t/acme/uploads", data={"file": (io.BytesIO(b"hello"), "a.txt")}).json["id"]
    answer = Sender(cast).send({**REPAIR, "photos": [{"id": file_id}]})
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json["error"]["details"]] == ["/photos"]


@pytest.mark.parametrize("name", ["bob", "fiona", "victor"])
def test_only_who_administers_the_tenant_connects_it(cast: Cast, name: str) -> None:
    client = cast.sign_in(name)
    assert client.get("/t/acme/settings/webhooks").status_code == 403
    assert client.post("/t/acme/settings/webhooks", data={}).status_code == 403
    assert client.post("/t/acme/settings/hooks", data={}).status_code == 403


def _secret(page: str) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    assert found, page
    return found[0]
