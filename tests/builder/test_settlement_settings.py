"""What the inspector draws of a settlement is what its schema allows: names, choices, and words in both languages."""

import pytest

from dougong import schemas
from dougong.builder.settlement_settings import SETTINGS
from dougong.runtime.settlement.rounding import MODES, PLACES
from dougong.runtime.tiers import MODELS
from dougong.runtime.tiers._type import FIGURES

SCHEMA = schemas.schema("settlement")
PARTS = SCHEMA["$defs"]
TERM = SCHEMA["properties"]["terms"]["items"]
PLACE = {
    "table": PARTS["table"],
    "rule": PARTS["table"]["properties"]["rules"]["items"],
    "charge": PARTS["charge"],
    "window": PARTS["measure"],
    "term": {"properties": {**TERM["properties"], **TERM["properties"]["tax"]["properties"]}},
    "share": SCHEMA["properties"]["shares"]["items"],
    "whole": SCHEMA,
}


def resolved(part):
    """Of our own schema; what is common is judged there."""
    while isinstance(part, dict) and part.get("$ref", "").startswith("#/$defs/"):
        part = PARTS[part["$ref"].rpartition("/")[2]]
    return part


def walked(drawn, allowed, path):
    """(path, what is drawn, what may stand there), however deep."""
    for key, one in drawn.get("properties", {}).items():
        there = resolved(allowed["properties"].get(key))
        yield f"{path}/{key}", one, there
        if there is not None:
            yield from walked(one, there, f"{path}/{key}")
            if "items" in one and "properties" in one["items"]:
                yield from walked(one["items"], resolved(there["items"]), f"{path}/{key}/-")


EVERY = [found for name, drawn in SETTINGS.items() for found in walked(drawn, PLACE[name], name)]


def test_every_part_that_is_described_has_its_place():
    assert set(SETTINGS) == set(PLACE)
    assert len(EVERY) > 60


@pytest.mark.parametrize(("path", "drawn", "allowed"), EVERY, ids=[path for path, _, _ in EVERY])
def test_what_is_drawn_may_stand_there(path, drawn, allowed):
    assert allowed is not None, path
    assert set(drawn["x-title"]) == {"zh-Hans", "en"}
    if "enum" in drawn:
        assert set(drawn["enum"]) == set(allowed["enum"])
        assert set(drawn["x-options"]) == set(drawn["enum"])


def test_every_figure_rounding_and_mode_is_drawn():
    asked = {figure for model in MODELS.values() for figure in model.asks} & set(FIGURES)
    assert asked | set(SETTINGS["charge"]["properties"]) >= set(FIGURES)
    rounding = SETTINGS["whole"]["properties"]["rounding"]["properties"]
    assert tuple(rounding) == PLACES
    assert set(rounding["line"]["properties"]["mode"]["enum"]) == {*MODES, "exact"}
