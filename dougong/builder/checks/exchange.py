"""Checks of how foreign amounts are converted: the columns, the days of the rates, currencies for which there is none."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from dougong.runtime.settlement.windows import read_day
from dougong.runtime.values import KIND_TITLES

Doc = Mapping[str, Any]


def problems(doc: Doc, kinds: Mapping[str, str]) -> Iterator[Problem]:
    if "exchange" not in doc:
        return
    exchange = doc["exchange"]
    yield from _columns(exchange, kinds)
    counts = Counter((one["from"], one["to"], one["day"]) for one in exchange["rates"])
    for index, one in enumerate(exchange["rates"]):
        path, where = f"/exchange/rates/{index}", (one["uid"],)
        if read_day(one["day"]) is None:
            yield Problem(Reason("check.no_such_day", {"day": one["day"]}), fields=where, path=f"{path}/day")
        if not Decimal(one["rate"]):
            yield Problem(Reason("check.rate_is_zero"), fields=where, path=f"{path}/rate")
        if counts[one["from"], one["to"], one["day"]] > 1:
            yield Problem(Reason("check.rate_twice", {"day": one["day"]}), fields=where, path=f"{path}/day")


def _columns(exchange: Doc, kinds: Mapping[str, str]) -> Iterator[Problem]:
    wanted = [("currency", exchange["currency"], None), *(("amounts", key, "number") for key in exchange["amounts"])]
    wanted += [("date", exchange["date"], "date")] if "date" in exchange else []
    for place, key, kind in wanted:
        if key not in kinds:
            yield Problem(Reason("check.no_such_input", {"input": key}), path=f"/exchange/{place}")
        elif kind and kinds[key] != kind:
            yield Problem(Reason("check.field_of_kind", {"field": key, "kind": KIND_TITLES[kind]}), path=f"/exchange/{place}")


def missing_rates(doc: Doc) -> Iterator[Problem]:
    """Where the currencies of lines are known beforehand: each into each that statements are written in. Of a settlement whose
    columns are in order."""
    if "exchange" not in doc:
        return
    known = {(one["from"], one["to"]) for one in doc["exchange"]["rates"]}
    column: Doc = next((one for one in doc["inputs"] if one["key"] == doc["exchange"]["currency"]), {})
    given = {option["key"] for option in column.get("config", {}).get("options", ())}
    wanted = {doc["currency"], *(term["currency"] for term in doc.get("terms", ()))}
    for pair in sorted((one, other) for one in given for other in wanted if one != other and (one, other) not in known):
        reason = Reason("check.no_rate_between", {"given": pair[0], "wanted": pair[1]})
        yield Problem(reason, "warning", path="/exchange/rates")
