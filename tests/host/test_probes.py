"""The great probe: every route and API call, with every foreign id and one that is missing, from either company into the other.

Each platform role comes with a session, a personal and a service token. A foreign id and a missing one get the same answer, in
status and in words, and so do the other company's address and that of a company which does not exist. What is planted in every
title and name of the other company appears in no answer. A new route is probed as it stands in the route table; a new kind of
id fails `test_foreign.py` until something real is given for it there.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import abort
from flask.testing import FlaskClient
from sqlalchemy import JSON, select, update
from werkzeug.routing import Rule

from dougong import demo
from dougong.builder import packing
from dougong.platform import accounts, issuing, people
from dougong.platform.access import RIGHTS, ROLES, Who, signed_in
from dougong.platform.channels import Channel
from dougong.platform.connections import Connection
from dougong.platform.documents import Document
from dougong.platform.files import File
from dougong.platform.people import Binding, Member, Unit, UnitMember
from dougong.platform.rest.docs import example_of
from dougong.platform.store import Base, TenantTable, enter_tenant, loads, read, transaction
from dougong.platform.tokens import ApiToken
from dougong.runtime.host.bulk import Bulk
from dougong.runtime.host.hooks import Hook
from dougong.runtime.host.migrating import Migration
from dougong.runtime.host.settlement.batches import Batch
from dougong.runtime.host.settlement.intake import Intake
from dougong.runtime.host.tables import Absence, EffectRow, LedgerLine, Record, StatementRow, Task, Ticket
from dougong.runtime.host.webhooks import Delivery, Webhook
from tests import LONG
from tests.cast import REPAIR, Cast, fields, words
from tests.host.test_foreign import KEYS, WITHOUT_TENANT, something_of_acme

LEAST = 50_000 if LONG else 1_000  # on each store
CALLERS, IDS = (100, 20) if LONG else (1, 1)  # of a route: how many callers, how many foreign ids of each parameter
SOUGHT = "朱雀"
SECRET = {"acme": f"{SOUGHT}之密A", "globex": f"{SOUGHT}之密G"}
PLANTED = ("title", "name", "partner_title", "initiator_name", "who_name", "words", "text", "error", "note")
TABLES: dict[str, Any] = {
    "token_id": ApiToken, "ticket_id": Ticket, "task_id": Task, "file_id": File, "document_id": Document,
    "statement_id": StatementRow, "record_id": Record, "member_id": Member, "unit_id": Unit, "binding_id": Binding,
    "webhook_id": Webhook, "delivery_id": Delivery, "channel_id": Channel, "effect_id": EffectRow, "hook_id": Hook,
    "place_id": UnitMember, "absence_id": Absence, "migration_id": Migration, "workflow_id": Document,
    "connection_id": Connection, "bulk_id": Bulk, "batch_id": Batch,
    "intake_id": Intake, "line_id": LedgerLine,
}  # fmt: skip
PLAIN = {"number": 1, "token": 1, "kind": "record", "role_key": "engineer", "secret_key": "erp"}
BUILDER = {"revision": 1, "draft": {}, "number": 1, "title": {"en": "x"}, "lines": []}
CUSTOMER = {
    "name": SECRET["globex"],
    "phone": "13811112222",
    "level": "vip",
    **{one: REPAIR[one] for one in REPAIR if "address" in one},
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PASSING = re.compile(r'(nonce="[^"]*"|"request_id": ?"[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+Z|X-Request[^\n]*)')


@dataclass
class Caller:
    """Somebody of a company, by the credential he comes with."""

    role: str
    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def has_token(self) -> bool:
        return bool(self.headers)


@dataclass
class Probe:
    """How many answers were looked at, and what was wrong with which."""

    cast: Cast
    home: str
    foreign: str
    asked: int = 0
    wrong: list[Any] = field(default_factory=list)

    def ask(self, caller: Caller, method: str, address: str, given: dict[str, Any]) -> tuple[Any, ...]:
        answer = caller.client.open(address, method=method, headers=caller.headers, buffered=True, **given)
        self.asked += 1
        told = f"{dict(answer.headers)}\n{unpacked(answer.data)}"
        if SECRET[self.foreign] in told or json.dumps(SECRET[self.foreign])[1:-1] in told:
            self.wrong.append(("a leak", caller.role, method, address))
        if answer.status_code >= 500:
            self.wrong.append((answer.status_code, caller.role, method, address))
        body = PASSING.sub("", UUID.sub("ID", words(unpacked(answer.data))))
        return answer.status_code, UUID.sub("ID", answer.headers.get("Location", "")), body

    def alike(self, caller: Caller, method: str, one: str, other: str, given: Any) -> None:
        """`given` makes the body anew for each. Slugs are of the same kind of text: they are told apart in no answer."""
        first, second = self.ask(caller, method, one, given()), self.ask(caller, method, other, given())
        first, second = ([str(part).replace(self.foreign, "nowhere") for part in answer] for answer in (first, second))
        if first != second:
            apart = [
                pair
                for pair in zip("\n".join(first).split("\n"), "\n".join(second).split("\n"), strict=False)
                if len({*pair}) > 1
            ]
            self.wrong.append(("told apart", caller.role, method, one, apart[:3]))


def unpacked(body: bytes) -> str:
    if body[:2] != b"PK":
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        return "\n".join(found.read(name).decode("utf-8", "replace") for name in found.namelist())


def something_of_globex(cast: Cast) -> None:
    """The pack of the repairs with a ticket, a file, a customer and the settings' things, so that the walk goes both ways."""
    with cast.reading("globex"):
        packing.import_pack(demo.Loader(cast.tenants["globex"]), (demo.PACKS / "appliance_repair.json").read_bytes())
    charlie, at = cast.sign_in("charlie"), "/t/globex"
    charlie.post(f"{at}/tickets/new/repair", data=fields({**REPAIR, "contact_name": SECRET["globex"]}))
    file = {"file": (io.BytesIO(SECRET["globex"].encode()), "a.txt")}
    charlie.post(f"{at}/uploads", data=file)
    charlie.post(f"{at}/records/customer/new", data=fields(CUSTOMER))
    charlie.post(f"{at}/settings/secrets", data={"key": "erp", "title": "ERP", "value": "x"})
    charlie.post(f"{at}/settings/roles/engineer", data={"who": "charlie@globex.example"})
    webhook = {"title": "ERP", "url": "http://127.0.0.1:9/", "events": ["ticket.filed"], "active": "1"}
    charlie.post(f"{at}/settings/webhooks", data=webhook)
    charlie.post(f"{at}/settings/hooks", data={"title": "Site", "workflow": "repair"})
    charlie.post(f"{at}/settings/channels", data={"title": "Bot", "kind": "bot", "secret": "json://example.com/x"})
    charlie.post(f"{at}/tickets/new/repair", data=fields(REPAIR))


def plant(cast: Cast, slug: str) -> int:
    """The secret in every title, name and text of the company. Answers how many columns."""
    count = 0
    with cast.app.app_context(), transaction(cast.tenants[slug]) as session:
        for mapper in Base.registry.mappers:
            if not issubclass(mapper.class_, TenantTable):
                continue
            for column in (one for one in mapper.columns if one.key in PLANTED):
                text = {"zh-Hans": SECRET[slug], "en": SECRET[slug]} if isinstance(column.type, JSON) else SECRET[slug]
                session.execute(update(mapper.class_).values({column.key: text}))
                count += 1
    return count


def ids_of(cast: Cast, slug: str) -> dict[str, list[str]]:
    """Of each kind the ids that are there; a company without one lends that of a unit, as foreign as any."""
    with cast.reading(slug) as session:
        found = {name: list(session.scalars(select(table.id).limit(3))) for name, table in TABLES.items()}
    return {name: some or found["unit_id"][:1] for name, some in found.items()}


def callers(cast: Cast, slug: str) -> list[Caller]:
    """Each role with a session, a personal token and a service token."""
    found = []
    for role in ROLES:
        email = f"{role}@probe.{slug}.example"
        with cast.app.app_context():
            with transaction(None) as session:
                account_id = accounts.add_account(session, email, role, demo.PASSWORD).id
            with transaction(cast.tenants[slug]) as session:
                member_id = people.add_member(session, account_id, role, email, [role]).id
        client = cast.app.test_client()
        assert client.post("/sign-in", data={"email": email, "password": demo.PASSWORD}).status_code == 302
        with cast.app.app_context():
            enter_tenant(cast.tenants[slug])
            who = Who("", member_id, role, cast.tenants[slug], roles=frozenset({role}))
            personal = issuing.make_personal(who, "probe", [right for right in RIGHTS if who.may(right)], 1)[1]
            service = issuing.make_service(who, "probe", list(RIGHTS), 1, [role])[1]
        found.append(Caller(role, client))
        headers = [{"Authorization": f"Bearer {secret}"} for secret in (personal, service)]
        found += [Caller(role, cast.app.test_client(), one) for one in headers]
    return found


def routes(cast: Cast, only: str = "") -> Iterator[tuple[Rule, str]]:
    for rule in cast.app.url_map.iter_rules():
        if rule.endpoint not in WITHOUT_TENANT and rule.endpoint.startswith(only):
            yield from ((rule, method) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def bodies(cast: Cast, rule: Rule, method: str) -> Any:
    """What makes a body that would do, where the call takes one."""
    if rule.rule.startswith("/api/"):
        found = cast.app.test_client().get("/api/v1/openapi.json").json
        operation = found["paths"][re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", rule.rule)][method.lower()]
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            body = example_of(found, content["application/json"])
            return lambda: {"json": body}
        return lambda: {"data": {"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")}} if content else {}
    if method == "GET":
        return dict
    return lambda: {"json": BUILDER} if "/builder/api/" in rule.rule else {"data": {"revision": "1"}}


def able(cast: Cast, everybody: list[Caller], rule: Rule, turn: int) -> list[Caller]:
    """Whoever may call it comes first, a different one for each route; tokens only open the API."""
    needed = cast.app.view_functions[rule.endpoint].needs  # type: ignore[attr-defined]
    found = [one for one in everybody if rule.rule.startswith("/api/") or not one.has_token]
    found = found[turn % len(found) :] + found[: turn % len(found)]
    return sorted(found, key=lambda one: one.role not in RIGHTS.get(needed, ROLES))[:CALLERS]


def probed(cast: Cast, home: str, foreign: str, only: str = "") -> Probe:
    """Every route from one company into the other."""
    probe, known, own = Probe(cast, home, foreign), ids_of(cast, foreign), ids_of(cast, home)
    everybody = callers(cast, home)
    adapter = cast.app.url_map.bind("localhost")
    for turn, (rule, method) in enumerate(routes(cast, only)):
        choices = {name: first for first, name in re.findall(r"<any\((\w+)[^)]*\):(\w+)>", rule.rule)}
        key = next((key for place, key in KEYS.items() if place in rule.rule), "")
        plain = {**PLAIN, **choices, "key": key}
        named = sorted((name for name in rule.arguments if name in TABLES), key=rule.rule.index)
        wanted = [*(one for name in named for one in known[name]), *(one for some in known.values() for one in some)]
        unknown = rule.arguments - set(plain) - set(TABLES) - {"tenant"}
        assert not unknown, f"{rule}: give {unknown} a table in TABLES"
        given = bodies(cast, rule, method)

        def address(slug: str, ids: dict[str, str], rule: Rule = rule, plain: Any = plain, method: str = method) -> str:
            values = {name: {**plain, **ids, "tenant": slug}[name] for name in rule.arguments}
            return adapter.build(rule.endpoint, values, method=method)

        for caller in able(cast, everybody, rule, turn):
            first = {name: known[name][0] for name in named}
            probe.alike(caller, method, address(foreign, first), address("nowhere", first), given)
            for one in list(dict.fromkeys(wanted))[:IDS] if named else ():
                ids, gone = dict.fromkeys(named, one), dict.fromkeys(named, UUID.sub(_missing, one))
                probe.alike(caller, method, address(home, ids), address(home, gone), given)
                if len(named) > 1:  # of one's own, and below it something foreign
                    mine = {named[0]: own[named[0]][0]}
                    probe.alike(caller, method, address(home, ids | mine), address(home, gone | mine), given)
            if not named and method == "GET":
                some = next(iter(known["unit_id"]))
                query = f"?q={SOUGHT}&unit={some}&entity=customer&statement={known['statement_id'][0]}"
                probe.ask(caller, method, address(home, {}) + (query if "/api/" not in rule.rule else ""), {})
    return probe


def _missing(found: re.Match[str]) -> str:
    return "0190a000-0000-7000-8000-" + found[0][-12:][::-1]


def test_nothing_of_the_other_company_is_found_told_apart_or_shown(cast: Cast) -> None:
    furnished(cast)
    probes = [probed(cast, "globex", "acme"), probed(cast, "acme", "globex")]
    asked = sum(one.asked for one in probes)
    print(f"{asked} probes")
    assert [one for probe in probes for one in probe.wrong] == []
    assert asked >= LEAST


def test_the_probe_sees_a_leak_and_an_answer_that_tells_apart(alone: Cast) -> None:
    """Views as they must not be: they enter the other company."""

    def title(ticket_id: str) -> str | None:
        wanted = "SELECT title FROM ticket WHERE tenant_id = :tenant AND id = :id"
        rows = read(wanted, tenant=alone.tenants["acme"], id=ticket_id)
        return str(loads(rows[0][0])["en"]) if rows else None

    def shows(ticket_id: str) -> str:
        return title(ticket_id) or abort(404)

    def tells(ticket_id: str) -> str:
        abort(403 if title(ticket_id) else 404)

    for name, view in (("planted.shows", shows), ("planted.tells", tells)):
        alone.app.add_url_rule(f"/t/<tenant>/{name}/<ticket_id>", name, signed_in(view))
    furnished(alone)
    wrong = probed(alone, "globex", "acme", only="planted.").wrong
    assert {(one[0], one[3].split("/")[3]) for one in wrong} == {
        ("a leak", "planted.shows"), ("told apart", "planted.shows"), ("told apart", "planted.tells"),
    }  # fmt: skip


def furnished(cast: Cast) -> None:
    something_of_acme(cast)
    cast.file(contact_name=SECRET["acme"])
    something_of_globex(cast)
    assert plant(cast, "acme") == plant(cast, "globex") > 10
