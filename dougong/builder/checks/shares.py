"""Checks of how a statement is shared: that all of it goes somewhere, and that formulas, names and the remainder make sense."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from dougong.runtime.settlement.sharing import LINE_AMOUNT

from . import charges

Doc = Mapping[str, Any]


def problems(doc: Doc, kinds: Mapping[str, str]) -> Iterator[Problem]:
    shares = doc.get("shares", ())
    for index, one in enumerate(shares):
        path, where = f"/shares/{index}", (one["uid"],)
        if "by" in one and one["by"] not in kinds:
            yield Problem(Reason("check.no_such_input", {"input": one["by"]}), fields=where, path=f"{path}/by")
        if "formula" in one:
            for reason in charges.formula(one["formula"], {**kinds, LINE_AMOUNT: "number"}):
                yield Problem(reason, fields=where, path=f"{path}/formula")
    remainder = doc.get("remainder", "largest")
    if remainder not in ("largest", "first", "last", *(one["uid"] for one in shares)):
        yield Problem(Reason("check.no_such_share", {"share": remainder}), path="/remainder")
    yield from _whole(shares)


def _whole(shares: Any) -> Iterator[Problem]:
    """Percentages are of what fixed sums and formulas leave; a ratio takes what then remains."""
    total = sum((Decimal(one["percent"]) for one in shares if "percent" in one), Decimal(0))
    ratios = any(Decimal(one["ratio"]) for one in shares if "ratio" in one)
    percents = any("percent" in one for one in shares)
    if ratios and total > 100:
        yield Problem(Reason("check.shares_over_100", {"found": str(total)}), path="/shares")
    elif percents and not ratios and total != 100:
        yield Problem(Reason("check.shares_not_100", {"found": str(total)}), path="/shares")
    elif shares and not percents and not ratios:
        yield Problem(Reason("check.shares_leave_rest"), path="/shares")
