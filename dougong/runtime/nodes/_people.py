"""Who: by role, role within a unit, unit, head of a unit (the n-th above it, or all up to the n-th), a person in a field, the
initiator, an earlier handler, everybody who has approved, whom the initiator chooses, the customer, or the role that a
decision table names.

A definition names roles, never persons or units; what a role means is bound by the tenant and asked of the world.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..case import Case
from ..config import KEY, UID, Schema, setting
from ..definition import Definition, Node
from ..reason import Reason
from ..values import KIND_TITLES, identity, missing
from ._tables import BY_KEY, check_inputs, decided
from ._type import At

FIELD: Final = setting("字段", "Field", KEY)
ROLE: Final = setting("角色", "Role", KEY)
UNIT: Schema = setting("部门", "Unit", {
    "oneOf": [
        {
            "type": "object", "required": ["of"], "additionalProperties": False,
            "properties": {"of": {"const": "initiator"}},
        },
        *({
            "type": "object", "required": ["of", "field"], "additionalProperties": False,
            "properties": {"of": {"const": of}, "field": FIELD},
        } for of in ("field", "region")),
    ]
})  # fmt: skip


def _one(by: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": ["by", *properties],
        "additionalProperties": False,
        "properties": {"by": {"const": by}, **properties},
    }


def _or_with(one: Schema, **optional: Schema) -> Schema:
    return {**one, "properties": {**one["properties"], **optional}}


LEVEL: Final = setting("第几级", "Level", type="integer", minimum=1, maximum=20)
TABLE: Final = setting("决策表", "Decision table", KEY)
OUTPUT: Final = setting("哪个结果是角色", "Which output names the role", KEY)
_HOW_MANY: Schema = {"type": "integer", "minimum": 0, "maximum": 20}
PEOPLE: Schema = {
    "oneOf": [
        _one("role", role=ROLE),
        _one("role_in_unit", role=ROLE, unit=UNIT),
        _one("unit", unit=UNIT),
        _one("unit_head", unit=UNIT),
        _one("nth_head", unit=UNIT, level=LEVEL),
        _one("heads_up", unit=UNIT, level=LEVEL),
        _one("person_field", field=FIELD),
        _one("initiator"),
        _one("handler", node=setting("节点", "Step", UID)),
        _one("approvers"),
        _or_with(_one("chosen"), role=ROLE, unit=UNIT, least=_HOW_MANY, most=_HOW_MANY),
        _one("customer"),
        _or_with(_one("table", table=TABLE, inputs=BY_KEY, output=OUTPUT), unit=UNIT),
    ]
}


LISTED: Final = frozenset({"approvers", "chosen"})  # persons that the case remembers: each is asked for by himself


def people(at: At, who: Mapping[str, Any]) -> list[str]:
    """The principals who may do it, as the world answers: "person:<id>", "role:<key>", "role:<key>@<unit id>", "unit:<id>",
    "customer".

    Where nobody is found the world names who looks after the workflow instead (转交流程管理员).
    """
    if who["by"] in LISTED:
        found = [one for person in _listed(at, who) for one in person_principals(at, person)]
        return list(dict.fromkeys(found)) or admins(at)
    answer = at.world.ask("people", **_resolved(at, who))
    if answer["nobody"]:
        at.world.note("nobody", node=at.node.uid)
    return list(answer["principals"])


def admins(at: At) -> list[str]:
    """Who looks after the workflow, where nobody is found for a step."""
    at.world.note("nobody", node=at.node.uid)
    return list(at.world.ask("people", by="nobody")["principals"])


def persons(at: At, who: Mapping[str, Any]) -> list[str]:
    """The same, one by one: the ids of the members behind it, in the order of their names."""
    listed = who["by"] in LISTED
    asked = [{"by": "person", "person": one} for one in _listed(at, who)] if listed else [_resolved(at, who)]
    return [one for question in asked for one in at.world.ask("persons", **question)["persons"]]


def _listed(at: At, who: Mapping[str, Any]) -> list[str]:
    """The persons whom the case itself remembers."""
    if who["by"] == "chosen":
        return list(at.case.memo.get(f"chosen:{at.node.uid}", ()))
    return approved_by(at.case)


def approved_by(case: Case) -> list[str]:
    """Everybody who has approved it so far; of a ticket that is to be revoked, whoever had approved it when it ended."""
    known = case.memo.get("revoking", case.memo).get("agreed") or {}
    return [one for one in known.get("ever", ()) if one]


def person_principals(at: At, person: str) -> list[str]:
    """Who may act for that person: himself, and who stands in for him now. Nobody, if there is no such member any more."""
    answer = at.world.ask("people", by="person", person=person)
    return [] if answer["nobody"] else list(answer["principals"])


def _resolved(at: At, who: Mapping[str, Any]) -> dict[str, Any]:
    """The question without fields of the ticket in it: only what the world knows."""
    asked: dict[str, Any] = {"by": who["by"]}
    match who["by"]:
        case "person_field":
            asked = {"by": "person", "person": _value(at, who["field"])}
        case "initiator":
            asked = {"by": "person", "person": (at.case.initiator or "").removeprefix("person:") or None}
        case "handler":
            did = at.case.handlers.get(who["node"])
            if did is None and who["node"] == at.definition.start.uid:
                did = at.case.initiator  # who has filed it, and had it never again
            asked = {"by": "person", "person": (did or "").removeprefix("person:") or None}
        case "table":
            role = decided(at, who["table"], who["inputs"]).values.get(who["output"])
            asked = {"by": "role_in_unit" if "unit" in who else "role", "role": role}
    for name in ("role", "level"):
        if name in who:
            asked[name] = who[name]
    if unit := who.get("unit"):
        match unit["of"]:
            case "initiator":
                asked["unit"] = at.case.unit
            case "field":
                asked["unit"] = _value(at, unit["field"])
            case "region":
                place = at.case.data.get(unit["field"])
                asked["region"] = place.get("region") if isinstance(place, dict) else place
    return asked


def _value(at: At, field: str) -> str | None:
    value = at.case.data.get(field)
    return None if missing(value) else identity(value)


def check_people(
    definition: Definition, who: Mapping[str, Any], pointer: str, kinds: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Reason]]:
    """Fields that do not exist or hold something else; steps that are not there. `kinds`: of what may be named there."""
    unit = who.get("unit") or {}
    wanted = {"person_field": ("person", who.get("field"))}.get(who.get("by", ""))
    wanted = wanted or {"field": ("unit", unit.get("field")), "region": ("region", unit.get("field"))}.get(unit.get("of", ""))
    if wanted and (definition.kinds if kinds is None else kinds).get(wanted[1] or "") != wanted[0]:
        yield pointer, Reason("check.field_of_kind", {"field": wanted[1] or "", "kind": KIND_TITLES[wanted[0]]})
    if who.get("by") == "handler":
        found = definition.node.get(who["node"])
        if found is None or found.type not in ("user_task", "approval", "start"):
            yield pointer, Reason("check.no_such_step", {"node": who["node"]})
    if who.get("by") == "chosen":
        yield from ((pointer, reason) for reason in _check_chosen(definition, who, pointer))
    if who.get("by") == "table":
        yield from ((f"{pointer}{where}", reason) for where, reason in _check_table(definition, who))


def _check_chosen(definition: Definition, who: Mapping[str, Any], pointer: str) -> Iterator[Reason]:
    """They are chosen for who does a step, by members who file the ticket."""
    if pointer != "/who":
        yield Reason("check.chosen_only_who")
    if who.get("least", 1) > who.get("most", 20) or who.get("most", 20) < 1:
        yield Reason("check.chosen_how_many")
    if any(node.type == "start" and node.config.get("public") for node in definition.nodes):
        yield Reason("check.chosen_by_customers")


def _check_table(definition: Definition, who: Mapping[str, Any]) -> Iterator[tuple[str, Reason]]:
    table = definition.tables.get(who["table"])
    if table is None:
        yield "/table", Reason("check.no_such_table", {"table": who["table"]})
        return
    yield from check_inputs(definition, table, who["inputs"])
    if who["output"] not in table.outputs:
        yield "/output", Reason("check.no_such_output", {"output": who["output"]})
    elif who["output"] not in table.roles or table.lists:
        yield "/output", Reason("check.output_names_no_role", {"output": who["output"]})


def check_node_people(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    for name in ("who", "to"):
        if who := node.config.get(name):
            yield from check_people(definition, who, f"/{name}", definition.kinds_at(node))
