"""How lines that come by themselves are priced: by the version of their business day, with what records add to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, Final

from dougong.runtime.settlement import Line, Settlement, SettlementFault, line_of, rate
from dougong.runtime.settlement.lines import entry_of
from dougong.runtime.settlement.windows import Counted

from .. import answers, definitions

LONGEST: Final = 120  # characters of what identifies a line


@dataclass(frozen=True)
class Pricing:
    """How lines of a settlement are priced: by the version in force on their business day."""

    tenant_id: str
    settlement: Settlement
    doc: Mapping[str, Any]
    in_force: Callable[[date | None], Settlement]

    @classmethod
    def of(cls, tenant_id: str, key: str) -> "Pricing":
        """Raises LookupError."""
        found = definitions.settlement(tenant_id, key)
        if found is None:
            raise LookupError(key)
        return cls(tenant_id, found[0], found[1], _in_force(tenant_id, key))

    def filled(self, connection: Any, given: Mapping[str, Any]) -> dict[str, Any]:
        """With what records add."""
        return answers.filled(connection, self.tenant_id, self.doc, given)

    def line(self, values: Mapping[str, Any], beside: Counted | None = None) -> dict[str, Any]:
        """As the ledger takes it; from then on it is one of those `beside` which others are priced. Raises SettlementFault,
        also where it depends on what may come later."""
        then = self.in_force(self.settlement.day_of(values))
        if then.line is None or not then.line.looks_beyond:
            return line_of(then, values, rate(then, values))
        entry = entry_of(then, Line(values))
        if beside is None or entry is None or then.line.looks_ahead:
            raise SettlementFault("settle.line_depends_on_others")
        beside.add(entry)
        try:
            return line_of(then, values, rate(then, values, beside))
        except SettlementFault:
            beside.take_back()
            raise

    def source(self, values: Mapping[str, Any], file: str, number: int) -> str:
        """What identifies a line: its own number where the settlement has one, else the file and the row."""
        own = values.get(self.doc.get("line_id", ""))
        return numbered(own) if own not in (None, "") else _kept(f"file:{file}:{number}")


def numbered(own: Any) -> str:
    """The source of the line with this number."""
    return _kept(f"line:{own}")


def _kept(source: str) -> str:
    """As long as the column is: of a longer one its beginning, and what tells it from others that begin alike."""
    return source if len(source) <= LONGEST else f"{source[: LONGEST - 65]}#{sha256(source.encode()).hexdigest()}"


def _in_force(tenant_id: str, key: str) -> Callable[[date | None], Settlement]:
    """The version for a business day, looked for once a day. It raises SettlementFault where none was in force."""

    @cache
    def found(day: date | None) -> Settlement:
        version = definitions.settlement_on(tenant_id, key, day)
        if version is None:
            raise SettlementFault("settle.no_version", day=day and day.isoformat())
        return version[0]

    return found
