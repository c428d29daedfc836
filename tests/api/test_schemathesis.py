"""The API against its own document: 1,250 requests (20,000 with LONG=1), no fault, no answer that is not described.

Most of them on PostgreSQL, which takes less than SQLite (with LONG=1 as many on each); half of the bodies as described, half
not; three of four with ids that are there. Another test puts any JSON into the fields that a tenant's own definitions ask for.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select

from dougong.platform.documents import Document
from dougong.platform.people import Binding, Member
from dougong.platform.tokens import ApiToken
from dougong.runtime.host.settlement.intake import Intake
from dougong.runtime.host.tables import LedgerLine, Record, StatementRow
from tests import LONG
from tests.api.test_shell import REPAIR
from tests.cast import Caller, Cast
from tests.stores import Template

REQUESTS = {"sqlite": 10_000 if LONG else 250, "postgresql": 10_000 if LONG else 1_000}
ORDER = ("GET", "PUT", "PATCH", "POST", "DELETE")  # what destroys comes last
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def examples(most: int) -> settings:
    """No shrinking: what fails is told as it is, since every request changes the company."""
    return settings(
        max_examples=most, database=None, derandomize=not LONG, phases=[Phase.generate], report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck), deadline=None,
    )  # fmt: skip


@dataclass(frozen=True)
class Company:
    """One of everything; the secret of alice; an id for every parameter of a path."""

    cast: Cast
    secret: str
    ids: dict[str, Any]


@pytest.fixture
def company(template: Template, tmp_path: Path) -> Iterator[Company]:
    cast = Cast(template, tmp_path / "home", PROPAGATE_EXCEPTIONS=False)
    yield founded(cast)
    cast.leave()


def founded(cast: Cast) -> Company:
    secret, bob, fiona = cast.token("alice"), cast.api(cast.token("bob")), cast.api(cast.token("fiona"))
    cast.service("viewer")
    ticket_id = bob("POST", "/tickets", REPAIR).json["ticket_id"]
    file_id = cast.api(secret)("POST", "/files", data={"file": (io.BytesIO(b"hello"), "a.txt")}).json["id"]
    rows = "订单号,经销商,地区,订单金额,下单日期\nSO-1,岭南电器连锁,广东省/广州市,100.00,2031-10-01\n".encode()
    fiona("POST", "/settlements/dealer_rebate/import", data={"file": (io.BytesIO(rows), "orders.csv")})
    batch_id = fiona("POST", "/settlements/dealer_rebate/statements", {"period": "2031-10"}).json["id"]
    asked = {"verb": "resume", "reason": "x", "tickets": [ticket_id]}
    away = {"deputy": cast.member_id("frank"), "since": "2026-01-05T09:00", "until": "2099-01-05T09:00"}
    absence_id = bob("POST", "/absences", away).json["id"]
    bulk_id = cast.api(secret)("POST", "/bulk", asked).json["id"]
    with cast.reading() as session:
        ids = {
            "bulk_id": bulk_id,
            "batch_id": batch_id,
            "ticket_id": ticket_id,
            "task_id": cast.open_task(ticket_id, "diagnose").id,
            "file_id": file_id,
            "document_id": session.scalars(select(Document.id).where(Document.key == "repair")).one(),
            "intake_id": session.scalars(select(Intake.id)).first(),
            "statement_id": session.scalars(select(StatementRow.id)).first(),
            "line_id": session.scalars(select(LedgerLine.id)).first(),
            "record_id": session.scalars(select(Record.id).where(Record.entity_key == "customer")).first(),
            "member_id": session.scalars(select(Member.id)).first(),
            "absence_id": absence_id,
            "binding_id": session.scalars(select(Binding.id)).first(),
            "token_id": session.scalars(select(ApiToken.id).where(ApiToken.member_id.is_(None))).first(),
        }
    return Company(cast, secret, ids)


FILED: dict[str, Any] = dict(REPAIR["values"])  # type: ignore[call-overload]
KEYS = {"/records/": "customer", "/settlements/": "dealer_rebate", "/packs/": "appliance_repair"}


def real(path: str, ids: dict[str, Any]) -> dict[str, Any]:
    key = next((key for place, key in KEYS.items() if place in path), "")
    return {**ids, "tenant": "acme", "number": 1, "token": 1, "key": key}


def ask(operation: Any, secret: str, known: dict[str, Any], most: int) -> int:
    """Up to `most` requests of one operation. Answers how many there were: some cannot be asked in so many ways."""
    asked = [0]
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]).flatmap(operation.as_strategy)

    @examples(most)
    @given(case=modes, luck=st.integers(0, 3))
    def fuzz(case: Any, luck: int) -> None:
        if luck:
            case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
            if isinstance(case.body, dict) and "revision" in case.body and luck > 1:
                case.body["revision"] = 1
        response = case.call(headers={"Authorization": f"Bearer {secret}"})
        asked[0] += 1
        case.validate_response(response, checks=CHECKS)

    fuzz()
    return asked[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # schemathesis closes no download
def test_no_request_makes_a_fault_or_gets_an_answer_that_is_not_described(company: Company) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app=company.cast.app)
    operations = sorted((found.ok() for found in schema.get_all_operations()), key=lambda one: ORDER.index(one.method.upper()))
    wrong, asked, most = {}, 0, REQUESTS["postgresql" if company.cast.place.postgres else "sqlite"]
    for index, operation in enumerate(operations):
        share = -(-(most - asked) // (len(operations) - index))
        try:
            asked += ask(operation, company.secret, real(operation.path, company.ids), share)
        except (Exception, BaseExceptionGroup) as error:  # schemathesis raises its failures as a group
            wrong[operation.label] = str(error)[:2000]
    assert wrong == {}
    assert asked >= most


PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)
ANY_JSON = st.recursive(
    PLAIN | st.sampled_from(["", "0", "1e999", "x" * 9999]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "region", "amount"]), inner, max_size=3),
    max_leaves=5,
)


def test_any_json_in_any_field_is_taken_or_told(company: Company) -> None:
    """What the document calls "by field key": a ticket, a task, a record, a play."""
    cast, ids = company.cast, company.ids
    cast.app.config["PROPAGATE_EXCEPTIONS"] = True
    alice, frank = cast.api(company.secret), cast.api(cast.token("frank"))
    fields = {
        "ticket": [*FILED, "customer", "product", "photos"],
        "task": [one["key"] for one in frank("GET", f"/tasks/{ids['task_id']}").json["form"] if one["right"] != "read"],
        "record": [one["key"] for one in alice("GET", f"/records/customer/{ids['record_id']}").json["values"]],
    }
    start = alice("GET", f"/definitions/{ids['document_id']}").json["draft"]["stories"][0]["say"][0][0]
    play = f"/definitions/{ids['document_id']}/play"
    calls: dict[str, Callable[[dict[str, Any]], Any]] = {
        "ticket": lambda values: alice("POST", "/tickets", {"workflow": "repair", "values": values}),
        "task": lambda values: frank("POST", f"/tasks/{ids['task_id']}/submit", {"revision": 1, "values": values}),
        "record": lambda values: _record(alice, ids["record_id"], values),
        "play": lambda values: alice("POST", play, {"say": [{"node": start, "values": values}]}),
    }

    @examples(3_000 if LONG else 100)
    @given(st.data())
    def fuzz(data: st.DataObject) -> None:
        where = data.draw(st.sampled_from(sorted(calls)))
        keys = data.draw(st.lists(st.sampled_from(fields.get(where, fields["ticket"])), max_size=4, unique=True))
        values = {**(FILED if where == "ticket" else {}), **{key: data.draw(ANY_JSON) for key in keys}}
        assert calls[where](values).status_code in (200, 201, 400, 409, 422)

    fuzz()


def _record(alice: Caller, record_id: str, values: dict[str, Any]) -> Any:
    revision = alice("GET", f"/records/customer/{record_id}").json["revision"]
    return alice("PATCH", f"/records/customer/{record_id}", {"revision": revision, "values": values})
