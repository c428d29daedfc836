"""Foreign amounts: converted by a table of dated rates, by a named rule of the date, rounded once by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from ..tiers._type import Part, quotient
from ..values import comparable, missing
from .faults import SettlementFault
from .measures import number_in
from .rounding import Rounding
from .windows import read_day, span_of

DATE_RULES: Final = ("latest", "exact", "month_start", "month_end")
Rates = Mapping[tuple[str, str], Sequence[tuple[Day, Decimal, Decimal]]]


@dataclass(frozen=True)
class Exchange:
    """`currency`: the input with the currency of a line; `amounts`: the inputs in it; `date`: the input that dates the rate.

    `rates`: by (from, to), the latest first: since when, so much (`rate`) for so many (`per`). `rule`: the latest rate known on
    the day, only one of the very day, or the one that holds on the first or last day of its month.
    """

    currency: str
    amounts: tuple[str, ...]
    date: str
    rule: str
    source: str
    rates: Rates

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], date_input: str) -> "Exchange":
        rates: dict[tuple[str, str], list[tuple[Day, Decimal, Decimal]]] = {}
        for one in doc["rates"]:
            if (day := read_day(one["day"])) is not None:
                row = (day, Decimal(one["rate"]), Decimal(one.get("per", "1")))
                rates.setdefault((one["from"], one["to"]), []).append(row)
        ordered = {pair: tuple(sorted(rows, reverse=True)) for pair, rows in rates.items()}
        return cls(
            doc["currency"], tuple(doc["amounts"]), doc.get("date", date_input), doc.get("rule", "latest"),
            doc.get("source", ""), ordered,
        )  # fmt: skip

    def rate(self, pair: tuple[str, str], day: Day) -> tuple[Day, Decimal, Decimal]:
        """Raises SettlementFault where there is none."""
        wanted = day
        if self.rule in ("month_start", "month_end"):
            month = span_of("month", day)
            wanted = month.start if self.rule == "month_start" else month.end - timedelta(days=1)
        for row in self.rates.get(pair, ()):
            if row[0] == wanted or (row[0] < wanted and self.rule != "exact"):
                return row
        raise SettlementFault("settle.no_exchange_rate", given=pair[0], wanted=pair[1], day=wanted.isoformat())

    def converted(self, values: Mapping[str, Any], to: str, rounding: Rounding) -> tuple[dict[str, Any], list[Part]]:
        """The line in another currency, and how each amount came about."""
        given = str(values.get(self.currency) or to)
        if given == to:
            return dict(values), []
        day = values.get(self.date)
        if missing(day):
            raise SettlementFault("settle.no_date", input=self.date)
        since, rate, per = self.rate((given, to), comparable(day, "date"))
        found, told = dict(values), []
        for name in self.amounts:
            if missing(values.get(name)):
                continue
            amount = number_in(values, name)
            words = {"given": given, "wanted": to, "rate": rate, "per": per, "day": since.isoformat(), "source": self.source}
            found[name], how = changed(amount, words, rounding)
            told.append(how)
        return found, told


def changed(amount: Decimal, words: Mapping[str, Any], rounding: Rounding) -> tuple[Decimal, Part]:
    """An amount in the wanted currency, and how it came about. `words`: given, wanted, rate, per, day, source."""
    rate, per, wanted = words["rate"], words["per"], words["wanted"]
    exact = amount * rate / per
    found = rounding.of(exact, wanted)
    said = {"amount": amount, **words, "found": found}
    if found == exact:
        return found, Part("settle.part.converted", said, Decimal(0))
    how = {"exact": quotient(amount * rate, per), "rounding": list(rounding.told(wanted))}
    return found, Part("settle.part.converted_rounded", {**said, **how}, Decimal(0))
