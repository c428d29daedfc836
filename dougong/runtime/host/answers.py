"""The host's answers to the interpreter's questions, within the transaction of the step (`runtime/world.py`)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from dougong.platform import regions
from dougong.platform.store import loads, moment
from dougong.runtime.calendar import answered
from dougong.runtime.settlement import Settlement
from dougong.runtime.world import Question, Unanswered, World

from . import definitions
from .settlement import beside

NOBODY: list[str] = ["admins"]

_HAS_ROLE = """
SELECT 1 FROM binding
LEFT JOIN unit_member ON unit_member.tenant_id = binding.tenant_id AND unit_member.unit_id = binding.unit_id
JOIN member ON member.tenant_id = binding.tenant_id AND member.id = coalesce(binding.member_id, unit_member.member_id)
WHERE binding.tenant_id = :tenant AND binding.role_key = :role AND member.active
"""
_IN_UNIT = """
 AND member.id IN (SELECT place.member_id FROM unit_member AS place WHERE place.tenant_id = :tenant AND place.unit_id = :unit)
"""
_UNITS = "SELECT id, parent_id, regions FROM unit WHERE tenant_id = :tenant ORDER BY code"
_PERSON = "SELECT id FROM member WHERE tenant_id = :tenant AND id = :id AND active"
_IN_ROLE = """
SELECT DISTINCT member.id, member.name FROM binding
LEFT JOIN unit_member ON unit_member.tenant_id = binding.tenant_id AND unit_member.unit_id = binding.unit_id
JOIN member ON member.tenant_id = binding.tenant_id AND member.id = coalesce(binding.member_id, unit_member.member_id)
WHERE binding.tenant_id = :tenant AND binding.role_key = :role AND member.active
"""
_MEMBERS = """
SELECT member.id, member.name FROM unit_member
JOIN member ON member.tenant_id = unit_member.tenant_id AND member.id = unit_member.member_id
WHERE unit_member.tenant_id = :tenant AND unit_member.unit_id = :unit AND member.active
"""
_ADMINS = """
SELECT member.id FROM member_role
JOIN member ON member.tenant_id = member_role.tenant_id AND member.id = member_role.member_id
WHERE member_role.tenant_id = :tenant AND member_role.role = 'tenant_admin' AND member.active
"""
_DEPUTIES = """
SELECT absence.deputy_id, absence.since, absence.until, absence.workflows FROM absence
JOIN member ON member.tenant_id = absence.tenant_id AND member.id = absence.deputy_id
WHERE absence.tenant_id = :tenant AND absence.member_id = :id AND member.active
ORDER BY absence.id
"""
_RECORD = "SELECT data FROM record WHERE tenant_id = :tenant AND id = :id AND entity_key = :entity"


def world(
    connection: Any, tenant: str, zone: str, actor: str | None, now: datetime | None = None, *, workflow: str = ""
) -> World:
    """The world of one step. `now` is the present moment in the tenant's zone; `workflow`: the key of that which steps."""
    present = now or datetime.now(ZoneInfo(zone))

    def answer(question: Question) -> Any:
        match question.kind:
            case "people":
                found = _people(connection, tenant, question.args)
                return {
                    "principals": _with_deputies(connection, tenant, found, present, workflow) or NOBODY,
                    "nobody": not found,
                }
            case "persons":
                return {"persons": _persons(connection, tenant, question.args)}
            case "later":
                return answered(definitions.own_calendar(connection, tenant, zone), question.args)
            case "line_values":
                return line_values(connection, tenant, question.args["settlement"], question.args["values"])
            case "settlement_on":
                return _version(tenant, **question.args)
            case "counted_before":
                return beside.before(connection, tenant, question.args)
            case "drawn_before":
                return beside.drawn(connection, tenant, question.args)
        raise Unanswered(question.kind)

    return World(present, answer, actor, regions.Names(), partial(_published, tenant))


def _version(tenant: str, settlement: str, day: str | None, own: int) -> dict[str, int | None]:
    if definitions.settlement(tenant, settlement) is None:
        return {"version": own}
    found = definitions.settlement_on(tenant, settlement, date.fromisoformat(day) if day else None)
    return {"version": found[2] if found else None}


def _published(tenant: str, key: str, number: int | None) -> Settlement | None:
    found = definitions.settlement(tenant, key, number) if number is not None else None
    return found[0] if found else None


def _people(connection: Any, tenant: str, asked: dict[str, Any]) -> list[str]:
    role, unit = asked.get("role"), asked.get("unit") or _serving(connection, tenant, asked.get("region"))
    match asked["by"]:
        case "customer":
            return ["customer"]
        case "person":
            found = connection.once(_PERSON, {"tenant": tenant, "id": asked["person"]})
            return [f"person:{asked['person']}"] if found else []
        case "role":
            return [f"role:{role}"] if _any(connection, _HAS_ROLE, tenant=tenant, role=role) else []
        case "role_in_unit" if unit:
            near = _near(connection, tenant, role, unit)
            return [f"role:{role}@{near}"] if near else []
        case "unit" if unit:
            return [f"unit:{unit}"] if _any(connection, _MEMBERS, tenant=tenant, unit=unit) else []
        case "unit_head" if unit:
            return _heads(connection, tenant, unit)
        case "nth_head" if unit:
            return _heads(connection, tenant, unit, asked["level"])
        case "heads_up" if unit:
            levels = _heads_above(connection, tenant, unit)[: asked["level"]]
            return list(dict.fromkeys(one for level in levels for one in level))
    return []


def _near(connection: Any, tenant: str, role: str | None, unit: str) -> str | None:
    """The unit in which somebody stands behind the role: this one, else the nearest above it, as for heads."""
    if _any(connection, _HAS_ROLE + _IN_UNIT, tenant=tenant, role=role, unit=unit):
        return unit
    above = islice(_upwards(connection, tenant, unit), 1, None)
    return next((one for one in above if _any(connection, _HAS_ROLE + _IN_UNIT, tenant=tenant, role=role, unit=one)), None)


def _upwards(connection: Any, tenant: str, unit: str | None) -> Iterator[str]:
    """The unit and those above it."""
    parents = {row[0]: row[1] for row in connection.execute(_UNITS, {"tenant": tenant})}
    seen: set[str] = set()
    while unit and unit not in seen:
        seen.add(unit)
        yield unit
        unit = parents.get(unit)


def _serving(connection: Any, tenant: str, region: str | None) -> str | None:
    """The unit that serves a place: the one whose area fits it most closely."""
    best, length = None, 0
    for unit_id, _, raw in connection.execute(_UNITS, {"tenant": tenant}) if region else ():
        for area in loads(raw):
            if region and region.startswith(area) and len(area) > length:
                best, length = unit_id, len(area)
    return best


def _persons(connection: Any, tenant: str, asked: dict[str, Any]) -> list[str]:
    """The same people one by one, by name: the ids of the members behind a role or unit."""
    role, unit = asked.get("role"), asked.get("unit") or _serving(connection, tenant, asked.get("region"))
    match asked["by"]:
        case "role":
            return _ids(connection, _IN_ROLE, tenant=tenant, role=role)
        case "role_in_unit":
            near = _near(connection, tenant, role, unit) if unit else None
            return _ids(connection, _IN_ROLE + _IN_UNIT, tenant=tenant, role=role, unit=near) if near else []
        case "unit":
            return _ids(connection, _MEMBERS, tenant=tenant, unit=unit) if unit else []
    found = (one.partition(":") for one in _people(connection, tenant, asked))
    return [rest for kind, _, rest in found if kind == "person"]


def _ids(connection: Any, statement: str, **asked: Any) -> list[str]:
    return [row[0] for row in sorted(connection.execute(statement, asked).fetchall(), key=lambda row: (row[1], row[0]))]


def _with_deputies(connection: Any, tenant: str, principals: list[str], now: datetime, workflow: str) -> list[str]:
    """待办委托: who stands in for a person at present, in this workflow, may act as well."""
    found = list(principals)
    for one in principals:
        if one.startswith("person:"):
            deputies = connection.once(_DEPUTIES, {"tenant": tenant, "id": one.removeprefix("person:")})
            lasting = [(deputy, loads(keys)) for deputy, since, until, keys in deputies if since <= moment(now) < until]
            found += [f"person:{deputy}" for deputy, keys in lasting if not keys or workflow in keys]
    return list(dict.fromkeys(found))


def _heads(connection: Any, tenant: str, unit: str | None, level: int = 1) -> list[str]:
    """The heads of a unit; where it has none, those of the unit above it (找不到主管时，由上级主管代审批)."""
    chain = _heads_above(connection, tenant, unit)
    return chain[min(level, len(chain)) - 1] if chain else []


def _heads_above(connection: Any, tenant: str, unit: str | None) -> list[list[str]]:
    """The heads of a unit and of those above it, level by level, by name; a unit without heads is no level."""
    members = _MEMBERS + " AND unit_member.head"
    levels = (_ids(connection, members, tenant=tenant, unit=one) for one in _upwards(connection, tenant, unit))
    return [[f"person:{one}" for one in heads] for heads in levels if heads]


def line_values(connection: Any, tenant: str, key: str, values: dict[str, Any]) -> dict[str, Any]:
    """The inputs of a settlement's line, with those that come from the record that another input names."""
    found = definitions.settlement(tenant, key)
    return values if found is None else filled(connection, tenant, found[1], values)


def filled(connection: Any, tenant: str, doc: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The same by the settlement itself."""
    entities = {one["key"]: one.get("config", {}).get("entity") for one in doc["inputs"]}
    given = dict(values)
    for one in doc["inputs"]:
        source = one.get("from")
        if not source or given.get(one["key"]) not in (None, ""):
            continue
        named = given.get(source["input"])
        record_id = named.get("id") if isinstance(named, dict) else named
        asked = {"tenant": tenant, "id": record_id, "entity": entities.get(source["input"])}
        row = connection.execute(_RECORD, asked).fetchone()
        given[one["key"]] = loads(row[0]).get(source["field"]) if row else None
    return given


def members_behind(connection: Any, tenant: str, principals: Iterable[str]) -> set[str]:
    """The ids of the active members whom these principals mean."""
    found: set[str] = set()
    for principal in principals:
        kind, _, rest = principal.partition(":")
        role, _, unit = rest.partition("@")
        statement = _BEHIND.get(kind, "") + (_IN_UNIT if unit else "")
        asked = {"tenant": tenant, "id": rest, "role": role, "unit": unit or rest}
        found.update(row[0] for row in (connection.once(statement, asked) if statement else ()))
    return found


_BEHIND: Final = {"person": _PERSON, "unit": _MEMBERS, "role": _IN_ROLE, "admins": _ADMINS}


def _any(connection: Any, statement: str, **asked: Any) -> bool:
    return connection.execute(statement + " LIMIT 1", asked).fetchone() is not None
