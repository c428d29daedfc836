"""What would let one tenant see another, planted on purpose: each is caught by a wall behind the one that it slips through."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from dougong import create_app
from dougong.commands.opening import migrate
from dougong.platform.engines import driver_url
from dougong.platform.people import Member, UnitMember
from dougong.platform.store import (
    Base,
    TenantWall,
    db,
    driver_reading,
    driver_transaction,
    new_id,
    owner_connection,
    tenant_tables,
    transaction,
)
from dougong.platform.walls import faults, raise_walls
from dougong.runtime.host.tables import Ticket
from tests.cast import Cast, close

MEMBERS: Any = Member.__table__


def test_a_core_statement_without_the_filter_is_refused(cast: Cast) -> None:
    with cast.reading("globex") as session, pytest.raises(TenantWall):
        session.execute(select(MEMBERS.c.email))


def test_a_core_statement_of_another_tenant_is_refused(cast: Cast) -> None:
    with cast.reading("globex") as session, pytest.raises(TenantWall):
        session.execute(select(MEMBERS.c.email).where(MEMBERS.c.tenant_id == cast.tenants["acme"]))


def test_a_statement_as_text_is_refused(cast: Cast) -> None:
    with cast.reading("globex") as session, pytest.raises(TenantWall):
        session.execute(text("SELECT email FROM member"))


def test_a_bulk_update_by_key_of_another_tenants_row_is_refused(cast: Cast) -> None:
    bob = cast.member_id("bob")
    row = {"tenant_id": cast.tenants["acme"], "id": bob, "name": "nobody"}
    with cast.app.app_context(), pytest.raises(TenantWall), transaction(cast.tenants["globex"]) as session:
        session.execute(update(Member), [row])
    with cast.app.app_context(), pytest.raises(StaleDataError), transaction(cast.tenants["globex"]) as session:
        session.execute(update(Member), [{**row, "tenant_id": cast.tenants["globex"]}])
    with cast.reading() as session:
        assert session.scalars(select(Member.name).where(Member.id == bob)).one() != "nobody"


def test_a_core_insert_into_another_tenant_is_refused(cast: Cast) -> None:
    row = {"tenant_id": cast.tenants["acme"], "id": new_id(), "account_id": "x", "name": "x", "email": "x", "active": True}
    with cast.app.app_context(), pytest.raises(TenantWall), transaction(cast.tenants["globex"]) as session:
        session.execute(insert(MEMBERS), [row])


def test_a_statement_through_the_driver_is_refused_too(cast: Cast) -> None:
    with cast.app.app_context():
        with driver_reading(cast.tenants["globex"]) as driver, pytest.raises(TenantWall):
            driver.execute("SELECT email FROM member", {})
        with driver_transaction(cast.tenants["globex"]) as driver, pytest.raises(TenantWall):
            driver.execute("SELECT email FROM member WHERE tenant_id = :tenant", {"tenant": cast.tenants["acme"]})


def test_a_row_cannot_point_into_another_tenant(cast: Cast) -> None:
    """The key is (tenant, id): a foreign id is not there."""
    with cast.reading() as session:
        unit = session.scalars(select(UnitMember.unit_id)).first()
    charlie = cast.member_id("charlie", "globex")
    with cast.app.app_context(), pytest.raises(IntegrityError), transaction(cast.tenants["globex"]) as session:
        session.add(UnitMember(unit_id=unit, member_id=charlie))


@pytest.fixture
def owner(cast_on_postgres: Cast) -> Iterator[psycopg.Connection]:
    """Who owns the tables, beside the application."""
    with psycopg.connect(cast_on_postgres.place.config["DATABASE_OWNER_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def app_role(cast_on_postgres: Cast) -> Iterator[psycopg.Connection]:
    """The application's role without the application: nothing but the rows' policies stands before it."""
    with psycopg.connect(cast_on_postgres.place.config["DATABASE_URL"]) as connection:
        yield connection


def test_the_rows_themselves_are_walled(cast_on_postgres: Cast, app_role: psycopg.Connection) -> None:
    cast_on_postgres.file()
    seen = {}
    for slug in ("", "acme", "globex"):
        app_role.execute("SELECT set_config('app.tenant_id', %s, true)", (cast_on_postgres.tenants.get(slug, ""),))
        seen[slug] = [app_role.execute(f"SELECT count(*) FROM {name}").fetchone() for name in ("ticket", "member")]  # type: ignore[arg-type]
    assert seen == {"": [(0,), (0,)], "acme": [(1,), (11,)], "globex": [(0,), (1,)]}


def test_no_row_can_be_put_or_moved_behind_anothers_wall(cast_on_postgres: Cast, app_role: psycopg.Connection) -> None:
    acme, globex = cast_on_postgres.tenants["acme"], cast_on_postgres.tenants["globex"]
    for order in (
        "INSERT INTO counter (tenant_id, series, period, last) VALUES (%(acme)s, 'x', '', 1)",
        "UPDATE member SET tenant_id = %(acme)s WHERE tenant_id = %(globex)s",
    ):
        app_role.execute("SELECT set_config('app.tenant_id', %s, true)", (globex,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_role.execute(order, {"acme": acme, "globex": globex})
        app_role.rollback()


def test_the_owner_is_bound_as_well(cast_on_postgres: Cast, owner: psycopg.Connection) -> None:
    assert owner.execute("SELECT count(*) FROM member").fetchone() == (0,)


def test_a_plain_set_that_stays_in_the_pool_shows_nothing(cast_on_postgres: Cast) -> None:
    cast = cast_on_postgres
    with cast.app.app_context():
        for _ in range(3):
            pooled = db.engine.raw_connection()
            pooled.driver_connection.execute("SET app.tenant_id = '%s'" % cast.tenants["acme"])  # type: ignore[union-attr]  # noqa: UP031
            pooled.driver_connection.commit()  # type: ignore[union-attr]
            pooled.close()
    with cast.reading("globex") as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 1
    with cast.app.app_context(), driver_reading() as driver:
        assert driver.execute("SELECT slug FROM tenant WHERE slug = :slug", {"slug": "acme"}).fetchone() == ("acme",)
        with pytest.raises(TenantWall):
            driver.execute("SELECT email FROM member", {})


def test_every_table_with_a_tenant_has_its_wall_and_its_keys(cast_on_postgres: Cast, owner: psycopg.Connection) -> None:
    """As the catalogue tells it, not our models."""
    rows = owner.execute(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid) "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' "
        "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    ).fetchall()
    walled = {name for name, forced, policies in rows if forced and policies == 1}
    assert walled == {name for name, _, _ in rows} & tenant_tables() and walled == tenant_tables()
    keys = owner.execute(
        "SELECT conrelid::regclass::text, contype::text, confrelid::regclass::text, "
        "ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey)) "
        "FROM pg_constraint WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace"
    ).fetchall()
    without = {(table, kind, target) for table, kind, target, columns in keys if table in walled and "tenant_id" not in columns}
    assert {(kind, target) for _, kind, target in without} <= {("f", "account")}, without


PLANTED = {
    "a missing policy": "DROP POLICY tenant_wall ON ticket",
    "a second policy": "CREATE POLICY everything ON ticket USING (true)",
    "a policy for everything": "ALTER POLICY tenant_wall ON ticket USING (true)",
    "walls not forced": "ALTER TABLE ticket NO FORCE ROW LEVEL SECURITY",
    "walls switched off": "ALTER TABLE ticket DISABLE ROW LEVEL SECURITY",
    "a view": "CREATE VIEW every_ticket AS SELECT * FROM ticket",
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_opens_a_wall_is_found(cast_on_postgres: Cast, owner: psycopg.Connection, what: str) -> None:
    platform = set(Base.metadata.tables) - tenant_tables()
    engine = create_engine(driver_url(cast_on_postgres.place.config["DATABASE_URL"]))
    with engine.connect() as connection:
        assert faults(connection, platform) == []
    owner.execute(PLANTED[what])  # type: ignore[arg-type]
    with engine.connect() as connection:
        found = faults(connection, platform)
    engine.dispose()
    assert len(found) == 1 and ("ticket" in found[0]), found


def test_a_view_is_refused_by_the_guard(cast_on_postgres: Cast, owner: psycopg.Connection) -> None:
    owner.execute(PLANTED["a view"])  # type: ignore[arg-type]
    with cast_on_postgres.reading() as session, pytest.raises(TenantWall):
        session.execute(text("SELECT count(*) FROM every_ticket"))


@pytest.mark.parametrize("role", ["postgres", "dougong_owner"])
def test_no_server_starts_as_a_role_that_the_walls_do_not_hold(cast_on_postgres: Cast, role: str) -> None:
    place = cast_on_postgres.place
    assert place.postgres is not None
    app = create_app({**place.config, "DATABASE_URL": place.postgres.address(place.database, role), "TESTING": True})
    with app.app_context(), pytest.raises(TenantWall, match="DATABASE_URL"):
        migrate()
    close(app)


def test_a_migration_closes_what_was_opened(cast_on_postgres: Cast, owner: psycopg.Connection) -> None:
    cast_on_postgres.file()
    owner.execute(PLANTED["a missing policy"])  # type: ignore[arg-type]
    owner.execute(PLANTED["walls not forced"])  # type: ignore[arg-type]
    with cast_on_postgres.app.app_context():
        migrate()
    with cast_on_postgres.reading("globex") as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_where_all_is_closed_a_server_that_starts_waits_for_nobody(
    cast_on_postgres: Cast, owner: psycopg.Connection, app_role: psycopg.Connection
) -> None:
    """Raising the walls anew would wait for the steps of other processes, and a step for it: a circle that ended the server."""
    tables = [name for (name,) in owner.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity")]
    app_role.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS SHARE MODE")  # type: ignore[arg-type]
    with cast_on_postgres.app.app_context(), owner_connection() as connection:
        connection.execute(text("SET lock_timeout = '1s'"))
        raise_walls(connection, set(Base.metadata.tables) - tenant_tables(), str(db.engine.url.username))
