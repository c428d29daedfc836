"""The demo tenants: Acme (家电售后) with the packs that it needs, people and sample data, and Globex, a company of its own.

Loaded once, into a database without tenants. The people are the cast of the tests too: alice designs at Acme, bob works
there, charlie is at Globex and must see nothing of Acme.
"""

import json
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dougong.builder import packing
from dougong.platform import accounts, passwords, people
from dougong.platform.store import db, enter_tenant, transaction
from dougong.platform.tenancy import Tenant, add_tenant
from dougong.runtime.host import definitions, records
from dougong.runtime.host.importing import read_table
from dougong.runtime.host.settlement import batches
from dougong.runtime.settlement import inputs_form

from .tickets import actor, load_past, load_tickets

PASSWORD: Final = "dougong-demo"
PACKS: Final = Path(__file__).parents[2] / "packs"
# What Acme needs; the other packs wait on the shelf.
INSTALLED: Final = ("appliance_repair", "china_calendars", "dealer_rebate", "refund_approval")
ORDERS: Final = PACKS / "demo" / "rebate_orders_2026_10.csv"

ENGINEERS: Final = ("engineer", "senior_engineer")
# email, name, tenant, platform roles, units (code, position, head), roles of the definitions
PEOPLE: Final[list[tuple[str, str, str, tuple[str, ...], tuple[tuple[str, str, bool], ...], tuple[str, ...]]]] = [
    ("alice@acme.example", "林晓 Alice", "acme", ("tenant_admin", "designer"), (("hq", "系统管理员", True),), ()),
    ("bob@acme.example", "赵博 Bob", "acme", ("staff",), (("service", "客服", False),), ("service_desk",)),
    ("emma@acme.example", "周敏 Emma", "acme", ("staff",), (("hq", "24小时班组", False),), ("emergency_team",)),
    ("frank@acme.example", "冯工 Frank", "acme", ("staff",), (("sz-nanshan", "工程师", False),), ENGINEERS),
    ("grace@acme.example", "高洁 Grace", "acme", ("staff",), (("gz-tianhe", "工程师", False),), ENGINEERS),
    ("helen@acme.example", "何经理 Helen", "acme", ("staff",), (("south", "区域经理", True),),
     ("service_manager", "refund_board")),
    ("ivan@acme.example", "伊凡 Ivan", "acme", ("staff",), (("hq", "备件库", False),), ("parts_warehouse",)),
    ("judy@acme.example", "朱迪 Judy", "acme", ("staff",), (("hq", "质检", False),), ("quality_inspector",)),
    ("kevin@acme.example", "柯文 Kevin", "acme", ("staff",), (("service", "主管", True),), ("supervisor", "channel_manager")),
    ("fiona@acme.example", "方芳 Fiona", "acme", ("finance",), (("hq", "财务", False),),
     ("finance", "repair_finance", "refund_board", "refund_finance")),
    ("victor@acme.example", "魏看 Victor", "acme", ("viewer",), (("hq", "总部", False),), ()),
    ("charlie@globex.example", "查理 Charlie", "globex", ("tenant_admin", "finance"), (("hq", "负责人", True),), ()),
]  # fmt: skip

# code, parent, kind, zh, en, regions served
UNITS: Final[dict[str, list[tuple[str, str | None, str, str, str, list[str]]]]] = {
    "acme": [
        ("hq", None, "head_office", "安可美总部", "Acme head office", []),
        ("service", "hq", "department", "客户服务部", "Customer service", []),
        ("south", "hq", "region", "华南区", "South China", ["44", "45", "46"]),
        ("sz-nanshan", "south", "store", "深圳南山服务点", "Shenzhen Nanshan service point", ["4403"]),
        ("gz-tianhe", "south", "store", "广州天河服务点", "Guangzhou Tianhe service point", ["4401"]),
    ],
    "globex": [("hq", None, "head_office", "环球总部", "Globex head office", [])],
}
TENANTS: Final = {
    "acme": {"zh-Hans": "安可美家电", "en": "Acme Appliances"},
    "globex": {"zh-Hans": "环球商贸", "en": "Globex Trading"},
}
OPERATOR: Final = "operator@dougong.example"
ACCOUNTS: Final = [
    *({"email": email, "where": f"{slug:7} {', '.join(roles):24} {name}"} for email, name, slug, roles, _, _ in PEOPLE),
    {"email": OPERATOR, "where": "—       platform operator        平台运营 Operator"},
]


class Loader:
    """Who the audit trail names for what the demo brings."""

    member_id = None
    name = "demo"

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id


def load(tickets: bool = True) -> list[dict[str, str]]:
    """Within an app context. Answers the accounts that were made; none where there are tenants already.

    Without `tickets` nothing has been filed yet: what the tests begin with.
    """
    if db.session.scalar(select(Tenant.id).limit(1)):
        db.session.rollback()
        return []
    made, kept = {}, passwords.hashed(PASSWORD)  # once for all of them: it is made to take long
    with transaction(None) as session:
        accounts.add_account(session, OPERATOR, "平台运营 Operator", None, operator=True).password = kept
        for slug, title in TENANTS.items():
            made[slug] = add_tenant(session, slug, title).id
        for email, name, *_ in PEOPLE:
            accounts.add_account(session, email, name, None).password = kept
    for slug, tenant_id in made.items():
        db.session.remove()
        enter_tenant(tenant_id)
        _people(tenant_id, slug)
        if slug == "acme":
            for name in INSTALLED:
                packing.import_pack(Loader(tenant_id), (PACKS / f"{name}.json").read_bytes())
            _calendar(tenant_id)
            db.session.rollback()
            _data(tenant_id)
            if tickets:
                load_past(tenant_id)
                load_tickets(tenant_id)
    db.session.remove()
    return ACCOUNTS


def _people(tenant_id: str, slug: str) -> None:
    with transaction(tenant_id) as session:
        units: dict[str, str] = {}
        for code, parent, kind, zh, en, regions in UNITS[slug]:
            unit = people.Unit(code=code, kind=kind, name={"zh-Hans": zh, "en": en}, regions=regions)
            unit.parent_id = units[parent] if parent else None
            session.add(unit)
            session.flush()
            units[code] = unit.id
        for email, name, home, roles, places, keys in PEOPLE:
            if home != slug:
                continue
            account = accounts.account_of(session, email)
            assert account is not None
            member = people.add_member(session, account.id, name, email, roles)
            session.add_all(
                people.UnitMember(unit_id=units[code], member_id=member.id, position=position, head=head)
                for code, position, head in places
            )
            session.add_all(people.Binding(role_key=key, member_id=member.id) for key in keys)


def _calendar(tenant_id: str) -> None:
    with transaction(tenant_id) as session:
        session.get_one(Tenant, tenant_id).calendar = "china_workdays"


def _data(tenant_id: str) -> None:
    """Sample records, and the month's orders of the dealers, imported as finance would."""
    for name in INSTALLED:
        load_records(tenant_id, name)
    fiona = actor(tenant_id, "fiona")
    found = definitions.settlement(tenant_id, "dealer_rebate")
    assert found is not None
    raw, now = ORDERS.read_bytes(), fiona.now()
    table = read_table(db.session(), raw, ORDERS.name, inputs_form(found[1]), ZoneInfo(fiona.zone), now)
    assert not table.bad, table.bad[0].errors
    batches.import_lines(fiona, "dealer_rebate", table.good, ORDERS.name)


def load_records(tenant_id: str, pack: str) -> None:
    """The sample records of a pack, where it has some."""
    path = PACKS / "demo" / f"{pack}.json"
    found = json.loads(path.read_text("utf-8"))["records"] if path.exists() else {}
    for entity_key, rows in found.items():
        with transaction(tenant_id) as session:
            for values in rows:
                records.put(session, tenant_id, entity_key, values)
