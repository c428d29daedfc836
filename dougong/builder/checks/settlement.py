"""Checks of a settlement: its columns, its rules and what they cover, its terms and pools, and the days on which they hold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from dougong import schemas
from dougong.runtime.calendar import zone_named
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.operators import OPERATORS
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from dougong.runtime.rules import problems as condition_problems
from dougong.runtime.rules import rules_of
from dougong.runtime.settlement import Settlement, inputs_form
from dougong.runtime.settlement.rounding import EXACT
from dougong.runtime.settlement.rules import table_of
from dougong.runtime.settlement.windows import read_day
from dougong.runtime.values import KIND_TITLES, comparable, plain

from . import charges, covering, currencies, exchange, readable, shares

Doc = Mapping[str, Any]
Refs = Mapping[tuple[str, str], Doc]
Kinds = Mapping[str, str]
WHOLE: Final = 100  # percent
POOL, RATES = frozenset({"measure", "budget"}), frozenset({"percent", "rate"})
INPUT_KINDS: Final = ("text", "number", "date", "datetime", "choice", "region", "record", "person", "unit", "boolean")


def problems(doc: Doc, refs: Refs) -> Iterator[Problem]:
    columns = list(_inputs(doc, refs))
    yield from columns
    kinds = days(doc)
    found = [*_whole(doc, kinds), *_rules(doc, kinds), *_terms(doc, kinds), *_pools(doc, kinds)]
    yield from found
    yield from exchange.problems(doc, kinds)
    yield from () if columns else currencies.unknown(doc)
    yield from () if columns else exchange.missing_rates(doc)
    yield from shares.problems(doc, kinds)
    for name in ("approval", "query"):
        if doc.get(name) and ("workflow", doc[name]) not in refs:
            yield Problem(Reason("check.no_such_workflow", {"workflow": doc[name]}), path=f"/{name}")
    if not columns:
        yield from despite(doc, refs) if any(one.severity == "error" for one in found) else _covering(doc)


def despite(doc: Doc, refs: Refs) -> Iterator[Problem]:
    """What the rules that can be read cover, whatever is wrong elsewhere: who mends one thing sees the next at once."""
    bare = readable.readable(doc)
    if bare is None or any(_inputs(bare, refs)):
        return
    kinds = days(bare)
    if any(_whole(bare, kinds)):
        return
    for name in bare.keys() & {"line", "statement"}:
        table, top = bare[name], f"/{name}/rules"
        table["rules"] = [one for one in table["rules"] if not any(_fits(one, table["dimensions"], kinds, ""))]
        whole = len(table["rules"]) == len(doc[name]["rules"])
        found = table_of(table, kinds, bare["partner"], bare["date"])
        if found is not None and (paths := _paths(doc[name]["rules"], top)):
            rules = covering.Rules(found.rules, found.policy, inputs_form(bare).fields, paths)
            yield from covering.problems(rules, "check.line_gap" if whole and name == "line" else None, top)


def _paths(rows: Sequence[Doc], top: str) -> dict[str, str]:
    return {one["uid"]: f"{top}/{index}" for index, one in enumerate(rows) if isinstance(one, dict) and "uid" in one}


def days(doc: Doc) -> dict[str, str]:
    """The kinds of the inputs. A moment counts as the day that it is in the zone of the settlement."""
    fields = {one["key"]: FIELD_TYPES[one["type"]].kind for one in doc["inputs"] if one["type"] in FIELD_TYPES}
    return {key: "date" if kind == "datetime" else kind for key, kind in fields.items()}


def _inputs(doc: Doc, refs: Refs) -> Iterator[Problem]:
    counts = Counter(one["key"] for one in doc["inputs"])
    named = {one["key"]: one.get("config", {}).get("entity") for one in doc["inputs"]}
    entities = {key: entity for key, entity in named.items() if isinstance(entity, str)}
    for index, one in enumerate(doc["inputs"]):
        path, where = f"/inputs/{index}", (one["uid"],)
        if counts[one["key"]] > 1:
            yield Problem(Reason("check.doubled_key", {"key": one["key"]}), path=f"{path}/key", fields=where)
        kind = FIELD_TYPES.get(one["type"])
        if kind is None or kind.computed or kind.kind not in INPUT_KINDS:
            yield Problem(Reason("check.unknown_field_type", {"type": one["type"]}), path=f"{path}/type", fields=where)
            continue
        for at, code, params in schemas.errors(schemas.config_validator(kind.config), one.get("config", {}), f"{path}/config"):
            yield Problem(Reason(code, params), path=at, fields=where)
        if (entity := entities.get(one["key"])) and ("entity", entity) not in refs:
            yield Problem(Reason("check.no_such_entity", {"entity": entity}), path=f"{path}/config/entity", fields=where)
        if source := one.get("from"):
            looked_in = refs.get(("entity", entities.get(source["input"], "")), {})
            known = {field["key"] for section in looked_in.get("sections", ()) for field in section["fields"]}
            if source["field"] not in known:
                yield Problem(Reason("check.no_such_field", {"field": source["field"]}), path=f"{path}/from", fields=where)


def _whole(doc: Doc, kinds: Kinds) -> Iterator[Problem]:
    for name, wanted in (("partner", None), ("date", "date"), ("line_id", None)):
        key = doc.get(name)
        if key is not None and key not in kinds:
            yield Problem(Reason("check.no_such_input", {"input": key}), path=f"/{name}")
        elif key is not None and wanted and kinds[key] != wanted:
            yield Problem(Reason("check.field_of_kind", {"field": key, "kind": KIND_TITLES[wanted]}), path=f"/{name}")
    if "zone" in doc and zone_named(doc["zone"]) is None:
        yield Problem(Reason("check.no_such_zone", {"zone": doc["zone"]}), path="/zone")
    yield from _valid(doc, (), "")
    yield from (Problem(reason, path="/contract") for reason in charges.windowed(doc, doc.get("contract", {}), kinds))
    limits = doc.get("limits", {})
    if "min" in limits and "max" in limits and Decimal(limits["min"]) > Decimal(limits["max"]):
        yield Problem(Reason("check.limits_crossed", dict(limits)), path="/limits")


def _valid(one: Doc, where: tuple[str, ...], path: str) -> Iterator[Problem]:
    """Days that there are, the first before the last."""
    valid = one.get("valid", {})
    read = {name: read_day(day) for name, day in valid.items()}
    for name, day in read.items():
        if day is None:
            yield Problem(Reason("check.no_such_day", {"day": valid[name]}), fields=where, path=f"{path}/valid/{name}")
    start, end = read.get("from"), read.get("below")
    if start and end and start >= end:
        yield Problem(
            Reason("check.empty_range", {"from": valid["from"], "below": valid["below"]}), fields=where, path=f"{path}/valid"
        )


def _rules(doc: Doc, kinds: Kinds) -> Iterator[Problem]:
    if "line" not in doc and "statement" not in doc:
        yield Problem(Reason("check.no_table"))
    for name in ("line", "statement"):
        if name not in doc:
            continue
        table = doc[name]
        for index, dimension in enumerate(table["dimensions"]):
            if dimension["input"] not in kinds:
                yield Problem(Reason("check.no_such_input", {"input": dimension["input"]}), path=f"/{name}/dimensions/{index}")
        if not table["rules"]:
            yield Problem(Reason("check.no_rules"), path=f"/{name}/rules")
        for index, rule in enumerate(table["rules"]):
            path = f"/{name}/rules/{index}"
            yield from _fits(rule, table["dimensions"], kinds, path)
            yield from charges.problems(rule, name, kinds, f"{path}/charge")


def _terms(doc: Doc, kinds: Kinds) -> Iterator[Problem]:
    for index, term in enumerate(doc.get("terms", ())):
        yield from _fits(term, doc.get("term_dimensions", ()), kinds, f"/terms/{index}")
        tax = term["tax"]
        if tax["kind"] in ("inclusive", "exclusive") and "rate" not in tax:
            yield Problem(Reason("check.tax_without_rate"), fields=(term["uid"],), path=f"/terms/{index}/tax/rate")
        if (rate := Decimal(tax.get("rate", "0"))) > WHOLE:
            reason = Reason("check.tax_above_all", {"found": plain(rate)})
            yield Problem(reason, "warning", fields=(term["uid"],), path=f"/terms/{index}/tax/rate")
        if tax["kind"] == "inclusive" and rate and doc.get("rounding", {}).get("tax", {}).get("mode") == EXACT:
            yield Problem(Reason("check.tax_not_rounded"), fields=(term["uid"],), path="/rounding/tax/mode")


def _pools(doc: Doc, kinds: Kinds) -> Iterator[Problem]:
    for index, pool in enumerate(doc.get("pools", ())):
        where, path = (pool["uid"],), f"/pools/{index}"
        yield from _fits(pool, doc.get("term_dimensions", ()), kinds, path)
        if POOL - pool.keys() or not RATES & pool.keys():
            yield Problem(Reason("check.pool_incomplete"), fields=where, path=path)
        for reason in charges.measured(pool["measure"], "line", kinds) if "measure" in pool else ():
            yield Problem(reason, fields=where, path=f"{path}/measure")


def _fits(rule: Doc, dimensions: Sequence[Doc], kinds: Kinds, path: str) -> Iterator[Problem]:
    """Its cells, its days, its condition."""
    inputs, where = {one["uid"]: one["input"] for one in dimensions}, (rule["uid"],)
    for uid, cell in rule.get("when", {}).items():
        at = f"{path}/when/{uid}"
        if uid not in inputs:
            yield Problem(Reason("check.no_such_dimension", {"dimension": uid}), fields=where, path=at)
        elif reason := _range(cell, inputs[uid], kinds.get(inputs[uid], "text")):
            yield Problem(reason, fields=where, path=at)
    yield from _valid(rule, where, path)
    for _, reason in condition_problems(rule.get("condition"), kinds):
        yield Problem(reason, fields=where, path=f"{path}/condition")
    for one in rules_of(rule.get("condition")):
        operator = OPERATORS.get(one.get("operator", ""))
        if operator and operator.clock:  # what a line is worth must not depend on the day on which it is calculated
            params = {"field": one["field"], "operator": operator.title}
            yield Problem(Reason("condition.no_clock", params), fields=where, path=f"{path}/condition")


def _range(cell: Doc, name: str, kind: str) -> Reason | None:
    bounds = [cell[how] for how in ("from", "below") if how in cell]
    try:
        found = [comparable(bound, kind) for bound in bounds if kind in ("number", "date")]
    except ValueError:
        found = []
    if len(found) < len(bounds):
        return Reason("check.range_needs_number", {"input": name})
    if len(found) == 2 and found[0] >= found[1]:
        return Reason("check.empty_range", {"from": cell["from"], "below": cell["below"]})
    return None


def _covering(doc: Doc) -> Iterator[Problem]:
    settlement, fields = Settlement.from_json(doc), inputs_form(doc).fields

    # A line without a price cannot be settled; one to which a month adds nothing may be as it should be.
    for name, table, gap in (("line", settlement.line, "check.line_gap"), ("statement", settlement.statement, None)):
        if table is not None:
            top = f"/{name}/rules"
            rules = covering.Rules(table.rules, table.policy, fields, _paths(doc[name]["rules"], top))
            yield from covering.problems(rules, gap, top)
            if name == "statement":
                asked = {one["input"]: one["uid"] for one in doc[name]["dimensions"]}
                yield from covering.left_out(rules, asked)
                yield from covering.slits(doc[name]["rules"], asked, fields)
    yield from currencies.problems(doc, settlement, fields)
    terms = [rule for rule, _ in settlement.terms]
    yield from covering.problems(
        covering.Rules(terms, "first", fields, _paths(doc.get("terms", ()), "/terms")), "check.terms_gap", "/terms"
    )
