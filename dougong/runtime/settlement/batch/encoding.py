"""The lines as integers: codes for what is told apart, scaled integers for what is calculated with; nothing else is kept."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from .codes import Coded, cell_of, coded
from .engine import Bench, name
from .plan import Plan
from .scaled import NARROW, Scaled
from .sources import ROW, Figures, Reading, Relation, column

MOST: Final = 10**12  # greater numbers are left to Python
MOST_PLACES: Final = 9
AT_ONCE: Final = 1_000_000  # rows
Told = Callable[[str, int, int], None]  # what is being done, how much of it is done, of how much


class Encoded(NamedTuple):
    """The table `lines`: row, codes, numbers; without those lines in which something is for Python to judge."""

    codes: Mapping[str, Coded]
    numbers: Mapping[str, Scaled]


def encoded(bench: Bench, lines: Relation, plan: Plan, reading: Reading, told: Told) -> Encoded:
    asked = tuple(sorted({*plan.coded, *(reading.checked & set(lines.types))}))
    codes = {}
    for index, one in enumerate(asked):
        told("read", index, len(asked))
        codes[one] = coded(bench, lines, plan, reading, one)
    figures = {one: _figure(bench, lines, one, reading) for one in plan.numbers}
    numbers, odd = {one: found for one, (found, _) in figures.items()}, [wrong for _, wrong in figures.values()]
    odd += [f"{cell_of(lines, one)} = ''" for one in sorted(reading.needed)]
    kept = {f"k_{one}" for one in plan.kept}
    columns = [
        f"{name(code)}::{_narrow(len(coding.kept))} AS {name(code)}"
        for found in codes.values()
        for code, coding in found.columns.items()
        if coding is not found.classes or code in kept
    ]
    columns += [f"{number.sql} AS {name(f'n_{one}')}" for one, number in numbers.items()]
    joins = " ".join(found.join for found in codes.values())
    ready = " AND ".join(["true", *(f"NOT ({wrong})" for wrong in odd)])
    select = f"SELECT {', '.join([ROW, *columns])} FROM {lines.sql} {joins} WHERE {ready}"
    [(last,)] = bench.sql.execute(f"SELECT coalesce(max({ROW}), 0) FROM {lines.sql}").fetchall()
    bench.sql.execute(f"CREATE TEMP TABLE lines AS {select} LIMIT 0")
    for start in range(1, last + 1, AT_ONCE):
        told("match", start - 1, last)
        some = f"AND {ROW} >= {start} AND {ROW} < {start + AT_ONCE}" if last > AT_ONCE else ""
        bench.sql.execute(f"INSERT INTO lines {select} {some}")
    return Encoded(codes, {one: number._replace(sql=name(f"n_{one}")) for one, number in numbers.items()})


def _narrow(codes: int) -> str:
    """The narrowest type that holds so many codes: there is a column of them for each input, and a row for each line."""
    return next((kind for kind, most in (("UTINYINT", 2**8), ("USMALLINT", 2**16)) if codes <= most), "INTEGER")


def _figure(bench: Bench, lines: Relation, input: str, reading: Reading) -> tuple[Scaled, str]:
    """A column of numbers, and where what stands in it is for Python to judge."""
    if input not in lines.types:
        return Scaled("NULL::BIGINT", 0, 0), "false"
    rule = reading.figures.get(input, Figures())
    value, wrong = _exact(lines, input, reading, rule)
    limits = [f"{value} < {rule.least}" if rule.least else "", f"{value} > {rule.most}" if rule.most else ""]
    odd = " OR ".join(filter(None, [wrong, f"abs({value}) > {MOST}", *limits]))
    digits = (
        str(rule_scale)
        if (rule_scale := _scale(lines, input)) is not None
        else "max(length(rtrim(split_part(v::VARCHAR, '.', 2), '0')))"
    )
    found = bench.sql.execute(
        f"SELECT max(abs(v)), {digits} FROM (SELECT {value} AS v FROM {lines.sql}) WHERE abs(v) <= {MOST}"
    ).fetchall()
    most, scale = found[0][0] or Decimal(0), found[0][1] or 0
    kind = "BIGINT" if most * 10**scale <= NARROW else "HUGEINT"
    sql = f"CASE WHEN NOT ({odd}) THEN ({value} * {10**scale})::{kind} END"
    return Scaled(sql, scale, int(most * 10**scale)), f"coalesce({odd}, false)"


INTEGERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")


def _scale(lines: Relation, input: str) -> int | None:
    """The places of a column that says how many it has."""
    kind = lines.types[input]
    if kind in INTEGERS:
        return 0
    return int(kind.rstrip(")").rpartition(",")[2]) if kind.startswith("DECIMAL") else None


def _exact(lines: Relation, input: str, reading: Reading, rule: Figures) -> tuple[str, str]:
    """The column as DECIMAL, and where it is none; nothing is neither."""
    scale = _scale(lines, input)
    if scale is not None:
        exact = column(input) if scale else f"{column(input)}::DECIMAL(38, 0)"
        fewer = f"TRY_CAST({exact} AS DECIMAL(38, {rule.places})) IS DISTINCT FROM {exact}"
        return exact, fewer if scale > rule.places else "false"
    cell = f"trim({cell_of(lines, input)})"
    if reading.commas:
        cell = f"replace(replace({cell}, ',', ''), '，', '')"
    fits = f"regexp_full_match({cell}, '-?[0-9]{{1,13}}(\\.[0-9]{{1,{min(rule.places, MOST_PLACES)}}})?')"
    return f"CASE WHEN {fits} THEN {cell}::DECIMAL(22, {MOST_PLACES}) END", f"{cell} <> '' AND NOT {fits}"
