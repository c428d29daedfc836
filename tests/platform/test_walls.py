"""The walls between tenants: what the ORM filters, stamps and refuses, and that every key leads with the tenant."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ForeignKeyConstraint, UniqueConstraint, exists, func, select, update

import dougong.platform.front  # noqa: F401 (so that its tables are there when the tests are collected)
from dougong.platform.documents import Document
from dougong.platform.people import Member, Membership, Unit
from dougong.platform.store import Base, TenantWall, db, driver_of, enter_tenant, transaction
from dougong.runtime.host.tables import Counter, Involved, Record, Ticket
from tests.cast import Cast

WITHOUT_TENANT = {"tenant", "account", "session", "attempt", "second_factor", "recovery_code", "identity", "executor", "letter"}
PLATFORM_TABLES = {*WITHOUT_TENANT, "membership", "wakeup"}


def test_every_table_is_a_tenants_or_is_named_as_the_platforms() -> None:
    without = {name for name, table in Base.metadata.tables.items() if "tenant_id" not in table.primary_key.columns}
    assert without == WITHOUT_TENANT
    assert set(Base.metadata.tables) >= PLATFORM_TABLES


@pytest.mark.parametrize("table", sorted(set(Base.metadata.tables) - PLATFORM_TABLES))
def test_every_key_unique_and_foreign_key_carries_the_tenant(table: str) -> None:
    found = Base.metadata.tables[table]
    assert found.primary_key.columns.keys()[0] == "tenant_id"
    for constraint in found.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert "tenant_id" in constraint.columns, constraint
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name not in PLATFORM_TABLES:
            assert {e.parent.name: e.column.name for e in constraint.elements}["tenant_id"] == "tenant_id", constraint


def test_a_query_sees_its_own_tenant_only(cast: Cast) -> None:
    with cast.reading("globex") as session:
        assert {member.email for member in session.scalars(select(Member))} == {"charlie@globex.example"}
        assert session.scalars(select(Document)).all() == []


def test_a_subquery_and_an_alias_see_their_own_tenant_only(cast: Cast) -> None:
    cast.file()
    with cast.reading("globex") as session:
        inner = select(Involved.ticket_id).where(Involved.part == "initiator")
        assert session.scalars(inner).all() == []
        assert session.scalar(select(Unit.id).where(Unit.code.in_(select(Unit.code).where(Unit.kind == "store")))) is None


def test_a_key_of_another_tenant_is_refused_and_the_same_id_in_ones_own_finds_nothing(cast: Cast) -> None:
    ticket_id = cast.file()
    with cast.reading("globex") as session:
        assert session.get(Ticket, (cast.tenants["globex"], ticket_id)) is None
        with pytest.raises(TenantWall):
            session.get(Ticket, (cast.tenants["acme"], ticket_id))


def test_a_tenants_table_without_a_tenant_is_refused(cast: Cast) -> None:
    with cast.app.app_context(), pytest.raises(TenantWall):
        db.session.scalars(select(Ticket)).all()


def test_one_session_is_one_tenants(cast: Cast) -> None:
    with cast.reading("acme"), pytest.raises(TenantWall):
        enter_tenant(cast.tenants["globex"])


def test_a_row_of_another_tenant_is_not_written(cast: Cast) -> None:
    row = Record(tenant_id=cast.tenants["globex"], entity_key="customer", title="x", data={})
    with cast.app.app_context(), pytest.raises(TenantWall), transaction(cast.tenants["acme"]) as session:
        session.add(row)


def test_a_new_row_is_stamped_with_the_tenant(cast: Cast) -> None:
    with cast.app.app_context():
        with transaction(cast.tenants["globex"]) as session:
            session.add(Record(entity_key="customer", title="x", data={}))
        enter_tenant(cast.tenants["globex"])
        assert [row.tenant_id for row in db.session.scalars(select(Record))] == [cast.tenants["globex"]]


def test_nothing_is_written_outside_of_a_transaction(cast: Cast) -> None:
    with cast.reading() as session:
        session.add(Record(entity_key="customer", title="x", data={}))
        with pytest.raises(TenantWall):
            session.flush()


def test_a_bulk_update_touches_its_own_tenant_only(cast: Cast) -> None:
    with cast.app.app_context():
        with transaction(cast.tenants["globex"]) as session:
            session.execute(update(Member).values(name="nobody"))
        enter_tenant(cast.tenants["acme"])
        assert "nobody" not in set(db.session.scalars(select(Member.name)))


def _counts() -> list[Any]:
    """Statements that name no entity: a count, one over a subquery, an EXISTS, a scalar subquery."""
    people = select(Member).where(Member.active)
    return [
        select(func.count()).select_from(Member),
        select(func.count()).select_from(people.subquery()),
        select(exists().where(Member.email.startswith("bob"))),
        select(select(func.count(Member.id)).scalar_subquery()),
    ]


def test_a_count_counts_its_own_tenant_only(cast: Cast) -> None:
    with cast.reading("globex") as session:
        assert [session.scalar(one) for one in _counts()] == [1, 1, False, 1]


def test_a_count_without_a_tenant_is_refused(cast: Cast) -> None:
    for one in (*_counts(), update(Member).values(active=False)):
        with cast.app.app_context(), pytest.raises(TenantWall):
            db.session.execute(one)
    with cast.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Membership)) == 12


@pytest.mark.parametrize(("store", "dialect"), [("sqlite", "sqlite"), ("postgresql", "postgres")])
def test_the_guard_can_read_before_the_first_thread_asks(store: str, dialect: str) -> None:
    """Threads that began together read with a dialect that another was still making, and refused what is right."""
    asks = f"Guard('{store}', frozenset(), frozenset()); assert 'sqlglot.dialects.{dialect}' in sys.modules"
    subprocess.run([sys.executable, "-c", f"import sys; from dougong.platform.guard import Guard; {asks}"], check=True)


def test_the_guard_of_a_new_process_knows_every_table(tmp_path: Path) -> None:
    """What was loaded only after the guard was made was refused where it was first asked: nobody could sign in."""
    asks = "from dougong import create_app; from dougong.platform.store import Base"
    made = f"create_app({{'HOME': {str(tmp_path)!r}}}).extensions['dougong_guard'].known"
    subprocess.run([sys.executable, "-c", f"{asks}; known = {made}; assert set(Base.metadata.tables) <= known"], check=True)


_PUT = "INSERT INTO counter (tenant_id, series, period, last) VALUES (:tenant, :series, 'p', 1)"
_ADD = "UPDATE counter SET last = last + 1 WHERE tenant_id = :tenant AND series = :series"
_ALL = "SELECT series, last FROM counter WHERE tenant_id = :tenant AND period = 'p' ORDER BY series"


def test_what_parts_write_apart_is_sent_in_the_order_of_each_and_seen_by_whoever_asks(cast: Cast) -> None:
    tenant = cast.tenants["acme"]
    with cast.app.app_context(), transaction(tenant) as session:
        driver = driver_of(session)
        for part in driver.apart("abc"):
            for statement in (_ADD, _PUT) if part == "b" else (_PUT, _ADD):
                driver.write(statement, {"tenant": tenant, "series": part})
            if part == "b":
                assert session.scalar(select(Counter.last).where(Counter.series == "a")) == 2
                driver.write(_ADD, {"tenant": tenant, "series": "a"})
                assert list(driver.execute(_ALL, {"tenant": tenant})) == [("a", 3), ("b", 1)]
            if part == "c":
                assert driver.every(_ADD, [{"tenant": tenant, "series": "c"}]) == 1
        assert list(driver.execute(_ALL, {"tenant": tenant})) == [("a", 3), ("b", 1), ("c", 3)]
    with cast.app.app_context(), pytest.raises(TenantWall), transaction(tenant) as session:
        driver = driver_of(session)
        for part in driver.apart("x"):
            driver.write(_PUT, {"tenant": cast.tenants["globex"], "series": part})
