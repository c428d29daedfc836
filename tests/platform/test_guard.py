"""Wall two reads statements: which may pass, which parameters must be the tenant, and what was planted to slip through."""

import pytest

from dougong.platform.guard import Guard, TenantWall

OWNED = frozenset({"ticket", "task", "member"})
PLATFORM = frozenset({"tenant", "wakeup"})


@pytest.fixture(params=["sqlite", "postgresql"])
def guard(request: pytest.FixtureRequest) -> Guard:
    return Guard(request.param, OWNED, PLATFORM)


PASSES = {
    "SELECT 1": set(),
    "SELECT slug FROM tenant WHERE id = :id": set(),
    "SELECT tenant_id FROM wakeup WHERE due_at <= :now": set(),
    "SELECT id FROM ticket WHERE tenant_id = :tenant AND id = :id": {"tenant"},
    "SELECT id FROM ticket WHERE (ticket.tenant_id = :tenant) AND (a = 1 OR b = 2)": {"tenant"},
    "SELECT t.id FROM ticket AS t JOIN task k ON k.tenant_id = t.tenant_id AND k.t = t.id WHERE t.tenant_id = :mine": {"mine"},
    "SELECT t.id FROM ticket t LEFT JOIN task k ON k.tenant_id = t.tenant_id WHERE t.tenant_id = :tenant": {"tenant"},
    "SELECT count(*) FROM (SELECT id FROM ticket WHERE tenant_id = :one) AS x": {"one"},
    "SELECT id FROM ticket t WHERE t.tenant_id = :a AND EXISTS (SELECT 1 FROM task WHERE task.tenant_id = t.tenant_id)": {"a"},
    "SELECT id FROM task WHERE tenant_id = :a UNION SELECT id FROM ticket WHERE tenant_id = :b": {"a", "b"},
    "WITH mine AS (SELECT id FROM task WHERE tenant_id = :a) SELECT id FROM mine": {"a"},
    "INSERT INTO ticket (id, tenant_id) VALUES (:id, :tenant) ON CONFLICT DO NOTHING": {"tenant"},
    "INSERT INTO ticket (tenant_id, id) VALUES (:a, :b), (:c, :d)": {"a", "c"},
    "UPDATE task SET state = :state WHERE tenant_id = :tenant AND id = :id": {"tenant"},
    "DELETE FROM task WHERE task.id = :id AND task.tenant_id = :tenant": {"tenant"},
    "INSERT INTO wakeup (tenant_id, due_at) VALUES (:tenant, :now)": set(),
}


@pytest.mark.parametrize("statement", PASSES)
def test_what_binds_the_tenant_passes(guard: Guard, statement: str) -> None:
    assert guard.read(statement).binds == PASSES[statement]


REFUSED = [
    "SELECT id FROM ticket",
    "SELECT id FROM ticket WHERE id = :id",
    "SELECT id FROM ticket WHERE tenant_id = 'acme'",
    "SELECT id FROM ticket WHERE tenant_id = tenant_id",
    "SELECT id FROM ticket WHERE tenant_id <> :tenant",
    "SELECT id FROM ticket WHERE NOT (tenant_id = :tenant)",
    "SELECT id FROM ticket WHERE tenant_id = :tenant OR id = :id",
    "SELECT id FROM ticket WHERE CASE WHEN tenant_id = :tenant THEN 1 ELSE 1 END = 1",
    "SELECT tenant_id = :tenant FROM ticket",
    "SELECT t.id FROM ticket t JOIN task k ON k.ticket_id = t.id WHERE t.tenant_id = :tenant",
    "SELECT t.id FROM ticket t, task k WHERE k.tenant_id = :tenant",
    "SELECT t.id FROM ticket t LEFT JOIN task k ON k.tenant_id = :tenant AND t.tenant_id = k.tenant_id",
    "SELECT t.id FROM ticket t LEFT JOIN task k ON k.tenant_id = t.tenant_id AND t.tenant_id = :tenant",
    "SELECT t.id FROM ticket t LEFT JOIN task k ON k.id = t.id WHERE t.tenant_id = :tenant",
    "SELECT t.id FROM ticket t RIGHT JOIN task k ON k.tenant_id = t.tenant_id WHERE t.tenant_id = :tenant",
    "SELECT t.id FROM ticket t FULL JOIN task k ON k.tenant_id = :tenant AND t.tenant_id = :tenant",
    "SELECT id FROM tenant WHERE id IN (SELECT tenant_id FROM ticket)",
    "SELECT (SELECT count(*) FROM task) FROM ticket WHERE tenant_id = :tenant",
    "SELECT id FROM task WHERE tenant_id = :a UNION ALL SELECT id FROM ticket",
    "WITH mine AS (SELECT id FROM task) SELECT id FROM mine",
    "INSERT INTO ticket (id) VALUES (:id)",
    "INSERT INTO ticket VALUES (:tenant, :id)",
    "INSERT INTO ticket (tenant_id, id) VALUES ('acme', :id)",
    "INSERT INTO ticket (tenant_id, id) VALUES (:tenant, :id), ('globex', :other)",
    "INSERT INTO ticket (tenant_id, id) SELECT tenant_id, id FROM task WHERE tenant_id = :tenant",
    "INSERT INTO wakeup (tenant_id) SELECT tenant_id FROM ticket",
    "UPDATE task SET state = 'done'",
    "UPDATE task SET state = 'done' WHERE id = :id",
    "UPDATE task SET tenant_id = :tenant WHERE id = :id",
    "DELETE FROM task WHERE ticket_id = :ticket",
    "SELECT id FROM every_ticket",
    "SELECT id FROM ticket WHERE tenant_id = :tenant; SELECT id FROM task",
    "SELECT id FROM (",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_what_does_not_is_refused(guard: Guard, statement: str) -> None:
    with pytest.raises(TenantWall):
        guard.read(statement)


def test_an_update_may_not_move_a_row_to_another_tenant(guard: Guard) -> None:
    with pytest.raises(TenantWall):
        guard.read("UPDATE task SET tenant_id = :other WHERE tenant_id = :tenant AND id = :id")


def test_the_value_must_be_the_tenant_of_the_connection(guard: Guard) -> None:
    found = guard.read("SELECT id FROM ticket WHERE tenant_id = :tenant")
    found.admit("acme", {"tenant": "acme"})
    for tenant, asked in (("acme", {"tenant": "globex"}), (None, {"tenant": "acme"}), ("acme", {}), ("acme", {"tenant": None})):
        with pytest.raises(TenantWall):
            found.admit(tenant, asked)


def test_the_parameters_of_psycopg_are_read_too() -> None:
    statement = "SELECT id FROM ticket WHERE ticket.tenant_id = %(tenant_id_1)s::VARCHAR AND ticket.id = %(id)s FOR UPDATE"
    assert Guard("postgresql", OWNED, PLATFORM).read(statement).binds == {"tenant_id_1"}


@pytest.mark.parametrize("order", ["SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT"])
def test_a_savepoint_passes_and_nothing_behind_it(guard: Guard, order: str) -> None:
    assert guard.read(f"{order} sa_savepoint_17").binds == frozenset()
    with pytest.raises(TenantWall):
        guard.read(f"{order} sa_savepoint_17; SELECT id FROM ticket")
