"""The world of a story: the persons and records that it tells of, at a moment that is always the same. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from dougong.runtime.calendar import answered, standard
from dougong.runtime.definition import Definition
from dougong.runtime.settlement import Line, counted_before, drawn
from dougong.runtime.values import identity, missing, plain
from dougong.runtime.world import Question, World

NOW: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
INITIATOR: Final = "person:initiator"

Records = Mapping[str, Mapping[str, Any]]  # id -> the record's data
Lines = Sequence[Mapping[str, Any]]  # as the ledger takes them
People = Mapping[str, list[str]]  # a role's key, or another way to say who ("unit_head") -> the names of persons
NOBODY: Final[People] = {}


def sample_world(
    definition: Definition, records: Records, actor: str | None = INITIATOR, people: People = NOBODY, settled: Lines = ()
) -> World:
    """`settled`: the lines that the play has written. Its ledger has no others."""
    return World(NOW, _answers(definition, records, people, settled), actor)


def _answers(definition: Definition, records: Records, people: People, settled: Lines) -> Callable[[Question], Any]:
    def answer(question: Question) -> Any:
        key = question.args.get("settlement", "")
        lines = [one for one in settled if one["settlement"] == key]
        match question.kind:
            case "people":
                return {"principals": [f"role:{question.args.get('role', 'anybody')}"], "nobody": False}
            case "persons":
                return {"persons": _persons(question.args, people)}
            case "later":
                return answered(standard("UTC"), question.args)
            case "line_values":
                return _looked_up(definition, key, question.args["values"], records)
            case "counted_before":
                return counted_before(definition.settlements[key], question.args, [Line(one["values"]) for one in lines])
            case "drawn_before":
                gone, there = drawn(lines), definition.settlements[key].pools
                return {"gone": {pool.rule.uid: plain(gone.get(pool.rule.uid, Decimal(0))) for pool in there}}
        raise LookupError(question.kind)

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
