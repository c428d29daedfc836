"""Charlie of the other tenant gets 404 on every page, file and answer of Acme. The test walks the route table."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from dougong.platform import links
from dougong.platform.channels import Channel
from dougong.platform.connections import Connection
from dougong.platform.documents import Document
from dougong.platform.people import Binding, Member, Unit, UnitMember
from dougong.platform.rest.docs import example_of
from dougong.platform.tokens import ApiToken
from dougong.runtime.host.bulk import Bulk
from dougong.runtime.host.hooks import Hook
from dougong.runtime.host.migrating import Migration
from dougong.runtime.host.settlement.batches import Batch
from dougong.runtime.host.tables import Absence, EffectRow, LedgerLine, Record, StatementRow
from dougong.runtime.host.webhooks import Delivery, Webhook
from tests.cast import Cast, words
from tests.photos import photo

# Everybody's: they know no tenant, or carry one in a signed link.
WITHOUT_TENANT = {
    "static", "front.home", "front.sign_in", "front.sign_out", "front.set_language", "front.tenants", "front.account",
    "front.end_device", "front.end_other_devices", "front.show_code", "front.enrol_first", "front.enrol", "front.renew_codes",
    "front.remove_factor", "front.forgotten", "front.with_provider", "front.back_from", "front.choose_password",
    "front.operator",
    "front.retry", "public.regions", "public.file", "public.follow", "public.submit", "public.upload", "public.choices",
    "partner.lines", "partner.paper", "partner.table", "partner.ask",
    "api_docs.openapi", "api_docs.page",
    "hook.receive", "health.healthz", "health.readyz", "health.figures",
}  # fmt: skip


@pytest.fixture
def ids(cast: Cast) -> dict[str, Any]:
    return something_of_acme(cast)


def something_of_acme(cast: Cast) -> dict[str, Any]:
    """Something real of Acme for every parameter of a route."""
    ticket_id = cast.file()
    cast.work("frank", ticket_id, "diagnose", diagnosis="x", quote="100", needs_parts="false")
    bob = cast.sign_in("bob")
    upload = bob.post("/t/acme/uploads", data={"file": (io.BytesIO(photo()), "a.png")})
    bob.post(f"/t/acme/tickets/{ticket_id}/comments", data={"text": "see", "f.files": upload.json["id"]})
    fiona = cast.sign_in("fiona")
    orders = cast.home.parent / "orders.csv"
    orders.write_text("订单号,经销商,地区,订单金额,下单日期\nSO-1,岭南电器连锁,广东省/广州市,100.00,2026-10-01\n", "utf-8")
    brought = fiona.post(
        "/t/acme/settlement/dealer_rebate/import", data={"file": (io.BytesIO(orders.read_bytes()), "orders.csv")}
    )
    fiona.post(f"{brought.headers['Location']}/count")
    fiona.post("/t/acme/settlement/dealer_rebate/statements", data={"period": "2026-10"})
    alice = cast.sign_in("alice")
    alice.post("/t/acme/settings/secrets", data={"key": "erp", "title": "ERP", "value": "x"})
    cast.service("viewer")
    cast.app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    webhook = {"title": "ERP", "url": "http://127.0.0.1:9/", "events": ["ticket.filed"], "active": "1"}
    alice.post("/t/acme/settings/webhooks", data=webhook)
    alice.post("/t/acme/settings/hooks", data={"title": "Site", "workflow": "repair"})
    alice.post("/t/acme/settings/connections", data={"key": "erp", "title": "ERP", "url": "http://127.0.0.1:9/"})
    alice.post("/t/acme/settings/channels", data={"title": "Bot", "kind": "bot", "secret": "json://example.com/x"})
    absence = {"deputy": cast.member_id("frank"), "since": "2026-01-01 00:00", "until": "2099-01-01 00:00"}
    assert cast.sign_in("ivan").post("/t/acme/absences/", data=absence).status_code == 302
    cast.file()
    with cast.reading() as session:
        workflow_id = session.scalars(select(Document.id).where(Document.key == "repair")).one()
    alice.post(f"/t/acme/migrations/workflow/{workflow_id}", data={"go": "yes"})
    alice.post("/t/acme/bulk/", data={"verb": "resume", "reason": "x", "ticket": ticket_id})
    with cast.reading() as session:
        found = {
            "bulk_id": session.scalars(select(Bulk.id)).first(),
            "intake_id": brought.headers["Location"].rpartition("/")[2],
            "batch_id": session.scalars(select(Batch.id)).first(),
            "token_id": session.scalars(select(ApiToken.id)).first(),
            "ticket_id": ticket_id,
            "task_id": cast.open_task(ticket_id, "parts").id,
            "file_id": upload.json["id"],
            "document_id": session.scalars(select(Document.id).where(Document.key == "repair")).one(),
            "statement_id": session.scalars(select(StatementRow.id)).first(),
            "line_id": session.scalars(select(LedgerLine.id)).first(),
            "record_id": session.scalars(select(Record.id).where(Record.entity_key == "customer")).first(),
            "member_id": session.scalars(select(Member.id)).first(),
            "unit_id": session.scalars(select(Unit.id)).first(),
            "binding_id": session.scalars(select(Binding.id)).first(),
            "webhook_id": session.scalars(select(Webhook.id)).first(),
            "delivery_id": session.scalars(select(Delivery.id)).first(),
            "channel_id": session.scalars(select(Channel.id)).first(),
            "effect_id": session.scalars(select(EffectRow.id)).first(),
            "hook_id": session.scalars(select(Hook.id)).first(),
            "workflow_id": workflow_id,
            "absence_id": session.scalars(select(Absence.id)).first(),
            "connection_id": session.scalars(select(Connection.id)).first(),
            "migration_id": session.scalars(select(Migration.id)).first(),
            "place_id": session.scalars(select(UnitMember.id)).first(),
        }
    assert all(found.values()), found
    return {**found, "number": 1, "token": 1, "kind": "record", "role_key": "engineer", "secret_key": "erp"}


KEYS = {
    "/records/": "customer",
    "/settlement/": "repair_fee",
    "/settlements/": "dealer_rebate",
    "/packs/": "appliance_repair",
    "/tickets/": "repair",
}


def addresses(cast: Cast, ids: dict[str, Any], slug: str) -> list[tuple[str, str, bool]]:
    """(method, address, whether it names something of Acme) of every route within a tenant."""
    found = []
    adapter = cast.app.url_map.bind("localhost")
    for rule in cast.app.url_map.iter_rules():
        if rule.endpoint in WITHOUT_TENANT:
            continue
        assert "tenant" in rule.arguments, f"{rule}: a route within a tenant, or one for WITHOUT_TENANT?"
        choices = {name: first for first, name in re.findall(r"<any\((\w+)[^)]*\):(\w+)>", rule.rule)}
        key = next((key for place, key in KEYS.items() if place in rule.rule), None)
        known = {**ids, **choices, **({"key": key} if key else {})}
        missing = rule.arguments - set(known) - {"tenant"}
        assert not missing, f"{rule}: give {missing} something of Acme in this test"
        values = {name: {**known, "tenant": slug}[name] for name in rule.arguments}
        own = any(name.endswith("_id") or name == "key" for name in rule.arguments)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found += [(method, adapter.build(rule.endpoint, values, method=method), own) for method in methods]
    return found


def over_api(cast: Cast, name: str, slug: str, ids: dict[str, Any], *only: str) -> Iterator[tuple[str, str, bool, Any]]:
    """Every operation of the API, called by that person's token with a body that would do: (method, address, own, answer)."""
    found = cast.app.test_client().get("/api/v1/openapi.json").json
    home = "acme" if name != "charlie" else "globex"
    headers = {"Authorization": f"Bearer {cast.token(name, slug=home)}"}
    for method, address, own, operation in operations(cast, ids, slug, found):
        if only and method not in only:
            continue
        content = operation.get("requestBody", {}).get("content", {})
        given: dict[str, Any] = {}
        if "application/json" in content:
            given["json"] = example_of(found, content["application/json"])
        elif content:
            given["data"] = {"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")}
        asked = [one for one in operation.get("parameters", ()) if one["in"] == "query" and one.get("required")]
        given["query_string"] = {one["name"]: one["schema"]["example"] for one in asked}
        yield method, address, own, cast.app.test_client().open(address, method=method, headers=headers, buffered=True, **given)


def operations(cast: Cast, ids: dict[str, Any], slug: str, found: dict[str, Any]) -> Iterator[tuple[str, str, bool, Any]]:
    for method, address, own in addresses(cast, ids, slug):
        if address.startswith("/api/"):
            rule, _ = cast.app.url_map.bind("localhost").match(address, method, return_rule=True)
            path = re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", rule.rule)
            yield method, address, own, found["paths"][path][method.lower()]


def test_charlies_token_opens_nothing_of_acme(cast: Cast, ids: dict[str, Any]) -> None:
    answers = [(m, a, one.status_code) for m, a, _, one in over_api(cast, "charlie", "acme", ids)]
    assert len(answers) > 20
    assert [one for one in answers if one[2] != 401] == []


def test_charlies_token_finds_nothing_of_acme_under_globex(cast: Cast, ids: dict[str, Any]) -> None:
    answers = [(m, a, one.status_code) for m, a, own, one in over_api(cast, "charlie", "globex", ids) if own]
    assert len(answers) > 8
    assert [one for one in answers if one[2] != 404] == []


def test_the_same_calls_find_it_with_a_token_of_acme(cast: Cast, ids: dict[str, Any]) -> None:
    """So that the two tests above fail for the tenant and not for the call."""
    answers = {(m, a): one.status_code for m, a, _, one in over_api(cast, "alice", "acme", ids, "GET")}
    assert len(answers) > 20
    assert [one for one, status in answers.items() if status != 200] == []


def test_charlie_finds_no_address_of_acme(cast: Cast, ids: dict[str, Any]) -> None:
    charlie = cast.sign_in("charlie")
    tried = addresses(cast, ids, "acme")
    leaks = [(m, a, s) for m, a, _ in tried if (s := charlie.open(a, method=m).status_code) != 404]
    assert len(tried) > 60
    assert leaks == []


def test_what_is_acmes_is_not_found_under_globex(cast: Cast, ids: dict[str, Any]) -> None:
    """His own tenant's address with Acme's ids: as missing as one that was never there."""
    charlie = cast.sign_in("charlie")
    json = {"revision": 1, "draft": {}, "number": 1, "title": {"en": "x"}, "lines": []}
    for method, address, own in addresses(cast, ids, "globex"):
        if own and not address.startswith("/api/"):
            answer = charlie.open(address, method=method, json=json if "/builder/api/" in address else None)
            assert answer.status_code == 404, (method, address, answer.status_code)


def test_a_missing_id_looks_like_a_foreign_one(cast: Cast, ids: dict[str, Any]) -> None:
    charlie = cast.sign_in("charlie")
    foreign = charlie.get(f"/t/globex/tickets/{ids['ticket_id']}")
    missing = charlie.get("/t/globex/tickets/0190a000-0000-7000-8000-000000000000")
    assert (foreign.status_code, words(foreign.text)) == (missing.status_code, words(missing.text))


def test_nobody_gets_in_without_signing_in(cast: Cast, ids: dict[str, Any]) -> None:
    stranger = cast.app.test_client()
    for method, address, _ in addresses(cast, ids, "acme"):
        assert stranger.open(address, method=method).status_code in (302, 401, 404), (method, address)


def test_every_view_declares_a_right(cast: Cast) -> None:
    views = {name: getattr(view, "needs", None) for name, view in cast.app.view_functions.items() if name != "static"}
    assert [name for name, needed in views.items() if needed is None] == []


def test_a_view_without_a_right_is_refused(alone: Cast) -> None:
    alone.app.add_url_rule("/t/<tenant>/forgotten", "forgotten", lambda: "secret")
    assert alone.sign_in("alice").get("/t/acme/forgotten").status_code == 403


def test_a_link_is_for_one_purpose_and_one_tenant(cast: Cast, ids: dict[str, Any]) -> None:
    stranger = cast.app.test_client()
    with cast.app.app_context():
        follow = links.sign("follow", tenant=cast.tenants["acme"], ticket=ids["ticket_id"])
        crossed = links.sign("follow", tenant=cast.tenants["globex"], ticket=ids["ticket_id"])
    assert stranger.get(f"/p/follow/{follow}").status_code == 200
    assert stranger.get(f"/p/file/{follow}").status_code == 404
    assert stranger.get(f"/p/follow/{crossed}").status_code == 404
    assert stranger.get(f"/p/follow/{follow[:-2]}xx").status_code == 404
