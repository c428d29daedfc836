"""How lines that come by themselves are priced: by the version of their business day, with what records add to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, Final

from dougong.runtime.settlement import Settlement, SettlementFault, line_of, rate

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

    def line(self, connection: Any, given: Mapping[str, Any]) -> dict[str, Any]:
        """As the ledger takes it. Raises SettlementFault, also where it takes other lines to price it."""
        values = answers.filled(connection, self.tenant_id, self.doc, given)
        then = self.in_force(self.settlement.day_of(values))
        if then.line is not None and then.line.looks_beyond:
            raise SettlementFault("settle.line_depends_on_others")
        return line_of(then, values, rate(then, values))

    def source(self, line: Mapping[str, Any], file: str, number: int) -> str:
        """What identifies a line: its own number where the settlement has one, else the file and the row."""
        own = line["values"].get(self.doc.get("line_id", ""))
        return _kept(f"line:{own}" if own not in (None, "") else f"file:{file}:{number}")


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
