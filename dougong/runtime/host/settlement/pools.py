"""What of a settlement's elastic pools is gone: drawn when a line is counted, first come first; a reversal gives it back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from dougong.platform.engines import Driver
from dougong.platform.store import Base, TenantTable, db
from dougong.runtime.settlement import Line, Rated, Settlement, drawn, parts_json, text
from dougong.runtime.settlement.pools import Paid, draw

_OPEN = """
INSERT INTO pool (tenant_id, settlement_key, uid, gone) VALUES (:tenant, :key, :uid, '0')
ON CONFLICT (tenant_id, settlement_key, uid) DO NOTHING
"""
_GONE = "SELECT gone FROM pool WHERE tenant_id = :tenant AND settlement_key = :key AND uid = :uid"
_SET = "UPDATE pool SET gone = :gone WHERE tenant_id = :tenant AND settlement_key = :key AND uid = :uid"


class Pool(TenantTable, Base):
    """`gone`: the sum of what stands on the lines of the ledger, over all versions of the settlement; a decimal text."""

    __tablename__ = "pool"

    settlement_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    uid: Mapped[str] = mapped_column(String(40), primary_key=True)
    gone: Mapped[str] = mapped_column(String(40))


def gone(connection: Driver, tenant: str, settlement: Settlement) -> dict[str, Decimal]:
    """What of each pool is gone; nobody else draws from them until this transaction has ended. In the order of their ids."""
    return {uid: _held(connection, tenant, settlement.key, uid) for uid in sorted(pool.rule.uid for pool in settlement.pools)}


def left(doc: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each pool of a settlement: its title, its budget, what is gone of it and what is left."""
    rows = db.session.scalars(select(Pool).where(Pool.settlement_key == doc["key"]))
    known = {row.uid: Decimal(row.gone) for row in rows}
    found = []
    for one in doc.get("pools", ()):
        spent, budget = known.get(one["uid"], Decimal(0)), Decimal(one["budget"])
        title = one.get("title") or {"zh-Hans": one["uid"]}
        found.append({"title": title, "budget": text(budget), "gone": text(spent), "left": text(budget - spent)})
    return found


def drawing(
    connection: Driver, tenant: str, settlement: Settlement, line: dict[str, Any], before: Mapping[str, Decimal]
) -> dict[str, Any]:
    """The line with what the pools add to it; what is gone then is kept."""
    rated = Rated(Decimal(line["amount"]), line["currency"], line["rule"], ())
    [paid], after = draw(settlement, [Paid(Line(line["values"], rated.amount), rated)], before)
    for uid, now in after.items():
        if now != before[uid]:
            _keep(connection, tenant, settlement.key, uid, now)
    return {**line, "amount": text(paid.rated.amount), "parts": [*line["parts"], *parts_json(paid.rated.parts)]}


def take(connection: Driver, tenant: str, key: str, parts: list[Any]) -> None:
    """What a line has drawn already is gone; a line that takes another back gives it back."""
    for uid, amount in sorted(drawn([{"parts": parts}]).items()):
        if amount:
            _keep(connection, tenant, key, uid, _held(connection, tenant, key, uid) + amount)


def _held(connection: Driver, tenant: str, key: str, uid: str) -> Decimal:
    asked = {"tenant": tenant, "key": key, "uid": uid}
    connection.execute(_OPEN, asked)
    row = connection.execute(_GONE + (" FOR UPDATE" if connection.locks_rows else ""), asked).fetchone()
    return Decimal(row[0])


def _keep(connection: Driver, tenant: str, key: str, uid: str, now: Decimal) -> None:
    connection.execute(_SET, {"tenant": tenant, "key": key, "uid": uid, "gone": format(now, "f")})
