"""How a line that comes by itself is priced beside others, and what it is told apart by."""

from typing import Any

import pytest

from dougong.runtime.host.settlement.line_pricing import LONGEST, Pricing
from dougong.runtime.settlement import Settlement, SettlementFault
from dougong.runtime.settlement.windows import Counted
from tests.host.settled import bonus

STEPS = [{"uid": "low", "below": "500", "percent": "10"}, {"uid": "high", "below": None, "percent": "20"}]
ADDED = {"model": "graduated_percentage", "measure": {"sum": "amount", "over": {"period": "month"}}, "marginal": True}
DOC: dict[str, Any] = bonus(line={"dimensions": [], "rules": [{"uid": "one", "when": {}, "charge": {**ADDED, "tiers": STEPS}}]})
OF = Pricing("t", Settlement.from_json(DOC), {**DOC, "line_id": "no"}, lambda day: Settlement.from_json(DOC))


def line(amount: str) -> dict[str, str]:
    return {"who": "d", "day": "2026-10-05", "amount": amount}


def test_a_line_without_a_price_is_not_beside_the_next() -> None:
    beside = Counted()
    assert OF.line(line("400"), beside)["amount"] == "40.00"
    with pytest.raises(SettlementFault):
        OF.line(line("much"), beside)
    assert (OF.line(line("200"), beside)["amount"], len(beside.entries)) == ("30.00", 2)


def test_a_line_is_told_apart_by_its_number_else_by_file_and_row() -> None:
    said = [OF.source({"no": own}, "a.csv", 2) for own in (0, "7", "", None)]
    assert said == ["line:0", "line:7", "file:a.csv:2", "file:a.csv:2"]
    whole = "n" * (LONGEST - len("line:"))
    assert OF.source({"no": whole}, "", 2) == f"line:{whole}"
    longer = [OF.source({"no": whole + end}, "", 2) for end in "ab"]
    assert longer[0] != longer[1] and {len(one) for one in longer} == {LONGEST}
