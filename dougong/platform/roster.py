"""The organisation as a spreadsheet: units, and people in their places. Every row of a file comes in, or none does.

What is taken out can be changed and brought in again: a unit is known by its code, a member by the e-mail address.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from sqlalchemy import select

from . import joining, organisation
from .access import ROLES
from .accounts import as_kept
from .languages import SPOKEN
from .messages import language, t
from .organisation import Refused, UnitDraft, reason
from .people import UNIT_KINDS, Member, Unit, UnitMember, roles_of, tree, units_of
from .sheets import BY_HAND, TITLES, SheetError, numbered
from .store import db, in_one

ROWS: Final = 1_000
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {  # by file and key its heading; the first two are needed
    "units": {
        "zh": "org.name", "code": "org.code", "kind": "org.kind", "parent": "org.parent", "regions": "org.regions",
        "en": "org.name_en",
    },
    "members": {
        "name": "members.name", "email": "account.email", "roles": "members.roles", "unit": "org.unit",
        "position": "org.position", "head": "org.head",
    },
}  # fmt: skip
_YES: Final = {"1", "y", "yes", "true", "是", "√", "✓"}


@dataclass(frozen=True)
class Line:
    """A row of the file; the header is 1. `cells`: by column, of those that the file has."""

    number: int
    cells: Mapping[str, str]


@dataclass
class Done:
    """`counts`: added, changed, same. `fresh`: who is new to the platform: member id, account id."""

    counts: Counter[str] = field(default_factory=Counter)
    fresh: list[tuple[str, str]] = field(default_factory=list)


class Wrong(Exception):
    """Nothing was written. `lines`: what is wrong with which, as `organisation.Refused` tells it."""

    def __init__(self, lines: list[tuple[Line, dict[str, Any]]]) -> None:
        super().__init__(f"{len(lines)} rows")
        self.lines = lines


def read(raw: bytes, name: str, what: str) -> list[Line]:
    """Raises SheetError."""
    columns = {heading.casefold(): key for key, code in COLUMNS[what].items() for heading in _words(code)}

    def keys(cells: Sequence[str]) -> list[str | None]:
        return [columns.get(one.strip().rstrip("*").strip().casefold()) for one in cells]

    rows = numbered(BytesIO(raw), name, BY_HAND._replace(rows=ROWS), lambda cells: len({*keys(cells)} - {None}))
    header = next(rows, None)
    if header is None:
        raise SheetError("sheet.empty")
    found = keys(header[1])
    if not any(found):
        raise SheetError("sheet.no_known_column", rows=TITLES, known="、".join(headings(what)))
    for needed in list(COLUMNS[what])[:2]:
        if needed not in found:
            raise SheetError("sheet.no_column_of", wanted=t(COLUMNS[what][needed]))
    return [Line(number, {key: cell for key, cell in zip(found, cells, strict=False) if key}) for number, cells in rows]


def headings(what: str) -> list[str]:
    return [t(code) + ("*" if at < 2 else "") for at, code in enumerate(COLUMNS[what].values())]


def bring_units(by: Any, lines: list[Line]) -> Done:
    """One whose code is known is changed in what the file says of it. Raises Wrong."""
    done, codes = Done(), set[str]()

    def one(line: Line) -> None:
        units, code = units_of(db.session()), line.cells["code"]
        if code in codes:
            raise Refused(code=reason("org.code_taken", name=line.cells["zh"]))
        codes.add(code)
        was = next((unit for unit in units if unit.code == code), None)
        draft = _unit_draft(line, units, was)
        if was is None:
            organisation.add_unit(by, draft)
        elif differs := draft != _told(was):
            organisation.change_unit(by, was.id, draft)
        done.counts["added" if was is None else "changed" if differs else "same"] += 1

    with _all_or_none(by, _parents_first(lines), one):
        return done


def bring_members(by: Any, lines: list[Line]) -> Done:
    """Who is a member already is only placed: name and rights stay. Raises Wrong."""
    done = Done()

    def one(line: Line) -> None:
        email = as_kept(line.cells["email"])
        member = db.session.scalar(select(Member).where(Member.email == email, Member.active)) if email else None
        unit = _unit_called(line.cells["unit"], units_of(db.session()), "unit") if line.cells.get("unit") else None
        if member is None:
            invited = joining.invite(by, email, line.cells["name"], _roles(line.cells.get("roles", "")))
            done.fresh += [(invited.member_id, invited.account_id)] if invited.fresh else []
        if unit:
            head = line.cells["head"].casefold() in _YES if "head" in line.cells else None
            organisation.place(by, unit.id, member.id if member else invited.member_id, line.cells.get("position"), head)
        done.counts["same" if member else "added"] += 1

    with _all_or_none(by, lines, one):
        return done


def units() -> Iterator[list[str]]:
    """Those there are, each below its parent, as a file of units has them."""
    known = units_of(db.session())
    codes = {unit.id: unit.code for unit in known}
    for unit, _ in tree(known):
        told = _told(unit)
        yield [told.zh, told.code, t(f"unit.{told.kind}"), codes.get(told.parent_id, ""), told.regions, told.en]


def members() -> Iterator[list[str]]:
    """Those who are active, one row a place."""
    session = db.session()
    found = {unit.id: unit.code for unit in units_of(session)}
    places: dict[str, list[UnitMember]] = {}
    for place in session.scalars(select(UnitMember)):
        places.setdefault(place.member_id, []).append(place)
    for member in session.scalars(select(Member).where(Member.active).order_by(Member.name, Member.id)):
        roles = "、".join(t(f"role.{role}") for role in ROLES if role in roles_of(session, member.id))
        at = [[found[one.unit_id], one.position, t("org.yes") if one.head else ""] for one in places.get(member.id, ())]
        yield from ([member.name, member.email, roles, *where] for where in at or [["", "", ""]])


@contextmanager
def _all_or_none(by: Any, lines: Iterable[Line], one: Callable[[Line], None]) -> Iterator[None]:
    wrong: list[tuple[Line, dict[str, Any]]] = []
    with in_one(by.tenant_id):
        for line in lines:
            try:
                one(line)
            except Refused as refused:
                wrong.append((line, refused.errors))
        if wrong:
            raise Wrong(sorted(wrong, key=lambda found: found[0].number))
    yield


def _parents_first(lines: list[Line]) -> Iterator[Line]:
    waiting = lines
    while waiting:
        names = {name for line in waiting for name in (line.cells["code"], line.cells["zh"])}
        ready = [line for line in waiting if line.cells.get("parent", "") not in names] or waiting
        yield from ready
        waiting = [line for line in waiting if line not in ready]


def _unit_draft(line: Line, known: list[Unit], was: Unit | None) -> UnitDraft:
    old = _told(was) if was else UnitDraft("", "", "", "", "", "")
    kind, parent = line.cells.get("kind"), line.cells.get("parent")
    return UnitDraft(
        line.cells["code"],
        old.kind if kind is None else _kind(kind),
        line.cells["zh"],
        line.cells.get("en", old.en),
        old.parent_id if parent is None else _unit_called(parent, known, "parent").id if parent else "",
        line.cells.get("regions", old.regions),
    )


def _told(unit: Unit) -> UnitDraft:
    zh, en = unit.name.get("zh-Hans", ""), unit.name.get("en", "")
    return UnitDraft(unit.code, unit.kind, zh, en, unit.parent_id or "", organisation.region_words(unit.regions, language()))


def _unit_called(text: str, known: list[Unit], column: str) -> Unit:
    """By its code, or a name that only one has."""
    named = [unit for unit in known if unit.code == text] or [unit for unit in known if text in unit.name.values()]
    if len(named) != 1:
        raise Refused(**{column: reason("sheet.several_of_name" if named else "sheet.none_of_name", found=text[:60])})
    return named[0]


def _kind(text: str) -> str:
    found = (
        kind for kind in UNIT_KINDS if text in {part for word in _words(f"unit.{kind}") for part in (word, *word.split("/"))}
    )
    if kind := next(found, None):
        return kind
    raise Refused(kind=reason("org.no_kind", known="、".join(t(f"unit.{kind}") for kind in UNIT_KINDS)))


def _roles(text: str) -> list[str]:
    """Whoever is given none is staff."""
    named = {word: role for role in ROLES for word in _words(f"role.{role}")}
    wanted = [part.strip() for part in organisation.BETWEEN.split(text) if part.strip()]
    if unknown := [one for one in wanted if one not in named]:
        raise Refused(roles=reason("org.no_right", found=unknown[0][:40], known="、".join(t(f"role.{role}") for role in ROLES)))
    return [named[one] for one in wanted] or ["staff"]


def _words(code: str) -> set[str]:
    return {t(code, tag) for tag in SPOKEN}
