"""Who does a verb, and what verbs answer: what all that file, work and administer tickets have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dougong.platform.scopes import EVERYTHING_SEEN, Sight
from dougong.runtime.reason import Reason


@dataclass(frozen=True)
class Actor:
    """Who does it: a member ("person:<id>") or, over a signed link, the customer ("customer")."""

    tenant_id: str
    zone: str
    principal: str
    name: str
    principals: frozenset[str]
    unit_id: str | None = None
    upload_key: str = ""  # whose uploads these are, where many share a principal (customers, by their link)
    sees: Callable[[], Sight] = lambda: EVERYTHING_SEEN  # which records he may point at and change

    @property
    def member_id(self) -> str | None:
        return self.principal.removeprefix("person:") if self.principal.startswith("person:") else None

    @property
    def uploads(self) -> str:
        return f"upload:{self.upload_key or self.principal}"

    def now(self) -> datetime:
        return datetime.now(ZoneInfo(self.zone))


class NotFound(Exception):
    """No such ticket or task for this person: foreign, missing and forbidden are told alike."""


class NotStarted(Exception):
    """This person may not file this ticket."""


class StaleTask(Exception):
    """The task has moved on since its page was drawn. `code` says how, `who` by whom."""

    def __init__(self, code: str, who: str = "") -> None:
        super().__init__(code)
        self.reason = Reason(code, {"who": who or "—"})


@dataclass(frozen=True)
class Refused:
    """What was filled in does not do; nothing was saved. By field key."""

    errors: Mapping[str, Reason]


@dataclass(frozen=True)
class Done:
    ticket_id: str
    number: str
