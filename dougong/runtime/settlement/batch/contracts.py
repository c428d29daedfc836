"""Statements of contracts: in which one a line is, by its first and last day, is asked once for each combination of days."""

from typing import Any

from ..definition import Settlement
from ..faults import SettlementFault
from .codes import Coding
from .encoding import Encoded
from .engine import Bench, name, table
from .plan import Plan


def contracted(bench: Bench, plan: Plan, found: Encoded) -> Encoded:
    """The lines with the first day of their contract as `start`; without those that are in none: these are for Python."""
    settlement = plan.settlement
    if settlement.contract is None:
        return found
    inputs = sorted({settlement.date, *settlement.contract} - {""})
    columns = ", ".join(name(f"t_{one}") for one in inputs)
    starts, rows = Coding(lambda it: it[1]), []
    for codes in bench.sql.execute(f"SELECT DISTINCT {columns} FROM lines").fetchall():
        values = {one: day_of(found, one, code) for one, code in zip(inputs, codes, strict=True)}
        try:
            rows.append((*codes, starts.code((None, _begin(settlement, values), ""))))
        except SettlementFault:
            continue
    table(bench, "contracts", {**{f"t_{one}": "INTEGER" for one in inputs}, "start": "INTEGER"}, rows)
    select = f"SELECT lines.* EXCLUDE (start), contracts.start FROM lines JOIN contracts USING ({columns})"
    bench.sql.execute(f"CREATE OR REPLACE TEMP TABLE lines AS {select}")
    date = found.codes[settlement.date]
    dated = date._replace(columns={**date.columns, "start": starts})
    return found._replace(codes={**found.codes, settlement.date: dated})


def day_of(found: Encoded, input: str, code: int) -> Any:
    """What stands in an input of which each line keeps the day."""
    return found.codes[input].columns[f"t_{input}"].kept[code][1]


def _begin(settlement: Settlement, values: dict[str, Any]) -> str | None:
    day = settlement.begin_of(values)
    return day.isoformat() if day else None
