"""The world of a story: the persons and records that it tells of, at its moment, or at one that is always the same. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dougong.runtime.calendar import Calendar, answered, standard
from dougong.runtime.definition import Definition
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import Line, counted_before, drawn
from dougong.runtime.values import identity, missing, plain
from dougong.runtime.world import Question, Unanswered, World

NOW: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
INITIATOR: Final = "person:initiator"

Records = Mapping[str, Mapping[str, Any]]  # id -> the record's data
Lines = Sequence[Mapping[str, Any]]  # as the ledger takes them
People = Mapping[str, list[str]]  # a role's key, or another way to say who ("unit_head") -> the names of persons
NOBODY: Final[People] = {}


def begun(clock: Mapping[str, str]) -> datetime:
    """Raises Refused."""
    try:
        return _moment(clock["at"], ZoneInfo(clock["zone"]))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise Refused("story.no_such_zone", found=clock["zone"]) from None


def _moment(wall: str, zone: tzinfo | None) -> datetime:
    """Raises Refused."""
    try:
        return datetime.fromisoformat(wall).replace(tzinfo=zone)
    except ValueError:
        raise Refused("story.no_such_moment", found=wall) from None


def put_forward(now: datetime, wall: str) -> datetime:
    """Raises Refused: a clock does not go back."""
    at = _moment(wall, now.tzinfo)
    if at < now:
        raise Refused("story.goes_back", found=wall, now=now.strftime("%Y-%m-%dT%H:%M"))
    return at


def sample_world(
    definition: Definition, records: Records, actor: str | None = INITIATOR, people: People = NOBODY, settled: Lines = (),
    now: datetime = NOW,
) -> World:  # fmt: skip
    """`settled`: the lines that the play has written. Its ledger has no others."""
    return World(now, _answers(definition, records, people, settled, standard(str(now.tzinfo))), actor)


def _answers(
    definition: Definition, records: Records, people: People, settled: Lines, calendar: Calendar
) -> Callable[[Question], Any]:
    def answer(question: Question) -> Any:
        key = question.args.get("settlement", "")
        lines = [one for one in settled if one["settlement"] == key]
        match question.kind:
            case "people":
                return {"principals": [f"role:{question.args.get('role', 'anybody')}"], "nobody": False}
            case "persons":
                return {"persons": _persons(question.args, people)}
            case "later":
                return answered(calendar, question.args)
            case "line_values":
                return _looked_up(definition, key, question.args["values"], records)
            case "counted_before":
                return counted_before(definition.settlements[key], question.args, [Line(one["values"]) for one in lines])
            case "drawn_before":
                gone, there = drawn(lines), definition.settlements[key].pools
                return {"gone": {pool.rule.uid: plain(gone.get(pool.rule.uid, Decimal(0))) for pool in there}}
        raise Unanswered(question.kind)

    return answer


def _persons(asked: Mapping[str, Any], people: People) -> list[str]:
    """The persons of the story behind a role, a head or a unit; else one who goes by its name."""
    if "person" in asked:
        return [asked["person"]] if asked["person"] else []
    name = str(asked.get("role") or asked["by"])
    return list(people.get(name, [name]))


def _looked_up(definition: Definition, key: str, values: Mapping[str, Any], records: Records) -> dict[str, Any]:
    found = dict(values)
    for name, (source, column) in definition.settlements[key].lookups.items():
        if missing(found.get(name)) and not missing(found.get(source)):
            found[name] = records.get(identity(found[source]), {}).get(column)
    return found
