"""What the world answers within a step: who is asked one after the other stands in the same order on every store."""

from typing import Any

from sqlalchemy import select, update

from dougong.platform.people import Binding, Member, Unit, UnitMember
from dougong.platform.store import driver_reading, transaction
from dougong.runtime.host import answers
from tests.cast import Cast

HEADS = {"kevin": "丙", "bob": "甲", "emma": "乙"}  # in the order in which they became heads


def test_the_heads_of_a_unit_stand_by_name(cast: Cast) -> None:
    tenant = cast.tenants["acme"]
    with cast.reading() as session:
        unit = session.scalars(select(Unit.id).where(Unit.parent_id.is_(None))).one()
    ids = {name: cast.member_id(name) for name in HEADS}
    with cast.app.app_context(), transaction(tenant) as session:
        for row in session.scalars(select(UnitMember).where(UnitMember.unit_id == unit)):
            session.delete(row)
        session.flush()
        for name, called in HEADS.items():
            session.execute(update(Member).where(Member.id == ids[name]).values(name=called))
            session.add(UnitMember(unit_id=unit, member_id=ids[name], head=True))
            session.flush()
    asked: dict[str, Any] = {"by": "unit_head", "unit": unit}
    with cast.reading(), driver_reading(tenant) as connection:
        found = answers.world(connection, tenant, "Asia/Shanghai", None).ask("people", **asked)
    assert found == {"principals": [f"person:{ids[name]}" for name in ("kevin", "emma", "bob")], "nobody": False}


def test_a_role_within_a_unit_is_looked_for_upwards(cast: Cast) -> None:
    """Those of the region look after its stores."""
    tenant, bob, kevin = cast.tenants["acme"], cast.member_id("bob"), cast.member_id("kevin")
    with cast.app.app_context(), transaction(tenant) as session:
        for place in session.scalars(select(UnitMember).where(UnitMember.member_id.in_((bob, kevin)))):
            session.delete(place)
        ids = {unit.code: unit.id for unit in session.scalars(select(Unit))}
        session.add_all(Binding(role_key="caller", member_id=one) for one in (bob, kevin))
        session.add_all((UnitMember(unit_id=ids["south"], member_id=bob), UnitMember(unit_id=ids["hq"], member_id=kevin)))
    asked: dict[str, Any] = {"by": "role_in_unit", "role": "caller", "unit": ids["sz-nanshan"]}
    with cast.reading(), driver_reading(tenant) as connection:
        world = answers.world(connection, tenant, "Asia/Shanghai", None)
        assert world.ask("people", **asked) == {"principals": [f"role:caller@{ids['south']}"], "nobody": False}
        assert world.ask("persons", **asked) == {"persons": [bob]}
        assert world.ask("people", **{**asked, "role": "nobody"})["nobody"]
