"""Sent twice, at the same instant or later: a form makes one of what it makes, a draft is published once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dougong.platform import links
from dougong.platform.channels import Channel
from dougong.platform.documents import Version
from dougong.platform.tokens import ApiToken
from dougong.runtime.host.bulk import Bulk
from dougong.runtime.host.hooks import Hook
from dougong.runtime.host.tables import Absence, History, Ticket
from dougong.runtime.host.webhooks import Webhook
from tests.cast import REPAIR, Cast, fields

TOKEN = {"name": "robot", "days": "9", "scopes": ["tickets.see"]}
ERP = {"title": "erp", "url": "https://1.1.1.1/", "events": "ticket.done"}
AWAY = {"since": "2026-01-01 00:00", "until": "2099-01-01 00:00"}
MAIL = {"title": "邮件", "kind": "mail", "host": "127.0.0.1", "port": "25", "security": "none", "sender": "a@acme.example"}
FORMS: dict[str, tuple[str, str, dict[str, Any], Any]] = {
    "ticket": ("bob", "/t/acme/tickets/new/repair", fields(REPAIR), Ticket),
    "comment": ("bob", "/t/acme/tickets/{ticket}/comments", {"text": "好的"}, History),
    "absence": ("bob", "/t/acme/absences/", {**AWAY, "deputy": "{frank}"}, Absence),
    "bulk": ("alice", "/t/acme/bulk/", {"verb": "suspend", "reason": "升级", "ticket": "{ticket}"}, Bulk),
    "webhook": ("alice", "/t/acme/settings/webhooks", ERP, Webhook),
    "hook": ("alice", "/t/acme/settings/hooks", {"title": "erp", "workflow": "repair"}, Hook),
    "own token": ("bob", "/t/acme/tokens", TOKEN, ApiToken),
    "token": ("alice", "/t/acme/settings/tokens", {**TOKEN, "roles": ["viewer"]}, ApiToken),
    "channel": ("alice", "/t/acme/settings/channels", MAIL, Channel),
}  # fmt: skip


def at_once(clients: list[FlaskClient], send: Callable[[FlaskClient], Any]) -> list[Any]:
    line = Barrier(len(clients))

    def one(client: FlaskClient) -> Any:
        line.wait(20)
        return send(client)

    with ThreadPoolExecutor(len(clients)) as beside:
        return list(beside.map(one, clients))


def count(cast: Cast, table: Any) -> int:
    with cast.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def ready(cast: Cast) -> Cast:
    cast.app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    return cast


def test_a_form_that_is_sent_twice_makes_one_and_says_so(ready: Cast) -> None:
    given = {"ticket": ready.file(), "frank": ready.member_id("frank")}
    for what, (who, where, said, table) in FORMS.items():
        data = {name: one.format(**given) if isinstance(one, str) else one for name, one in said.items()}
        before, address = count(ready, table), where.format(**given)
        client = ready.sign_in(who)
        pair = [ready.sign_in(who), ready.sign_in(who)]
        answers = at_once(pair, lambda one: one.post(address, data={**data, "form_key": "k"}))  # noqa: B023
        assert [one.status_code < 400 for one in answers] == [True, True], (what, [one.text for one in answers])
        assert count(ready, table) == before + 1, what
        again = client.post(address, data={**data, "form_key": "k"}, follow_redirects=True)
        assert "已经提交过" in again.text and count(ready, table) == before + 1, what
        assert client.post(address, data={**data, "form_key": "another"}).status_code < 400
        assert count(ready, table) == before + 2, what


def test_the_pages_give_each_form_its_key_and_what_was_refused_is_sent_again_with_it(cast: Cast) -> None:
    bob, where = cast.sign_in("bob"), "/t/acme/tickets/new/repair"
    pages = [bob.get(where).text for _ in range(2)]
    keys = {page.split('name="form_key" value="')[1].split('"')[0] for page in pages}
    assert len(keys) == 2
    key = keys.pop()
    assert bob.post(where, data={**fields({**REPAIR, "phone": "1"}), "form_key": key}).status_code == 422
    assert bob.post(where, data={**fields(REPAIR), "form_key": key}).status_code == 302
    assert bob.post(where, data={**fields({**REPAIR, "description": "不制热"}), "form_key": key}).status_code == 302
    assert count(cast, Ticket) == 2  # gone back, and filled in otherwise
    kevin = cast.sign_in("kevin").post(where, data={**fields(REPAIR), "form_key": key})  # another's key is nothing to him
    assert kevin.status_code == 302 and count(cast, Ticket) == 3


def test_a_customers_form_that_is_sent_twice_is_one_ticket(cast: Cast) -> None:
    with cast.app.app_context():
        token = links.sign("file", tenant=cast.tenants["acme"], workflow="repair")
    clients = [cast.app.test_client() for _ in range(2)]
    answers = at_once(clients, lambda one: one.post(f"/p/file/{token}", data={**fields(REPAIR), "form_key": "k"}))
    assert [one.status_code for one in answers] == [302, 302] and count(cast, Ticket) == 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_a_draft_that_is_published_twice_is_one_version(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    listed = alice.get("/t/acme/builder/api/documents").json
    [repair] = [one for one in listed if (one["kind"], one["key"]) == ("workflow", "repair")]
    draft = alice.get(f"/t/acme/builder/api/documents/{repair['id']}").json
    address = f"/t/acme/builder/api/documents/{repair['id']}"
    draft["draft"]["title"] = {**draft["draft"]["title"], "en": "Mending"}
    revision = alice.put(address, json={"revision": draft["revision"], "draft": draft["draft"]}).json["revision"]
    before, asked = count(cast, Version), {"revision": revision, "note": "改名"}
    answers = at_once([cast.sign_in("alice") for _ in range(2)], lambda one: one.post(f"{address}/publish", json=asked))
    assert [one.status_code for one in answers] == [200, 200] and answers[0].json == answers[1].json
    assert count(cast, Version) == before + 1
    over_the_api = cast.api(cast.token("alice"))("POST", f"/definitions/{repair['id']}/publish", asked)
    assert over_the_api.status_code == 200 and count(cast, Version) == before + 1
