"""Checks of a settlement: its columns, its rules, its tiers, its terms and its shares."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from dougong import schemas
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from dougong.runtime.tiers import MODELS
from dougong.runtime.values import KIND_TITLES, comparable

Doc = Mapping[str, Any]
Refs = Mapping[tuple[str, str], Doc]


def problems(doc: Doc, refs: Refs) -> Iterator[Problem]:
    yield from _inputs(doc, refs)
    kinds = {one["key"]: FIELD_TYPES[one["type"]].kind for one in doc["inputs"] if one["type"] in FIELD_TYPES}
    yield from _named(doc, kinds)
    for name in ("line", "statement"):
        if name in doc:
            yield from _table(doc[name], name, kinds)
    if "line" not in doc and "statement" not in doc:
        yield Problem(Reason("check.no_table"))
    for index, term in enumerate(doc.get("terms", ())):
        yield from _when(term, doc.get("term_dimensions", ()), kinds, f"/terms/{index}")
        tax = term["tax"]
        if tax["kind"] in ("inclusive", "exclusive") and "rate" not in tax:
            yield Problem(Reason("check.tax_without_rate"), fields=(term["uid"],), path=f"/terms/{index}/tax")
    yield from _shares(doc)
    if doc.get("approval") and ("workflow", doc["approval"]) not in refs:
        yield Problem(Reason("check.no_such_workflow", {"workflow": doc["approval"]}), path="/approval")


def _inputs(doc: Doc, refs: Refs) -> Iterator[Problem]:
    counts = Counter(one["key"] for one in doc["inputs"])
    named = {one["key"]: one.get("config", {}).get("entity") for one in doc["inputs"]}
    entities = {key: entity for key, entity in named.items() if isinstance(entity, str)}
    for index, one in enumerate(doc["inputs"]):
        path, where = f"/inputs/{index}", (one["uid"],)
        if counts[one["key"]] > 1:
            yield Problem(Reason("check.doubled_key", {"key": one["key"]}), path=f"{path}/key", fields=where)
        kind = FIELD_TYPES.get(one["type"])
        if kind is None or kind.kind not in ("text", "number", "date", "choice", "region", "record", "boolean"):
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


def _named(doc: Doc, kinds: Mapping[str, str]) -> Iterator[Problem]:
    for name, wanted in (("partner", None), ("date", "date"), ("line_id", None)):
        key = doc.get(name)
        if key is not None and key not in kinds:
            yield Problem(Reason("check.no_such_input", {"input": key}), path=f"/{name}")
        elif key is not None and wanted and kinds[key] != wanted:
            yield Problem(Reason("check.field_of_kind", {"field": key, "kind": KIND_TITLES[wanted]}), path=f"/{name}")


def _table(table: Doc, name: str, kinds: Mapping[str, str]) -> Iterator[Problem]:
    for index, dimension in enumerate(table["dimensions"]):
        if dimension["input"] not in kinds:
            yield Problem(Reason("check.no_such_input", {"input": dimension["input"]}), path=f"/{name}/dimensions/{index}")
    if not table["rules"]:
        yield Problem(Reason("check.no_rules"), path=f"/{name}/rules")
    for index, rule in enumerate(table["rules"]):
        path = f"/{name}/rules/{index}"
        yield from _when(rule, table["dimensions"], kinds, path)
        yield from _charge(rule, name, kinds, f"{path}/charge")
    open_rules = [index for index, rule in enumerate(table["rules"]) if not rule["when"]]
    if open_rules and open_rules[0] < len(table["rules"]) - 1:
        late = table["rules"][open_rules[0] + 1]
        yield Problem(
            Reason("check.unreachable_rule"),
            "warning",
            fields=(late["uid"],),
            path=f"/{name}/rules/{open_rules[0] + 1}",
        )


def _when(rule: Doc, dimensions: Any, kinds: Mapping[str, str], path: str) -> Iterator[Problem]:
    inputs = {one["uid"]: one["input"] for one in dimensions}
    for uid, cell in rule["when"].items():
        where, at = (rule["uid"],), f"{path}/when/{uid}"
        if uid not in inputs:
            yield Problem(Reason("check.no_such_dimension", {"dimension": uid}), fields=where, path=at)
            continue
        kind = kinds.get(inputs[uid], "text")
        bounds = [cell[how] for how in ("from", "below") if how in cell]
        if bounds and kind not in ("number", "date"):
            yield Problem(Reason("check.range_needs_number", {"input": inputs[uid]}), fields=where, path=at)
            continue
        try:
            found = [comparable(bound, kind) for bound in bounds]
        except ValueError:
            yield Problem(Reason("check.range_needs_number", {"input": inputs[uid]}), fields=where, path=at)
            continue
        if len(found) == 2 and found[0] >= found[1]:
            yield Problem(Reason("check.empty_range", {"from": cell["from"], "below": cell["below"]}), fields=where, path=at)


def _charge(rule: Doc, table: str, kinds: Mapping[str, str], path: str) -> Iterator[Problem]:
    charge, where = rule["charge"], (rule["uid"],)
    model = MODELS.get(charge["model"])
    if model is None:
        yield Problem(Reason("settle.unknown_model", {"model": charge["model"]}), path=f"{path}/model", fields=where)
        return
    for part in model.asks:
        if part not in charge:
            yield Problem(Reason("settle.incomplete_rule", {"part": part}), path=f"{path}/{part}", fields=where)
    for name in ("measure", "qualifier"):
        summed = charge.get(name, {}).get("sum")
        if summed is not None and kinds.get(summed) != "number":
            yield Problem(
                Reason("check.field_of_kind", {"field": summed, "kind": KIND_TITLES["number"]}),
                path=f"{path}/{name}",
                fields=where,
            )
        if charge.get(name, {}).get("lines") and table == "line":
            yield Problem(Reason("check.measure_of_lines"), path=f"{path}/{name}", fields=where)
    if model.measured and "measure" not in charge:
        yield Problem(Reason("settle.incomplete_rule", {"part": "measure"}), path=f"{path}/measure", fields=where)
    if "tiers" in model.asks and "tiers" in charge:
        yield from _tiers(charge["tiers"], model.tier_asks, rule["uid"], f"{path}/tiers")


def _tiers(tiers: list[Doc], asks: tuple[str, ...], rule: str, path: str) -> Iterator[Problem]:
    """Rising bounds, the last one open, every row complete."""
    last: Decimal | None = Decimal(0)
    for index, tier in enumerate(tiers):
        where, at = (rule, tier["uid"]), f"{path}/{index}"
        for part in asks:
            if part not in tier:
                yield Problem(Reason("settle.incomplete_rule", {"part": part}), fields=where, path=at)
        below = Decimal(tier["below"]) if tier.get("below") is not None else None
        if last is None:
            yield Problem(Reason("check.tier_after_open_end"), fields=where, path=at)
        elif below is not None and below <= last:
            yield Problem(
                Reason("check.tiers_not_rising", {"found": tier["below"], "before": str(last)}), fields=where, path=at
            )
        last = below
    if last is not None:
        yield Problem(Reason("check.no_open_end"), fields=(rule, tiers[-1]["uid"]), path=f"{path}/{len(tiers) - 1}")


def _shares(doc: Doc) -> Iterator[Problem]:
    shares = doc.get("shares", ())
    total = sum((Decimal(one["percent"]) for one in shares), Decimal(0))
    if shares and total != 100:
        yield Problem(Reason("check.shares_not_100", {"found": str(total)}), path="/shares")
