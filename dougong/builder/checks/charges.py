"""Checks of what rules charge: the figures a model asks, what is measured over which lines, the tiers, their cliffs (跳档)."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from dougong.runtime.formula import compile_formula
from dougong.runtime.functions import FormulaFault
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from dougong.runtime.settlement.charging import parts_of, total_of
from dougong.runtime.settlement.rounding import exactly
from dougong.runtime.settlement.rules import Pricing
from dougong.runtime.settlement.sentences import grouped
from dougong.runtime.tiers import MODELS
from dougong.runtime.tiers._type import FIGURES, PARTS, TierModel
from dougong.runtime.values import KIND_TITLES, plain

Doc = Mapping[str, Any]
Kinds = Mapping[str, str]
STEP: Final = Decimal("0.01")  # how far below a bound an example stands
CENT: Final = Decimal("0.01")  # to which an example is told
NEEDED: Final = {"rolling": "days", "contract": "since"}  # what a window of that period must say


def problems(rule: Doc, table: str, kinds: Kinds, path: str) -> Iterator[Problem]:
    charge = rule["charge"]
    found = list(_found(charge, table, kinds))
    for at, reason in found:
        yield Problem(reason, fields=(rule["uid"],), path=f"{path}/{at}")
    if table == "line" and Pricing.from_json(charge, kinds, "").looks_ahead:
        yield Problem(Reason("settle.line_depends_on_others"), "warning", fields=(rule["uid"],), path=f"{path}/measure")
    if "target" in charge and charge["target"] == charge.get("measure"):
        yield Problem(Reason("check.target_is_measure"), "warning", fields=(rule["uid"],), path=f"{path}/target")
    model = MODELS.get(charge["model"])
    if model is None or "tiers" not in charge or "tiers" not in model.asks:
        return
    wrong = list(_tiers(charge, model, rule["uid"], f"{path}/tiers"))
    yield from wrong
    if not found and not wrong and model.whole and set(model.asks) == {"tiers"} and "qualifier" not in charge:
        yield from _cliffs(charge, kinds, rule["uid"], f"{path}/tiers")


def _found(charge: Doc, table: str, kinds: Kinds) -> Iterator[tuple[str, Reason]]:
    """(place in the charge, reason)."""
    model = MODELS.get(charge["model"])
    if model is None:
        yield "model", Reason("settle.unknown_model", {"model": charge["model"]})
        return
    for part in (*model.asks, *(("measure",) if model.measured else ())):
        if part not in charge:
            yield part, Reason("settle.incomplete_rule", {"part": PARTS[part]})
    for part in FIGURES:
        if part in charge and part not in (*model.asks, *model.may):
            yield part, Reason("check.figure_not_taken", {"figure": FIGURES[part], "model": model.title})
    yield from _figures(charge)
    if charge.get("blocks") == "part" and "size" in charge and not model.per_unit:
        yield "blocks", Reason("check.part_of_blocks", {"model": model.title})
    for name in ("measure", "qualifier", "target"):
        if name in charge:
            yield from ((name, reason) for reason in measured(charge[name], table, kinds))
    yield from _of_lines(charge, table, kinds)


def _figures(figures: Doc) -> Iterator[tuple[str, Reason]]:
    """Of a charge or a tier, by themselves."""
    if "size" in figures and not Decimal(figures["size"]):
        yield "size", Reason("check.size_is_zero")
    if "min" in figures and "max" in figures and Decimal(figures["min"]) > Decimal(figures["max"]):
        yield "min", Reason("check.limits_crossed", {"min": figures["min"], "max": figures["max"]})


def _of_lines(charge: Doc, table: str, kinds: Kinds) -> Iterator[tuple[str, Reason]]:
    """What only a line can have: days, and what it adds to others."""
    for name in ("marginal", "prorate"):
        if charge.get(name) and table != "line":
            yield name, Reason("check.only_of_lines")
    if charge.get("marginal") and "over" not in charge.get("measure", {}):
        yield "marginal", Reason("check.marginal_without_window")
    if charge.get("own_limits") and not charge.get("marginal"):
        yield "own_limits", Reason("check.own_limits_without_marginal")
    for name in ("from", "to"):
        key = charge.get("prorate", {}).get(name)
        if key is not None:
            yield from (("prorate", reason) for reason in _is(key, "date", kinds))


def measured(measure: Doc, table: str, kinds: Kinds) -> Iterator[Reason]:
    for name in ("sum", "max"):
        if name in measure:
            yield from _is(measure[name], "number", kinds)
    if measure.get("lines") and table == "line":
        yield Reason("check.measure_of_lines")
    if "formula" in measure:
        yield from formula(measure["formula"], kinds)
    over = measure.get("over")
    if over is None:
        return
    if over.get("so_far") and table != "line":
        yield Reason("check.so_far_of_lines")
    if over.get("earlier") and table == "line":
        yield Reason("check.earlier_of_statements")
    yield from windowed(over, over, kinds)
    yield from (reason for key in over.get("group", ()) for reason in _is(key, None, kinds))


def windowed(one: Doc, parts: Doc, kinds: Kinds) -> Iterator[Reason]:
    """What has a period, and the parts that some periods need."""
    if NEEDED.get(one.get("period", ""), "") not in ("", *parts):
        yield Reason("check.window_incomplete")
    yield from (reason for name in ("since", "until") if name in parts for reason in _is(parts[name], "date", kinds))


def formula(text: str, kinds: Kinds) -> Iterator[Reason]:
    """Where it does not give a number."""
    try:
        found = compile_formula(text, kinds).kind
    except FormulaFault as fault:
        yield fault.reason
        return
    if found not in ("number", "any"):
        yield Reason("check.formula_of_kind", {"kind": KIND_TITLES["number"], "found": KIND_TITLES[found]})


def _is(key: str, kind: str | None, kinds: Kinds) -> Iterator[Reason]:
    if key not in kinds and kind != "number":
        yield Reason("check.no_such_input", {"input": key})
    elif kind is not None and kinds.get(key) != kind:
        yield Reason("check.field_of_kind", {"field": key, "kind": KIND_TITLES[kind]})


def _tiers(charge: Doc, model: TierModel, rule: str, path: str) -> Iterator[Problem]:
    """Rising bounds without a gap between them, the last one open, every row complete."""
    last: Decimal | None = Decimal(0)
    tiers: Sequence[Doc] = charge["tiers"]
    for index, tier in enumerate(tiers):
        where, at = (rule, tier["uid"]), f"{path}/{index}"
        for part in model.tier_asks:
            if part not in tier:
                yield Problem(Reason("settle.incomplete_rule", {"part": PARTS[part]}), fields=where, path=f"{at}/{part}")
        for part in FIGURES:
            if part in tier and part not in (*model.tier_asks, *model.tier_may):
                reason = Reason("check.figure_not_taken", {"figure": FIGURES[part], "model": model.title})
                yield Problem(reason, fields=where, path=at)
        yield from (Problem(reason, fields=where, path=f"{at}/{part}") for part, reason in _figures(tier))
        if last is not None:
            yield from _begins(tier, last, where, at)
        below = Decimal(tier["below"]) if tier.get("below") is not None else None
        if last is None:
            yield Problem(Reason("check.tier_after_open_end"), fields=where, path=at)
        elif below is not None and below <= last:
            params = {"found": grouped(tier["below"]), "before": grouped(plain(last))}
            yield Problem(Reason("check.tiers_not_rising", params), fields=where, path=at)
        last = below
    if last is not None:
        yield Problem(Reason("check.no_open_end"), fields=(rule, tiers[-1]["uid"]), path=f"{path}/{len(tiers) - 1}")


def _begins(tier: Doc, last: Decimal, where: tuple[str, str], at: str) -> Iterator[Problem]:
    """Where a tier is said to begin: not before the one before ends, and not after, with an example that lies between."""
    if tier.get("from") is None or Decimal(tier["from"]) == last:
        return
    start = Decimal(tier["from"])
    told = {"from": tier["from"], "before": plain(last), "between": plain((start + last) / 2)}
    params = {name: grouped(one) for name, one in told.items()}
    if start < last:
        yield Problem(Reason("check.tiers_overlap", params), fields=where, path=at)
    else:
        yield Problem(Reason("check.tiers_apart", params), "warning", fields=where, path=at)


def _cliffs(charge: Doc, kinds: Kinds, rule: str, path: str) -> Iterator[Problem]:
    """At a bound the whole amount takes another price: what comes just below it, and what at (or just above) it."""
    pricing = Pricing.from_json({**charge, "fixed": None, "free": None, "size": None}, kinds, "")
    if set(charge["tiers"][0]) & {"rate", "percent"} == set():
        return
    with exactly():
        for index, tier in enumerate(pricing.charge.tiers[:-1]):
            end = tier.end or Decimal(0)
            low, high = (end, end + STEP) if pricing.charge.upto else (end - STEP, end)
            before, after = (total_of(parts_of(pricing, size)) for size in (low, high))
            if abs(after - before) * 100 > abs(before):  # more than the step itself can make
                worth = {name: plain(one.quantize(CENT, ROUND_HALF_UP)) for name, one in (("before", before), ("after", after))}
                params = {name: grouped(one) for name, one in {**worth, "low": plain(low), "high": plain(high)}.items()}
                code = "check.cliff" if after > before else "check.cliff_down"
                where = (rule, charge["tiers"][index]["uid"])
                yield Problem(Reason(code, params), "warning", fields=where, path=f"{path}/{index}")
