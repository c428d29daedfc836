"""A month in bulk: a million lines under 12 rules over 6 dimensions, 5 tiers, 5 currencies, some 17,000 statements.

Against materialising the same columns of the same Parquet file in DuckDB, in turn with it, and against a plain Decimal loop.
Memory is the peak of a process of its own. A draft tried on lines of the ledger: `trying.py`.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

import duckdb

from dougong.runtime.settlement import Settlement, rate
from dougong.runtime.settlement.batch import Limits, Parquet, settle_lines
from dougong.runtime.settlement.batch.summing import sums_of
from dougong.runtime.settlement.rounding import exactly
from dougong.runtime.settlement.sharing import NO_FACTS
from dougong.runtime.settlement.statements import stated
from tests.drawing import field, options, text

from . import trying
from ._figure import Figure, interleaved

ROUNDS: Final = 5
CURRENCIES: Final = ("CNY", "HKD", "USD", "EUR", "JPY")
DIMENSIONS: Final = {
    "type": ("key", "big", "small", "new"), "region": ("44", "4401", "31", "3101", "11", "81"),
    "channel": ("online", "shop", "agent"), "product": ("a", "b", "c", "d", "e"), "grade": ("gold", "silver", "bronze"),
    "warranty": ("in", "out"),
}  # fmt: skip
BOUNDS: Final = ("1000", "10000", "50000", "200000", None)
THREADS: Final = 2


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        million, plan = written(Path(folder), 1_000_000), settlement(12)
        ours, copied = interleaved(lambda: settled(plan, million), lambda: materialised(million), ROUNDS)
        found = settle_lines(plan, Parquet(million, "id"))
        size = {"statements": len(found.settled), "lines": found.totals.counted}
        yield Figure("settling 1,000,000 lines from Parquet, against materialising their columns", ours, "s", copied, 6.0, size)
        loop = plain_loop(million) * 1_000_000
        yield Figure("the same against a plain Decimal loop that explains nothing", ours, "s", loop, 1 / 60)
        yield Figure("the same against the interpreter, line by line", ours, "s", line_us(plan), 1 / 60)
        yield Figure("peak memory of a process that settles them", peak(million, 12), "MB", 400, 1.0)
        many, few = interleaved(lambda: settled(settlement(500), million), lambda: settled(plan, million), 3)
        yield Figure("settling them under 500 rules, against 12", many, "s", few, 3.0)
        large = written(Path(folder), 10_000_000)
        begun = time.perf_counter()
        megabytes = peak(large, 12)
        seconds = time.perf_counter() - begun
        yield Figure(
            "peak memory of a process that settles 10,000,000 lines", megabytes, "MB", 2000, 1.0, {"s": round(seconds, 1)}
        )
        yield Figure("tiers, tax and shares of a statement, in a batch", statement_us(plan, million), "us", 20, 1.0)
        yield Figure("a line with its whole explanation", line_us(plan), "us", 200, 1.0)
    yield from trying.figures(document(12))


def settled(plan: Settlement, path: Path) -> float:
    begun = time.perf_counter()
    found = settle_lines(plan, Parquet(path, "id"), limits=Limits(threads=THREADS))
    seconds = time.perf_counter() - begun
    del found  # what it takes to forget 17,000 statements is not measured
    return seconds


def materialised(path: Path) -> float:
    with duckdb.connect(config={"threads": THREADS}) as sql:
        begun = time.perf_counter()
        sql.execute(f"CREATE TABLE lines AS SELECT * FROM read_parquet('{path}')")
        return time.perf_counter() - begun


def peak(path: Path, rules: int) -> float:
    """In MB, of a process that does nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.settlement", str(path), str(rules)], capture_output=True, text=True, check=True
    )
    return float(json.loads(done.stdout)["MB"])


def plain_loop(path: Path, sample: int = 20_000) -> float:
    """Seconds a line: what somebody would write who has read the rules, in Decimal, without an explanation."""
    with duckdb.connect() as sql:
        found = sql.execute(f"SELECT * FROM read_parquet('{path}') LIMIT {sample}")
        names = [one[0] for one in found.description]
        lines = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    rules = [(rule["when"], Decimal(rule["charge"]["percent"])) for rule in document(12)["line"]["rules"]]
    begun = time.perf_counter()
    sums: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        percent = next(percent for when, percent in rules if all(line[name] in cell["in"] for name, cell in when.items()))
        step = Decimal(1) if line["currency"] == "JPY" else Decimal("0.01")
        worth = (line["amount"] * percent / 100).quantize(step, ROUND_HALF_UP)
        key = (line["partner"], line["currency"])
        sums[key] = sums.get(key, Decimal(0)) + worth
    return (time.perf_counter() - begun) / sample


def statement_us(plan: Settlement, path: Path) -> float:
    """What follows from the sums, again and again for a thousand statements."""
    from dougong.runtime.settlement.batch import batch as batches

    kept: list[Any] = []
    whole = batches.statements

    def keeping(bench: Any, of: Any, lines: Any) -> Any:
        found = whole(bench, of, lines)
        kept.extend((of, parts) for _, _, parts in found[:1000])
        return found

    batches.statements = keeping
    try:
        settle_lines(plan, Parquet(path))
    finally:
        batches.statements = whole
    sums = [(currency, sums_of(of, own)) for of, parts in kept for currency, own in parts.items()]

    def once() -> None:
        with exactly():
            for currency, own in sums:
                stated(plan, currency, date(2026, 10, 31), own, NO_FACTS)

    return microseconds(once, len(sums))


def line_us(plan: Settlement) -> float:
    values = {
        "partner": "P1",
        "day": "2026-10-05",
        "currency": "HKD",
        "amount": "1234.56",
        **{k: v[-1] for k, v in DIMENSIONS.items()},
    }
    return microseconds(lambda: [rate(plan, values) for _ in range(200)], 200)


def microseconds(work: Callable[[], Any], of: int) -> float:
    found = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) / of * 1_000_000)
    return statistics.median(found)


# --- what is settled


def written(folder: Path, lines: int) -> Path:
    """Lines that look scattered and are the same each time."""
    path = folder / f"{lines}.parquet"
    columns = [
        f"[{', '.join(repr(one) for one in values)}][1 + (hash(i * {index * 7 + 5}) % {len(values)})::INT] AS {name}"
        for index, (name, values) in enumerate([*DIMENSIONS.items(), ("currency", CURRENCIES)])
    ]
    day, amount = (
        "DATE '2026-10-01' + (hash(i * 3) % 31)::INT AS day",
        "((hash(i * 11) % 1000000) / 100)::DECIMAL(18, 2) AS amount",
    )
    select = f"SELECT 'L' || i AS id, 'P' || (hash(i * 2) % 3400) AS partner, {day}, {', '.join(columns)}, {amount}"
    with duckdb.connect(config={"threads": THREADS}) as sql:
        sql.execute(f"COPY ({select} FROM range({lines}) t(i)) TO '{path}' (FORMAT parquet)")
    return path


def document(rules: int) -> dict[str, Any]:
    """Each rule asks one or two of the dimensions; the last has any."""
    names = list(DIMENSIONS)
    found = []
    for index in range(rules - 1):
        asked = [names[index % 6], names[(index * 5 + index // 6 + 1) % 6]]
        when = {name: {"in": [DIMENSIONS[name][(index + index // 7) % len(DIMENSIONS[name])]]} for name in asked}
        found.append({"uid": f"r{index}", "when": when, "charge": percent(f"{1 + index % 40 / 8:.3f}")})
    last = {"uid": "any", "when": {}, "charge": percent("1")}
    tiers = [{"uid": f"t{index}", "below": end, "percent": str(index)} for index, end in enumerate(BOUNDS)]
    month = {"model": "graduated_percentage", "measure": {"sum": "amount"}, "tiers": tiers}
    terms = [
        {"uid": one, "when": {"currency": {"in": [one]}}, "currency": one, "tax": {"kind": "inclusive", "rate": "6"}}
        for one in CURRENCIES
    ]
    return {
        "format": 1, "uid": "s", "kind": "settlement", "key": "k", "title": text("k"), "partner": "partner", "date": "day",
        "currency": "CNY", "inputs": inputs(), "term_dimensions": [{"uid": "currency", "input": "currency"}], "terms": terms,
        "line": {"dimensions": [{"uid": one, "input": one} for one in names], "rules": [*found, last]},
        "statement": {"dimensions": [], "rules": [{"uid": "month", "when": {}, "charge": month}]},
        "shares": [
            {"uid": "a", "party": text("A"), "percent": "60"}, {"uid": "b", "party": text("B"), "percent": "25"},
            {"uid": "c", "party": text("C"), "percent": "15"},
        ],
    }  # fmt: skip


def inputs() -> list[dict[str, Any]]:
    chosen = [field(name, "choice", config=options(*values)) for name, values in {**DIMENSIONS, "currency": CURRENCIES}.items()]
    return [field("id"), field("partner"), field("day", "date"), field("amount", "money"), *chosen]


def percent(of: str) -> dict[str, Any]:
    return {"model": "percentage", "measure": {"sum": "amount"}, "percent": of}


def settlement(rules: int) -> Settlement:
    return Settlement.from_json(document(rules))


if __name__ == "__main__":
    settle_lines(settlement(int(sys.argv[2])), Parquet(Path(sys.argv[1]), "id"), limits=Limits(threads=THREADS))
    status = Path("/proc/self/status").read_text("utf-8")
    print(json.dumps({"MB": int(status.split("VmHWM:")[1].split()[0]) / 1024}))
